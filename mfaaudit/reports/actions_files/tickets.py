"""tickets.csv: a row for each user and action, for a tracker to import; the same id each time, so that it updates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from mfaaudit.actions import Step
from mfaaudit.reports.actions_files.harmless_columns import write_csv


def write_tickets(steps: Sequence[Step], rows: pl.DataFrame, tenant_id: str, path: Path) -> None:
    """The file. Raises OutputProblem."""
    of_steps = pl.DataFrame(
        {
            "action": range(len(steps)),
            "id": [one.action.id for one in steps],
            "title": [one.action.title for one in steps],
            "steps": [one.action.steps for one in steps],
        },
        schema={"action": pl.UInt16(), "id": pl.String(), "title": pl.String(), "steps": pl.String()},
    )
    once, state = pl.col("subject").is_null(), pl.col("state").cast(pl.String())
    said = rows.join(of_steps, on="action", how="left", maintain_order="left")
    write_csv(
        path,
        said.select(
            summary=pl.concat_str("title", pl.lit(": "), "userPrincipalName"),
            description=pl.concat_str(
                # What must not be done yet says so before it says what to do.
                pl.when(state == "ready").then(pl.lit("")).otherwise(pl.col("words").str.to_uppercase() + ". "),
                "steps",
                pl.lit(" Cures "),
                "rules",
                pl.lit("."),
            ),
            priority=pl.col("severity").cast(pl.String()),
            assignee=pl.col("assignee"),
            due=pl.col("due"),
            labels=pl.concat_str(pl.lit("mfaaudit "), "id", pl.lit(" "), state.str.replace_all(" ", "-")),
            externalId=pl.concat_str(
                pl.lit(f"{tenant_id}/"),
                "id",
                pl.lit("/"),
                pl.when(once).then(pl.lit(tenant_id)).otherwise(pl.col("userId").str.to_lowercase()),
            ),
        ),
    )
