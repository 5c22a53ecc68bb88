"""The tables of why something changed: each cause and what it did, and each rule and what changed it."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.earlier import Cause, Change, Earlier
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table

CHANGED = tuple(change for change in Change if change is not Change.STILL_FAILING)


def by_cause(earlier: Earlier) -> Table:
    """Each cause that there is, and how many changes of which kind have it."""
    shown = [change for change in CHANGED if earlier.total(change)]
    causes = [cause for cause in Cause if any(earlier.caused(change, cause) for change in shown)]

    def rows() -> Iterator[list[Cell]]:
        for cause in causes:
            yield [
                cause.words.capitalize(),
                cause.meaning,
                earlier.main(cause),
                *(earlier.caused(change, cause) for change in shown),
            ]
        if causes:
            totals = [earlier.total(change) for change in shown]
            yield ["All changes", None, sum(totals), *totals]

    return Table(
        name="ChangesByCause",
        title="Causes",
        note=(
            "The evidence of the previous audit was judged again a step at a time: with the rules of this audit, on "
            "its day, with what is declared now, and with what was read of the tenant and then of the accounts. Every "
            "step that made a difference is a cause. A change with several causes stands in the row of each; under "
            "main cause it stands once, and that column adds up to all changes. What still fails has not changed."
        ),
        columns=(
            Column(key="cause", title="Cause", width=18),
            Column(key="meaning", title="Meaning", kind=ColumnKind.LONG_TEXT, width=60),
            Column(key="main", title="Main cause of", kind=ColumnKind.NUMBER, width=15),
            *(
                Column(
                    key=change.value,
                    title=change.words.capitalize(),
                    kind=ColumnKind.NUMBER,
                    width=len(change.words) + 3,
                )
                for change in shown
            ),
        ),
        rows=rows,
        row_count=len(causes) + (1 if causes else 0),
        empty="Nothing changed.",
    )


def causes_by_rule(earlier: Earlier) -> Table:
    """What changed the verdicts of each rule, by main cause."""
    changed = [one for one in earlier.of_tenant if one.main]
    causes = [cause for cause in Cause if earlier.main(cause)]

    def rows() -> Iterator[list[Cell]]:
        for one in changed:
            counts = [one.main.get(cause, 0) for cause in causes]
            yield [one.rule.id, one.rule.title, one.rule.severity.value, one.comparison.words, *counts, sum(counts)]
        if changed:
            totals = [earlier.main(cause) for cause in causes]
            yield ["Total", None, None, None, *totals, sum(totals)]

    return Table(
        name="CausesByRule",
        title="Causes by rule",
        note="Each change stands once, under its main cause.",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="comparison", title="Comparison", width=24),
            *(
                Column(
                    key=cause.value,
                    title=cause.words.capitalize(),
                    kind=ColumnKind.NUMBER,
                    width=len(cause.words) + 3,
                )
                for cause in causes
            ),
            Column(key="total", title="All changes", kind=ColumnKind.NUMBER, width=13),
        ),
        rows=rows,
        row_count=len(changed) + (1 if changed else 0),
        empty="Nothing changed.",
    )
