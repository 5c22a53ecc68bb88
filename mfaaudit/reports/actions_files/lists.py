"""Whom an action is for: one list an action."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from mfaaudit.actions import Step
from mfaaudit.reports.actions_files.harmless_columns import observed, write_csv
from mfaaudit.reports.material import Material
from mfaaudit.sources.field import Field, Scope
from mfaaudit.vocabulary import FIELDS

COLUMNS = ("userId", "userPrincipalName", "displayName", "severity", "rules", "due")


def write_list(material: Material, step: Step, rows: pl.DataFrame, path: Path) -> None:
    """Everybody whom an action is for, ready or not, with what was seen. Raises OutputProblem."""
    own = rows.filter(pl.col("subject").is_not_null())
    fields = _looked_at(material, step)
    columns = (name for field in fields for name in (field.column, f"{field.column}_reason"))
    # A tenant has a hundred columns and more: only those that are shown are looked up.
    users = material.users.select("user_id", *columns)[own["subject"]]
    seen = pl.DataFrame({"subject": own["subject"], "evidence": observed(users, fields)})
    listed = rows.join(seen, on="subject", how="left", maintain_order="left").with_columns(
        pl.when(pl.col("subject").is_null())
        .then(pl.lit(_of_tenant(material, step)))
        .otherwise("evidence")
        .alias("evidence")
    )
    write_csv(path, listed.select(*COLUMNS, pl.col("words").alias("state"), "evidence"))


def _looked_at(material: Material, step: Step) -> list[Field]:
    """What the rules that it cures look at of a user."""
    rules = (one.rule for one in material.findings.results if one.rule.id in step.rules)
    names = (name for rule in rules if rule.scope is Scope.USER for name in rule.observed_fields)
    return [FIELDS[name] for name in dict.fromkeys(names)]


def _of_tenant(material: Material, step: Step) -> str:
    results = (one for one in material.findings.results if one.rule.id in step.rules)
    return "; ".join(f"{one.rule.id}: {one.observed}" for one in results if one.observed)
