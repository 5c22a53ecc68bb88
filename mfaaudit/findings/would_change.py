"""What would change the verdict of a rule: the smallest sets of values that would have to be others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import polars as pl

from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.condition import AllOf, Condition, Test, tests_of
from mfaaudit.findings.fitting import Known, all_values, can_be_found, fitting, is_closed
from mfaaudit.findings.ways import Literal, Way, ways_of
from mfaaudit.sources.field import Field, Kind, Value

ALWAYS = AllOf(())
"""The condition that everybody meets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What has to be true of one value, or of values that are compared with each other."""

    fields: tuple[Field, ...]
    literals: tuple[Literal, ...]
    """The tests of these fields that have to come out as wanted."""
    held: frozenset[Literal] = frozenset()
    """Those of them that do already, and have to go on doing so."""
    values: tuple[Value, ...]
    """All values with which they do, where a field has a closed list of values; else empty."""

    def implies(self, other: Change) -> bool:
        """Whether whatever fits here fits there."""
        if self.fields != other.fields:
            return False
        if self.values and other.values:
            return set(self.values) <= set(other.values)
        return set(self.literals) >= set(other.literals)


Changes = tuple[Change, ...]
"""All of these together are enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """How a condition may come to be as wanted."""

    ways: tuple[Changes, ...]
    """Any of them is enough, the shortest first. An empty one says that nothing has to change."""
    whole: bool
    """Whether there are no others."""


@dataclass(frozen=True)
class Seen:
    """What was read of one user, or of the tenant: a frame of one row, and the time that ages are measured from."""

    row: pl.DataFrame
    now: datetime

    @cached_property
    def atoms(self) -> Atoms:
        """The single tests of what was read, each worked out once."""
        return Atoms(self.row, self.now)

    @cached_property
    def _answers(self) -> dict[Test, bool | None]:
        return {}

    def truths(self, *conditions: Condition | None) -> Mapping[Test, bool | None]:
        """How each single test of some conditions comes out."""
        tests = list(dict.fromkeys(test for condition in conditions for test in tests_of(condition)))
        new = [test for test in tests if test not in self._answers]
        if new:
            answers = self.atoms.over(**{str(place): self.atoms.truth(test) for place, test in enumerate(new)})
            self._answers.update(zip(new, answers.row(0), strict=True))
        return {test: self._answers[test] for test in tests}

    def known(self, fields: Iterable[Field]) -> Known:
        """The values that were read."""
        found: dict[str, Value] = {}
        for field in fields:
            value = self.row[field.column].to_list()[0]
            if value is not None:
                found[field.name] = tuple(value) if field.kind is Kind.LIST else value
        return found


def prospect_of(condition: Condition | None, wanted: bool, seen: Seen, *, open_only: bool = False) -> Prospect:
    """The smallest sets of changes with which a condition comes to be true, or false.

    With `open_only` every value that was read stays as it is: what the values that were not read may still decide.
    """
    truths = seen.truths(condition)
    found = ways_of(condition, wanted, truths.__getitem__, open_only=open_only)
    made = [changes for way in found.ways if (changes := _changes(way, truths, seen, open_only=open_only)) is not None]
    return Prospect(ways=tuple(_smallest(_merged(made))), whole=found.whole)


def _changes(way: Way, truths: Mapping[Test, bool | None], seen: Seen, *, open_only: bool) -> Changes | None:
    """What has to change for a way; None where no value fits."""
    made = []
    for literals in _together(way):
        held = frozenset(literal for literal in literals if truths[literal.test] is literal.wanted)
        if len(held) == len(literals):
            continue
        fields = tuple(dict.fromkeys(field for literal in literals for field in literal.test.fields))
        known = seen.known(fields) if open_only else {}
        if all(field.name in known for field in fields):
            # It was read, and holds what nobody has classified, or what was not asked for: either is possible.
            made.append(Change(fields=fields, literals=literals, held=held, values=()))
            continue
        fits = fitting(literals, seen.now, known)
        if not fits and can_be_found(literals):
            return None
        one = fields[0]
        values = tuple(row[0] for row in fits) if len(fields) == 1 and is_closed(one) else ()
        values = () if values == all_values(one) else values
        made.append(Change(fields=fields, literals=literals, held=held, values=values))
    return tuple(made)


def _together(way: Way) -> Iterator[tuple[Literal, ...]]:
    """The tests of a way, those together that look at the same fields."""
    groups: list[tuple[set[str], list[Literal]]] = []
    for literal in way:
        names = {field.name for field in literal.test.fields}
        touched = [one for one in groups if one[0] & names]
        groups = [one for one in groups if not one[0] & names]
        groups.append((names.union(*(one[0] for one in touched)), [*(t for one in touched for t in one[1]), literal]))
    yield from (tuple(literals) for _, literals in sorted(groups, key=lambda one: way.index(one[1][0])))


def _merged(ways: Sequence[Changes]) -> list[Changes]:
    """Ways that differ in the values of one closed field alone become one."""
    left = list(ways)
    made: list[Changes] = []
    while left:
        one = left.pop(0)
        for other in list(left):
            both = _union(one, other)
            if both is not None:
                one = both
                left.remove(other)
        made.append(one)
    return made


def _union(one: Changes, other: Changes) -> Changes | None:
    if len(one) != len(other):
        return None
    unlike = [place for place, (this, that) in enumerate(zip(one, other, strict=True)) if this != that]
    if len(unlike) != 1:
        return None
    this, that = one[unlike[0]], other[unlike[0]]
    if this.fields != that.fields or not this.values or not that.values:
        return None
    values = tuple(value for value in all_values(this.fields[0]) if value in (*this.values, *that.values))
    # What the tests of either say is not what both say together: the values say it.
    both = replace(this, values=values, literals=(), held=frozenset())
    return tuple(both if place == unlike[0] else change for place, change in enumerate(one))


def _smallest(ways: Sequence[Changes]) -> Iterator[Changes]:
    kept: list[Changes] = []
    for way in sorted(ways, key=len):
        if not any(all(any(own.implies(less) for own in way) for less in other) for other in kept):
            kept.append(way)
            yield way
