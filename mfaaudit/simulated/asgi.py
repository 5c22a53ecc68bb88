"""The tenant as an ASGI application: in process, or behind any server."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from mfaaudit.simulated import batch
from mfaaudit.simulated.answer import Answer, Request, refusal
from mfaaudit.simulated.graph import Graph
from mfaaudit.simulated.storm.wire import Weather

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

JSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
DIAGNOSTIC = '{"ServerInfo":{"DataCenter":"West Europe","Slice":"E","Ring":"5","ScaleUnit":"003"}}'
LARGEST = 4 << 20
"""Bytes of a request; Graph's own limit for a batch."""


class Application:
    """Answers http requests with what the tenant says."""

    def __init__(self, graph: Graph, seed: int, weather: Weather | None = None) -> None:
        self._graph = graph
        self._weather = weather
        self._numbers = itertools.count(1)
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"request-id {seed}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection event, as the ASGI specification has it."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _body(receive)
        answer = (
            refusal(413, "RequestEntityTooLarge", "The request is too large.")
            if body is None
            else self._answer(scope, headers, body)
        )
        await self._send(answer, headers, send)

    def _answer(self, scope: Scope, headers: dict[str, str], body: bytes) -> Answer:
        _, _, rest = scope["path"].partition("/")
        version, _, path = rest.partition("/")
        request = Request(
            method=scope["method"],
            version=version,
            path="/" + path,
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            headers=headers,
            root=f"{scope.get('scheme', 'https')}://{headers.get('host', 'graph.microsoft.com')}",
            body=body,
        )
        if self._weather is None:
            return self._ask(request)
        return self._weather.strike(request, lambda: self._ask(request))

    def _ask(self, request: Request) -> Answer:
        self._graph.revocation.count()
        if request.path.strip("/").lower() == "$batch":
            if request.method != "POST":
                return refusal(
                    405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."
                )
            return batch.answer(self._graph, request)
        return self._graph.answer(request)

    async def _send(self, answer: Answer, asked: dict[str, str], send: Send) -> None:
        request_id = str(uuid.uuid5(self._space, str(next(self._numbers))))
        client_id = asked.get("client-request-id", request_id)
        if answer.text is None:
            _stamp(answer.body, request_id, client_id)
            content, kind = json.dumps(answer.body, ensure_ascii=True, separators=(",", ":")).encode(), JSON
        else:
            content, kind = answer.text.encode(), "text/plain"
        headers = {"Content-Type": kind}
        if answer.from_graph:
            headers |= {
                "request-id": request_id,
                "client-request-id": client_id,
                "x-ms-ags-diagnostic": DIAGNOSTIC,
                "OData-Version": "4.0",
            }
        headers["Date"] = format_datetime(datetime.now(UTC), usegmt=True)
        headers["Content-Length"] = str(len(content))
        headers |= answer.headers
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": content})


def _stamp(body: Any, request_id: str, client_id: str) -> None:
    if not isinstance(body, dict):
        return
    for item in body.get("responses", ()):
        _stamp(item.get("body"), request_id, client_id)
    error = body.get("error")
    if error is not None:
        for spelling in ("innerError", "innererror"):
            if spelling in error:
                error[spelling] |= {"request-id": request_id, "client-request-id": client_id}


async def _body(receive: Receive) -> bytes | None:
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
