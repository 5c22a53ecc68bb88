"""Which users a set of policies covers at every sign-in, each policy alone or several together.

Two policies are joined where they surely complement each other: one for some client types and one for the rest, one
for all applications but one and one for that application, one outside a place and one inside it. Sets whose members
are not read (named locations, groups of applications, filters) count as overlapping in every possible way, so that
nothing is joined on a guess.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mfaaudit.facts.conditional_access.conditions import SUITES
from mfaaudit.facts.conditional_access.crowd import Crowd, both, either
from mfaaudit.facts.conditional_access.reach import CLIENTS, Axis, Named, Part, Reach

MOST_OVERLAPPING = 8
"""Sets of one axis that may overlap, of which all combinations are looked at; policies that name more stay apart."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one policy does for some users at some sign-ins: it requires MFA, or blocks."""

    label: str
    crowd: Crowd
    reach: Reach
    asks: bool
    """Whether it requires MFA, and does not only block."""


def everywhere(pieces: Sequence[Piece]) -> dict[str, Crowd]:
    """Label of a policy -> the users whom it covers at every sign-in, alone or together with others.

    Whoever is blocked at every sign-in, and never required to use MFA, is not among them.
    """
    asked = either(piece.crowd for piece in pieces if piece.asks)
    pieces = [piece for piece in pieces if piece.reach.joins]
    whole = [piece for piece in pieces if not piece.reach.parts]
    alone = either(piece.crowd for piece in whole if piece.asks)
    some = [piece for piece in pieces if piece.reach.parts]
    blocked = either(piece.crowd for piece in whole if not piece.asks)
    covered = _covered(either([alone, blocked]), some)
    together = both(covered, asked)
    found: dict[str, list[Crowd]] = {}
    for piece in pieces:
        crowd = piece.crowd if piece.asks and not piece.reach.parts else both(together, piece.crowd)
        # Where a policy for all sign-ins is enough, those for some of them add nothing.
        if piece.reach.parts or not piece.asks:
            crowd = _beyond(crowd, alone)
        if crowd.maybe:
            found.setdefault(piece.label, []).append(crowd)
    return {label: either(crowds) for label, crowds in found.items()}


def _beyond(crowd: Crowd, alone: Crowd) -> Crowd:
    return crowd.within(~alone.yes)


def _covered(whole: Crowd, pieces: Sequence[Piece]) -> Crowd:
    """The users who belong to `whole`, or to one of the pieces at every sign-in."""
    pieces = [piece for piece in pieces if piece.crowd.maybe & ~whole.yes]
    axes = sorted({axis for piece in pieces for axis in piece.reach.parts})
    masks = []
    for axis in axes:
        cells = _cells(axis, pieces)
        if cells is None:
            # Policies that name so many overlapping sets on this axis are left apart.
            return _covered(whole, [piece for piece in pieces if axis not in piece.reach.parts])
        masks.append(_smallest(_mask(axis, cell, pieces) for cell in cells))
    known: dict[tuple[int, int], Crowd] = {}

    def over(place: int, mask: int) -> Crowd:
        if not mask:
            return whole
        if place == len(masks):
            return either([whole, *(piece.crowd for number, piece in enumerate(pieces) if mask >> number & 1)])
        if (place, mask) not in known:
            branches = iter(_smallest(mask & cell for cell in masks[place]))
            found = over(place + 1, next(branches))
            for branch in branches:
                if found == whole:
                    break
                found = both(found, over(place + 1, branch))
            known[place, mask] = found
        return known[place, mask]

    return over(0, (1 << len(pieces)) - 1)


def _mask(axis: Axis, cell: Named, pieces: Sequence[Piece]) -> int:
    everything: Mapping[Axis, Part] = {}
    return sum(
        1 << number
        for number, piece in enumerate(pieces)
        if (piece.reach.parts or everything).get(axis, Part(None)).holds(cell)
    )


def _smallest(masks: Iterable[int]) -> list[int]:
    """The sets of policies that hold no other of them: what the smaller ones cover, the larger ones do as well."""
    found: list[int] = []
    for mask in sorted(set(masks), key=int.bit_count):
        if not any(mask & smaller == smaller for smaller in found):
            found.append(mask)
    return found


def _cells(axis: Axis, pieces: Sequence[Piece]) -> Iterator[Named] | None:
    """Every combination of named sets that a sign-in can be in; None if there are too many."""
    if axis is Axis.CLIENT:
        return (frozenset({client}) for client in CLIENTS)
    named: set[str] = set()
    for piece in pieces:
        if axis in piece.reach.parts:
            part = piece.reach.parts[axis]
            named |= (part.include or frozenset()) | part.exclude
    apart = named if axis is Axis.PLATFORM else {one for one in named if _is_single(axis, one)}
    overlapping = sorted(named - apart)
    if len(overlapping) > MOST_OVERLAPPING:
        return None
    singles = [frozenset[str](), *(frozenset({one}) for one in sorted(apart))]
    groups = [
        frozenset(chosen)
        for size in range(len(overlapping) + 1)
        for chosen in itertools.combinations(overlapping, size)
    ]
    return (single | group for single in singles for group in groups)


def _is_single(axis: Axis, name: str) -> bool:
    return axis is Axis.APPLICATION and name not in SUITES and not name.startswith("filter ")
