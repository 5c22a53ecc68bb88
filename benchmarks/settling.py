"""How soon the controller settles where the service gives less: on a clock of numbers, against a bucket of ten seconds.

What matters most is how much of the quota is used from twenty seconds on, and how much is refused on the way. Settled
is the moment from which on any ten seconds bring four fifths of what the service gives, and of the reads asked for no
more than a fiftieth, or one, is refused.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from typing import Any

DOCUMENTED = 800.0
"""Units a second above 500 users (throttling-limits page)."""
WITHIN_S, SOON_S = 30.0, 20.0
LATENCY_S, SPAN_S, MOST_S = 0.2, 10.0, 240.0

Answer = tuple[float, int, int]


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    halved = drive(lambda now: DOCUMENTED if now < 60 else DOCUMENTED / 2)
    yield figure("settling: seconds after the quota is halved", settled(halved, 60, 400.0), "s", "30 s", WITHIN_S)
    yield from used_and_refused(figure, "after the quota is halved", halved, 60, 400.0)
    slow = drive(lambda _: 0.5)
    yield figure("settling: seconds at half a request a second", settled(slow, 0, 0.5), "s", "30 s", WITHIN_S)
    yield from used_and_refused(figure, "at half a request a second", slow, 0, 0.5)


def used_and_refused(figure: Callable[..., Any], when: str, answers: list[Answer], since: float, quota: float) -> Any:
    """The shares of the quota that is used, and of the reads that are refused, from SOON_S seconds on."""
    found = [answer for answer in answers if since + SOON_S <= answer[0]]
    done, refused = sum(answer[1] for answer in found), sum(answer[2] for answer in found)
    used = 100 * done / (quota * (MOST_S - since - SOON_S))
    yield figure(f"settling: used {when}, later", used, "%", "95 %", 95.0)
    yield figure(f"settling: refused {when}, later", 100 * refused / (done + refused), "%", "2 %", 2.0)


def drive(gives: Callable[[float], float]) -> list[Answer]:
    """When each answer came, and how many reads were done and refused, for a client that does as it is told."""
    from mfaaudit.simulated.quota import Tokens
    from mfaaudit.tenant.controller import SHARE_OF_QUOTA, Controller

    controller = Controller(ceiling=SHARE_OF_QUOTA * DOCUMENTED)
    bucket = Tokens(10 * gives(0), 10, 10 * gives(0), 0)
    now, held, answers, flying = 0.0, 0.0, [], []
    while now < MOST_S:
        while flying and flying[0][0] <= now:
            due, sent_at, done, refused, pause = heapq.heappop(flying)
            if controller.answered(sent_at=sent_at, now=due, done=done, refused=refused, units=done or None):
                held = max(held, due + pause)
            answers.append((due, done, refused))
        if now < held:
            now = min(held, flying[0][0]) if flying else held
            continue
        bucket.size = 10 * gives(now)
        width = controller.width
        waits = [bucket.take(1, now) for _ in range(width)]
        refused = sum(map(bool, waits))
        heapq.heappush(flying, (now + LATENCY_S, now, width - refused, refused, max(1, math.ceil(max(waits)))))
        now += width * controller.cost / controller.rate
    return answers


def settled(answers: list[Answer], since: float, quota: float) -> float:
    """Seconds from `since` to the end of the last span that was not yet what it should be."""
    last = since
    for start in range(int(since), int(MOST_S - SPAN_S)):
        found = [one for one in answers if start <= one[0] < start + SPAN_S]
        done, refused = sum(one[1] for one in found), sum(one[2] for one in found)
        # A read that falls just outside of the span is no sign of unrest.
        if done < 0.8 * quota * SPAN_S - 1 or refused > max(1, (done + refused) / 50):
            last = start + SPAN_S
    return last - since
