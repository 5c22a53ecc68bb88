"""Asks until there is an answer: paces, retries what may pass, and writes every answer into the journal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime

from mfaaudit.errors import SignInFailed, Unreachable
from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.past import Past
from mfaaudit.evidence.response import (
    Response,
    error_code,
    is_garbled,
    is_token_refused,
)
from mfaaudit.sources import user_count
from mfaaudit.sources.source import Bucket, Source
from mfaaudit.tenant.attempts import CALM, PASSING, Storm, may_pass
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.pace import Pace, pause_for
from mfaaudit.tenant.trail import Trail, leads_nowhere
from mfaaudit.tenant.wires import network_hint

EXPIRED = frozenset({"Directory_ExpiredPageToken", "DirectoryPageTokenNotFoundException"})
"""Error codes for a link to the next page that is too old: only the first page can be asked for again."""
RESTARTS = 5
"""Of a walk whose links expire, after which it ends where it is."""
OUTAGE = 600.0
"""Seconds without a way to Graph, once there was one, after which the audit stops and waits to be resumed."""
PATIENCE = 900.0
"""Seconds in which Graph gives nothing, after which it is taken at its word."""
BETWEEN = 5.0
"""Seconds between two tries to find the way again."""


class Reader:
    """Reads sources through one connection into one journal."""

    def __init__(self, graph: Graph, journal: Journal, paces: Mapping[Bucket, Pace], past: Past | None = None) -> None:
        """`past` is what earlier sessions of the same audit have read; it is not asked for again."""
        self.graph = graph
        self.journal = journal
        self.paces = paces
        self.past = past or Past()
        self.requests = self.past.requests
        self.throttled = self.past.throttled
        self.storm = Storm()
        """What fails by chance, among all reads of this audit."""
        self._answered_at: float | None = None
        self._accepted = False
        """Whether Graph has taken the token before."""
        self.counted: int | None = None
        """How many users the directory counts, once that is known: what lists are measured against."""
        self._counted_again = False

    async def read(self, source: Source, url: str) -> Response:
        """The answer that an earlier session had, or else the last answer to one request."""
        known = list(self.past.pages(source, url))
        return known[-1] if known else await self.ask(source, url, asked=self.past.asked(source, url))

    async def ask(self, source: Source, url: str, *, asked: int = 0) -> Response:
        """The last answer to one request: the first that will not change, or the one after which we gave up.

        `asked` says how often it was asked for before. Raises Unreachable if there is no way to Graph any more, and
        SignInFailed if Graph no longer accepts the token.
        """
        pace = self.paces[source.bucket]
        attempt, denied, began_at = 0, False, time.monotonic()
        while True:
            attempt, asked = attempt + 1, asked + 1
            sent_at = await pace.permit()
            response = await self.graph.send(source.name, url, headers=source.headers, attempt=asked)
            lost = self.note(response, sent_at)
            refused = response.status == 429
            self.throttled += refused
            pace.heard(
                sent_at,
                done=int(response.ok),
                refused=int(refused),
                headers=response.headers,
                units=None,
                pause=pause_for(response.headers, attempt),
            )
            if lost:
                attempt -= 1
                await asyncio.sleep(BETWEEN)
                continue
            garbled = is_garbled(source, response)
            self.storm.saw(attempt, failed=garbled or response.status in PASSING)
            if response.ok and not garbled:
                return response
            body = None if response.ok else response.json()
            # A success without what the source means is a garbled answer, which may pass like a fault of the server.
            status = 0 if response.ok else response.status
            if not may_pass(status, body, attempt, denied=denied, storm=self._storm_since(began_at)):
                if is_token_refused(response.status, body) and self._accepted:
                    raise no_longer_accepted(response)
                return response
            denied = denied or response.status == 401
            await asyncio.sleep(pause_for(response.headers, attempt, self.storm.pause(attempt)))

    def _storm_since(self, began_at: float) -> Storm:
        # The longest storm is no reason to ask for ever.
        return self.storm if time.monotonic() - began_at < PATIENCE else CALM

    def note(self, response: Response, sent_at: float) -> bool:
        """Keeps an answer; returns whether the way to Graph is lost for everybody, so that this try is nobody's.

        Raises Unreachable if it has been lost for too long.
        """
        self.requests += 1
        self.journal.append(response)
        self._accepted = self._accepted or response.ok
        now = time.monotonic()
        if not response.unconnected:
            self._answered_at = now if response.status else self._answered_at
            return False
        # Where there never was a way, or others still find it, this is a fault like any other.
        if self._answered_at is None or self._answered_at > sent_at:
            return False
        if now - self._answered_at > OUTAGE:
            raise Unreachable(
                f"there has been no connection to Graph for {round(OUTAGE / 60)} minutes: {response.problem}",
                hint=f"{network_hint(response.problem) or 'Check the network and the proxy.'} "
                "Then go on with --resume; what has been read is kept.",
            )
        return True

    async def pages(self, source: Source, url: str) -> AsyncIterator[Response]:
        """Every page of a collection, those of earlier sessions first. The last one may be the one that failed.

        A walk that is begun again, because a link has expired or leads nowhere, or because the rows do not fit their
        count, gives its pages again.
        """
        first, restarts, recounted = url, 0, False
        trail = Trail(self.graph.root, self.counted)
        link: object = url
        stored: object = None
        if self.past.began(source, url):
            for page in self.past.pages(source, url):
                if page.url == first:
                    trail = Trail(self.graph.root, self.counted)
                trail.add(page)
                yield page
            link = stored = self.past.goes_on(source, url)
            if link is None and not trail.fits:
                link, trail, recounted = first, Trail(self.graph.root, self.counted), True
            if link is not None and not await self._may_follow(trail, link):
                # It would be refused for ever; the pages themselves, read again, may lead on.
                link, trail = first, Trail(self.graph.root, self.counted)
        while link is not None:
            if not isinstance(link, str) or not await self._may_follow(trail, link):
                refused = _refused(source, link, trail.objection(link))
                self.journal.append(refused)
                yield refused
                return
            page = await self.ask(source, link)
            if not page.ok and link != first and restarts < RESTARTS:
                expired = error_code(page.json()) in EXPIRED
                if expired or (link == stored and leads_nowhere(page)):
                    # Whoever takes the pages has seen some of the rows, and will see them again.
                    restarts, link, trail = restarts + 1, first, Trail(self.graph.root, self.counted)
                    continue
            yield page
            link = trail.add(page)
            if link is None and not trail.fits and not recounted:
                # Other rows than were counted: somebody came or went meanwhile, or a row is missing.
                link, trail, recounted = first, Trail(self.graph.root, self.counted), True

    async def _may_follow(self, trail: Trail, link: object) -> bool:
        if trail.too_long and not self._counted_again:
            # Before a list is cut off, the count that it exceeds is asked for again: that may be what is wrong.
            self._counted_again = True
            again = (await self.ask(user_count.SOURCE, self.url(user_count.SOURCE))).number()
            self.counted = max((count for count in (self.counted, again) if count is not None), default=None)
        trail.counted = self.counted
        return not trail.objection(link)

    def url(self, source: Source, **values: str) -> str:
        """The full address of a source."""
        return f"{self.graph.root}/{source.version}{source.path.format(**values)}"


def no_longer_accepted(response: Response) -> SignInFailed:
    """The error for a token that has run out and could not be renewed."""
    tail = f" (request-id {response.request_id})" if response.request_id else ""
    return SignInFailed(
        f"Graph no longer accepts the token{tail}",
        hint="Sign in again and go on with --resume; what has been read is kept.",
    )


def _refused(source: Source, link: object, why: str) -> Response:
    # The walk ends here, and must not look like a whole one: the journal's last answer says so.
    return Response(
        source=source.name,
        method="GET",
        url=str(link),
        read_at=datetime.now(UTC),
        status=0,
        problem=why,
        attempt=0,
    )
