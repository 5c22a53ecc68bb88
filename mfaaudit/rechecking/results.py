"""recheck.json, under the schema that ships beside this file, and recheck.csv: a row for each finding."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from mfaaudit.bundle import private_file, write_private
from mfaaudit.rechecking.outcome import Outcome
from mfaaudit.rechecking.recheck import NewFailure, Now, Recheck, Row
from mfaaudit.reports.findings_csv import harmless
from mfaaudit.reports.material import iso
from mfaaudit.words import Unknown, Verdict

SCHEMA = 1
COLUMNS = (
    "ruleId",
    "severity",
    "result",
    "before",
    "now",
    "reason",
    "userId",
    "userPrincipalName",
    "displayName",
    "observedBefore",
    "observedNow",
    "readAt",
    "registrationRefreshedAt",
    "title",
    "recheckOfRunId",
    "recheckId",
)
NEW_FAILURE = "NEW_FAILURE"
"""The result of a row that is none of the findings: what a user fails now and did not fail before."""


def results_of(made: Recheck) -> dict[str, Any]:
    """The whole result as JSON values."""
    flagged, counts = made.flagged, made.counts
    return {
        "schema": SCHEMA,
        "recheckOf": made.reading.origin.facts(),
        "run": made.reading.facts(),
        "population": {"users": len(flagged.users), "statement": made.population},
        "flagged": {
            "users": len(flagged.users),
            "findings": len(flagged.findings),
            "byVerdict": {one.value: flagged.by_verdict.get(one, 0) for one in Verdict},
            "narrowedBy": flagged.narrowing.words,
        },
        "counts": {one.value: counts[one] for one in Outcome},
        "failingNow": made.failing,
        "usersFailingNow": made.users_failing,
        "posture": {"value": made.posture.value, "statement": made.posture.statement},
        "findings": [_finding(row) for row in made.rows],
        "newFailures": [_new_failure(one) for one in made.new_failures],
        "notRead": [
            {
                "source": one.source,
                "userId": one.user_id or None,
                "reason": one.reason.value,
                "status": one.status,
                "code": one.code,
                "requestId": one.request_id,
                "readAt": iso(one.read_at),
            }
            for one in made.failures
        ],
        "rulesLeftOut": [one.id for one in flagged.left_out],
        "conclusion": {"exitCode": made.exit_code, "statement": f"{made.headline}. {made.statement}"},
    }


def write_results(made: Recheck, path: Path) -> None:
    """The file. Raises OutputProblem if it cannot be written."""
    text = json.dumps(results_of(made), indent=2, ensure_ascii=False, allow_nan=False)
    write_private(path, (text + "\n").encode("utf-8"))


def write_rows(made: Recheck, path: Path) -> None:
    """The rows as CSV with a byte order mark; new failures come last. Raises OutputProblem if it cannot be written."""
    ids = (made.reading.origin.run.id, made.reading.id)
    with private_file(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for row in made.rows:
            writer.writerow([harmless(value) for value in (*_cells(row), *ids)])
        for one in made.new_failures:
            writer.writerow([harmless(value) for value in (*_cells_of_new(one), *ids)])


def _cells(row: Row) -> tuple[Any, ...]:
    before, now = row.before, row.now
    return (
        before.rule.id,
        (now.severity if now.verdict is Verdict.FAIL else before.severity).value,
        row.outcome.value,
        before.verdict.value,
        None if now.verdict is None else now.verdict.value,
        now.reason,
        before.user_id,
        row.name,
        row.display_name,
        before.observed,
        now.observed,
        now.read_at,
        now.refreshed_at,
        before.rule.title,
    )


def _cells_of_new(one: NewFailure) -> tuple[Any, ...]:
    now = one.now
    head = (one.rule.id, now.severity.value, NEW_FAILURE, one.before.value, Verdict.FAIL.value, "", one.user_id)
    return (*head, one.name, one.display_name, None, now.observed, now.read_at, now.refreshed_at, one.rule.title)


def _finding(row: Row) -> dict[str, Any]:
    before = row.before
    return {
        "ruleId": before.rule.id,
        "userId": before.user_id,
        "userPrincipalName": _text(row.name),
        "displayName": _text(row.display_name),
        "result": row.outcome.value,
        "before": {
            "verdict": before.verdict.value,
            "reason": before.reason or None,
            "severity": before.severity.value,
            "observed": before.observed,
        },
        "now": _now(row.now),
    }


def _new_failure(one: NewFailure) -> dict[str, Any]:
    return {
        "ruleId": one.rule.id,
        "userId": one.user_id,
        "userPrincipalName": _text(one.name),
        "displayName": _text(one.display_name),
        "before": one.before.value,
        "now": _now(one.now),
    }


def _now(now: Now) -> dict[str, Any] | None:
    if now.verdict is None:
        return None
    return {
        "verdict": now.verdict.value,
        "reason": now.reason or None,
        "severity": now.severity.value,
        "observed": now.observed,
        "readAt": iso(now.read_at),
        "registrationRefreshedAt": iso(now.refreshed_at) if isinstance(now.refreshed_at, datetime) else None,
    }


def _text(value: str | Unknown) -> str | None:
    return None if isinstance(value, Unknown) else value
