"""Goes through an audit part by part, and makes of each what is to become of it; the audit itself stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import polars as pl

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Not, Test
from mfaaudit.findings.operators import Takes
from mfaaudit.findings.values import Named
from mfaaudit.sharing.becomes import WITHHELD, Becomes, chosen
from mfaaudit.sharing.of_fields import field_of_column, plan_of_column, plan_of_field
from mfaaudit.sharing.of_parts import LEFT_OUT, OF_PARTS
from mfaaudit.sharing.rewriting import Rewriter

T = TypeVar("T")
_PATTERNS = (Takes.GLOB, Takes.REGEX)
_WORDS = (Takes.VALUE, Takes.VALUES, Takes.COUNT_EXCLUDING)


def part(one: T, how: Rewriter, **own: Any) -> T:
    """A part with its own parts rewritten; `own` are those that are made anew."""
    plan = OF_PARTS[type(one)]
    changes: dict[str, Any] = dict(own)
    for field in fields(one):  # type: ignore[arg-type]  # OF_PARTS holds dataclasses only
        becomes = chosen(plan.get(field.name, LEFT_OUT), how.mode)
        if field.name not in own and becomes not in (Becomes.KEPT, Becomes.OWN):
            changes[field.name] = _value(getattr(one, field.name), becomes, how)
    made: T = replace(one, **changes)  # type: ignore[type-var]
    return made


def _value(value: Any, becomes: Becomes, how: Rewriter) -> Any:
    match value:
        case None:
            return None
        case _ if becomes is Becomes.EMPTIED:
            return _nothing(value)
        case _ if becomes is Becomes.CONDITION:
            return condition(value, how)
        case pl.DataFrame():
            return frame(value, how)
        case datetime() if becomes is Becomes.MIDNIGHT:
            return value.replace(hour=0, minute=0, second=0, microsecond=0)
        case str():
            return how.word(value, becomes)
        case tuple():
            return tuple(_value(each, becomes, how) for each in value)
        case Mapping():
            return {name: _value(each, becomes, how) for name, each in value.items()}
        case _ if is_dataclass(value):
            return part(value, how)
        case _:
            raise TypeError(f"{type(value).__name__} cannot become {becomes.value!r}")


def _nothing(value: Any) -> Any:
    match value:
        case str():
            return ""
        case tuple():
            return ()
        case Mapping():
            return {}
        case _:
            return None


def frame(before: pl.DataFrame, how: Rewriter) -> pl.DataFrame:
    """A frame of users, of the tenant, of verdicts or of mismatches, column by column."""
    made = []
    for column in before:
        becomes = chosen(plan_of_column(column.name), how.mode)
        if becomes is Becomes.SUBJECT and "user_id" in before.columns:
            # By the row and not by the name: two accounts of a strange tenant may have one name.
            ids = how.column(before["user_id"], Becomes.PERSON)
            named = column.is_not_null() & (column != "")
            made.append(ids.zip_with(named, column).alias(column.name))
        else:
            made.append(how.column(column, becomes, field_of_column(column.name)))
    return pl.DataFrame(made)


def condition(one: Condition, how: Rewriter) -> Condition:
    """A condition whose operands became what the values became that they are compared with."""
    match one:
        case Test():
            return replace(one, operand=_operand(one, how))
        case Not(part=inner):
            return Not(condition(inner, how))
        case AllOf(parts=parts):
            return AllOf(tuple(condition(each, how) for each in parts))
        case AnyOf(parts=parts):
            return AnyOf(tuple(condition(each, how) for each in parts))


def _operand(test: Test, how: Rewriter) -> Any:
    name, takes, operand = test.field.name, test.operator.takes, test.operand
    becomes = chosen(plan_of_field(name), how.mode)
    # The ids of directory roles are the same in every tenant, and say what the rule asks for.
    if becomes in (Becomes.KEPT, Becomes.YES_NO, Becomes.DAY, Becomes.MONTH):
        return operand
    if takes in _PATTERNS:
        return WITHHELD
    if takes not in _WORDS:
        return operand
    if takes is Takes.COUNT_EXCLUDING:
        return (_words(operand[0], becomes, name, how), *operand[1:])
    return _words(operand, becomes, name, how)


def _words(operand: Any, becomes: Becomes, name: str, how: Rewriter) -> Any:
    match operand:
        case str():
            return how.word(operand, becomes, name)
        case tuple():
            # Several that are withheld read as one.
            made = tuple(dict.fromkeys(_words(one, becomes, name, how) for one in operand))
            return Named.of(operand.name, made) if isinstance(operand, Named) else made
        case _:
            return operand
