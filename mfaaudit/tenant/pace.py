"""How fast to ask: a pace for each of Graph's quotas, and one pause for all when Graph says wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from asyncio_throttle.throttler import Throttler

from mfaaudit.sources.source import Bucket

PERIOD = 0.1
"""Seconds over which permits are counted; short, because the throttler spends a period's permits at once."""
LONGEST_WAIT = 300.0
"""Seconds. A service that asks for more is asked again after this."""


class Pace:
    """Lets requests of one quota through at a steady rate."""

    def __init__(self, rate: int, period: float) -> None:
        self._throttler = Throttler(rate_limit=rate, period=period, retry_interval=min(0.01, period))
        self._held_until = 0.0

    async def permit(self) -> None:
        """Waits until the next request may go out."""
        while True:
            # No event would do: the end of the pause moves while it is waited for.
            while (pause := self._held_until - time.monotonic()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(pause)
            await self._throttler.acquire()  # type: ignore[no-untyped-call]
            # Another request may have been refused while this one waited for its turn.
            if self._held_until <= time.monotonic():
                return

    def hold(self, seconds: float) -> None:
        """Nobody asks again before the time is over; the longest pause counts."""
        self._held_until = max(self._held_until, time.monotonic() + min(seconds, LONGEST_WAIT))

    def speed_up(self, rate: int) -> None:
        """Changes the rate; the throttler follows at once."""
        self._throttler.rate_limit = rate


def paces() -> dict[Bucket, Pace]:
    """A safe pace for each quota (throttling-limits page).

    Identity: requests here are batches of twenty, and the quota of the smallest tenants is 350 reads a second.
    Reports: 5 in 10 s. Conditional Access: 1 a second for all applications together.
    """
    return {
        Bucket.IDENTITY: Pace(1, PERIOD),
        Bucket.REPORTS: Pace(5, 10.5),
        Bucket.CONDITIONAL_ACCESS: Pace(1, 1.1),
    }


def batches_per_period(user_count: int) -> int:
    """How many batches of twenty a tenth of a second may carry: some 60 to 80 % of the quota of the tenant's size.

    The quotas are 3,500, 5,000 and 8,000 resource units in 10 s below 50, up to 500 and above 500 users, and each
    read of a batch costs one.
    """
    if user_count < 50:
        return 1
    return 2 if user_count <= 500 else 3


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> float | None:
    """The pause that Graph asks for in seconds: a number, whole or not, or a date; None if it asks for none.

    A pause beyond LONGEST_WAIT is cut to it.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        return min(max(0.0, float(text)), LONGEST_WAIT)
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    date = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return min(max(0.0, (date - (now or datetime.now(UTC))).total_seconds()), LONGEST_WAIT)


def backoff(attempt: int) -> float:
    """The pause in seconds when Graph asks for none: 1, 2, 4 … 30."""
    return min(2.0 ** (attempt - 1), 30.0)
