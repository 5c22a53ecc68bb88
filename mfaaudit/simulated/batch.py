"""`$batch`: up to twenty requests in one, each metered and answered by itself (json-batching page)."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any
from urllib.parse import parse_qsl, unquote

from mfaaudit.simulated.answer import Answer, Request, bad_request, refusal
from mfaaudit.simulated.graph import Graph
from mfaaudit.simulated.storm.batches import twist

LIMIT = 20
METERED = ("Retry-After", "x-ms-throttle-scope", "x-ms-throttle-information", "WWW-Authenticate")
"""Headers that belong to the item and not to the batch."""


def answer(graph: Graph, request: Request) -> Answer:
    """The outer answer: 200 as soon as the batch can be understood, whatever becomes of its items."""
    try:
        items = json.loads(request.body)["requests"]
    except (ValueError, KeyError, TypeError):
        return bad_request("Unable to read JSON request payload.", "BadRequest")
    refused = _refuse(items)
    if refused is not None:
        return refused
    done: dict[str, dict[str, Any]] = {}
    for item in items:
        done[item["id"]] = _item(graph, request, item, done)
    # Graph answers in whatever order it gets done: here the same one for the same batch.
    order = sorted(done, key=lambda one: zlib.crc32(one.encode()))
    entries = [done[one] for one in order]
    if graph.directory.mood.stormy:
        entries = twist(graph.directory, items, entries)
    return Answer(body={"responses": entries})


def _refuse(items: Any) -> Answer | None:
    if not isinstance(items, list) or not items:
        return bad_request("A batch needs at least one request.", "BadRequest")
    if len(items) > LIMIT:
        return bad_request("The number of requests in a batch is limited to 20.", "MaximumValueExceeded")
    seen = set()
    for item in items:
        if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in ("id", "method", "url")):
            return bad_request("Each request of a batch needs an id, a method and a url.", "BadRequest")
        before = item.get("dependsOn") or []
        if not isinstance(before, list) or not all(isinstance(one, str) for one in before):
            return bad_request("dependsOn must be a list of ids.", "BadRequest")
        if not isinstance(item.get("headers") or {}, dict):
            return bad_request("The headers of a request must be an object.", "BadRequest")
        if item["id"].lower() in seen:
            return bad_request("The ids in a batch must be unique.", "BadRequest")
        seen.add(item["id"].lower())
    return None


def _item(graph: Graph, request: Request, item: dict[str, Any], done: dict[str, dict[str, Any]]) -> dict[str, Any]:
    before = item.get("dependsOn") or []
    if any(one not in done or done[one]["status"] >= 400 for one in before):
        return _made(item["id"], refusal(424, "FailedDependency", "A request that this one depends on has failed."))
    # One of the page's own examples has no slash at its start.
    path, _, query = ("/" + item["url"]).partition("?")
    if "://" in path:
        # The page asks for a relative URL and says no more; this is what clients that sent absolute ones were told.
        return _made(item["id"], bad_request("Invalid request URL in the batch: it must be relative.", "BadRequest"))
    own = item.get("headers") or {}
    inner = Request(
        method=item["method"].upper(),
        version=request.version,
        path=unquote(path) if "%" in path else path,
        query=dict(parse_qsl(query, keep_blank_values=True)) if query else {},
        headers={"authorization": request.headers.get("authorization", "")}
        | {name.lower(): str(value) for name, value in own.items()},
        root=request.root,
    )
    return _made(item["id"], graph.answer(inner))


def _made(item_id: str, inner: Answer) -> dict[str, Any]:
    if inner.text is not None:
        encoded = base64.b64encode(inner.text.encode()).decode()
        return {"id": item_id, "status": inner.status, "headers": {"Content-Type": "text/plain"}, "body": encoded}
    metered = {name: inner.headers[name] for name in METERED if name in inner.headers}
    return {
        "id": item_id,
        "status": inner.status,
        "headers": {
            "Cache-Control": "no-cache",
            "x-ms-resource-unit": inner.headers.get("x-ms-resource-unit", "1"),
            **metered,
            "Content-Type": "application/json",
        },
        "body": inner.body,
    }
