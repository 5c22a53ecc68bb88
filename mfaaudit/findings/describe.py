"""Rules in plain English, and what was seen beside what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Empty, Not, Test
from mfaaudit.findings.operators import COMPARISONS, EMPTIES, OPERATORS
from mfaaudit.findings.policy import Aggregate, Rule
from mfaaudit.findings.values import listed
from mfaaudit.sources.field import Field, Scope
from mfaaudit.vocabulary import FIELDS


def in_words(rule: Rule) -> str:
    """The whole rule in a few sentences: of whom it asks what, and under which conditions."""
    required = expected(rule)
    if rule.looks_at is not None:
        whom = "For every user where" if rule.scope is Scope.USER else "Where"
        text = f"{whom} {condition_in_words(rule.looks_at)}, requires that {required}."
    elif rule.aggregate is None:
        text = f"Requires that {required}."
    else:
        text = f"{required[:1].upper()}{required[1:]}."
    if rule.preconditions is not None:
        text += f" Applies only if {condition_in_words(rule.preconditions)}."
    if rule.postures:
        text += f" Applies only to tenants in the posture {' and '.join(rule.postures)}."
    if rule.severity_when:
        cases = [f"{one.severity} where {condition_in_words(one.condition)}" for one in rule.severity_when]
        text += f" A failure is {', else '.join(cases)}, else {rule.severity}."
    if rule.blocked_by:
        one = len(rule.blocked_by) == 1
        text += (
            f" What to do about a failure waits until {listed(rule.blocked_by, 'and')} {'passes' if one else 'pass'}."
        )
    if not rule.waivable:
        text += " No exception can waive a failure."
    return text


def expected(rule: Rule) -> str:
    """What the rule requires, without whom it is about."""
    if rule.aggregate is not None:
        return _aggregate(rule.aggregate)
    return condition_in_words(rule.require) if rule.require is not None else ""


EMPTY = {
    Empty.AS_IT_IS: "",
    Empty.HOLDS: ", or is empty",
    Empty.FAILS: ", and is not empty",
    Empty.OPEN: " (not judged where it is empty)",
}
OTHER_WAY = {Empty.HOLDS: Empty.FAILS, Empty.FAILS: Empty.HOLDS}
OPPOSITES = (
    ("eq", "ne"),
    ("in", "not_in"),
    ("lt", "gte"),
    ("gt", "lte"),
    ("empty", "not_empty"),
    ("contains_any", "contains_none"),
    ("older_than_days", "newer_than_days"),
)
OPPOSITE = {**dict(OPPOSITES), **{other: one for one, other in OPPOSITES}}
"""Of two operators one holds where the other does not."""


def condition_in_words(condition: Condition) -> str:
    """A condition as an English clause."""
    match condition:
        case Test():
            return _test(condition, condition.operator.words(condition.operand), condition.if_empty)
        case Not(part=Test() as part) if part.operator.name in OPPOSITE:
            words = OPERATORS[OPPOSITE[part.operator.name]].words(part.operand)
            return _test(part, words, OTHER_WAY.get(part.if_empty, part.if_empty))
        case Not(part=part):
            return f"it is not the case that {_grouped(part, AllOf, AnyOf)}"
        case AllOf(parts=parts):
            return " and ".join(_grouped(part, AnyOf) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_grouped(part, AllOf) for part in parts)


def _test(test: Test, words: str, if_empty: Empty) -> str:
    return f"{test.field.name} {words}{EMPTY[if_empty] if test.field.kind in EMPTIES else ''}"


def observed(rule: Rule, row: Mapping[str, Any]) -> str:
    """What was seen of the fields that the rule requires something of: one user's row, or the tenant's."""
    return "; ".join(observed_of(FIELDS[name], row) for name in rule.observed_fields)


def observed_of(field: Field, row: Mapping[str, Any]) -> str:
    """What was seen of one field."""
    return f"{field.name} = {shown(field, row)}"


def shown(field: Field, row: Mapping[str, Any]) -> str:
    """One value of a row in words, or why there is none."""
    reason = row.get(f"{field.column}_reason")
    if reason is not None:
        return f"NOT READ ({reason})"
    value = row[field.column]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(value) if value else "[]"
    return '""' if value == "" else str(value)


def _aggregate(rule: Aggregate) -> str:
    over = "all users" if rule.over is None else f"the users where {condition_in_words(rule.over)}"
    unit = " %" if rule.percent else ""
    if rule.comparison == "between":
        bound = f"between {rule.bound[0]}{unit} and {rule.bound[1]}{unit}"
    else:
        bound = f"{COMPARISONS[rule.comparison][1]} {rule.bound[0]}{unit}"
    text = f"of {over}, {bound} meet this: {condition_in_words(rule.count)}"
    if rule.min_coverage_percent:
        text += f"; judged only if at least {rule.min_coverage_percent} % of them could be read"
    return text


def _grouped(part: Condition, *others: type[AllOf] | type[AnyOf]) -> str:
    text = condition_in_words(part)
    # What an empty value means is an "and" or an "or" of its own.
    test = part.part if isinstance(part, Not) else part
    own = isinstance(test, Test) and test.field.kind in EMPTIES and test.if_empty in OTHER_WAY
    return f"({text})" if own or isinstance(part, others) else text
