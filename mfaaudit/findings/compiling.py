"""A condition as Narwhals expressions: whether it holds, and if that is unknown, why."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Not, Test
from mfaaudit.words import Reason


def holds(condition: Condition | None, now: datetime) -> nw.Expr:
    """True, false, or null for unknown (Kleene); no condition always holds."""
    match condition:
        case None:
            return nw.lit(True)
        case Test(field=field, operator=operator, operand=operand):
            return operator.build(field, operand, now)
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
        case Test(field=field):
            # A value that was read and still leaves the answer open is a list with something unclassified in it.
            given = nw.coalesce(nw.col(f"{field.column}_reason"), nw.lit(Reason.UNKNOWN_VALUE.value))
            return nw.when(holds(condition, now).is_null()).then(given)
        case Not(part=part):
            return why_open(part, now)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            first = nw.coalesce(*(why_open(part, now) for part in parts))
            return nw.when(holds(condition, now).is_null()).then(first)
