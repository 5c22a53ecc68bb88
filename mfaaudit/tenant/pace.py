"""Lets requests of one quota through at the rate that its controller says, and has all wait when Graph says wait."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from asyncio_throttle.throttler import Throttler

from mfaaudit.evidence.limits import PRESSURE, asked_pause, number_in
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.controller import SHARE_OF_QUOTA, Controller

WINDOW = 0.2
"""Seconds over which permits are counted; short, because the throttler spends a window's permits at once."""
LONGEST_WAIT = 300.0
"""Seconds. A service that asks for more is asked again after this."""
FIRST_PROBE = 1.0
"""Seconds after which one request finds out whether everybody need wait; the next after twice as long, and so on."""
BUSY = frozenset({429, 503, 504})
"""Statuses that say that the service is asked too much; whether it is because of the rate, the controller finds out."""


class Pace:
    """Paces the requests of one quota. A permit is for one request, which in a batch holds `width` reads."""

    def __init__(self, controller: Controller, *, window: float = WINDOW) -> None:
        self._controller = controller
        self._window = window
        self._throttler = Throttler(rate_limit=1, period=window, retry_interval=min(0.002, window / 50))
        self._held_until = 0.0
        self._shut_until = 0.0
        """When the pause is over that nobody may break, not even to find out."""
        self._probe_at, self._probe_gap = math.inf, FIRST_PROBE
        self._waited_at = float("-inf")
        self._waiting = 0
        self._idle = 0.0
        self._idle_since: float | None = None

    @property
    def width(self) -> int:
        """Reads to put into a batch: one, while everybody waits and a request only finds out for how long."""
        return 1 if self._held_until > time.monotonic() else self._controller.width

    async def permit(self) -> float:
        """Waits until the next request may go out; returns the time, for `heard`."""
        self._waiting += 1
        self._awake()
        try:
            return await self._turn()
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._idle_since = time.monotonic()

    async def _turn(self) -> float:
        while True:
            # No event would do: the end of the pause moves while it is waited for.
            while (pause := self._pause()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(pause)
            probing = self._held_until > time.monotonic()
            if probing:
                self._probe_gap *= 2
                self._probe_at = time.monotonic() + self._probe_gap
            self._set()
            asked_at = time.monotonic()
            await self._throttler.acquire()  # type: ignore[no-untyped-call]
            now = time.monotonic()
            if now - asked_at > self._throttler.retry_interval / 2:
                self._waited_at = now
            # Another request may have been refused while this one waited for its turn.
            if self._held_until <= now or (probing and self._shut_until <= now):
                return now

    def _pause(self) -> float:
        """Seconds until the pause is over, or until one request may find out whether it is."""
        now = time.monotonic()
        return max(self._shut_until, min(self._held_until, self._probe_at)) - now

    def heard(
        self, sent_at: float, *, done: int, refused: int, headers: Mapping[str, str], units: float | None, pause: float
    ) -> bool:
        """Tells the controller what came back; has everybody wait `pause` seconds if the limit was met, and says so."""
        now = time.monotonic()
        self._awake()
        closed = self._controller.closed
        held = self._controller.answered(
            sent_at=sent_at,
            now=now,
            done=done,
            refused=refused,
            units=units,
            pressure=number_in(headers, PRESSURE),
            used=now - self._waited_at < 1,
            idle=self._idle,
        )
        self._idle = 0.0
        self._set()
        if held:
            self._held_until = max(self._held_until, now + min(pause, LONGEST_WAIT))
            if not closed:
                self._probe_gap = FIRST_PROBE
                self._probe_at = now + FIRST_PROBE
        elif closed and not self._controller.closed:
            # One request got through: whoever was refused still waits as long as they were told, and nobody else.
            self._held_until = self._shut_until
        return held

    def _awake(self) -> None:
        """Adds up for how long nobody has wanted to ask."""
        if self._idle_since is not None:
            now = time.monotonic()
            self._idle += now - self._idle_since
            self._idle_since = None if self._waiting else now

    def hold(self, seconds: float) -> None:
        """Nobody asks again before the time is over; the longest pause counts."""
        self._shut_until = max(self._shut_until, time.monotonic() + min(seconds, LONGEST_WAIT))
        self._held_until = max(self._held_until, self._shut_until)

    def allow(self, units_per_second: float) -> None:
        """A quota that has become known."""
        self._controller.allow(SHARE_OF_QUOTA * units_per_second)
        self._set()

    def _set(self) -> None:
        # The throttler follows at once, those who wait already included.
        requests = self._controller.rate / (self._controller.width * self._controller.cost)
        self._throttler.rate_limit = max(1, int(requests * self._window))
        self._throttler.period = self._throttler.rate_limit / requests


def paces() -> dict[Bucket, Pace]:
    """A safe pace for each quota (throttling-limits page).

    Identity: that of the smallest tenants, until the tenant's size is known. Reports: 5 requests in 10 s. Conditional
    Access: 1 a second for all applications together. Sign-in activity: 10 in a minute. All but the first are used from
    the start: they are documented in requests, and small.
    """
    return {
        Bucket.IDENTITY: Pace(Controller(ceiling=SHARE_OF_QUOTA * identity_quota(1))),
        Bucket.REPORTS: Pace(Controller(ceiling=5 / 10.5, rate=5 / 10.5), window=10.6),
        Bucket.CONDITIONAL_ACCESS: Pace(Controller(ceiling=1 / 1.1, rate=1 / 1.1), window=1.2),
        Bucket.SIGN_IN_ACTIVITY: Pace(Controller(ceiling=10 / 62, rate=10 / 62), window=62.5),
    }


def identity_quota(user_count: int) -> float:
    """Resource units a second for one application in a tenant of that many users (throttling-limits page).

    The page counts them over 10 s: 3,500 below 50 users, 5,000 up to 500, 8,000 above. That the per-user reads of
    authentication belong to this quota is not documented; the controller finds out.
    """
    return 350.0 if user_count < 50 else 500.0 if user_count <= 500 else 800.0


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """The pause that Graph asks for in seconds, cut to LONGEST_WAIT; None if it asks for none."""
    asked = asked_pause(headers, now or datetime.now(UTC))
    return None if asked is None else min(asked, LONGEST_WAIT)


def pause_for(headers: Mapping[str, str], attempt: int, otherwise: float | None = None) -> float:
    """Seconds to wait after an attempt: what Graph asks for, or else `otherwise`, or a little more each time."""
    asked = retry_after(headers)
    if asked is not None:
        return asked
    return backoff(attempt) if otherwise is None else otherwise


def backoff(attempt: int) -> float:
    """The pause in seconds when Graph asks for none: 1, 2, 4 … 30."""
    return min(2.0 ** (attempt - 1), 30.0)
