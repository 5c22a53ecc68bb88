"""How likely answers are if a given share of requests and of reads is refused: what the controller weighs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

WHOLE = 8
"""Reads of one batch that are all refused: from this many on it is the request that was refused, and counts once."""
LEAST, MOST = 0.005, 0.95
"""No share is believed to be smaller or larger; a few answers could not tell."""
RECENT = 5_000
"""Reads that a share is remembered from."""
CLUMP = 4
SUPPOSED = 10.0
"""Answers that a supposition is worth: a single one proves no share."""


def is_whole(done: int, refused: int) -> bool:
    """Whether an answer refuses the request rather than some of its reads."""
    return not done and refused >= WHOLE


@dataclass(frozen=True, slots=True)
class Odds:
    """The shares that a service refuses: of whole requests, and of reads in the requests that it answers."""

    whole: float = LEAST
    read: float = LEAST

    @property
    def given(self) -> float:
        """The share of reads that gets through."""
        return (1 - self.whole) * (1 - self.read)

    def with_fewer(self, given: float) -> Odds:
        """The odds if only the share `given` of what gets through still did; if more than 1, if more did."""
        return self.with_fewer_requests(given).with_fewer_reads(given)

    def with_fewer_requests(self, given: float) -> Odds:
        """The same of whole requests alone."""
        return Odds(_within(1 - (1 - self.whole) * given), self.read)

    def with_fewer_reads(self, given: float) -> Odds:
        """The same of reads alone."""
        return Odds(self.whole, _within(1 - (1 - self.read) * given))

    def log(self, done: int, refused: int) -> float:
        """The logarithm of how likely an answer with so many reads done and refused is."""
        if is_whole(done, refused):
            return math.log(self.whole)
        reads = refused * math.log(self.read) + done * math.log(1 - self.read)
        return reads / min(CLUMP, done + refused) + (math.log(1 - self.whole) if done + refused >= WHOLE else 0.0)


@dataclass(slots=True)
class Tally:
    """Answers, added up."""

    requests: float = 0
    whole: float = 0
    reads: float = 0
    refused: float = 0

    def add(self, done: int, refused: int) -> None:
        """One more answer."""
        whole = is_whole(done, refused)
        self.requests += done + refused >= WHOLE
        self.whole += whole
        if not whole:
            self.reads += (done + refused) / min(CLUMP, done + refused)
            self.refused += refused / min(CLUMP, done + refused)

    def log(self, odds: Odds) -> float:
        """The logarithm of how likely these answers are."""
        return (
            self.whole * math.log(odds.whole)
            + (self.requests - self.whole) * math.log(1 - odds.whole)
            + self.refused * math.log(odds.read)
            + (self.reads - self.refused) * math.log(1 - odds.read)
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.requests + other.requests,
            self.whole + other.whole,
            self.reads + other.reads,
            self.refused + other.refused,
        )

    def recent(self) -> Tally:
        """The same shares, of no more than RECENT reads: what came long ago must not outweigh what comes now."""
        part = min(1.0, RECENT / max(1.0, self.weight))
        return Tally(self.requests * part, self.whole * part, self.reads * part, self.refused * part)

    @property
    def weight(self) -> float:
        """How much was observed: reads, and requests refused whole."""
        return self.reads + self.whole

    def odds(self, supposed: Odds) -> Odds:
        """The shares in these answers, to which what was supposed adds SUPPOSED requests and reads."""
        return Odds(
            _within((self.whole + SUPPOSED * supposed.whole) / (self.requests + SUPPOSED)),
            _within((self.refused + SUPPOSED * supposed.read) / (self.reads + SUPPOSED)),
        )


@dataclass(slots=True)
class Watch:
    """Notices when answers no longer come as usual: a sum that rises when they are likelier under other odds."""

    leaning: float = 0.0
    """The logarithm of how much likelier they are since it began to rise."""
    seen: Tally = field(default_factory=Tally)
    """The answers since then."""
    since: float = 0.0

    def weigh(self, now: float, done: int, refused: int, usual: Odds, other: Odds) -> None:
        """One more answer."""
        if not self.leaning:
            self.seen, self.since = Tally(), now
        self.leaning = max(0.0, self.leaning + other.log(done, refused) - usual.log(done, refused))
        self.seen.add(done, refused)


def _within(share: float) -> float:
    return min(MOST, max(LEAST, share))
