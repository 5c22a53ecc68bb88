"""The part of results.json about the use of authentication methods: what succeeded and what failed, by method."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from mfaaudit.reports.results_totals import or_null, reason
from mfaaudit.reports.verdict_numbers import percent
from mfaaudit.snapshot.method_activity import (
    BY_DAY,
    BY_METHOD,
    DAYS,
    REGISTRATION,
    REGISTRATIONS,
    RESET,
    Activity,
    DaySignIns,
    MethodActivity,
)
from mfaaudit.words import Unknown


def activity_json(activity: MethodActivity) -> dict[str, Any]:
    """The three reports as JSON values; null where one was not read, with the reason beside it."""
    attempts, sign_ins, days = activity.activities, activity.sign_ins, activity.days
    return {
        "source": f"{REGISTRATIONS}, {BY_METHOD}, {BY_DAY}",
        "days": DAYS,
        "registrationAndReset": None if isinstance(attempts, Unknown) else [_attempts(row) for row in attempts],
        "registrationAndResetReason": reason(attempts),
        "totals": {feature: _total(activity.total(feature)) for feature in (REGISTRATION, RESET)},
        "signInsByMethod": None
        if isinstance(sign_ins, Unknown)
        else [
            {"method": row.method or None, "succeeded": or_null(row.succeeded), "reason": reason(row.succeeded)}
            for row in sign_ins
        ],
        "signInsByMethodReason": reason(sign_ins),
        "signInsByDay": None if isinstance(days, Unknown) else _days(days),
        "signInsByDayReason": reason(days),
        "missingDays": [day.isoformat() for day in activity.missing_days],
        "remarks": list(activity.remarks),
    }


def _attempts(row: Activity) -> dict[str, Any]:
    return {"feature": row.feature or None, "method": row.method or None} | _counts(row)


def _counts(row: Activity) -> dict[str, Any]:
    rate = row.failure_rate
    return {
        "succeeded": or_null(row.succeeded),
        "failed": or_null(row.failed),
        "failedPercent": percent(rate) if isinstance(rate, Fraction) else None,
        "reason": reason(row.attempts),
    }


def _total(total: Activity | Unknown) -> dict[str, Any] | None:
    return None if isinstance(total, Unknown) else _counts(total)


def _days(days: Mapping[date, DaySignIns]) -> dict[str, Any]:
    return {
        day.isoformat(): {
            "total": or_null(found.total),
            "singleFactor": or_null(found.single_factor),
            "multiFactor": or_null(found.multi_factor),
        }
        for day, found in days.items()
    }
