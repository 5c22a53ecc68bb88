"""A condition as a tree: tests of single values, joined by all_of, any_of and not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mfaaudit.findings.operators import Operator
from mfaaudit.sources.field import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One value against one operand."""

    __test__ = False  # the name is the domain's, not pytest's

    field: Field
    operator: Operator
    operand: Any


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
        if test.field.name not in seen:
            seen.add(test.field.name)
            yield test.field


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
