"""mail/: for each manager, what to tell the people who report to that manager, and nobody else's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mfaaudit.actions import Step
from mfaaudit.bundle import make_private
from mfaaudit.reports.actions_files.harmless_columns import write_csv

FOLDER, NO_MANAGER = "mail", "no-manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """How many can be written to."""

    managers: int
    people: int
    without: int
    """People who have no manager."""
    unknown: int
    """People of whom it is not known who their manager is; they are in no file."""


def write_mail(steps: Sequence[Step], rows: pl.DataFrame, folder: Path) -> Mailed:
    """A file for each manager of somebody who has something to do. Raises OutputProblem."""
    told = pl.DataFrame(
        {"action": range(len(steps)), "tell": [one.action.tell or None for one in steps]},
        schema={"action": pl.UInt16(), "tell": pl.String()},
    )
    people = (
        rows.join(told, on="action", how="left", maintain_order="left")
        .filter(pl.col("tell").is_not_null() & (pl.col("state") == "ready") & pl.col("subject").is_not_null())
        .select("subject", "managerId", "displayName", "userPrincipalName", pl.col("tell").alias("whatToDo"), "due")
    )
    known = people.filter(pl.col("managerId").is_not_null())
    if known.height:
        make_private(folder / FOLDER)
    of_nobody, managers = 0, 0
    for part in known.partition_by("managerId", maintain_order=True):
        manager = part["managerId"][0]
        # The name of the file is an object id: `managers_of` lets nothing else through.
        write_csv(folder / FOLDER / f"{manager or NO_MANAGER}.csv", part.drop("subject", "managerId"))
        managers += bool(manager)
        of_nobody += 0 if manager else part["subject"].n_unique()
    return Mailed(
        managers=managers,
        people=known["subject"].n_unique(),
        without=of_nobody,
        unknown=people["subject"].n_unique() - known["subject"].n_unique(),
    )
