"""A simulated clock: an event loop that leaps over pauses; the client's work counts, that of the tenant does not.

What the clock shows is what a client would need that has a core for itself and a tenant behind a network:

- A pause is leapt over when nothing else is ready, and moves the clock on by its length.
- The CPU that the client spends moves it on too, so that slow code is late here as it would be anywhere.
- What the tenant spends in this process moves nothing: it would have a machine of its own. Instead each of its answers
  takes LATENCY, half of it on the way there.
- Waiting for a disk counts nothing; a journal that is synchronised every second has little of it.
"""

from __future__ import annotations

import asyncio
import gc
import selectors
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

LATENCY = 0.2
"""Seconds that an answer takes, above those of the tenant's quotas and pauses."""
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Clock:
    """Seconds of leaps and of the client's CPU."""

    def __init__(self) -> None:
        self._leapt = -time.process_time()
        self._stopped_at: float | None = None

    def time(self) -> float:
        """Now."""
        return self._leapt + time.process_time() if self._stopped_at is None else self._stopped_at

    def leap(self, seconds: float) -> None:
        """Moves the clock on."""
        self._leapt += seconds

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """While somebody else works. Raises AssertionError if that lets the client go on, whose work would be lost."""
        assert self._stopped_at is None, "the tenant is still at work"
        start, self._stopped_at = time.process_time(), self.time()
        try:
            yield
        finally:
            self._leapt -= time.process_time() - start
            self._stopped_at = None


class Leaps(selectors.DefaultSelector):
    """Moves a clock on instead of waiting."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> Any:
        """What is ready; if nothing is, the pause is over."""
        assert timeout is not None, "nothing is left to wait for"
        events = super().select(0)
        self._clock.leap(0 if events else max(0.0, timeout))
        return events


class Loop(asyncio.SelectorEventLoop):
    """Lives by a clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__(Leaps(clock))

    def time(self) -> float:
        """Now."""
        return self._clock.time()


def run(clock: Clock, work: Coroutine[Any, Any, Any]) -> float:
    """Does the work on the clock; returns the seconds that it took there."""
    # The tenant's accounts would be looked through again and again by the client's garbage collection.
    gc.collect()
    gc.freeze()
    # Paces and pauses go by the same clock as the loop, or they would be waited for in earnest.
    with asyncio.Runner(loop_factory=lambda: Loop(clock)) as runner, patch.object(time, "monotonic", clock.time):
        start = clock.time()
        runner.run(work)
        took = clock.time() - start
    gc.unfreeze()
    return took


class Far:
    """An application at the other end of a network; its `heard` is told of each request before it is answered."""

    def __init__(self, app: Any, clock: Clock, heard: Callable[[str, bytes], None]) -> None:
        self._app = app
        self._clock = clock
        self._heard = heard

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request, as the ASGI specification has it."""
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        answer: list[Message] = []

        async def give() -> Message:
            return {"type": "http.request", "body": body}

        async def keep(part: Message) -> None:
            answer.append(part)

        await asyncio.sleep(LATENCY / 2)
        with self._clock.stopped():
            self._heard(f"{scope['path']}?{scope['query_string'].decode()}", body)
            await self._app(scope, give, keep)
        await asyncio.sleep(LATENCY / 2)
        for part in answer:
            await send(part)
