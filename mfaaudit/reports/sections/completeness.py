"""Whether everybody was seen, and what became of each: the ledger, and the population beside the directory's counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import polars as pl

from mfaaudit.findings import Bucket, Ledger, LedgerRow, ledger_of
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.entra_links import id_column
from mfaaudit.reports.material import Material, cells
from mfaaudit.reports.population_numbers import counts, population_numbers, report_gap

MEANINGS = {
    Bucket.EVALUATED: "Every rule was judged, and at least one passed or failed.",
    Bucket.WAIVED: "Every rule was judged; none failed, and at least one failure was waived.",
    Bucket.OUT_OF_SCOPE: "No rule is about the user.",
    Bucket.UNREADABLE: "At least one rule lacked a value; the reason says why.",
    Bucket.ERROR: "At least one rule broke down.",
}
MANY = 25
"""Rows that the page still shows without a search above them."""


def section(material: Material) -> Section:
    """Completeness."""
    population = material.snapshot.population
    before, after = counts(material)
    return Section(
        name="Completeness",
        title="Completeness",
        lead=(
            "Whether every user of the tenant was seen, and what became of each. Without a population that agrees with "
            "the directory's own count there is no conclusion about the whole tenant.",
        ),
        facts=(
            Fact(
                label="Population",
                value="Complete" if population.complete else "Not proved complete",
                note=population.statement,
                tone=Tone.GOOD if population.complete else Tone.OPEN,
            ),
            Fact(label="Users enumerated", value=population.enumerated, note="Every share is out of these."),
            Fact(label="Counted before", value=before, note="/users/$count before the users were listed."),
            Fact(label="Counted after", value=after, note="/users/$count after the last user was read."),
        ),
        tables=(
            _ledger(ledger_of(material.findings)),
            population_numbers(material),
            _duplicates(material),
            _orphans(material),
        ),
        sheet="Reconciliation",
    )


def _ledger(ledger: Ledger) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for one in ledger.rows:
            reason = None if one.reason is None else one.reason.value
            yield [one.bucket.words.capitalize(), reason, one.users, share(one.users), one.failing, _meaning(one)]
        yield ["Total", None, ledger.users, share(ledger.users), ledger.failing, "The users enumerated."]

    def share(users: int) -> Fraction | None:
        return Fraction(users, ledger.users) if ledger.users else None

    return Table(
        name="Ledger",
        title="Ledger",
        note=(
            "Every user enumerated stands in exactly one row. A user is unreadable if a rule lacked a value; "
            "of several reasons, a missing permission comes before a missing licence, and both before all others. "
            "Shares are rounded down."
        ),
        columns=(
            Column(key="bucket", title="Bucket", width=14),
            Column(key="reason", title="Reason", width=24),
            Column(key="users", title="Users", kind=ColumnKind.NUMBER),
            Column(key="share", title="Share", kind=ColumnKind.PERCENT),
            Column(key="failing", title="With a failure", kind=ColumnKind.NUMBER, width=16),
            Column(key="meaning", title="Meaning", kind=ColumnKind.LONG_TEXT, width=80),
        ),
        rows=rows,
        row_count=len(ledger.rows) + 1,
    )


def _meaning(row: LedgerRow) -> str:
    return MEANINGS[row.bucket] if row.reason is None else row.reason.meaning


def _duplicates(material: Material) -> Table:
    times = Counter(user_id.lower() for user_id in material.snapshot.duplicates)

    def rows() -> Iterator[list[Cell]]:
        again = pl.col("user_id").str.to_lowercase().is_in(list(times))
        users = material.users.filter(again)
        for user_id, name in zip(users["user_id"], cells(users, "user.userPrincipalName"), strict=True):
            yield [user_id, name, times[user_id.lower()]]

    return Table(
        name="Duplicates",
        title="Users who were listed more than once",
        note="The list held them again. The first row was taken, and each of them is counted once.",
        columns=(
            id_column(material),
            Column(key="userPrincipalName", title="User principal name", width=38),
            Column(key="again", title="Came again", kind=ColumnKind.NUMBER),
        ),
        rows=rows,
        row_count=len(times),
        empty="No user was listed twice.",
        browse=len(times) > MANY,
    )


def _orphans(material: Material) -> Table:
    orphans = Counter(material.snapshot.orphans)

    def rows() -> Iterator[list[Cell]]:
        for user_id, count in orphans.items():
            yield [user_id, count]

    return Table(
        name="Orphans",
        title="Rows of the registration report that belong to nobody listed",
        note=(
            "For instance accounts that were deleted after the report was made, or created after the users were "
            "listed. They are not judged, and count nowhere."
        ),
        columns=(
            Column(key="userId", title="Object id", width=38),
            Column(key="rows", title="Rows", kind=ColumnKind.NUMBER),
        ),
        rows=rows,
        row_count=len(orphans),
        empty=(
            "Every row of the report belongs to a user who was listed."
            if report_gap(material) is None
            else "Not known: the report was not read to its end."
        ),
        browse=len(orphans) > MANY,
    )
