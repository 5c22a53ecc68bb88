"""findings.csv: one row for each user and rule that is not PASS and not NOT_APPLICABLE."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mfaaudit.bundle import private_file
from mfaaudit.reports.material import FindingRow, Material, finding_rows, iso
from mfaaudit.reports.plain import plain
from mfaaudit.reports.register_numbers import until
from mfaaudit.words import Unknown

COLUMNS = (
    "ruleId",
    "severity",
    "status",
    "reason",
    "userId",
    "userPrincipalName",
    "displayName",
    "observed",
    "expected",
    "scope",
    "title",
    "accountEnabled",
    "userType",
    "department",
    "isAdmin",
    "createdDateTime",
    "exceptionId",
    "exceptionExpiresOn",
    "ticket",
    "blockedBy",
    "action",
    "runId",
)
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
"""A spreadsheet would compute a value that begins like this (ASVS 5.0, 1.2.10)."""


def write_findings(material: Material, path: Path) -> None:
    """The file, with a byte order mark, as Excel needs it. Raises OutputProblem if it cannot be written."""
    run_id, days = material.snapshot.run.id, until(material)
    tickets = {one.entry.id: one.entry.ticket for one in material.exceptions}
    # Every row says that it is of a copy: rows are cut and pasted.
    head, tail = ((), ()) if material.share is None else (("copy",), (material.share.mode,))
    with private_file(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow((*COLUMNS, *head))
        for row in finding_rows(material):
            writer.writerow([harmless(value) for value in (*_cells(row, days, tickets, run_id), *tail)])


def harmless(value: Any) -> str:
    """A value as text that no spreadsheet takes for a formula, and that no terminal obeys."""
    if value is None:
        return ""
    if isinstance(value, Unknown):
        return f"NOT READ ({value.reason})"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(iso(value))
    text = str(value)
    # Spaces before it do not keep a spreadsheet from seeing the sign.
    mark = "'" if text.startswith(STARTS_A_FORMULA) or text.lstrip().startswith(STARTS_A_FORMULA) else ""
    return mark + plain(text)


def _cells(
    row: FindingRow, days: Mapping[tuple[str, str], date], tickets: Mapping[str, str], run_id: str
) -> tuple[Any, ...]:
    rule, exception = row.result.rule, row.exception
    return (
        rule.id,
        row.severity.value,
        row.status.value,
        row.reason,
        row.user["user_id"] if row.user is not None else None,
        row.of_user("user.userPrincipalName"),
        row.of_user("user.displayName"),
        row.observed,
        row.expected,
        rule.scope.value,
        rule.title,
        row.of_user("user.accountEnabled"),
        row.of_user("user.userType"),
        row.of_user("user.department"),
        row.of_user("registration.isAdmin"),
        row.of_user("user.createdDateTime"),
        exception,
        # The last day on which the failure is waived; the entry itself may be written to last longer.
        days[exception, rule.id] if exception else None,
        tickets[exception] if exception else None,
        ", ".join(row.result.blocked_by),
        row.action,
        run_id,
    )
