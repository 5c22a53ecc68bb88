"""Whole requests in the storm: refused, cut, answered by a proxy, or never answered at all; each passes if repeated."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable

from mfaaudit.simulated.answer import Answer, Request, refusal
from mfaaudit.simulated.quota import too_many
from mfaaudit.simulated.tokens import unauthorized

Broken = Callable[[], Exception]

REFUSED, SILENT, DOWN = "429 with a pause", "429 without", "503"
RESET, CUT, NO_JSON, PROXY = "reset", "cut", "no JSON", "error page of a proxy"
EXPIRED = "401"
OF_BATCHES = (REFUSED, CUT, EXPIRED, RESET, NO_JSON, PROXY, DOWN, SILENT)
OF_READS = (CUT, RESET, NO_JSON, PROXY, DOWN, REFUSED)
EVERY = 20
"""The first batch passes, then every second has its fault until each has been; afterwards every twentieth."""

PAGE = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


class Weather:
    """Which whole requests go wrong, and how.

    No request that has gone wrong once, and no batch with an item that was asked before, goes wrong again: a client
    that repeats what failed always gets through. Not so with a link that has run out (see expiry.py): there the client
    that begins the list again gets through.
    """

    def __init__(self, breaks_off: Broken | None) -> None:
        self._breaks_off = breaks_off
        self._seen: set[str] = set()
        self._batches = 0
        self._of_path: Counter[str] = Counter()

    def strike(self, request: Request, answer: Callable[[], Answer]) -> Answer:
        """The answer, or what becomes of it. Raises what a broken connection raises in the client, if that is known."""
        match self._fault(request):
            case None:
                return answer()
            case "429 with a pause":
                return too_many("0")
            case "429 without":
                return too_many(None)
            case "503":
                return refusal(503, "serviceNotAvailable", "The service is temporarily unavailable.", Retry_After="0")
            case "401":
                return unauthorized("Lifetime validation failed, the token is expired.")
            case "cut":
                return _cut(answer())
            case "no JSON":
                return Answer(text="OK", headers={"Content-Type": "application/json"})
            case "reset" if self._breaks_off is not None:
                raise self._breaks_off()
            case "reset":
                # As a server or a proxy tells it that stands between.
                return Answer(status=502, text="", from_graph=False)
        return Answer(status=502, text=PAGE, headers={"Content-Type": "text/html"}, from_graph=False)

    def _fault(self, request: Request) -> str | None:
        names = _items(request)
        if not names:
            return self._of_read(request)
        fresh = self._seen.isdisjoint(names)
        self._seen.update(names)
        if not fresh:
            return None
        number, self._batches = self._batches, self._batches + 1
        if number <= 2 * len(OF_BATCHES):
            return OF_BATCHES[number // 2] if number % 2 else None
        kind = OF_BATCHES[number // EVERY % len(OF_BATCHES)]
        # A token runs out once.
        return kind if number % EVERY == 0 and kind != EXPIRED else None

    def _of_read(self, request: Request) -> str | None:
        address = f"{request.version}{request.path}?{sorted(request.query.items())}"
        if address in self._seen:
            return None
        self._seen.add(address)
        path = request.path.lower()
        if path.endswith("$count"):
            # A number that is cut is another number, and no client could tell.
            return REFUSED
        number, self._of_path[path] = self._of_path[path], self._of_path[path] + 1
        if number >= len(OF_READS):
            return None
        return OF_READS[(zlib.crc32(path.encode()) + number) % len(OF_READS)]


def _items(request: Request) -> list[str]:
    if not request.path.lower().startswith("/$batch"):
        return []
    try:
        return [f"{item['method']} {item['url']}" for item in json.loads(request.body)["requests"]]
    except (ValueError, KeyError, TypeError):
        return []


def _cut(answer: Answer) -> Answer:
    whole = json.dumps(answer.body, separators=(",", ":"))
    return Answer(text=whole[: len(whole) // 2], headers={"Content-Type": "application/json"})
