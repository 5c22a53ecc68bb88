"""The items of a plan with what the files say of each user."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mfaaudit.reports.actions_files.harmless_columns import made_harmless, shown
from mfaaudit.reports.managers import managers_of
from mfaaudit.reports.material import Material
from mfaaudit.reports.sections.actions import TENANT, state_in_words
from mfaaudit.vocabulary import FIELDS

NAMES = ("user.userPrincipalName", "user.displayName")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """The items, and whether it is known who manages whom."""

    rows: pl.DataFrame
    """As the items of the plan, with userId, userPrincipalName, displayName, words for the state, managerId (empty for
    none, null if not known) and assignee."""
    with_managers: bool


def worked(material: Material) -> Worked:
    """The items of an audit's plan, ready to be written."""
    users, managers = material.users, managers_of(material.users)
    unknown = pl.repeat(None, users.height, dtype=pl.String(), eager=True)
    principals, names = (made_harmless(shown(users, FIELDS[name])) for name in NAMES)
    own = pl.DataFrame(
        {
            "userId": users["user_id"],
            "userPrincipalName": principals,
            "displayName": names,
            "managerId": unknown if managers is None else managers.ids,
            "assignee": unknown if managers is None else managers.assignees,
        }
    ).with_row_index("subject")
    rows = material.actions.items.join(own, on="subject", how="left", maintain_order="left").with_columns(
        pl.when(pl.col("subject").is_null()).then(pl.lit(TENANT)).otherwise("userPrincipalName").name.keep(),
        pl.col("due").dt.to_string("%Y-%m-%d"),
        words=state_in_words(pl.col("state"), pl.col("why")),
    )
    return Worked(rows=rows, with_managers=managers is not None)
