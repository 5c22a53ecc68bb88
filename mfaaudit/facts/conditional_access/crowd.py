"""Some of the users, in three-valued logic: who surely belongs, and of whom that is not known, and why.

A set of users is one whole number whose bit is set for each row of the list of users. Python joins and compares such
numbers as fast as memory is read, so that a policy costs the same for one user as for a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from mfaaudit.words import Reason, Unknown

_ORDER = {reason: place for place, reason in enumerate(Reason)}
Gaps = tuple[tuple[Unknown, int], ...]


@dataclass(frozen=True)
class Crowd:
    """Who belongs to it; whoever is in none of the sets surely does not."""

    yes: int = 0
    gaps: Gaps = ()
    """Of whom it is not known, by the reason; the sets have nobody in common, and nobody who surely belongs."""

    @cached_property
    def maybe(self) -> int:
        """Everybody who belongs or may."""
        return self.yes | _union(users for _, users in self.gaps)

    def within(self, users: int) -> Crowd:
        """What is known of these users only."""
        return _crowd(self.yes & users, self.gaps, users)

    def doubted(self, why: Unknown) -> Crowd:
        """The same users, none of whom surely belongs any more."""
        return _crowd(0, (*self.gaps, (why, self.yes)), self.maybe)


NOBODY = Crowd()


def either(crowds: Iterable[Crowd]) -> Crowd:
    """Those who belong to one at least."""
    found = list(crowds)
    yes = _union(one.yes for one in found)
    return _crowd(yes, (gap for one in found for gap in one.gaps), _union(one.maybe for one in found))


def both(one: Crowd, other: Crowd) -> Crowd:
    """Those who belong to each."""
    return _crowd(one.yes & other.yes, (*one.gaps, *other.gaps), one.maybe & other.maybe)


def without(one: Crowd, other: Crowd) -> Crowd:
    """Those who belong to the first and not to the other."""
    return _crowd(one.yes & ~other.maybe, (*one.gaps, *other.gaps), one.maybe & ~other.yes)


def _crowd(yes: int, gaps: Iterable[tuple[Unknown, int]], possible: int) -> Crowd:
    left = possible & ~yes
    kept = []
    # Where there are two reasons the same one is told every time, whatever was looked at first.
    for why, users in sorted(gaps, key=lambda gap: _ORDER[gap[0].reason]):
        if users & left:
            kept.append((why, users & left))
            left &= ~users
    return Crowd(yes, tuple(kept))


def _union(sets: Iterable[int]) -> int:
    found = 0
    for users in sets:
        found |= users
    return found


def users_of(rows: Iterable[int], size: int) -> int:
    """The set of the users in these rows of `size`."""
    flags = bytearray(b"0") * (size + 1)
    for row in rows:
        flags[row] = 49
    # The first row is the last digit.
    return int(flags[::-1], 2)


def rows_of(users: int) -> Iterator[int]:
    """The rows of a set, in order."""
    digits = bin(users)[:1:-1]
    row = digits.find("1")
    while row >= 0:
        yield row
        row = digits.find("1", row + 1)


def lists_of(named: Sequence[tuple[str, Crowd]], size: int) -> list[tuple[str, ...] | Unknown]:
    """For each row the names of the crowds that it belongs to, in their order; unknown if that is open of one."""
    if not named:
        return [()] * size
    columns = [f"{crowd.yes:0{size}b}"[::-1][:size] for _, crowd in named]
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    found: list[tuple[str, ...] | Unknown] = []
    for digits in zip(*columns, strict=True):
        if digits not in known:
            known[digits] = tuple(name for (name, _), digit in zip(named, digits, strict=True) if digit == "1")
        found.append(known[digits])
    # A list that may lack a name is not known.
    for why, users in _crowd(0, (gap for _, crowd in named for gap in crowd.gaps), -1).gaps:
        for row in rows_of(users):
            found[row] = why
    return found
