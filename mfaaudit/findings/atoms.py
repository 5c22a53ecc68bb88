"""Each single test of all rules, worked out once for all users and kept as bits: rules then only combine them."""

from __future__ import annotations

from datetime import datetime

import narwhals as nw
import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.findings.compiling import otherwise, truth_of
from mfaaudit.findings.condition import Test
from mfaaudit.sources.field import Field, Kind
from mfaaudit.words import Reason

FEW = 20
"""Rows of which it takes longer to find the different lists than to look at each."""


class Atoms:
    """The tests of a frame of users, or of the tenant's row, as columns of a frame that grows as they are asked for.

    Of lists there are few different ones: a test is worked out for each of those, and not for each user.
    """

    def __init__(self, frame: pl.DataFrame, now: datetime) -> None:
        self._frame = frame
        self._now = now
        self._names: dict[object, str] = {}
        # The first column says how many rows there are, also to an expression that looks at none.
        self._columns: dict[str, pl.Series] = {"": _nothing(pl.Boolean(), frame.height)}
        self._known = pl.DataFrame(self._columns)
        self._lists: dict[str, tuple[pl.DataFrame, pl.Series]] = {}

    def truth(self, test: Test) -> nw.Expr:
        """True, false, or null for unknown."""
        return nw.col(self._name(test))

    def why(self, test: Test) -> nw.Expr:
        """The place of the reason where it is unknown; null elsewhere."""
        name = self._name(test)
        own = f"{name} why"
        if own not in self._columns:
            self._columns[own] = self._why(test, self._columns[name])
        return nw.col(own)

    def over(self, **expressions: nw.Expr) -> pl.DataFrame:
        """Expressions over the tests that have been asked for by now."""
        if self._known.width < len(self._columns):
            self._known = pl.DataFrame(self._columns)
        made = nw.from_native(self._known, eager_only=True).with_columns(**expressions).to_native()
        return pl.DataFrame([made[name] for name in expressions])

    def _name(self, test: Test) -> str:
        key = (test.field.name, test.operator.name, test.operand, test.if_empty)
        if key not in self._names:
            name = f"test {len(self._names)}"
            self._columns[name] = self._answer(test)
            self._names[key] = name
        return self._names[key]

    def _answer(self, test: Test) -> pl.Series:
        columns, codes = [name for field in test.fields for name in self._beside(field)], None
        frame = pl.DataFrame({name: self._frame[name] for name in columns})
        if test.field.kind is Kind.LIST and frame.height > FEW:
            frame, codes = self._different(test.field)
        answer = nw.from_native(frame, eager_only=True).with_columns(answer=truth_of(test, self._now))
        column = answer.to_native()["answer"]
        return column if codes is None else column.gather(codes)

    def _beside(self, field: Field) -> list[str]:
        """The columns that a test of a field looks at."""
        beside = (f"{field.column}_unclassified", f"{field.column}_known")
        return [field.column, *(name for name in beside if name in self._frame.columns)]

    def _different(self, field: Field) -> tuple[pl.DataFrame, pl.Series]:
        """The different values of a list, and for each user which of them it is."""
        if field.column not in self._lists:
            columns = self._beside(field)
            groups = (
                self._frame.select(columns)
                .with_row_index("index")
                .group_by(columns, maintain_order=True)
                .agg(pl.col("index"))
            )
            places = groups.select("index").with_row_index("place").explode("index").sort("index")
            self._lists[field.column] = groups.drop("index"), places["place"]
        return self._lists[field.column]

    def _why(self, test: Test, truth: pl.Series) -> pl.Series:
        if not truth.null_count():
            return _nothing(pl.UInt8(), truth.len())
        given = [self._frame[f"{field.column}_reason"].cast(REASONS).to_physical() for field in test.fields]
        last = pl.lit(list(Reason).index(otherwise(test)), dtype=pl.UInt8())
        return pl.select(pl.when(truth.is_null()).then(pl.coalesce(*given, last))).to_series().cast(pl.UInt8())


def _nothing(dtype: pl.DataType, height: int) -> pl.Series:
    return pl.Series([None], dtype=dtype).new_from_index(0, height)
