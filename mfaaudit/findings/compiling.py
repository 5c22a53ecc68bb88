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


class FromColumns:
    """Works each test out from the columns of its field, on any engine that Narwhals speaks to."""

    def __init__(self, now: datetime) -> None:
        """Ages are measured from `now`."""
        self._now = now

    def truth(self, test: Test) -> nw.Expr:
        """True, false, or null for unknown."""
        answer = test.operator.build(test.field, test.operand, self._now)
        if test.if_empty is Empty.AS_IT_IS or test.field.kind not in EMPTIES:
            return answer
        said = nw.lit(None, nw.Boolean) if test.if_empty is Empty.OPEN else nw.lit(test.if_empty is Empty.HOLDS)
        return nw.when(is_empty(test.field)).then(said).otherwise(answer)

    def why(self, test: Test) -> nw.Expr:
        """The place of the reason where it is unknown; null elsewhere."""
        given = nw.coalesce(*(_place(f"{field.column}_reason") for field in test.fields), say(otherwise(test)))
        return nw.when(self.truth(test).is_null()).then(given)


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


def _place(column: str) -> nw.Expr:
    place: nw.Expr = nw.lit(None, nw.UInt8)
    for reason in REASONS:
        place = nw.when(nw.col(column) == reason.value).then(say(reason)).otherwise(place)
    return place
