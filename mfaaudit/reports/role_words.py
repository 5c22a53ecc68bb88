"""Directory roles by their names, a column at a time."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from mfaaudit.reports.document import Cell
from mfaaudit.words import Reason, Unknown

NONE = "none"


def role_words(users: pl.DataFrame, names: Mapping[str, str], column: str = "derived_roles") -> pl.Series:
    """Each user's roles in a line; a role without a known name by its template id, null where they are not known."""
    named = pl.element().replace(list(names), list(names.values())) if names else pl.element()
    held = pl.col(column)
    joined = held.list.eval(named).list.join(", ")
    return users.select(pl.when(held.list.len() == 0).then(pl.lit(NONE)).otherwise(joined).alias("roles"))["roles"]


def role_cells(users: pl.DataFrame, names: Mapping[str, str], column: str = "derived_roles") -> list[Cell]:
    """The same as cells of a table: NOT READ with the reason where they are not known."""
    pairs = zip(role_words(users, names, column).to_list(), users[f"{column}_reason"].to_list(), strict=True)
    return [words if reason is None else Unknown(Reason(reason)) for words, reason in pairs]
