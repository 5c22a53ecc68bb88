"""The wires of a run: one set of certificates and one choice of proxies, to Graph and to the sign-in service."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import requests
from azure.core.pipeline.transport import AsyncioRequestsTransport, RequestsTransport
from requests.adapters import HTTPAdapter

from mfaaudit.tenant.proxy import Proxy, proxy_for
from mfaaudit.tenant.trust import trusted

NOT_TRUSTED = "certificate verify failed"
"""OpenSSL's words for a certificate that cannot be verified."""
_TRUST_HINT = (
    "If your network inspects TLS, ask its administrators for the root certificate of the proxy, in PEM form. Add it "
    "to the system's certificate store, or name its file in SSL_CERT_FILE or REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE; a "
    "folder: SSL_CERT_DIR). Certificates are always verified."
)
_PROXY_HINT = (
    "The proxy wants a user name and a password: set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT, with special "
    "characters as % codes. Only Basic authentication is supported; a proxy that wants NTLM or Kerberos needs a local "
    "relay that signs in to it."
)


def wire_to(root: str, environment: Mapping[str, str], limits: httpx.Limits) -> httpx.AsyncHTTPTransport:
    """The network to one service: its proxy, if any, and the certificates that are trusted. Raises UsageProblem."""
    context, proxy = trusted(environment), proxy_for(root, environment)
    by = None
    if proxy is not None:
        to_proxy = context if proxy.url.startswith("https:") else None
        by = httpx.Proxy(proxy.url, auth=proxy.credentials, ssl_context=to_proxy)
    return httpx.AsyncHTTPTransport(verify=context, trust_env=False, limits=limits, proxy=by)


def said_by(error: BaseException) -> str:
    """An error in one line: its kind and its message, in OpenSSL's words if a certificate could not be verified."""
    text = f"{type(error).__name__}: {error}"
    unverified = any(isinstance(each, ssl.SSLCertVerificationError) for each in _chain(error))
    # The system's own check, on Windows and macOS, has other words.
    return f"{text} ({NOT_TRUSTED})" if unverified and NOT_TRUSTED not in text else text


def network_hint(said: str) -> str | None:
    """What to do about a network that will not let anybody through as it is; None if that is not what was said."""
    if NOT_TRUSTED in said or "CERTIFICATE_VERIFY_FAILED" in said:
        return _TRUST_HINT
    if "407" in said and "roxy" in said:
        return _PROXY_HINT
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


class _Adapter(HTTPAdapter):
    """Sends each request by the proxy of its address, and trusts what the rest of the run trusts."""

    def __init__(self, environment: Mapping[str, str], context: ssl.SSLContext) -> None:
        self._environment = environment
        self._context = context
        self._by: dict[str, Proxy] = {}
        super().__init__(max_retries=0)

    def send(self, request: Any, *arguments: Any, **named: Any) -> requests.Response:
        proxy = proxy_for(request.url, self._environment)
        if proxy is not None:
            self._by[proxy.url] = proxy
        named["proxies"] = {} if proxy is None else {"http": proxy.url, "https": proxy.url}
        return super().send(request, *arguments, **named)

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        credentials = self._by[proxy].credentials
        if credentials is None:
            return {}
        return {"Proxy-Authorization": "Basic " + base64.b64encode(":".join(credentials).encode()).decode()}

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        return super().proxy_manager_for(proxy, proxy_ssl_context=self._context, **named)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": self._context}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: the context has its certificates, and a list in a file would be added to them."""


class _Wired:
    """Makes the session of a transport of azure-core."""

    session: requests.Session | None

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__()
        self._adapter = _Adapter(environment, trusted(environment))

    def open(self) -> None:
        """Makes the session, for the first request and again after it was closed."""
        if self.session is None:
            self.session = requests.Session()
            # Neither the variables nor ~/.netrc: all of it has been decided here.
            self.session.trust_env = False
            for scheme in ("https://", "http://"):
                self.session.mount(scheme, self._adapter)


class SignInWire(_Wired, RequestsTransport):  # type: ignore[misc]
    """The network to the sign-in service, for the credentials of azure-identity that block."""


class AsyncSignInWire(_Wired, AsyncioRequestsTransport):  # type: ignore[misc]
    """The network to the sign-in service, for the credentials of azure-identity that can be awaited."""
