"""The snapshot as typed columns, for rules and for users.parquet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from mfaaudit.snapshot.columns import Entry, Listing, Readings
from mfaaudit.sources.field import Field, Kind
from mfaaudit.words import Unknown

TYPES: Mapping[Kind, Any] = {
    Kind.BOOLEAN: pl.Boolean(),
    Kind.ENUM: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.LIST: pl.List(pl.String()),
    Kind.TIME: pl.Datetime("us", "UTC"),
    Kind.NUMBER: pl.Int64(),
}


def columns_of(field: Field, entries: Sequence[Entry]) -> dict[str, pl.Series]:
    """A field's column, the reason beside it, and for a classified list whether it holds an unclassified value."""
    values = [None if isinstance(entry, Unknown) else entry for entry in entries]
    if field.kind is Kind.LIST:
        values = [None if value is None else list(value) for value in values]  # type: ignore[arg-type,misc]
    reasons = [entry.reason.value if isinstance(entry, Unknown) else None for entry in entries]
    made = {
        field.column: pl.Series(field.column, values, dtype=TYPES[field.kind], strict=True),
        f"{field.column}_reason": pl.Series(f"{field.column}_reason", reasons, dtype=pl.String()),
    }
    if field.kind is Kind.LIST and field.values:
        known = frozenset(field.values)
        strange = [None if value is None else not known.issuperset(value) for value in values]  # type: ignore[arg-type]
        name = f"{field.column}_unclassified"
        made[name] = pl.Series(name, strange, dtype=pl.Boolean())
    return made


def frame_of_users(
    listing: Listing, readings: Iterable[Readings], facts: Iterable[tuple[Field, Sequence[Entry]]]
) -> pl.DataFrame:
    """One row a user: every value, its reason, and from which answer and when each source was read."""
    made: dict[str, pl.Series] = {"user_id": pl.Series("user_id", listing.ids, dtype=pl.String())}
    for one in readings:
        for field in one.source.fields:
            made |= columns_of(field, one.values[field.name])
        prefix = one.source.fields[0].name.split(".", 1)[0]
        made[f"{prefix}_readAt"] = pl.Series(f"{prefix}_readAt", one.read_at, dtype=pl.Datetime("us", "UTC"))
        made[f"{prefix}_requestId"] = pl.Series(f"{prefix}_requestId", one.request_id, dtype=pl.String())
    for field, entries in facts:
        made |= columns_of(field, entries)
    return pl.DataFrame(made)


def frame_of_tenant(facts: Iterable[tuple[Field, Entry]]) -> pl.DataFrame:
    """One row: every value about the tenant."""
    made: dict[str, pl.Series] = {}
    for field, entry in facts:
        made |= columns_of(field, [entry])
    return pl.DataFrame(made)
