"""Who each user's manager is, if the vocabulary knows of managers at all."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason
from mfaaudit.yaml_nodes import GUID

ID, NAME, PRINCIPAL, MAIL = (f"manager.{key}" for key in ("id", "displayName", "userPrincipalName", "mail"))
NOBODY = ("", "none")
"""How "read, and there is none" is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Managers:
    """The managers of the users, in their order."""

    ids: pl.Series
    """Object ids in lower case; empty where there is none, null where it is not known."""
    assignees: pl.Series
    """The user principal names, or failing that the addresses; null where neither is known."""


def columns_known(users: pl.DataFrame) -> tuple[str, ...]:
    """The names of the fields on managers that there are, in this version and in this frame."""
    named = (name for name in (ID, NAME, PRINCIPAL, MAIL) if name in FIELDS)
    return tuple(name for name in named if FIELDS[name].column in users.columns)


def managers_of(users: pl.DataFrame) -> Managers | None:
    """The managers; None if they were not asked for."""
    known = columns_known(users)
    if ID not in known:
        return None
    column = FIELDS[ID].column
    reasons = users[f"{column}_reason"].cast(pl.String())
    if users.height and (reasons == Reason.NOT_REQUESTED.value).fill_null(value=False).all():
        return None
    ids = users[column].str.to_lowercase()
    # An id becomes the name of a file: what is none is not known.
    is_one = ids.str.contains(f"^{GUID.pattern}$")
    nobody = reasons.is_null() & (ids.is_null() | ids.is_in(NOBODY))
    told = users.select(
        ids=pl.when(nobody).then(pl.lit("")).when(is_one).then(ids), assignee=_first(users, [PRINCIPAL, MAIL])
    )
    return Managers(ids=told["ids"], assignees=told["assignee"])


def _first(users: pl.DataFrame, names: list[str]) -> pl.Expr:
    texts = [pl.col(FIELDS[name].column) for name in names if name in columns_known(users)]
    kept = [pl.when(~text.is_in(NOBODY)).then(text) for text in texts]
    return pl.coalesce(*kept) if kept else pl.lit(None, pl.String())
