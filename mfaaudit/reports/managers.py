"""Who each user's manager is."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mfaaudit.reports.unread import all_not_requested
from mfaaudit.vocabulary import FIELDS
from mfaaudit.yaml_nodes import GUID

ID, NAME, PRINCIPAL, MAIL = (f"manager.{key}" for key in ("id", "displayName", "userPrincipalName", "mail"))
COLUMN = FIELDS[ID].column
NOBODY = ("", "none")
"""How "read, and there is none" is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Managers:
    """The managers of the users, in their order."""

    ids: pl.Series
    """Object ids in lower case; empty where there is none, null where it is not known."""
    assignees: pl.Series
    """The user principal names, or failing that the addresses; null where neither is known."""


def were_asked_for(users: pl.DataFrame) -> bool:
    """Whether somebody asked who manages whom."""
    return not users.height or not all_not_requested(users, COLUMN)


def managers_of(users: pl.DataFrame) -> Managers | None:
    """The managers; None if they were not asked for."""
    if not were_asked_for(users):
        return None
    ids, reasons = users[COLUMN].str.to_lowercase(), users[f"{COLUMN}_reason"]
    # An id becomes the name of a file: what is none is not known.
    is_one = ids.str.contains(f"^{GUID.pattern}$")
    nobody = reasons.is_null() & (ids.is_null() | ids.is_in(NOBODY))
    told = users.select(ids=pl.when(nobody).then(pl.lit("")).when(is_one).then(ids), assignee=_first(PRINCIPAL, MAIL))
    return Managers(ids=told["ids"], assignees=told["assignee"])


def _first(*names: str) -> pl.Expr:
    texts = [pl.col(FIELDS[name].column) for name in names]
    return pl.coalesce(*(pl.when(~text.is_in(NOBODY)).then(text) for text in texts), pl.lit(None, pl.String()))
