"""Collections in pages, with links that a client must follow as they are, and soon enough."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from mfaaudit.simulated.answer import Answer, Request, bad_request

Thing = TypeVar("Thing")
RunsOut = Callable[[str, int, int, dict[str, int]], bool]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page token leads."""

    start: int
    number: int
    """Of the page, from 0."""
    walk: int = 0
    issued: float = 0.0
    """In seconds of the tenant's clock."""


class Tokens:
    """The tokens in the links to further pages: all good for ever, unless one of the two limits is given."""

    def __init__(
        self, clock: Callable[[], float], *, seconds: float | None = None, runs_out: RunsOut | None = None
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._runs_out = runs_out
        self._walks: Counter[str] = Counter()
        self._struck: dict[str, int] = {}

    def place(self, request: Request) -> Place | None:
        """The place that a request asks for; None if its token is not good, or not any more."""
        path = request.path.lower().rstrip("/")
        token = request.query.get("$skiptoken")
        if token is None:
            # Tokens without a limit are the same for everybody, so that the same tenant gives the same bytes.
            if self._runs_out is not None:
                self._walks[path] += 1
            return Place(0, 0, self._walks[path])
        place = _read_token(token)
        if place is None or (self._seconds is not None and self._clock() - place.issued > self._seconds):
            return None
        if self._runs_out is not None and self._runs_out(path, place.number, place.walk, self._struck):
            return None
        return place

    def after(self, place: Place, start: int) -> str:
        """The token of the page that follows."""
        issued = 0.0 if self._seconds is None else self._clock()
        parts = (start, place.number + 1, place.walk, issued, "nh")
        return base64.urlsafe_b64encode(":".join(map(str, parts)).encode()).decode()


def page(
    request: Request,
    tokens: Tokens,
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
    place = tokens.place(request)
    if place is None:
        return bad_request(
            "The specified page token value has expired and can no longer be included in your request.",
            "Directory_ExpiredPageToken",
        )
    end = place.start if place.number == hollow else place.start + size
    body: dict[str, Any] = {"@odata.context": f"{request.root}/{request.version}/$metadata#{context}"}
    if count is not None and place.number == 0:
        body["@odata.count"] = count
    if end < len(things):
        body["@odata.nextLink"] = _link(request, tokens.after(place, end))
    body["value"] = [render(thing) for thing in things[place.start : end] if keep(thing)]
    return Answer(body=body)


def _link(request: Request, token: str) -> str:
    query = {name: value for name, value in request.query.items() if name != "$skiptoken"} | {"$skiptoken": token}
    text = "&".join(f"{name}={quote(value, safe='$,')}" for name, value in query.items())
    return f"{request.root}/{request.version}{quote(request.path, safe='/$()=,')}?{text}"


def _read_token(token: str) -> Place | None:
    try:
        start, number, walk, issued, mark = base64.urlsafe_b64decode(token.encode()).decode().split(":")
        return Place(int(start), int(number), int(walk), float(issued)) if mark == "nh" else None
    except (ValueError, binascii.Error):
        return None
