"""How often MFA sign-ins succeeded and were not completed, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mfaaudit.snapshot.objects import Evidence
from mfaaudit.sources.field import read_time
from mfaaudit.words import Reason, Unknown

SUCCESS, FAILURE = "getMetricsForMfaSignInSuccess", "getMetricsForMfaSignInFailure"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInMetrics:
    """Counts a day in UTC; the first and the last day may be cut by the window that was asked for."""

    start: datetime
    end: datetime
    days: tuple[date, ...]
    """Every day of the window, whether anything happened or not."""
    success: Mapping[date, int] | Unknown
    failure: Mapping[date, int] | Unknown

    def total(self, which: Mapping[date, int] | Unknown) -> int | Unknown:
        """The sum over the window."""
        return which if isinstance(which, Unknown) else sum(which.values())


def read_metrics(evidence: Evidence, start: datetime, end: datetime) -> SignInMetrics:
    """Both counts, added up by day."""
    days = _days(start, end)
    return sign_ins_of(start, end, success=_by_day(evidence, SUCCESS, days), failure=_by_day(evidence, FAILURE, days))


def sign_ins_of(
    start: datetime, end: datetime, *, success: Mapping[date, int] | Unknown, failure: Mapping[date, int] | Unknown
) -> SignInMetrics:
    """The counts of a window."""
    return SignInMetrics(start=start, end=end, days=_days(start, end), success=success, failure=failure)


def _days(start: datetime, end: datetime) -> tuple[date, ...]:
    first, last = start.date(), (end - timedelta(microseconds=1)).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def _by_day(evidence: Evidence, source: str, days: tuple[date, ...]) -> Mapping[date, int] | Unknown:
    rows = evidence.objects(source)
    if isinstance(rows, Unknown):
        return rows
    counts = dict.fromkeys(days, 0)
    for row in rows:
        stamp, value = row.get("intervalStartDateTime"), row.get("value")
        time = read_time(stamp) if isinstance(stamp, str) else None
        if time is None or not isinstance(value, int) or isinstance(value, bool) or time.date() not in counts:
            # One interval that cannot be placed would make every sum a little wrong.
            return Unknown(Reason.UNKNOWN_VALUE)
        counts[time.date()] += value
    return counts
