"""The per-user pass: every user's own reads, twenty to a `$batch`, while the users are still being listed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kiota_abstractions.method import Method

from mfaaudit.evidence.batch import BATCH, Item, Outcome, outcomes, request_body
from mfaaudit.evidence.limits import PRESSURE, UNITS, number_in
from mfaaudit.evidence.response import Response, is_token_refused
from mfaaudit.sources.source import Bucket, Source
from mfaaudit.tenant.attempts import CALM, EVEN_ODDS, PASSING, may_pass
from mfaaudit.tenant.challenge import challenge_in
from mfaaudit.tenant.pace import BUSY, pause_for
from mfaaudit.tenant.reader import BETWEEN, PATIENCE, Reader, no_longer_accepted

WORKERS = 32
"""Batches in flight at most: enough for the largest quota where an answer takes 0.8 s; httpcore pays for more."""


@dataclass(frozen=True, slots=True)
class _Try:
    item: Item
    number: int
    denied: bool = False
    """Whether it was answered 401 before."""


class PerUserPass:
    """Takes reads as they become known; done when each has its last answer."""

    def __init__(self, reader: Reader, sources: Sequence[Source], on_done: Callable[[int], None]) -> None:
        self._reader = reader
        self._sources: Mapping[str, Source] = {source.name: source for source in sources}
        self._url = f"{reader.graph.root}/{sources[0].version}/{BATCH}"
        self._on_done = on_done
        self._pace = reader.paces[Bucket.IDENTITY]
        self._waiting: asyncio.Queue[_Try] = asyncio.Queue()
        self._turn = asyncio.Lock()
        self._open = 0
        self._done_at = 0.0
        self._given = False
        self._refused = 0
        """Requests refused whole, while nothing was ever given."""
        self._listed = False
        self._finished = asyncio.Event()

    def add(self, items: Iterable[Item]) -> None:
        """More to read."""
        for item in items:
            self._open += 1
            self._waiting.put_nowait(_Try(item, 1))

    def no_more(self) -> None:
        """Nothing will be added any more."""
        self._listed = True
        self._check()

    async def run(self) -> None:
        """Reads until nothing is open."""
        self._done_at = time.monotonic()
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(self._work()) for _ in range(WORKERS)]
            await self._finished.wait()
            for worker in workers:
                worker.cancel()

    async def _work(self) -> None:
        while True:
            await self._send(*await self._next_batch())

    async def _next_batch(self) -> tuple[list[_Try], float]:
        # One worker at a time, and filled as late as possible, so that stragglers travel together.
        async with self._turn:
            tries = [await self._waiting.get()]
            sent_at = await self._pace.permit()
            while len(tries) < self._pace.width and not self._waiting.empty():
                tries.append(self._waiting.get_nowait())
            return tries, sent_at

    async def _send(self, tries: Sequence[_Try], sent_at: float) -> None:
        sent = {one.item: one for one in tries}
        generation = self._reader.graph.credential.generation
        response = await self._reader.graph.send(
            BATCH,
            self._url,
            method=Method.POST,
            body=request_body([one.item for one in tries], self._sources),
            attempt=max(one.number for one in tries),
        )
        lost = self._reader.note(response, sent_at)
        if response.status == 401 and all(one.denied for one in tries):
            raise no_longer_accepted(response)
        if lost:
            self._pace.hold(BETWEEN)
            for one in tries:
                self._waiting.put_nowait(one)
            return
        found = list(outcomes(response))
        if response.ok:
            await self._answer_challenges(found, generation)
        if any(sent[item].denied and is_token_refused(outcome.status, outcome.body) for item, outcome in found):
            raise no_longer_accepted(response)
        # Where there is no connection, waiting for it is Reader.note's.
        whole = response.status != 0 and response.status in PASSING
        self._reader.storm.saw_request(whole=whole)
        self._refused += whole and not self._given
        for item, outcome in found if not whole else ():
            self._reader.storm.saw(sent[item].number, failed=_status(outcome) in PASSING)
        self._given = self._given or any(outcome.ok for _, outcome in found)
        again = [
            (_Try(item, sent[item].number + 1, sent[item].denied or outcome.status == 401), outcome)
            for item, outcome in found
            if not outcome.ok and self._worth_another(outcome, sent[item], whole=whole)
        ]
        self._tell(response, [outcome for _, outcome in found], sent_at, answered=len(tries) > len(again))
        self._put_off(again)
        self._open -= len(tries) - len(again)
        self._on_done(len(tries) - len(again))
        self._check()

    async def _answer_challenges(self, found: Sequence[tuple[Item, Outcome]], generation: int) -> None:
        """Gets another token if a service behind the batch wants one. Raises SignInFailed if there is none."""
        for _, outcome in found:
            challenge = challenge_in(outcome.status, outcome.headers.get("www-authenticate", ""), outcome.body)
            if challenge is not None:
                await self._reader.graph.credential.answer(challenge, generation)
                return

    def _worth_another(self, outcome: Outcome, last: _Try, *, whole: bool) -> bool:
        # A service that has never given anything is not in a storm: it is broken, or in the hands of a proxy.
        storm = self._reader.storm if self._given else CALM
        if outcome.status == 429 and not self._given:
            # How long that is borne is for PATIENCE to say.
            return True
        if whole and not self._given and self._refused < EVEN_ODDS:
            return True
        return may_pass(_status(outcome), outcome.body, last.number, denied=last.denied, storm=storm)

    def _tell(self, response: Response, found: Sequence[Outcome], sent_at: float, *, answered: bool) -> None:
        """Tells the pace what came back; ends the pass if nothing has for too long."""
        self._reader.throttled += sum(one.status == 429 for one in found)
        # Where nothing was ever given, only a 429 says that it is a matter of asking less.
        refused = [one for one in found if one.status == 429 or (self._given and one.status in BUSY)]
        done = [one for one in found if one.ok]
        now = time.monotonic()
        if answered:
            self._done_at = now
        elif now - self._done_at > PATIENCE:
            # Whoever was not asked yet stays NOT_REQUESTED: days of the same refusal would tell no more.
            self._finished.set()
        costs = [number_in(one.headers, UNITS) for one in done]
        units = [cost for cost in costs if cost is not None]
        pressures = [headers[PRESSURE] for headers in (one.headers for one in done) if PRESSURE in headers]
        # Graph's advice where nothing is given: everybody waits for the longest pause asked for.
        self._pace.heard(
            sent_at,
            done=len(done),
            refused=len(refused),
            headers={**response.headers, **({PRESSURE: pressures[-1]} if pressures else {})},
            units=sum(units) if len(units) == len(done) else None,
            pause=max((pause_for(one.headers, 1) for one in refused), default=0.0),
        )

    def _put_off(self, again: Sequence[tuple[_Try, Outcome]]) -> None:
        loop = asyncio.get_running_loop()
        for one, outcome in again:
            last = one.number - 1
            delay = pause_for(outcome.headers, last, self._reader.storm.pause(last))
            loop.call_later(delay, self._waiting.put_nowait, one)

    def _check(self) -> None:
        if self._listed and self._open == 0:
            self._finished.set()


def _status(outcome: Outcome) -> int:
    # A success without a body is a garbled answer, which may pass like a fault of the server.
    return outcome.status if outcome.ok or not 200 <= outcome.status < 300 else 0
