"""Rules in plain English, and what was seen beside what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Empty, Not, Test
from mfaaudit.findings.operators import COMPARISONS, EMPTIES
from mfaaudit.findings.policy import Aggregate, Rule
from mfaaudit.sources.field import Field
from mfaaudit.vocabulary import FIELDS


def in_words(rule: Rule) -> str:
    """The whole rule in a sentence or two: of whom it asks what, and under which conditions."""
    required = expected(rule)
    if rule.looks_at is not None:
        text = f"Where {condition_in_words(rule.looks_at)}, requires that {required}."
    elif rule.aggregate is None:
        text = f"Requires that {required}."
    else:
        text = f"{required[:1].upper()}{required[1:]}."
    if rule.preconditions is not None:
        text += f" Applies only if {condition_in_words(rule.preconditions)}."
    if rule.postures:
        text += f" Applies only to tenants in the posture {' and '.join(rule.postures)}."
    return text + "".join(
        f" A failure is {one.severity} where {condition_in_words(one.condition)}." for one in rule.severity_when
    )


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


def condition_in_words(condition: Condition) -> str:
    """A condition as an English clause."""
    match condition:
        case Test(field=field, operator=operator, operand=operand, if_empty=if_empty):
            return f"{field.name} {operator.words(operand)}{EMPTY[if_empty] if field.kind in EMPTIES else ''}"
        case Not(part=part):
            return f"it is not the case that {_grouped(part, AllOf, AnyOf)}"
        case AllOf(parts=parts):
            return " and ".join(_grouped(part, AnyOf) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_grouped(part, AllOf) for part in parts)


def observed(rule: Rule, row: Mapping[str, Any]) -> str:
    """What was seen of the fields that the rule requires something of: one user's row, or the tenant's."""
    return "; ".join(_observed(FIELDS[name], row) for name in rule.observed_fields)


def _observed(field: Field, row: Mapping[str, Any]) -> str:
    reason = row.get(f"{field.column}_reason")
    if reason is not None:
        return f"{field.name} = NOT READ ({reason})"
    value = row[field.column]
    if isinstance(value, bool):
        shown = "true" if value else "false"
    elif isinstance(value, list):
        shown = ", ".join(value) if value else "[]"
    else:
        shown = '""' if value == "" else str(value)
    return f"{field.name} = {shown}"


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
    return f"({text})" if isinstance(part, others) else text
