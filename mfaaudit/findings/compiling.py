"""A condition as Narwhals expressions: whether it holds, and if that is unknown, why."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import narwhals as nw

from mfaaudit.findings.condition import AllOf, AnyOf, Condition, Empty, Not, Test
from mfaaudit.findings.operators import EMPTIES, is_empty
from mfaaudit.words import Reason

REASONS = tuple(Reason)
"""A reason travels as its place in here: a byte, where its word would take sixteen."""


class Leaves(Protocol):
    """Where the answers to single tests come from."""

    def truth(self, test: Test) -> nw.Expr:
        """True, false, or null for unknown."""

    def why(self, test: Test) -> nw.Expr:
        """The place of the reason where it is unknown; null elsewhere."""


def truth_of(test: Test, now: datetime) -> nw.Expr:
    """A test worked out from the columns of its field: true, false, or null for unknown. Ages are up to `now`."""
    answer = test.operator.build(test.field, test.operand, now)
    if test.if_empty is Empty.AS_IT_IS or test.field.kind not in EMPTIES:
        return answer
    said = nw.lit(None, nw.Boolean) if test.if_empty is Empty.OPEN else nw.lit(test.if_empty is Empty.HOLDS)
    return nw.when(is_empty(test.field)).then(said).otherwise(answer)


def holds(condition: Condition | None, leaves: Leaves) -> nw.Expr:
    """True, false, or null for unknown (Kleene); no condition always holds."""
    match condition:
        case None:
            return nw.lit(True)
        case Test():
            return leaves.truth(condition)
        case AllOf(parts=parts):
            return nw.all_horizontal(*(holds(part, leaves) for part in parts), ignore_nulls=False)
        case AnyOf(parts=parts):
            return nw.any_horizontal(*(holds(part, leaves) for part in parts), ignore_nulls=False)
        case Not(part=part):
            return ~holds(part, leaves)


def why_open(condition: Condition | None, leaves: Leaves) -> nw.Expr:
    """The reason of the first value that leaves the condition open; null where it is not open."""
    match condition:
        case None:
            return nw.lit(None, nw.UInt8)
        case Test():
            return leaves.why(condition)
        case Not(part=part):
            return why_open(part, leaves)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            first = nw.coalesce(*(why_open(part, leaves) for part in parts))
            return nw.when(holds(condition, leaves).is_null()).then(first)


def say(reason: Reason) -> nw.Expr:
    """The place of a reason."""
    return nw.lit(REASONS.index(reason), nw.UInt8)


def otherwise(test: Test) -> Reason:
    """Why a test is open of a value that was read: of a group that was not asked for, or something unclassified."""
    return Reason.NOT_REQUESTED if test.field.partial else Reason.UNKNOWN_VALUE
