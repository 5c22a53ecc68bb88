"""Graph says wait in several ways, and all of them are heard."""

import asyncio
import time
from datetime import UTC, datetime

import pytest

from mfaaudit.evidence.limits import number_in
from mfaaudit.tenant.controller import SHARE_OF_QUOTA, Controller
from mfaaudit.tenant.pace import LONGEST_WAIT, Pace, backoff, identity_quota, retry_after

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
        ("86400", LONGEST_WAIT),
        ("inf", LONGEST_WAIT),
        ("nan", None),
    ],
)
def test_retry_after(header, seconds):
    assert retry_after({"retry-after": header}, now=NOW) == seconds


@pytest.mark.parametrize(
    "header",
    [
        "1e400",
        "-1e400",
        "-1",
        "Mon, 01 Jan 0001 00:00:00 +2359",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "Sat, 21 Nov 2026 10:00:30 +9999",
        "Sat, 21 Nov 2026 25:61:61 GMT",
        "0x10",
        ",",
        "\u0661",
        "1" * 5000,
    ],
)
def test_no_pause_in_a_header_breaks_anything(header):
    seconds = retry_after({"retry-after": header}, now=NOW)

    assert seconds is None or 0 <= seconds <= LONGEST_WAIT


@pytest.mark.parametrize("name", ["x-ms-resource-unit", "x-ms-throttle-limit-percentage"])
@pytest.mark.parametrize("header", ["1e308", "1000000", "-5", "0", "nan", "inf", "1e400"])
def test_numbers_that_a_header_cannot_mean_are_not_believed(name, header):
    assert number_in({name: header}, name) is None


def test_no_header_asks_for_nothing():
    assert retry_after({}) is None


def test_the_pause_grows_and_ends():
    assert [backoff(n) for n in (1, 2, 3, 4, 9)] == [1, 2, 4, 8, 30]


def test_the_quota_of_each_size_of_tenant_is_the_documented_one():
    quotas = {1: 350, 49: 350, 50: 500, 500: 500, 501: 800, 10**6: 800}

    assert {users: identity_quota(users) for users in quotas} == quotas


@pytest.mark.parametrize(
    ("header", "number"), [("1.2", 1.2), ("3", 3.0), ("much", None), ("inf", None), ("nan", None), (None, None)]
)
def test_numbers_in_headers(header, number):
    assert number_in({} if header is None else {"x-ms-resource-unit": header}, "x-ms-resource-unit") == number


def test_permits_come_at_the_rate_of_the_controller():
    async def scenario() -> int:
        # 400 units a second in batches of twenty are twenty permits a second.
        pace = Pace(Controller(ceiling=400, rate=400))
        end = time.monotonic() + 1
        count = 0
        while time.monotonic() < end:
            await pace.permit()
            count += 1
        return count

    assert 12 <= asyncio.run(scenario()) <= 25


def test_a_known_quota_is_never_used_up_to_its_last_unit():
    controller = Controller(ceiling=100)
    Pace(controller).allow(800)

    assert controller.ceiling == SHARE_OF_QUOTA * 800 < 800
    assert controller.rate < controller.ceiling


def test_what_came_back_reaches_the_controller_and_holds_everybody():
    controller = Controller(ceiling=1000, rate=1000)
    pace = Pace(controller)

    async def wait():
        # Somebody must have waited for a turn: else the rate was not what was too much.
        for _ in range(20):
            await pace.permit()

    asyncio.run(wait())
    held = pace.heard(time.monotonic(), done=0, refused=20, headers={}, units=None, pause=30.0)

    assert held
    assert controller.rate < 1000
    assert 29 < pace._held_until - time.monotonic() <= 30


def test_one_refusal_among_many_answers_holds_nobody():
    controller = Controller(ceiling=100, rate=100)
    pace = Pace(controller)

    held = pace.heard(time.monotonic(), done=19, refused=1, headers={}, units=19.0, pause=30.0)

    assert not held
    assert controller.rate == 100
    assert pace._held_until == 0


def test_nobody_passes_while_the_service_says_wait():
    async def scenario() -> float:
        pace = Pace(Controller(ceiling=1e6))
        await pace.permit()
        start = time.monotonic()
        pace.hold(0.2)
        pace.hold(0.05)
        await asyncio.gather(*(pace.permit() for _ in range(5)))
        return time.monotonic() - start

    assert asyncio.run(scenario()) >= 0.2


def test_an_absurd_pause_is_cut():
    pace = Pace(Controller(ceiling=1))

    pace.hold(10**9)

    assert pace._held_until <= time.monotonic() + LONGEST_WAIT


def test_the_time_in_which_nobody_wants_to_ask_is_told_apart_from_a_pause(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    controller = Controller(ceiling=1000, rate=1000)
    pace = Pace(controller)

    async def ask(wait):
        sent_at = await pace.permit()
        now[0] += wait
        pace.heard(sent_at, done=20, refused=0, headers={}, units=20.0, pause=0.0)

    asyncio.run(ask(wait=40.0))
    assert controller._idle == 40

    # Whoever is held back by a pause wants to ask all the time.
    pace.hold(60.0)

    async def held():
        waiting = asyncio.create_task(pace.permit())
        await asyncio.sleep(0)
        now[0] += 61
        waiting.cancel()
        pace.heard(now[0], done=20, refused=0, headers={}, units=20.0, pause=0.0)

    asyncio.run(held())
    assert controller._idle == 40
