"""A service and its client on a clock of numbers: the client is the real controller and the real count of attempts.

The services know nothing of the controller. They refuse at random, or keep a quota of one kind or another, or both, and
say as long a pause as they like. The client does what Pace and PerUserPass do, without an event loop.
"""

import heapq
import itertools
import math
import random
from collections import deque
from dataclasses import dataclass, field

from mfaaudit.tenant.attempts import ATTEMPTS, CALM, THROTTLED_ATTEMPTS, Storm
from mfaaudit.tenant.controller import SHARE_OF_QUOTA, Controller
from mfaaudit.tenant.pace import FIRST_PROBE, LONGEST_WAIT, backoff, identity_quota
from mfaaudit.tenant.per_user import WORKERS

WELL, REFUSED, DOWN = 200, 429, 503


class Unlimited:
    """Gives what is asked for."""

    def take(self, now):
        return True


@dataclass
class Bucket:
    """Fills steadily, up to what `seconds` bring; `gives` is units a second by time."""

    gives: object
    seconds: float = 10.0
    level: float | None = None
    at: float = 0.0

    def take(self, now):
        rate = self.gives(now)
        level = rate * self.seconds if self.level is None else self.level
        self.level = min(rate * self.seconds, level + (now - self.at) * rate)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


@dataclass
class Fixed:
    """Counts anew at the beginning of each window."""

    gives: object
    seconds: float = 10.0
    window: int = -1
    count: float = 0.0

    def take(self, now):
        if int(now / self.seconds) != self.window:
            self.window, self.count = int(now / self.seconds), 0.0
        if self.count + 1 > self.gives(now) * self.seconds:
            return False
        self.count += 1
        return True


@dataclass
class Sliding:
    """Counts what it gave in the seconds before, by the tenth of a second."""

    gives: object
    seconds: float = 10.0
    given: deque = field(default_factory=deque)
    count: int = 0

    def take(self, now):
        while self.given and self.given[0][0] <= now - self.seconds:
            self.count -= self.given.popleft()[1]
        if self.count + 1 > self.gives(now) * self.seconds:
            return False
        self.count += 1
        if self.given and now - self.given[-1][0] < 0.1:
            self.given[-1][1] += 1
        else:
            self.given.append([now, 1])
        return True


@dataclass
class Service:
    """A quota, and what is refused beside it whatever the rate."""

    quota: object = field(default_factory=Unlimited)
    share: float = 0.0
    whole: bool = False
    """Whether it is whole requests that are refused at random, and not reads."""
    pause: float | None = 1.0
    statuses: tuple = (REFUSED,)
    refuses: object = None
    """Whether everything is refused at a time."""
    latency: tuple = (0.05, 0.05)
    broken: frozenset = frozenset()
    """Reads that answer 503 for ever."""

    def answer(self, now, items, chance):
        if self.refuses is not None and self.refuses(now):
            return [self.statuses[0]] * len(items)
        draw = chance.random
        if self.whole and draw() < self.share:
            return [chance.choice(self.statuses)] * len(items)
        share = 0.0 if self.whole else self.share
        return [
            DOWN
            if item in self.broken
            else chance.choice(self.statuses)
            if draw() < share
            else WELL
            if self.quota.take(now)
            else REFUSED
            for item in items
        ]


@dataclass
class Outcome:
    """What became of a run."""

    seconds: float = 0.0
    """Until the last read was done or given up."""
    asked: int = 0
    refused: int = 0
    told: float = 0.0
    """The pauses that one read was told to make one after another, with the time its answers took: the longest."""
    given_up: list = field(default_factory=list)
    done: list = field(default_factory=list)
    """(time, reads done, reads refused) of every answer."""
    controller: object = None


def run(service, reads, *, seed=0, units=None, until=math.inf):
    """A client that reads so many items, and the outcome."""
    chance = random.Random(seed)
    controller = Controller(ceiling=SHARE_OF_QUOTA * (units or identity_quota(reads // 2)))
    storm, out, number = Storm(), Outcome(controller=controller), itertools.count()
    waiting = deque((item, 1, 0.0) for item in range(reads))
    later, flying, left, given = [], [], reads, False
    now = next_at = held = 0.0
    waited_at, probe_at, gap, idle_since, idle = -math.inf, math.inf, FIRST_PROBE, None, 0.0
    while left and now < until:
        while later and later[0][0] <= now:
            waiting.append(heapq.heappop(later)[2])
        while flying and flying[0][0] <= now:
            at, _, sent_at, tries, statuses = heapq.heappop(flying)
            done = statuses.count(WELL)
            refused = sum(s == REFUSED or (given and s == DOWN) for s in statuses)
            given = given or done > 0
            closed, took = controller.closed, at - sent_at
            if idle_since is not None:
                idle, idle_since = idle + at - idle_since, at
            holds = controller.answered(
                sent_at=sent_at, now=at, done=done, refused=refused, units=done, used=at - waited_at < 1, idle=idle
            )
            idle = 0.0
            if holds:
                held = max(held, at + min(backoff(1) if service.pause is None else service.pause, LONGEST_WAIT))
                if not closed:
                    gap, probe_at = FIRST_PROBE, at + FIRST_PROBE
            elif closed and not controller.closed:
                held = at
            out.done.append((at, done, len(statuses) - done))
            for (item, tried, told), status in zip(tries, statuses, strict=True):
                storm.saw(tried, failed=status != WELL)
                if status == WELL:
                    left -= 1
                    out.told = max(out.told, told + took)
                    continue
                enough = max(THROTTLED_ATTEMPTS if status == REFUSED else ATTEMPTS, (storm if given else CALM).attempts)
                if tried >= enough and (given or status != REFUSED):
                    left -= 1
                    out.given_up.append((item, tried, at))
                    continue
                pause = storm.pause(tried) if service.pause is None else min(service.pause, LONGEST_WAIT)
                heapq.heappush(later, (at + pause, next(number), (item, tried + 1, told + took + pause)))
        out.seconds = now
        if not left:
            break
        moments = [later[0][0]] if later else []
        moments += [flying[0][0]] if flying else []
        if waiting and len(flying) < WORKERS:
            if idle_since is not None:
                idle, idle_since = idle + now - idle_since, None
            free_at = max(now, min(held, probe_at))
            if free_at <= now:
                if next_at <= now:
                    probing = held > now
                    if probing:
                        gap, probe_at = 2 * gap, now + 2 * gap
                    width = 1 if probing else controller.width
                    tries = [waiting.popleft() for _ in range(min(width, len(waiting)))]
                    latency = chance.uniform(*service.latency)
                    statuses = service.answer(now + latency / 2, [item for item, _, _ in tries], chance)
                    out.asked += len(tries)
                    out.refused += len(tries) - statuses.count(WELL)
                    heapq.heappush(flying, (now + latency, next(number), now, tries, statuses))
                    next_at = now + controller.width * controller.cost / controller.rate
                    continue
                waited_at = now
            # The rate may change before the turn has come.
            moments.append(max(free_at, min(next_at, now + 1)))
            next_at = min(next_at, now + controller.width * controller.cost / controller.rate)
        elif not waiting and idle_since is None:
            idle_since = now
        now = max(now, min(moments))
    return out
