"""The Graph client: the SDK's adapter and middleware carry one request, raw JSON comes back."""

from __future__ import annotations

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
from mfaaudit.json_reading import read_json
from mfaaudit.tenant.bounded_wire import BoundedWire
from mfaaudit.tenant.challenge import Challenge, Renewable, challenge_in
from mfaaudit.tenant.sign_in import environment
from mfaaudit.tenant.wires import network_hint, said_by, wire_to

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
# Nothing came back, or a link was no address.
_NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL)
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
        # All requests go to one service, so that its proxy is chosen once, and not by httpx from the variables.
        self._wire = BoundedWire(wire_to(root, environment(), limits) if transport is None else transport)
        client = httpx.AsyncClient(timeout=TIMEOUT, transport=self._wire, trust_env=False)
        # Without explicit hosts, the SDK would send the token to whatever host a link names. It compares names alone;
        # the port is the reader's to check.
        hosts = [str(urlsplit(root).hostname)]
        self.credential = Renewable(credential, scopes)
        given: Any = self.credential
        provider = AzureIdentityAuthenticationProvider(given, None, scopes, hosts)
        self._http = GraphClientFactory.create_with_default_middleware(client=client, options=_OPTIONS)
        self._adapter = _Adapter(provider, self._http)
        self._answered = False

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
            answer = await self._ask(request)
            status, content = answer.status_code, answer.content
            kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        except _NO_ANSWER as error:
            problem = said_by(error)
            hint = None if self._answered else network_hint(problem)
            if hint is not None:
                # Nothing has come through yet, and nothing will until somebody does something about it.
                raise Unreachable(f"Graph cannot be reached: {problem}", hint=hint) from error
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

    async def _ask(self, request: RequestInformation) -> httpx.Response:
        """The answer to one request; if it is a challenge that the credential can answer, the one after that."""
        answer, challenge = await self._send_once(request)
        if challenge is not None:
            request.headers.remove("Authorization")
            answer, _ = await self._send_once(request)
        return answer

    async def _send_once(self, request: RequestInformation) -> tuple[httpx.Response, Challenge | None]:
        generation = self.credential.generation
        answer: Any = await self._adapter.send_primitive_async(request, "bytes", {})
        self._answered = True
        challenge = None
        if answer.status_code == 401:
            challenge = challenge_in(401, answer.headers.get("www-authenticate", ""), _json(answer.content))
        if challenge is not None:
            await self.credential.answer(challenge, generation)
        elif answer.status_code < 400:
            self.credential.accepted(generation)
        return answer, challenge

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()
        # The SDK wraps the transport, and forgets to close what it has wrapped.
        await self._wire.aclose()


class _Adapter(GraphRequestAdapter):
    """The SDK's adapter without its own answer to a challenge, which asks for each request anew and gives no reason."""

    async def retry_cae_response_if_required(self, resp: httpx.Response, *_: Any) -> httpx.Response:
        return resp


def _json(content: bytes) -> Any:
    try:
        return read_json(content)
    except ValueError:
        return None


def without_token(error: AzureError, refused: str) -> TenantProblem:
    """The error for a credential that gave no token; `refused` is what is said if it was refused one."""
    hint = network_hint(said_by(error))
    if isinstance(error, ClientAuthenticationError):
        return SignInFailed(
            f"{refused}: {_first_line(error)}",
            hint=hint or "Check the credential, the tenant and the consent given to the application, then try again.",
        )
    return Unreachable(
        f"the sign-in service did not answer: {_first_line(error)}",
        hint=hint or "Check the network, the proxy and --cloud, then try again.",
    )


def _first_line(error: BaseException) -> str:
    """The part of a library's message that is meant for a person."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
