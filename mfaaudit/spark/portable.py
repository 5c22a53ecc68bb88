"""Conditions that can be asked of the users of many bundles at once, by any engine, and mean what they meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import narwhals as nw

from mfaaudit.errors import UsageProblem
from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Not, Test, tests_of
from mfaaudit.findings.operators import OPERATORS, Operator, Takes
from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.sources.field import Field, Scope
from mfaaudit.spark.patterns import glob, regex


def _matches(field: Field, pattern: str, _: datetime) -> nw.Expr:
    return nw.col(field.column).str.contains(glob(pattern))


def _contains_match(field: Field, pattern: str, _: datetime) -> nw.Expr:
    return nw.col(field.column).str.contains(regex(pattern))


def _older(field: Field, days: int, _: datetime) -> nw.Expr:
    return nw.col(field.column) < nw.col(boundary(days))


def _newer(field: Field, days: int, _: datetime) -> nw.Expr:
    return nw.col(field.column) >= nw.col(boundary(days))


OURS = {
    name: replace(OPERATORS[name], build=build)
    for name, build in (
        ("matches", _matches),
        ("regex", _contains_match),
        ("older_than_days", _older),
        ("newer_than_days", _newer),
    )
}
"""The operators that are compiled otherwise here; a test compares what they say."""
ALIKE = frozenset(
    {"eq", "ne", "in", "not_in", "lt", "lte", "gt", "gte", "between", "eq_field", "exists", "empty", "not_empty"}
    | {"count", "count_excluding", "contains", "contains_any", "contains_all", "contains_none", "contains_other_than"}
)
"""The operators that say the same as they are compiled; a test compares that too."""


def boundary(days: int) -> str:
    """The column that holds, for the bundle of each user, the moment so many days before its audit began."""
    return f"_{days}_days_before"


def portable(condition: Condition | None) -> Condition | None:
    """The same condition, with patterns for every engine and with ages from columns."""
    return None if condition is None else _portable(condition)


def _portable(condition: Condition) -> Condition:
    match condition:
        case Test(operator=operator):
            return replace(condition, operator=_ours(operator))
        case AllOf(parts=parts):
            return AllOf(tuple(_portable(part) for part in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(_portable(part) for part in parts))
        case Not(part=part):
            return Not(_portable(part))


def _ours(operator: Operator) -> Operator:
    if operator.name in OURS:
        return OURS[operator.name]
    if operator.name not in ALIKE:
        raise UsageProblem(
            f"--engine spark cannot ask {operator.name}: it may mean something else to Spark",
            hint="Leave out --engine, or leave out the rules that ask it.",
        )
    return operator


def tests_of_users(packs: Sequence[Pack]) -> Iterator[tuple[Rule, Test]]:
    """Everything that the rules ask of single users, and the rule that asks."""
    for pack in packs:
        for rule in pack.rules:
            for condition in rule.conditions:
                yield from ((rule, test) for test in tests_of(condition) if test.field.scope is Scope.USER)


def ages(packs: Sequence[Pack]) -> list[int]:
    """The ages in days that the rules ask for."""
    return sorted({test.operand for _, test in tests_of_users(packs) if test.operator.takes is Takes.DAYS})
