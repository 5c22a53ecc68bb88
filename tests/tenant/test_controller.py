"""The controller against a service that keeps its documented bucket, on a clock of numbers."""

import heapq
import math
from dataclasses import dataclass, field

import pytest

from mfaaudit.tenant.controller import SLOWEST, Controller

DOCUMENTED = 800.0
CEILING = 0.98 * DOCUMENTED


@dataclass
class Service:
    """A bucket of ten seconds' units that fills steadily; `at` changes what it gives."""

    units: float
    at: dict[float, float] = field(default_factory=dict)
    cost: float = 1.0
    level: float = 0.0
    time: float = 0.0

    def __post_init__(self):
        self.level = 10 * self.units

    def ask(self, now, reads):
        for time in [time for time in self.at if time <= now]:
            self.units = self.at.pop(time)
        self.level = min(10 * self.units, self.level + (now - self.time) * self.units)
        self.time = now
        done = min(reads, int(self.level / self.cost))
        self.level -= done * self.cost
        lacking = max(0.0, self.cost - self.level)
        return done, reads - done, max(1, math.ceil(lacking / self.units))


def drive(controller, service, seconds, *, latency=0.2, retry_after=True):
    """A client that asks exactly as it is told; gives (time, done, refused) of every answer."""
    now, held, answers, flying = 0.0, 0.0, [], []
    while now < seconds:
        while flying and flying[0][0] <= now:
            due, sent_at, done, refused, pause = heapq.heappop(flying)
            units = done * service.cost if done else None
            if controller.answered(sent_at=sent_at, now=due, done=done, refused=refused, units=units):
                held = max(held, due + (pause if retry_after else 1))
            answers.append((due, done, refused))
        if now < held:
            now = min(held, flying[0][0]) if flying else held
            continue
        width = controller.width
        heapq.heappush(flying, (now + latency, now, *service.ask(now, width)))
        now += width * controller.cost / controller.rate
    return answers


def between(answers, first, last):
    done = sum(one[1] for one in answers if first <= one[0] < last)
    return done / (last - first), sum(one[2] for one in answers if first <= one[0] < last)


def test_the_documented_quota_is_used_and_never_refused():
    answers = drive(Controller(ceiling=CEILING), Service(DOCUMENTED), 60)

    rate, refused = between(answers, 10, 60)
    assert rate >= 0.95 * DOCUMENTED
    assert sum(one[2] for one in answers) == refused == 0


@pytest.mark.parametrize("share", [0.9, 0.75, 0.5, 0.25, 0.1])
@pytest.mark.parametrize("latency", [0.05, 0.5, 2.0])
def test_a_smaller_quota_is_found_within_half_a_minute(share, latency):
    quota = share * DOCUMENTED
    answers = drive(Controller(ceiling=CEILING), Service(quota), 150, latency=latency)

    # The service itself gives no more than the quota and what has gathered in its bucket.
    rate, refused = between(answers, 40, 150)
    assert rate >= 0.8 * quota
    # Answers that come two seconds late are counted two seconds longer.
    assert refused <= 0.021 * 110 * quota


def test_half_a_request_a_second_is_enough():
    controller = Controller(ceiling=CEILING)
    answers = drive(controller, Service(0.5), 120)

    assert controller.width == 1
    rate, refused = between(answers, 30, 120)
    assert 0.35 <= rate <= 0.5
    assert refused <= 5


def test_a_quota_that_is_halved_on_the_way_is_found_and_found_again_when_it_comes_back():
    answers = drive(Controller(ceiling=CEILING), Service(DOCUMENTED, at={30.0: 400.0, 120.0: DOCUMENTED}), 300)

    assert between(answers, 60, 115)[0] == pytest.approx(390, rel=0.1)
    assert between(answers, 260, 300)[0] >= 0.95 * DOCUMENTED


def test_reads_that_cost_more_than_one_unit_are_asked_for_less_often():
    answers = drive(Controller(ceiling=CEILING), Service(DOCUMENTED, cost=2.0), 60)

    rate, refused = between(answers, 15, 60)
    assert 0.45 * DOCUMENTED <= rate <= 0.5 * DOCUMENTED
    assert refused == 0


def test_a_run_of_refusals_is_cut_for_once():
    controller = Controller(ceiling=1_000, rate=1_000)
    assert controller.answered(sent_at=0, now=1, done=0, refused=20)
    after = controller.rate
    for number in range(8):
        assert controller.answered(sent_at=number / 100, now=1 + number / 100, done=0, refused=20)

    assert controller.rate == after < 1_000


@pytest.mark.parametrize("idle", [0.0, 50.0])
def test_what_was_not_asked_for_is_not_what_the_service_does_not_give(idle):
    busy = not idle
    # A refusal, then a minute in which little came back, and another refusal.
    controller = Controller(ceiling=CEILING)
    controller.answered(sent_at=0.0, now=1.0, done=0, refused=20)
    controller.answered(sent_at=2.0, now=3.0, done=60)
    for number in range(5):
        controller.answered(sent_at=59.0 + number / 10, now=60.0 + number / 10, done=0, refused=20, idle=idle)
        idle = 0.0
    assert controller.closed
    controller.answered(sent_at=60.5, now=60.6, done=1)

    # Where it was wanted all the time, a read a second is what the service gives.
    assert controller.rate < 2 if busy else controller.rate >= 0.2 * CEILING


def test_a_refusal_of_less_than_the_rate_allows_is_waited_for_and_cuts_nothing():
    controller = Controller(ceiling=CEILING)
    before = controller.rate

    assert controller.answered(sent_at=0.0, now=0.1, done=0, refused=1, used=False)
    assert controller.rate == before


def test_a_limit_that_is_long_gone_is_forgotten_within_minutes():
    controller = Controller(ceiling=CEILING)
    answers = drive(controller, Service(2.0, at={60.0: DOCUMENTED}), 330)

    assert between(answers, 30, 60)[0] <= 2.5
    assert between(answers, 310, 330)[0] >= 0.9 * DOCUMENTED


def test_what_was_sent_before_the_cut_says_nothing_new():
    controller = Controller(ceiling=1_000, rate=1_000)
    controller.answered(sent_at=0.0, now=5.0, done=0, refused=20)
    after = controller.rate

    controller.answered(sent_at=4.9, now=9.0, done=0, refused=20)
    assert controller.rate == after
    controller.answered(sent_at=5.1, now=9.0, done=0, refused=20)
    assert controller.rate < after


def test_reads_that_are_refused_one_by_one_do_not_starve_the_rest():
    controller = Controller(ceiling=CEILING)
    for number in range(2_000):
        now = number * 0.03
        refused = 1 if number % 3 == 0 else 0
        assert not controller.answered(sent_at=now - 0.2, now=now, done=20 - refused, refused=refused)

    assert controller.rate >= 0.6 * CEILING


def test_refusals_that_become_common_are_answered_by_a_lower_rate_and_hold_nobody():
    controller = Controller(ceiling=CEILING)
    held = [controller.answered(sent_at=n * 0.03, now=n * 0.03 + 0.2, done=18, refused=2) for n in range(120)]

    # Whoever was refused waits; for the others the service gives.
    assert not any(held)
    assert controller.rate < 0.6 * CEILING


def test_a_lower_rate_that_changes_nothing_is_taken_back():
    controller = Controller(ceiling=CEILING)
    for n in range(300):
        controller.answered(sent_at=n * 0.03, now=n * 0.03 + 0.2, done=16, refused=4)

    assert controller.rate >= 0.6 * CEILING


def test_nothing_grows_while_the_rate_is_not_what_holds_back():
    controller = Controller(ceiling=CEILING)
    start = controller.rate
    for now in range(100):
        controller.answered(sent_at=now, now=now + 0.1, done=20, used=False)

    assert controller.rate == start


def test_a_service_that_says_it_is_at_its_limit_is_eased_before_it_refuses():
    controller = Controller(ceiling=CEILING)
    start = controller.rate
    for number in range(10):
        controller.answered(sent_at=number / 10, now=number / 10 + 0.1, done=20, pressure=1.1)

    assert controller.rate == pytest.approx(0.9 * start), "once a second, not once an answer"


def test_the_rate_has_a_floor_and_a_ceiling():
    controller = Controller(ceiling=CEILING)
    for now in range(2_000):
        controller.answered(sent_at=now, now=now + 0.5, done=0, refused=1)
    assert controller.rate == SLOWEST
    for now in range(2_000, 20_000):
        controller.answered(sent_at=now, now=now + 0.5, done=20)
    assert controller.rate == CEILING


def test_a_service_that_always_says_it_is_at_its_limit_still_gets_half():
    controller = Controller(ceiling=CEILING)
    for now in range(600):
        controller.answered(sent_at=now, now=now + 0.1, done=20, pressure=1.7)

    assert controller.rate == pytest.approx(0.5 * CEILING)


def test_a_quota_that_becomes_known_while_the_service_is_closed_is_begun_anew():
    controller = Controller(ceiling=CEILING)
    controller.answered(sent_at=0.0, now=0.1, done=0, refused=20)
    assert controller.closed
    controller.allow(100.0)
    controller.answered(sent_at=1.0, now=1.1, done=20)

    assert not controller.closed
    assert 50 <= controller.rate <= 100
