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

from mfaaudit.tenant.attempts import ATTEMPTS, CALM, EVEN_ODDS, THROTTLED_ATTEMPTS, Storm
from mfaaudit.tenant.controller import SHARE_OF_QUOTA, Controller
from mfaaudit.tenant.pace import FIRST_PROBE, LONGEST_WAIT, backoff, identity_quota
from mfaaudit.tenant.per_user import WORKERS

WELL, REFUSED, DOWN = 200, 429, 503


class Unlimited:
    """Gives what is asked for."""

    def take(self, now, reads):
        return reads


@dataclass
class Bucket:
    """Fills steadily, up to what `seconds` bring; `gives` is units a second by time."""

    gives: object
    seconds: float = 10.0
    level: float | None = None
    at: float = 0.0

    def take(self, now, reads):
        rate = self.gives(now)
        level = rate * self.seconds if self.level is None else self.level
        self.level = min(rate * self.seconds, level + (now - self.at) * rate)
        self.at = now
        given = min(reads, int(self.level))
        self.level -= given
        return given


@dataclass
class Fixed:
    """Counts anew at the beginning of each window."""

    gives: object
    seconds: float = 10.0
    window: int = -1
    count: int = 0

    def take(self, now, reads):
        if int(now / self.seconds) != self.window:
            self.window, self.count = int(now / self.seconds), 0
        given = max(0, min(reads, int(self.gives(now) * self.seconds) - self.count))
        self.count += given
        return given


@dataclass
class Sliding:
    """Counts what it gave in the seconds before, by the tenth of a second."""

    gives: object
    seconds: float = 10.0
    given: deque = field(default_factory=deque)
    count: int = 0

    def take(self, now, reads):
        while self.given and self.given[0][0] <= now - self.seconds:
            self.count -= self.given.popleft()[1]
        given = max(0, min(reads, int(self.gives(now) * self.seconds) - self.count))
        self.count += given
        if self.given and now - self.given[-1][0] < 0.1:
            self.given[-1][1] += given
        else:
            self.given.append([now, given])
        return given


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
    refused_whole: bool = False
    """Whether the last request was."""
    broken: frozenset = frozenset()
    """Reads that answer 503 for ever."""

    def answer(self, now, items, chance):
        self.refused_whole = True
        if self.refuses is not None and self.refuses(now):
            return [self.statuses[0]] * len(items)
        draw = chance.random
        if self.whole and draw() < self.share:
            return [chance.choice(self.statuses)] * len(items)
        self.refused_whole = False
        statuses = [WELL] * len(items)
        if self.share and not self.whole:
            share, choice, among = self.share, chance.choice, self.statuses
            statuses = [choice(among) if draw() < share else WELL for _ in items]
        if self.broken:
            statuses = [DOWN if item in self.broken else status for item, status in zip(items, statuses, strict=True)]
        well = statuses.count(WELL)
        lacking = well - self.quota.take(now, well)
        # Whoever comes last in a batch gets nothing.
        for place in reversed(range(len(statuses) if lacking else 0)):
            if lacking and statuses[place] == WELL:
                statuses[place], lacking = REFUSED, lacking - 1
        return statuses


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


class Client:
    """What Pace and PerUserPass do, step by step."""

    def __init__(self, service, reads, *, seed, units):
        self.service, self.chance = service, random.Random(seed)
        self.controller = Controller(ceiling=SHARE_OF_QUOTA * (units or identity_quota(reads // 2)))
        self.storm, self.out, self.number = Storm(), Outcome(controller=self.controller), itertools.count()
        self.fresh, self.reads, self.waiting = 0, reads, deque()
        self.later, self.flying, self.left, self.given = [], [], reads, False
        self.dead = 0
        self.now = self.next_at = self.held = self.idle = 0.0
        self.waited_at, self.probe_at, self.gap, self.idle_since = -math.inf, math.inf, FIRST_PROBE, None

    def hear(self):
        """The next answer."""
        at, _, sent_at, tries, statuses, whole = heapq.heappop(self.flying)
        done = statuses.count(WELL)
        self.given = self.given or done > 0
        refused = statuses.count(REFUSED) + (statuses.count(DOWN) if self.given else 0)
        closed = self.controller.closed
        if self.idle_since is not None:
            self.idle, self.idle_since = self.idle + at - self.idle_since, at
        used = at - self.waited_at < 1
        holds = self.controller.answered(
            sent_at=sent_at, now=at, done=done, refused=refused, units=done, used=used, idle=self.idle
        )
        self.idle = 0.0
        if holds:
            pause = backoff(1) if self.service.pause is None else self.service.pause
            self.held = max(self.held, at + min(pause, LONGEST_WAIT))
            if not closed:
                self.gap, self.probe_at = FIRST_PROBE, at + FIRST_PROBE
        elif closed and not self.controller.closed:
            self.held = at
        self.out.done.append((at, done, len(statuses) - done))
        saw, took = self.storm.saw, at - sent_at
        self.storm.saw_request(whole=whole)
        self.dead += whole and not self.given
        for (item, tried, told), status in zip(tries, statuses, strict=True):
            if not whole:
                saw(tried, failed=status != WELL)
            if status != WELL:
                self.put_off(at, took, status, item, tried, told, whole)
            elif told + took > self.out.told:
                self.out.told = told + took
        self.left -= done

    def put_off(self, at, took, status, item, tried, told, whole):
        """One read that is given up, or is asked for again."""
        storm = self.storm if self.given else CALM
        enough = max(THROTTLED_ATTEMPTS if status == REFUSED else ATTEMPTS, storm.attempts)
        hopeful = not self.given and (status == REFUSED or (whole and self.dead < EVEN_ODDS))
        if tried >= enough and not hopeful:
            self.left -= 1
            self.out.given_up.append((item, tried, at))
        else:
            asked = self.service.pause
            pause = self.storm.pause(tried) if asked is None else min(asked, LONGEST_WAIT)
            heapq.heappush(self.later, (at + pause, next(self.number), (item, tried + 1, told + took + pause)))

    def send(self):
        """One batch, if it is its turn; else the moment to look again."""
        if self.idle_since is not None:
            self.idle, self.idle_since = self.idle + self.now - self.idle_since, None
        spacing = self.controller.width * self.controller.cost / self.controller.rate
        free_at = max(self.now, min(self.held, self.probe_at))
        if free_at > self.now or self.next_at > self.now:
            if free_at <= self.now:
                self.waited_at = self.now
            # The rate may change before the turn has come.
            again = max(free_at, min(self.next_at, self.now + 1))
            self.next_at = min(self.next_at, self.now + spacing)
            return again
        probing = self.held > self.now
        if probing:
            self.gap, self.probe_at = 2 * self.gap, self.now + 2 * self.gap
        waiting, width = self.waiting, 1 if probing else self.controller.width
        first, self.fresh = self.fresh, min(self.reads, self.fresh + width)
        tries = [(item, 1, 0.0) for item in range(first, self.fresh)]
        tries += [waiting.popleft() for _ in range(min(width - len(tries), len(waiting)))]
        width = len(tries)
        latency = self.chance.uniform(*self.service.latency)
        statuses = self.service.answer(self.now + latency / 2, [item for item, _, _ in tries], self.chance)
        self.out.asked += width
        self.out.refused += width - statuses.count(WELL)
        heapq.heappush(
            self.flying, (self.now + latency, next(self.number), self.now, tries, statuses, self.service.refused_whole)
        )
        self.next_at = self.now + spacing
        return self.now


def run(service, reads, *, seed=0, units=None, until=math.inf):
    """A client that reads so many items, and the outcome."""
    client = Client(service, reads, seed=seed, units=units)
    while client.now < until:
        while client.later and client.later[0][0] <= client.now:
            client.waiting.append(heapq.heappop(client.later)[2])
        while client.flying and client.flying[0][0] <= client.now:
            client.hear()
        client.out.seconds = client.now
        if not client.left:
            break
        moments = [line[0][0] for line in (client.later, client.flying) if line]
        waiting = client.waiting or client.fresh < reads
        if waiting and len(client.flying) < WORKERS:
            moments.append(client.send())
        elif not waiting and client.idle_since is None:
            client.idle_since = client.now
        client.now = max(client.now, min(moments))
    return client.out
