"""The snapshot as typed columns, for rules and for users.parquet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from mfaaudit.columns import REASONS, columns_of, known_column, known_of
from mfaaudit.sources.field import Field, Value
from mfaaudit.sources.source import Source
from mfaaudit.words import Unknown

Entry = Value | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a fact says of each user."""

    field: Field
    entries: Sequence[Entry]
    known: Sequence[str] | None = None
    """Of a partial list, the values of which it is known; None for all."""


def frame_of_users(ids: Sequence[str], readings: Iterable[pl.DataFrame], facts: Iterable[Column]) -> pl.DataFrame:
    """One row a user: every value, its reason, and from which answer and when each source was read."""
    of_facts = [_frame_of_fact(one) for one in facts]
    frames = [pl.DataFrame({"user_id": pl.Series(ids, dtype=pl.String())}), *readings, *of_facts]
    return pl.concat(frames, how="horizontal")


def frame_of_tenant(facts: Iterable[tuple[Field, Entry]]) -> pl.DataFrame:
    """One row: every value about the tenant."""
    made: dict[str, pl.Series] = {}
    for field, entry in facts:
        made |= columns_of(field, [entry])
    return pl.DataFrame(made)


def columns_of_source(
    source: Source, values: Mapping[str, Sequence[Entry]], read_at: Sequence[Any], request_ids: Sequence[Any]
) -> dict[str, pl.Series]:
    """The values of a source's fields, by name, and when and in which answer they came."""
    made: dict[str, pl.Series] = {}
    for field in source.fields:
        made |= columns_of_many(field, values[field.name])
    prefix = source.fields[0].name.split(".", 1)[0]
    made[f"{prefix}_readAt"] = pl.Series(read_at, dtype=pl.Datetime("us", "UTC"))
    made[f"{prefix}_requestId"] = _repeated(pl.String(), request_ids)
    return made


def columns_of_many(field: Field, entries: Sequence[Entry]) -> dict[str, pl.Series]:
    """The same as `columns_of`, for many users: each different value is made once, and reasons are a byte.

    What is known of a partial list is left out: it is the same for everybody, and no column for each.
    """
    numbers: dict[Entry, int] = {}
    which = pl.Series([numbers.setdefault(entry, len(numbers)) for entry in entries], dtype=pl.UInt32())
    made = {name: column.gather(which) for name, column in columns_of(field, list(numbers)).items()}
    made.pop(known_column(field), None)
    reason = f"{field.column}_reason"
    return made | {reason: made[reason].cast(REASONS)}


def _frame_of_fact(one: Column) -> pl.DataFrame:
    frame = pl.DataFrame(columns_of_many(one.field, one.entries))
    # As a column of values, the ids of some hundred groups would take more than all the rest.
    return frame.with_columns(known_of(one.field, one.known)) if one.field.partial else frame


def _repeated(kind: Any, values: Sequence[Any]) -> pl.Series:
    # Twenty users and more share an answer, and each copy of its id would take as much as a name.
    numbers: dict[Any, int] = {}
    which = pl.Series([numbers.setdefault(value, len(numbers)) for value in values], dtype=pl.UInt32())
    return pl.Series(list(numbers), dtype=kind).gather(which)
