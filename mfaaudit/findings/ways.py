"""The ways in which a condition comes out as wanted: sets of single tests that together suffice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Not, Test

MOST = 64
"""Ways that are followed up at once: those that change least. A condition of many parts has more than anybody reads."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A single test, and how it is to come out."""

    test: Test
    wanted: bool

    @property
    def opposite(self) -> Literal:
        """The same test, coming out the other way."""
        return Literal(self.test, not self.wanted)


Way = tuple[Literal, ...]
"""All of these suffice; in the order of the condition."""
Truths = Callable[[Test], bool | None]
"""How each single test comes out now; None for unknown."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways that were found."""

    ways: tuple[Way, ...]
    whole: bool
    """Whether there are no others."""


def ways_of(condition: Condition | None, wanted: bool, truths: Truths, *, open_only: bool) -> Ways:
    """The ways in which a condition comes to be as wanted, those first that change the fewest tests.

    A way names also the tests that come out so already, and have to go on doing so. With `open_only` what is known
    stays as it is, and a way names only what is not known.
    """
    match condition:
        case None:
            return Ways(((),) if wanted else (), whole=True)
        case Not(part=part):
            return ways_of(part, not wanted, truths, open_only=open_only)
        case Test():
            known = truths(condition)
            if open_only and known is not None:
                return Ways(((),) if known is wanted else (), whole=True)
            return Ways(((Literal(condition, wanted),),), whole=True)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            found = [ways_of(part, wanted, truths, open_only=open_only) for part in parts]
            # Where a disjunction has to fail, each of its parts has to.
            together = isinstance(condition, AllOf) is wanted
            return _joined(found, truths) if together else _either(found, truths)


def value_of(condition: Condition, truths: Truths) -> bool | None:
    """What a condition comes to; None for unknown."""
    match condition:
        case Test():
            return truths(condition)
        case Not(part=part):
            value = value_of(part, truths)
            return None if value is None else not value
        case AllOf(parts=parts) | AnyOf(parts=parts):
            values = [value_of(part, truths) for part in parts]
            decides = isinstance(condition, AnyOf)
            return decides if decides in values else None if None in values else not decides


def _either(parts: Sequence[Ways], truths: Truths) -> Ways:
    return _fewest((way for part in parts for way in part.ways), truths, whole=all(part.whole for part in parts))


def _joined(parts: Sequence[Ways], truths: Truths) -> Ways:
    found = Ways(((),), whole=True)
    for part in parts:
        pairs = (_both(one, other) for one in found.ways for other in part.ways)
        whole = found.whole and part.whole
        found = _fewest((way for way in pairs if way is not None), truths, whole=whole)
    return found


def _both(one: Way, other: Way) -> Way | None:
    """Both ways at once; None where they contradict each other."""
    joined = tuple(dict.fromkeys((*one, *other)))
    there = frozenset(joined)
    return None if any(literal.opposite in there for literal in joined) else joined


def _fewest(ways: Iterable[Way], truths: Truths, *, whole: bool) -> Ways:
    kept: list[frozenset[Literal]] = []
    chosen: list[Way] = []
    for way in sorted(ways, key=lambda way: (_changed(way, truths), len(way))):
        own = frozenset(way)
        # What another way does with less is no way of its own.
        if any(less <= own for less in kept):
            continue
        if len(kept) == MOST:
            return Ways(tuple(chosen), whole=False)
        kept.append(own)
        chosen.append(way)
    return Ways(tuple(chosen), whole=whole)


def _changed(way: Way, truths: Truths) -> int:
    return sum(truths(literal.test) is not literal.wanted for literal in way)
