"""A condition as a tree: tests of single values, joined by all_of, any_of and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from mfaaudit.findings.operators import Operator
from mfaaudit.sources.field import Field


class Empty(Enum):
    """What a test makes of a value that was read and is empty: `none`, an empty list, an empty text."""

    AS_IT_IS = "as it is"
    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One value against one operand."""

    __test__ = False  # the name is the domain's, not pytest's

    field: Field
    operator: Operator
    operand: Any
    if_empty: Empty = Empty.AS_IT_IS

    @property
    def fields(self) -> tuple[Field, ...]:
        """The field, and the one that it is compared with."""
        return (self.field, self.operand) if isinstance(self.operand, Field) else (self.field,)


@dataclass(frozen=True, slots=True)
class AllOf:
    """True if every part is; false if one is false; else unknown."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True if one part is; false if every part is false; else unknown."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True if the part is false; unknown if it is unknown."""

    part: Condition


Condition = Test | AllOf | AnyOf | Not


def fields_of(condition: Condition | None) -> Iterator[Field]:
    """The fields that a condition looks at, in its order, each once."""
    seen = set()
    for test in tests_of(condition):
        for field in test.fields:
            if field.name not in seen:
                seen.add(field.name)
                yield field


def tests_of(condition: Condition | None) -> Iterator[Test]:
    """The single tests of a condition, in its order."""
    match condition:
        case Test():
            yield condition
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from tests_of(part)
        case Not(part=part):
            yield from tests_of(part)


def both(one: Condition | None, other: Condition | None) -> Condition | None:
    """Both conditions, where there are two."""
    if one is None or other is None:
        return other if one is None else one
    return AllOf((one, other))


def where_empty(condition: Condition, meaning: Empty) -> Condition:
    """The same condition, in which an empty value speaks for the whole condition, or against it, or leaves it open."""
    opposite = {Empty.HOLDS: Empty.FAILS, Empty.FAILS: Empty.HOLDS}
    match condition:
        case Test():
            return replace(condition, if_empty=meaning)
        case AllOf(parts=parts):
            return AllOf(tuple(where_empty(part, meaning) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(where_empty(part, meaning) for part in parts))
        case Not(part=part):
            return Not(where_empty(part, opposite.get(meaning, meaning)))
