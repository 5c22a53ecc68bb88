"""A condition as Narwhals expressions: whether it holds, and if that is unknown, why."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Empty, Not, Test
from mfaaudit.findings.operators import EMPTIES, is_empty
from mfaaudit.sources.field import Field
from mfaaudit.words import Reason


def holds(condition: Condition | None, now: datetime) -> nw.Expr:
    """True, false, or null for unknown (Kleene); no condition always holds."""
    match condition:
        case None:
            return nw.lit(True)
        case Test():
            return _tested(condition, now)
        case AllOf(parts=parts):
            return nw.all_horizontal(*(holds(part, now) for part in parts), ignore_nulls=False)
        case AnyOf(parts=parts):
            return nw.any_horizontal(*(holds(part, now) for part in parts), ignore_nulls=False)
        case Not(part=part):
            return ~holds(part, now)


def why_open(condition: Condition | None, now: datetime) -> nw.Expr:
    """The reason of the first value that leaves the condition open; null where it is not open."""
    match condition:
        case None:
            return nw.lit(None, nw.String)
        case Test(fields=fields):
            given = nw.coalesce(*(nw.col(f"{field.column}_reason") for field in fields), nw.lit(_otherwise(fields[0])))
            return nw.when(holds(condition, now).is_null()).then(given)
        case Not(part=part):
            return why_open(part, now)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            first = nw.coalesce(*(why_open(part, now) for part in parts))
            return nw.when(holds(condition, now).is_null()).then(first)


def _tested(test: Test, now: datetime) -> nw.Expr:
    answer = test.operator.build(test.field, test.operand, now)
    if test.if_empty is Empty.AS_IT_IS or test.field.kind not in EMPTIES:
        return answer
    said = nw.lit(None, nw.Boolean) if test.if_empty is Empty.OPEN else nw.lit(test.if_empty is Empty.HOLDS)
    return nw.when(is_empty(test.field)).then(said).otherwise(answer)


def _otherwise(field: Field) -> str:
    """Why a test is open of a value that was read: a group that was not asked for, or something unclassified."""
    return (Reason.NOT_REQUESTED if field.partial else Reason.UNKNOWN_VALUE).value
