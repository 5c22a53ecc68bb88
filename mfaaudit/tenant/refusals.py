"""Weigh refusals: how likely a number of refused answers is, if the service refuses at random or if it has a limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

LEAST, MOST = 0.005, 0.95
"""No share is believed to be smaller or larger; a few answers could not tell."""
SUPPOSED = 4.0
"""Answers that a supposition is worth: a single one proves no share."""
RECENT = 500.0
"""Answers that a share is remembered from."""


def within(share: float) -> float:
    """The share, moved to what is believed: LEAST to MOST."""
    return min(MOST, max(LEAST, share))


@dataclass(slots=True)
class Tally:
    """Answers, and the sum of the shares of their reads that were refused.

    A batch counts once, however many reads it holds: what refuses one of them mostly refuses its neighbors.
    """

    answers: float = 0.0
    refused: float = 0.0

    def add(self, share: float) -> None:
        """Add one answer of which that share was refused."""
        self.answers += 1
        self.refused += share

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.answers + other.answers, self.refused + other.refused)

    def share(self, supposed: float) -> float:
        """The share that is refused, if `supposed` was the guess before anything was seen."""
        return within((self.refused + SUPPOSED * supposed) / (self.answers + SUPPOSED))

    def log(self, share: float) -> float:
        """The logarithm of how likely these answers are if that share is refused."""
        return self.refused * math.log(share) + (self.answers - self.refused) * math.log(1 - share)


@dataclass(slots=True)
class Watch:
    """A sum that rises while answers are likelier under another share than under the usual one (CUSUM)."""

    leaning: float = 0.0
    """The logarithm of how much likelier they are since it began to rise."""
    seen: Tally = field(default_factory=Tally)
    """The answers since then."""
    since: float = 0.0

    def weigh(self, now: float, refused: float, usual: float, other: float) -> None:
        """Add one answer of which the share `refused` was refused."""
        if not self.leaning:
            self.seen, self.since = Tally(), now
        more = refused * math.log(other / usual) + (1 - refused) * math.log((1 - other) / (1 - usual))
        self.leaning = max(0.0, self.leaning + more)
        self.seen.add(refused)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What answers at several rates say: whether refusals are chance, or the limit of the service."""

    leaning: float
    """The logarithm of how much likelier chance is."""
    share: float
    """What is refused if it is chance."""
    limit: float
    """The rate that the service gives if it has a limit."""


def weigh(stages: Sequence[tuple[float, Tally]], usual: float) -> Verdict:
    """Compare two accounts of the same answers: one share at every rate, or a limit beside the usual share.

    Each account has one unknown, the share or the limit, and is given the value that fits best.
    """
    both = sum((tally for _, tally in stages), Tally())
    share = max(usual, both.share(usual))
    chance = sum(tally.log(share) for _, tally in stages)
    fits = (
        (sum(tally.log(within(1 - (1 - usual) * min(1.0, limit / rate))) for rate, tally in stages), limit)
        for limit in _limits(stages, usual)
    )
    best, limit = max(fits)
    return Verdict(chance - best, share, limit)


def _limits(stages: Sequence[tuple[float, Tally]], usual: float) -> list[float]:
    # What each stage alone says, and steps in between.
    said = [rate * min(1.0, (1 - tally.share(usual)) / (1 - usual)) for rate, tally in stages]
    low, high = min(said), max(said)
    return [low * (high / low) ** (step / 8) for step in range(9)]
