"""findings.csv: one row for each user and rule that is not PASS and not NOT_APPLICABLE."""

from __future__ import annotations

import csv
import io
import re
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
SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
"""The signs that begin a formula, with those that East Asian keyboards write; as a class of a regular expression."""
SEPARATORS = ",;|\t\u060c\u061b"
"""What separates cells somewhere: Excel reads a file with the separator of its country, whatever wrote it."""
UNSEEN = '\\s"\u00ad\u200b-\u200d\u2060\ufeff\ufffd'
"""What may stand before a sign without hiding it: spaces, quotes, marks, and what has no width."""
_FORMULA = re.compile(f"(^|[{SEPARATORS}])(?=[{UNSEEN}]*[{SIGNS}])")


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
    """A value as text that no terminal obeys, and in which no spreadsheet finds a formula, whatever separates cells.

    An apostrophe stands before a sign that begins the text, or that would begin a cell where a separator in the text
    were taken for the end of one: no cell of the whole file begins with a sign, under any separator.
    """
    if value is None:
        return ""
    if isinstance(value, Unknown):
        return f"NOT READ ({value.reason})"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return str(iso(value))
    text = str(value)
    shown = _FORMULA.sub(r"\1'", plain(text))
    # A control character at the front is shown as a mark by now.
    return f"'{shown}" if text.startswith(STARTS_A_FORMULA[4:]) and not shown.startswith("'") else shown


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
