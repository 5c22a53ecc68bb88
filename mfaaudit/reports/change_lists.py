"""The long lists of what changed: one row for each change, and one for each user who came or went."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mfaaudit.earlier import Change, Earlier, causes_in
from mfaaudit.earlier.audit import NAME_COLUMNS
from mfaaudit.reports.change_numbers import UNPROVED
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.material import BATCH_ROWS, Material, cells


def changes(material: Material, earlier: Earlier) -> Table:
    """Every failure that came, stayed or went, the new ones first, and of each kind the worst first."""
    ordered = earlier.rows.sort("change", "severity", "rule", "account", maintain_order=True)
    names, rules = _names(material, earlier), [one.rule for one in earlier.rules]
    since = [earlier.since(place) for place in range(len(earlier.audits) + 1)]

    def rows() -> Iterator[list[Cell]]:
        for start in range(0, ordered.height, BATCH_ROWS):
            batch = ordered.slice(start, BATCH_ROWS)
            users = names[batch["account"]]
            shown = cells(users, "user.userPrincipalName"), cells(users, "user.displayName"), users["user_id"].to_list()
            for row, name, display, user_id in zip(batch.iter_rows(named=True), *shown, strict=True):
                first = since[row["since"]]
                yield [
                    Change(row["change"]).words,
                    rules[row["rule"]].id,
                    row["severity"],
                    "(the tenant)" if row["account"] is None else name,
                    row["before"],
                    row["now"],
                    ", ".join(one.words for one in causes_in(row["causes"])) or None,
                    row["what"],
                    row["read before"],
                    row["read now"],
                    first.at,
                    first.age_days,
                    display,
                    rules[row["rule"]].title,
                    user_id,
                    first.run_id,
                ]

    return Table(
        name="Changes",
        title="Changes",
        note=(
            "Cause: the main one first; what still fails has none. Read before and read now: when the value that "
            "changed, or else the first that the rule looks at, was read of the account in either audit; empty where "
            "it follows from several answers. Failing since: the audit in which the failure was seen first. Waivers, "
            "values that were not read and rules that were not judged do not interrupt it; a pass does, and so does a "
            "change of the rule. Age: whole days from then to this audit."
        ),
        columns=(
            Column(key="change", title="Change", width=18),
            Column(key="ruleId", title="Rule", width=12),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="userPrincipalName", title="User", width=38),
            Column(key="before", title="Before", kind=ColumnKind.VERDICT, width=18),
            Column(key="now", title="Now", kind=ColumnKind.VERDICT, width=18),
            Column(key="causes", title="Cause", width=18),
            Column(key="what", title="What changed", kind=ColumnKind.LONG_TEXT, width=56),
            Column(key="readBefore", title="Read before", kind=ColumnKind.TIME, width=20),
            Column(key="readNow", title="Read now", kind=ColumnKind.TIME, width=20),
            Column(key="since", title="Failing since", kind=ColumnKind.TIME, width=20),
            Column(key="ageDays", title="Age in days", kind=ColumnKind.NUMBER, width=12),
            Column(key="displayName", title="Display name", width=26),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44, on_paper=False),
            Column(key="userId", title="Object id", width=38, on_paper=False),
            Column(key="sinceRunId", title="First seen in run", width=38, on_paper=False),
        ),
        rows=rows,
        row_count=ordered.height,
        key_columns=4,
        empty="Nothing failed before, and nothing fails now.",
        browse=True,
    )


def people(material: Material, earlier: Earlier) -> Table:
    """Everybody who joined, is back or left."""
    moved, names = earlier.people.moved, _names(material, earlier)

    def rows() -> Iterator[list[Cell]]:
        for start in range(0, moved.height, BATCH_ROWS):
            batch = moved.slice(start, BATCH_ROWS)
            users = names[batch["account"]]
            shown = cells(users, "user.userPrincipalName"), users["user_id"].to_list()
            for row, name, user_id in zip(batch.iter_rows(named=True), *shown, strict=True):
                yield [Change(row["change"]).words, name, row["failures"], user_id]

    return Table(
        name="PeopleWhoMoved",
        title="Users who joined, are back or left",
        note="Failures: of one who left, those in the previous audit." + ("" if earlier.complete else f" {UNPROVED}"),
        columns=(
            Column(key="change", title="Change", width=10),
            Column(key="userPrincipalName", title="User", width=38),
            Column(key="failures", title="Failures", kind=ColumnKind.NUMBER, width=10),
            Column(key="userId", title="Object id", width=38),
        ),
        rows=rows,
        row_count=moved.height,
        key_columns=2,
        empty="The same users are listed in both audits.",
        browse=True,
    )


def _names(material: Material, earlier: Earlier) -> pl.DataFrame:
    """The names of everybody in the order of `earlier.ids`; those of whoever left from the previous audit."""
    columns = (pl.col(name).cast(pl.String()) for name in ("user_id", *NAME_COLUMNS))
    return pl.concat([material.users.select(columns), earlier.people.left])
