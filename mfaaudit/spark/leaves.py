"""The tests of users as columns of words and truths, each worked out once, on any engine that Narwhals knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import narwhals as nw

from mfaaudit.findings.compiling import otherwise, truth_of
from mfaaudit.findings.condition import Test
from mfaaudit.findings.operators import OPERATORS
from mfaaudit.sources.field import Field, Kind


class Once:
    """The tests that have been asked for, as columns that a frame of users can be given.

    A reason is here its word, as the files hold it: Spark has no byte without a sign, in which judging keeps a place.
    """

    def __init__(self, now: datetime) -> None:
        """Ages are measured from the columns of `boundary`; `now` is for operators that would look at it."""
        self._now = now
        self._names: dict[object, str] = {}
        self._truths: dict[str, nw.Expr] = {}
        self._whys: dict[str, nw.Expr] = {}

    def truth(self, test: Test) -> nw.Expr:
        """True, false, or null for unknown."""
        return nw.col(self._name(test))

    def why(self, test: Test) -> nw.Expr:
        """The word of the reason where it is unknown; null elsewhere."""
        name = self._name(test)
        own = f"{name} why"
        if own not in self._whys:
            given = (nw.col(f"{field.column}_reason") for field in test.fields)
            self._whys[own] = nw.when(nw.col(name).is_null()).then(nw.coalesce(*given, nw.lit(otherwise(test).value)))
        return nw.col(own)

    def beside(self, users: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """The users with a column for each test that has been asked for by now."""
        return users.with_columns(**self._truths).with_columns(**self._whys) if self._names else users

    def _name(self, test: Test) -> str:
        key = (test.field, test.operator.name, test.operand, test.if_empty)
        if key not in self._names:
            self._names[key] = f"test {len(self._names)}"
            self._truths[self._names[key]] = truth_of(test, self._now)
        return self._names[key]


class Answers:
    """Conditions that have been answered, as columns under names of their own: what judging then makes of them."""

    def truth(self, test: Test) -> nw.Expr:
        """True, false, or null for unknown."""
        return nw.col(test.field.column)

    def why(self, test: Test) -> nw.Expr:
        """The place of the reason where it is unknown; null elsewhere."""
        return nw.col(f"{test.field.column} why")


def answered(name: str) -> Test:
    """A condition whose answer stands in the column of this name."""
    return Test(field=Field(name=name, title="", kind=Kind.BOOLEAN), operator=OPERATORS["eq"], operand=True)
