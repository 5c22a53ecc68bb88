"""Graph says wait in several ways, and all of them are heard."""

import asyncio
import time
from datetime import UTC, datetime

import pytest

from mfaaudit.tenant.pace import LONGEST_WAIT, Pace, backoff, batches_per_period, retry_after

NOW = datetime(2026, 11, 21, 10, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("10", 10.0),
        ("2.128", 2.128),
        ("0", 0.0),
        ("-3", 0.0),
        ("Sat, 21 Nov 2026 10:00:30 GMT", 30.0),
        ("Sat, 21 Nov 2026 09:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
    ],
)
def test_retry_after(header, seconds):
    assert retry_after({"retry-after": header}, now=NOW) == seconds


def test_no_header_asks_for_nothing():
    assert retry_after({}) is None


def test_the_pause_grows_and_ends():
    assert [backoff(n) for n in (1, 2, 3, 4, 9)] == [1, 2, 4, 8, 30]


def test_the_rate_stays_below_the_quota_of_each_size_of_tenant():
    quotas = {1: 350, 49: 350, 50: 500, 500: 500, 501: 800, 10**6: 800}

    assert all(batches_per_period(users) * 10 * 20 < quota for users, quota in quotas.items())


def test_nobody_passes_while_the_service_says_wait():
    async def scenario() -> float:
        pace = Pace(100, 0.1)
        await pace.permit()
        start = time.monotonic()
        pace.hold(0.2)
        pace.hold(0.05)
        await asyncio.gather(*(pace.permit() for _ in range(5)))
        return time.monotonic() - start

    assert asyncio.run(scenario()) >= 0.2


def test_an_absurd_pause_is_cut():
    pace = Pace(1, 0.1)

    pace.hold(10**9)

    assert pace._held_until <= time.monotonic() + LONGEST_WAIT
