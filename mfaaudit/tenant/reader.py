"""Asks until there is an answer: paces, retries what may pass, and writes every answer into the journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.response import NOT_PREMIUM, Response, error_code
from mfaaudit.sources.source import Bucket, Shape, Source
from mfaaudit.tenant.address import same_service
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.pace import Pace, pause_for

ATTEMPTS = 5
"""For what has gone wrong: some 15 seconds in all."""
THROTTLED_ATTEMPTS = 10
"""For a 429, which is no fault but a queue; each waits as long as Graph asks for."""
PASSING = frozenset({0, 408, 424, 429, 500, 502, 503, 504})
"""Statuses that may be gone next time; 0 is "no answer"."""
BELIEVED_AFTER = 3
"""The refusal for want of a licence is at times sent in error: it is believed the third time."""


def may_pass(status: int, body: Any, attempt: int, *, denied: bool) -> bool:
    """Whether it is worth asking again; `denied` says whether an earlier attempt was answered 401."""
    if attempt >= (THROTTLED_ATTEMPTS if status == 429 else ATTEMPTS):
        return False
    if status == 403 and error_code(body) == NOT_PREMIUM:
        return attempt < BELIEVED_AFTER
    # A token that ran out in mid-air is renewed by the credential; a second refusal is meant.
    return status in PASSING or (status == 401 and not denied)


def is_garbled(source: Source, response: Response) -> bool:
    """Whether an answer that says it is well holds nothing that the source could mean: a passing fault of the way."""
    if not response.ok:
        return False
    if source.shape is Shape.COUNT:
        return response.number() is None
    body = response.json()
    if source.shape is Shape.PAGES:
        return not isinstance(body, dict) or not isinstance(body.get("value"), list)
    return body is None


class Reader:
    """Reads sources through one connection into one journal."""

    def __init__(self, graph: Graph, journal: Journal, paces: Mapping[Bucket, Pace]) -> None:
        self.graph = graph
        self.journal = journal
        self.paces = paces
        self.requests = 0
        self.throttled = 0

    async def ask(self, source: Source, url: str) -> Response:
        """The last answer to one request: the first that will not change, or the one after which we gave up."""
        pace = self.paces[source.bucket]
        attempt, denied = 0, False
        while True:
            attempt += 1
            sent_at = await pace.permit()
            response = await self.graph.send(source.name, url, headers=source.headers, attempt=attempt)
            self.requests += 1
            self.journal.append(response)
            refused = response.status == 429
            self.throttled += refused
            pace.heard(
                sent_at,
                done=int(response.ok),
                refused=int(refused),
                headers=response.headers,
                units=None,
                pause=pause_for(response.headers, response.attempt),
            )
            garbled = is_garbled(source, response) and attempt < ATTEMPTS
            if not garbled and not may_pass(response.status, response.json(), attempt, denied=denied):
                return response
            denied = denied or response.status == 401
            if not refused:
                await asyncio.sleep(pause_for(response.headers, response.attempt))

    async def pages(self, source: Source, url: str) -> AsyncIterator[Response]:
        """Every page of a collection. The last one yielded is the one that failed, if one did."""
        seen = set()
        while True:
            page = await self.ask(source, url)
            yield page
            body = page.json() if page.ok else None
            link = body.get("@odata.nextLink") if isinstance(body, dict) else None
            if link is None:
                return
            if not isinstance(link, str) or not same_service(self.graph.root, link) or link in seen:
                refused = _refused(source, link)
                self.journal.append(refused)
                yield refused
                return
            seen.add(link)
            url = link

    def url(self, source: Source, **values: str) -> str:
        """The full address of a source."""
        return f"{self.graph.root}/{source.version}{source.path.format(**values)}"


def _refused(source: Source, link: object) -> Response:
    # The walk ends here, and must not look like a whole one: the journal's last answer says so.
    return Response(
        source=source.name,
        method="GET",
        url=str(link),
        read_at=datetime.now(UTC),
        status=0,
        problem="the link to the next page leads to another host, or back to a page already read, and was not followed",
    )
