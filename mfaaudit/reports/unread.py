"""What was not read of users: why, of how many, and by which source."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from mfaaudit.sources.field import Scope
from mfaaudit.sources.source import Shape, Source
from mfaaudit.words import Reason


def reasons_of(users: pl.DataFrame, column: str) -> Mapping[Reason, int]:
    """How many values of a column are unknown for each reason, the commonest first."""
    counts = dict(users[f"{column}_reason"].drop_nulls().cast(pl.String()).value_counts().iter_rows())
    return {Reason(one): counts[one] for one in sorted(counts, key=lambda one: (-counts[one], one))}


def reasons_in_words(users: pl.DataFrame, column: str) -> str:
    """The same in a line; empty where all are known."""
    return ", ".join(f"{reason.value} {count:,}" for reason, count in reasons_of(users, column).items())


def all_not_requested(users: pl.DataFrame, column: str) -> bool:
    """Whether nobody asked for the values of a column, of any user."""
    return bool(
        (users[f"{column}_reason"].cast(pl.String()) == Reason.NOT_REQUESTED.value).fill_null(value=False).all()
    )


def is_about_users(source: Source) -> bool:
    """Whether a source is wanted once for each user."""
    return source.shape in (Shape.PER_USER, Shape.PAGES) and any(one.scope is Scope.USER for one in source.fields)


def gave_nothing(users: pl.DataFrame, source: Source, reason: Reason | None = None) -> pl.Series:
    """For each user whether a source about users gave nothing: no value, and no answer that it was read from.

    With a reason, whether it gave nothing for that reason.
    """
    reasons = [pl.col(f"{field.column}_reason") for field in source.fields]
    prefix = source.fields[0].name.split(".", 1)[0]
    nothing = pl.all_horizontal(one.is_not_null() for one in reasons) & pl.col(f"{prefix}_readAt").is_null()
    if reason is not None:
        nothing &= (reasons[0].cast(pl.String()) == reason.value).fill_null(value=False)
    return users.select(nothing.alias("nothing"))["nothing"]
