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


def columns_of(field: Field, entries: Sequence[Value | Unknown]) -> dict[str, pl.Series]:
    """The field's column, its reasons, and for a classified list whether it holds an unclassified value."""
    values: list[Any] = [None if isinstance(entry, Unknown) else entry for entry in entries]
    if field.kind is Kind.LIST:
        values = [None if value is None else list(value) for value in values]
    reasons = [entry.reason.value if isinstance(entry, Unknown) else None for entry in entries]
    made = {
        field.column: pl.Series(field.column, values, dtype=TYPES[field.kind], strict=True),
        f"{field.column}_reason": pl.Series(f"{field.column}_reason", reasons, dtype=pl.String()),
    }
    if field.kind is Kind.LIST and field.values:
        known = frozenset(field.values)
        strange = [None if value is None else not known.issuperset(value) for value in values]
        name = f"{field.column}_unclassified"
        made[name] = pl.Series(name, strange, dtype=pl.Boolean())
    return made
