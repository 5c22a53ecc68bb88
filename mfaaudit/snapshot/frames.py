"""The snapshot as typed columns, for rules and for users.parquet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from mfaaudit.columns import columns_of
from mfaaudit.snapshot.readings import Entry, Listing, Readings
from mfaaudit.sources.field import Field


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
