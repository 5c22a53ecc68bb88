"""A field as typed columns: the values, and beside them the reason where a value is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.words import Reason, Unknown

TYPES: Mapping[Kind, Any] = {
    Kind.BOOLEAN: pl.Boolean(),
    Kind.ENUM: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.LIST: pl.List(pl.String()),
    Kind.TIME: pl.Datetime("us", "UTC"),
    Kind.NUMBER: pl.Int64(),
}

REASONS = pl.Enum([one.value for one in Reason])
"""A byte a user; a column of text takes sixteen, even where it is empty."""


def columns_of(
    field: Field, entries: Sequence[Value | Unknown], known: Sequence[str] | None = None
) -> dict[str, pl.Series]:
    """The field's column, its reasons, and for a classified list whether it holds an unclassified value.

    Beside a partial list stands what is known of it: the values that would be in it if they belonged there, the same
    for everybody. Null, without `known`, means every value.
    """
    values: list[Any] = [None if isinstance(entry, Unknown) else entry for entry in entries]
    if field.kind is Kind.LIST:
        values = [None if value is None else list(value) for value in values]
    reasons = [entry.reason.value if isinstance(entry, Unknown) else None for entry in entries]
    made = {
        field.column: pl.Series(field.column, values, dtype=TYPES[field.kind], strict=True),
        f"{field.column}_reason": pl.Series(f"{field.column}_reason", reasons, dtype=pl.String()),
    }
    if field.kind is Kind.LIST and field.values:
        classified = frozenset(field.values)
        strange = [None if value is None else not classified.issuperset(value) for value in values]
        name = f"{field.column}_unclassified"
        made[name] = pl.Series(name, strange, dtype=pl.Boolean())
    if field.partial:
        made[known_column(field)] = _value_of(known).new_from_index(0, len(entries)).alias(known_column(field))
    return made


def known_column(field: Field) -> str:
    """The name of the column that says which values of a partial list are known."""
    return f"{field.column}_known"


def known_of(field: Field, known: Sequence[str] | None) -> pl.Expr:
    """That column as an expression: a frame keeps its one value once, however many rows it has."""
    return pl.lit(_value_of(known)).first().alias(known_column(field))


def _value_of(known: Sequence[str] | None) -> pl.Series:
    return pl.Series([None if known is None else list(known)], dtype=TYPES[Kind.LIST])
