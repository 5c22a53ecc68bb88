"""Collections in pages, with links that a client must follow as they are."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from mfaaudit.simulated.answer import Answer, Request, bad_request

Thing = TypeVar("Thing")


def page(
    request: Request,
    context: str,
    things: Sequence[Thing],
    render: Callable[[Thing], Any],
    *,
    size: int,
    largest: int,
    keep: Callable[[Thing], bool] = lambda _: True,
    count: int | None = None,
    hollow: int | None = None,
    at_most: int | None = None,
) -> Answer:
    """One page of a collection.

    `keep` leaves things out after they were counted into a page, so that pages may be short; page number `hollow`
    comes empty, with a link to the next, as Graph's pages may. No page holds more than `at_most`, whatever is asked.
    """
    top = request.query.get("$top", "")
    if top and (not top.isdecimal() or not 1 <= int(top) <= largest):
        return bad_request(f"Invalid page size specified: '{top}'. Must be between 1 and {largest} inclusive.")
    if "$skip" in request.query:
        return bad_request("'$skip' is not supported by the service.")
    size = int(top) if top else size
    size = size if at_most is None else min(size, at_most)
    start, number = 0, 0
    if "$skiptoken" in request.query:
        place = _read_token(request.query["$skiptoken"])
        if place is None:
            return bad_request(
                "The specified page token value has expired and can no longer be included in your request.",
                "Directory_ExpiredPageToken",
            )
        start, number = place
    empty = number == hollow
    end = start if empty else start + size
    body: dict[str, Any] = {"@odata.context": f"{request.root}/{request.version}/$metadata#{context}"}
    if count is not None and "$skiptoken" not in request.query:
        body["@odata.count"] = count
    if end < len(things):
        body["@odata.nextLink"] = _link(request, end, number + 1)
    body["value"] = [render(thing) for thing in things[start:end] if keep(thing)]
    return Answer(body=body)


def _link(request: Request, start: int, number: int) -> str:
    token = base64.urlsafe_b64encode(f"{start}:{number}:nh".encode()).decode()
    query = {name: value for name, value in request.query.items() if name != "$skiptoken"} | {"$skiptoken": token}
    text = "&".join(f"{name}={quote(value, safe='$,')}" for name, value in query.items())
    return f"{request.root}/{request.version}{quote(request.path, safe='/$()=,')}?{text}"


def _read_token(token: str) -> tuple[int, int] | None:
    try:
        start, number, mark = base64.urlsafe_b64decode(token.encode()).decode().split(":")
        return (int(start), int(number)) if mark == "nh" else None
    except (ValueError, binascii.Error):
        return None
