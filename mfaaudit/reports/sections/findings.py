"""The long list: one row for each user and rule that is not in order, ready for a filter or a pivot table."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.reports.decision_columns import COLUMNS as OF_DECISIONS
from mfaaudit.reports.decision_columns import EMPTY
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.material import Material, count_findings, finding_rows
from mfaaudit.reports.register_numbers import register_numbers, until


def section(material: Material) -> Section:
    """Findings."""
    with_register = register_numbers(material) is not None
    covered = {key: f"{key[0]} until {day.isoformat()}" for key, day in until(material).items()}

    def rows() -> Iterator[list[Cell]]:
        for row in finding_rows(material):
            rule = row.result.rule
            yield [
                rule.id,
                row.severity.value,
                row.status.value,
                row.reason or None,
                row.of_user("user.userPrincipalName") if row.user is not None else "(the tenant)",
                *((covered[row.exception, rule.id] if row.exception else None,) if with_register else ()),
                row.observed,
                row.expected,
                row.of_user("user.displayName"),
                row.of_user("user.department"),
                row.of_user("user.userType"),
                row.of_user("registration.isAdmin"),
                rule.title,
                row.user["user_id"] if row.user is not None else None,
                *EMPTY,
            ]

    table = Table(
        name="Findings",
        title="Findings",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="status", title="Status", kind=ColumnKind.VERDICT, width=18),
            Column(key="reason", title="Reason", width=18),
            Column(key="userPrincipalName", title="User", width=38),
            *((Column(key="exception", title="Exception", width=28),) if with_register else ()),
            Column(key="observed", title="Observed", kind=ColumnKind.LONG_TEXT, width=48),
            Column(key="expected", title="Expected", kind=ColumnKind.LONG_TEXT, width=40),
            Column(key="displayName", title="Display name", width=26),
            Column(key="department", title="Department", width=20),
            Column(key="userType", title="User type", width=11),
            Column(key="isAdmin", title="Administrator", kind=ColumnKind.BOOLEAN, width=18),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44, on_paper=False),
            Column(key="userId", title="Object id", width=38, on_paper=False),
            *OF_DECISIONS,
        ),
        rows=rows,
        row_count=count_findings(material),
        key_columns=5,
        empty="No findings.",
        browse=True,
    )
    return Section(
        name="Findings",
        title="Findings",
        lead=(
            "One row for each rule that an account fails, or that could not be judged for it. NOT_EVALUATED is not a "
            "failure: a value was missing, and the reason says why.",
            *(
                ("WAIVED is a failure that an exception covers, until the end of the day it names.",)
                if with_register
                else ()
            ),
        ),
        tables=(table,),
    )
