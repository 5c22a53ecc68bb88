"""The decisions to put something right, as a list for who follows them up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from mfaaudit.annotating.deciding import Chosen
from mfaaudit.declared.decisions import KINDS
from mfaaudit.reports.findings_csv import harmless

COLUMNS = (
    "dueOn",
    "owner",
    "ruleId",
    "severity",
    "status",
    "userId",
    "userPrincipalName",
    "title",
    "remediation",
    "blockedBy",
    "justification",
    "compensatingControl",
    "ticket",
    "runId",
)


def remediations(chosen: Iterable[Chosen]) -> tuple[Chosen, ...]:
    """Those decisions that need no exception, by day, owner, rule and user."""
    return tuple(
        sorted(
            (one for one in chosen if one.decision not in KINDS),
            key=lambda one: (one.due, one.owner.casefold(), one.finding.rule, one.finding.user_id),
        )
    )


def as_csv(chosen: Iterable[Chosen], run_id: str) -> bytes:
    """The file, with a byte order mark, as Excel needs it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in chosen:
        finding = one.finding
        values = (
            one.due.isoformat(),
            one.owner,
            finding.rule,
            finding.severity,
            finding.status.value,
            finding.user_id,
            finding.user,
            finding.title,
            finding.remediation,
            ", ".join(finding.blocked_by),
            one.justification,
            one.control,
            one.ticket,
            run_id,
        )
        # A cell of one line: a break would be shown as a letter that cannot be read.
        writer.writerow([harmless(" ".join(value.splitlines())) for value in values])
    return text.getvalue().encode("utf-8-sig")
