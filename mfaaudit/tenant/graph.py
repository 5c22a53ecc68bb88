"""The Graph client: the SDK's adapter and middleware carry one request, raw JSON comes back."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from azure.core.exceptions import AzureError, ClientAuthenticationError
from kiota_abstractions.method import Method
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_abstractions.request_option import RequestOption
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from kiota_http.middleware.options import RedirectHandlerOption, ResponseHandlerOption, RetryHandlerOption
from msgraph.graph_request_adapter import GraphRequestAdapter, options
from msgraph_core import GraphClientFactory

from mfaaudit.errors import SignInFailed, TenantProblem, Unreachable
from mfaaudit.evidence.response import KEPT_HEADERS, Response
from mfaaudit.tenant.bounded_wire import bound

TIMEOUT = httpx.Timeout(100.0, connect=30.0)
"""Seconds; those of the SDK's own client."""
CONNECTIONS = 40

# The SDK would retry each request by itself, with a pause of its own; the pauses here are shared. It would also
# follow a redirect, which no Graph page asks for.
_OPTIONS = options | {
    RetryHandlerOption.get_key(): RetryHandlerOption(max_retries=0, should_retry=False),
    RedirectHandlerOption.get_key(): RedirectHandlerOption(should_redirect=False),
}
_RAW: list[RequestOption] = [ResponseHandlerOption(NativeResponseHandler())]
# Nothing came back, or a link was no address, or a challenge for more claims could not be read.
_NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL, binascii.Error, UnicodeDecodeError)
# The audit can wait: under pressure Graph drops the low priority first (throttling page).
_ALWAYS: Final = {"x-ms-throttle-priority": "Low"}


class Graph:
    """One signed-in connection to one Graph service."""

    def __init__(
        self,
        root: str,
        credential: Any,
        scopes: list[str],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`transport` replaces the network, and nothing else: addresses, sign-in, paging and retries stay real."""
        self.root = root
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        client = httpx.AsyncClient(timeout=TIMEOUT, limits=limits, http2=False, transport=transport)
        bound(client)
        # The SDK wraps the transports, of proxies too, and forgets to close what it has wrapped.
        self._wires = [client._transport, *filter(None, client._mounts.values())]  # noqa: SLF001
        # Without explicit hosts, the SDK would send the token to whatever host a link names. It compares names alone;
        # the port is the reader's to check.
        hosts = [str(urlsplit(root).hostname)]
        provider = AzureIdentityAuthenticationProvider(credential, None, scopes, hosts)
        self._http = GraphClientFactory.create_with_default_middleware(client=client, options=_OPTIONS)
        self._adapter = GraphRequestAdapter(provider, self._http)

    async def send(
        self,
        source: str,
        url: str,
        *,
        method: Method = Method.GET,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        attempt: int = 1,
    ) -> Response:
        """One request and its answer, whatever the status; a request that got no answer says why.

        Raises SignInFailed if no token can be had (any more).
        """
        request = RequestInformation()
        request.http_method = method
        request.url = url
        for name, value in (_ALWAYS | dict(headers or {})).items():
            request.headers.try_add(name, value)
        if body:
            request.set_stream_content(body.encode(), "application/json")
        request.add_request_options(_RAW)
        status, problem, kept, content = 0, "", {}, b""
        try:
            answer: Any = await self._adapter.send_primitive_async(request, "bytes", {})
            status, content = answer.status_code, answer.content
            kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        except _NO_ANSWER as error:
            problem = f"{type(error).__name__}: {error}"
        except AzureError as error:
            raise without_token(error, "no token was to be had") from error
        made = Response(
            source=source,
            method=method.value,
            url=url,
            read_at=datetime.now(UTC),
            status=status,
            problem=problem,
            headers=kept,
            request=body,
            body=content,
            attempt=attempt,
        )
        # Evidence that could not be read again would be none: it is as if the answer had not come.
        return replace(made, status=0, problem="the answer is too long to be kept", body=b"") if made.too_long else made

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()
        for wire in self._wires:
            await wire.aclose()


def without_token(error: AzureError, refused: str) -> TenantProblem:
    """The error for a credential that gave no token; `refused` is what is said if it was refused one."""
    if isinstance(error, ClientAuthenticationError):
        return SignInFailed(
            f"{refused}: {_first_line(error)}",
            hint="Check the credential, the tenant and the consent given to the application, then try again.",
        )
    return Unreachable(
        f"the sign-in service did not answer: {_first_line(error)}",
        hint="Check the network, the proxy and --cloud, then try again.",
    )


def _first_line(error: BaseException) -> str:
    """The part of a library's message that is meant for a person."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
