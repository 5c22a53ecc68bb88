"""The totals of an audit for programs, as results.json and manifest.json both say them; nobody is named in them."""

from __future__ import annotations

from typing import Any

from mfaaudit.findings import LedgerRow
from mfaaudit.reports.conclusion import Conclusion
from mfaaudit.reports.material import iso
from mfaaudit.snapshot.coverage import Coverage
from mfaaudit.snapshot.population import Population
from mfaaudit.words import Unknown


def population_json(population: Population) -> dict[str, Any]:
    """How many were listed, beside the directory's own counts."""
    return {
        "enumerated": population.enumerated,
        "countBefore": population.count_before,
        "countAfter": population.count_after,
        "complete": population.complete,
        "statement": population.statement,
        "duplicates": population.duplicates,
        "withoutId": population.nameless,
        "goneWhenRead": population.gone,
    }


def ledger_json(row: LedgerRow) -> dict[str, Any]:
    """One bucket of the ledger."""
    return {
        "bucket": row.bucket.value,
        "reason": None if row.reason is None else row.reason.value,
        "users": row.users,
        "failing": row.failing,
    }


def read_json(one: Coverage) -> dict[str, Any]:
    """How much of a source was read, and from when to when."""
    return {
        "wanted": one.wanted,
        "read": one.read,
        "unread": one.unread,
        "reasons": {reason.value: count for reason, count in one.reasons.items()},
        "requests": one.requests,
        "firstReadAt": iso(one.first),
        "lastReadAt": iso(one.last),
    }


def conclusion_json(conclusion: Conclusion) -> dict[str, Any]:
    """What it comes to, in a sentence and in numbers."""
    return {
        "exitCode": conclusion.exit_code,
        "statement": f"{conclusion.headline}. {conclusion.statement}",
        "failOn": conclusion.fail_on.value,
        "failedRules": conclusion.failed_rules,
        "failedUsers": conclusion.failed_users,
        "usersNotFullyJudged": conclusion.unjudged_users,
    }


def or_null(value: int | Unknown) -> int | None:
    """A number, or null where it is unknown; why stands beside it."""
    return None if isinstance(value, Unknown) else value


def reason(value: object) -> str | None:
    """Why a value is unknown; null where it is known."""
    return value.reason.value if isinstance(value, Unknown) else None
