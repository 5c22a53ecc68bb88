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
    """A day of which no row came is not in it."""
    failure: Mapping[date, int] | Unknown

    def total(self, which: Mapping[date, int] | Unknown) -> int | Unknown:
        """The sum over the days of which rows came; unknown where none came at all."""
        if isinstance(which, Unknown):
            return which
        return sum(which.values()) if which else NO_DAYS

    def missing(self, which: Mapping[date, int] | Unknown) -> tuple[date, ...]:
        """The days of the window of which no row came, though the counts were read."""
        return () if isinstance(which, Unknown) else tuple(day for day in self.days if day not in which)

    def on(self, which: Mapping[date, int] | Unknown, day: date) -> int | Unknown:
        """The count of one day; unknown where no row of it came."""
        return which if isinstance(which, Unknown) else which.get(day, NO_DAYS)


NO_DAYS = Unknown(Reason.OUT_OF_SOURCE_WINDOW)
"""Why the count of a day is unknown of which the source held no row: nothing came, and that is no nought."""


def read_metrics(evidence: Evidence, start: datetime, end: datetime) -> SignInMetrics:
    """Both counts, added up by day."""
    success, failure = (_by_day(evidence, source, start, end) for source in (SUCCESS, FAILURE))
    return sign_ins_of(start, end, success=success, failure=failure)


def sign_ins_of(
    start: datetime, end: datetime, *, success: Mapping[date, int] | Unknown, failure: Mapping[date, int] | Unknown
) -> SignInMetrics:
    """The counts of a window."""
    return SignInMetrics(start=start, end=end, days=_days(start, end), success=success, failure=failure)


def _days(start: datetime, end: datetime) -> tuple[date, ...]:
    first, last = start.date(), (end - timedelta(microseconds=1)).date()
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def _by_day(evidence: Evidence, source: str, start: datetime, end: datetime) -> Mapping[date, int] | Unknown:
    """The sum of each day of which rows came.

    An interval that comes twice counts once. One that begins where the window ends belongs to the next one; the example
    on the page of the source shows such a row.
    """
    rows = evidence.objects(source)
    if isinstance(rows, Unknown):
        return rows
    intervals: dict[datetime, int] = {}
    for row in rows:
        stamp, value = row.get("intervalStartDateTime"), _count(row.get("value"))
        time = read_time(stamp) if isinstance(stamp, str) else None
        if time is None or value is None or not start <= time <= end or intervals.setdefault(time, value) != value:
            # One interval that cannot be placed would make every sum a little wrong, and so would one with two values.
            return Unknown(Reason.UNKNOWN_VALUE)
    counts: dict[date, int] = {}
    for time, value in intervals.items():
        if time < end:
            counts[time.date()] = counts.get(time.date(), 0) + value
    return counts


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
