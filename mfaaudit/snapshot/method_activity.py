"""How authentication methods were used: registrations, resets and sign-ins by method, and sign-ins by day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from mfaaudit.snapshot.objects import Evidence
from mfaaudit.sources.field import read_time
from mfaaudit.words import Reason, Unknown

REGISTRATIONS, BY_METHOD, BY_DAY = (
    "userRegistrationActivity",
    "userSignInsByAuthMethodSummary",
    "userMfaSignInSummary",
)
REGISTRATION, RESET = "registration", "reset"
DAYS = 30
"""Days that the first two reports are asked for; the third names its days itself."""
SENTINEL = "unknownFutureValue"
"""What Graph says in place of a newer word; rows that share it may be about different things."""
STRANGE = Unknown(Reason.UNKNOWN_VALUE)
Count = int | Unknown
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """The attempts to register or to reset with one method.

    `feature` and `method` are Graph's words; empty where Graph sent none.
    """

    feature: str
    method: str
    succeeded: Count
    failed: Count

    @property
    def attempts(self) -> Count:
        """Both together; unknown if either is."""
        return add((self.succeeded, self.failed))

    @property
    def failure_rate(self) -> Fraction | Unknown | None:
        """The share of the attempts that failed; None if there were none."""
        return share(self.failed, self.attempts)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSignIns:
    """The successful sign-ins with one method; `method` is empty where Graph sent no name."""

    method: str
    succeeded: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySignIns:
    """The sign-ins of one day. Graph's total need not be the sum of the other two."""

    total: Count
    single_factor: Count
    multi_factor: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodActivity:
    """The three reports, each as far as it was read."""

    activities: Sequence[Activity] | Unknown
    sign_ins: Sequence[MethodSignIns] | Unknown
    days: Mapping[date, DaySignIns] | Unknown
    """In order; a day that the report leaves out is not in it."""
    remarks: tuple[str, ...]
    """What was odd about the rows, a sentence each."""

    def total(self, feature: str) -> Activity | Unknown:
        """All methods of one feature together; a count is unknown if that of any method is."""
        if isinstance(self.activities, Unknown):
            return self.activities
        chosen = [row for row in self.activities if row.feature == feature]
        return Activity(
            feature=feature,
            method="",
            succeeded=add(row.succeeded for row in chosen),
            failed=add(row.failed for row in chosen),
        )

    @property
    def missing_days(self) -> tuple[date, ...]:
        """The days between the first and the last one that the report leaves out."""
        if isinstance(self.days, Unknown) or not self.days:
            return ()
        first, last = min(self.days), max(self.days)
        between = (first + timedelta(days=number) for number in range((last - first).days))
        return tuple(day for day in between if day not in self.days)

    @property
    def single_factor(self) -> Count:
        """The single-factor sign-ins of all days in the report."""
        return self._of_days(lambda day: day.single_factor)

    @property
    def multi_factor(self) -> Count:
        """The multifactor sign-ins of all days in the report."""
        return self._of_days(lambda day: day.multi_factor)

    def _of_days(self, count: Callable[[DaySignIns], Count]) -> Count:
        return self.days if isinstance(self.days, Unknown) else add(map(count, self.days.values()))


def read_activity(evidence: Evidence) -> MethodActivity:
    """What the evidence gives of the three reports; what was not read is unknown, for its reason."""
    remarks: list[str] = []
    activities = _rows(evidence, REGISTRATIONS, remarks)
    sign_ins = _rows(evidence, BY_METHOD, remarks)
    days = _rows(evidence, BY_DAY, remarks)
    return MethodActivity(
        activities=activities if isinstance(activities, Unknown) else _activities(activities, remarks),
        sign_ins=sign_ins if isinstance(sign_ins, Unknown) else _sign_ins(sign_ins, remarks),
        days=days if isinstance(days, Unknown) else _days(days, remarks),
        remarks=tuple(remarks),
    )


def add(counts: Iterable[Count]) -> Count:
    """The sum; unknown, for the first reason, if any of the counts is."""
    total = 0
    for count in counts:
        if isinstance(count, Unknown):
            return count
        total += count
    return total


def share(part: Count, whole: Count) -> Fraction | Unknown | None:
    """A part of a whole; None if the whole is nought."""
    if isinstance(part, Unknown):
        return part
    if isinstance(whole, Unknown):
        return whole
    return Fraction(part, whole) if whole else None


def percent(part: Count, whole: Count) -> Count:
    """A share in whole percent, rounded up; 0 if the whole is nought."""
    found = share(part, whole)
    if found is None:
        return 0
    return found if isinstance(found, Unknown) else -(-100 * found.numerator // found.denominator)


def _rows(evidence: Evidence, source: str, remarks: list[str]) -> Sequence[Raw] | Unknown:
    """The rows of one report, each once."""
    rows = evidence.objects(source)
    if isinstance(rows, Unknown):
        return rows
    once = list({json.dumps(row, sort_keys=True, default=repr): row for row in rows}.values())
    if len(once) < len(rows):
        again = len(rows) - len(once)
        remarks.append(f"{source}: {again:,} repeated {'row is' if again == 1 else 'rows are'} counted once.")
    return once


def _activities(rows: Sequence[Raw], remarks: list[str]) -> list[Activity]:
    grouped: dict[tuple[str, str], list[Raw]] = {}
    for row in rows:
        grouped.setdefault((_word(row, "feature"), _word(row, "authMethod")), []).append(row)
    return [
        Activity(
            feature=feature,
            method=method,
            succeeded=_count(group, "successfulActivityCount", (feature, method), remarks),
            failed=_count(group, "failureActivityCount", (feature, method), remarks),
        )
        for (feature, method), group in grouped.items()
    ]


def _sign_ins(rows: Sequence[Raw], remarks: list[str]) -> list[MethodSignIns]:
    grouped: dict[str, list[Raw]] = {}
    for row in rows:
        grouped.setdefault(_word(row, "authenticationMethod"), []).append(row)
    return [
        MethodSignIns(method=method, succeeded=_count(group, "successActivityCount", (method,), remarks))
        for method, group in grouped.items()
    ]


def _days(rows: Sequence[Raw], remarks: list[str]) -> Mapping[date, DaySignIns] | Unknown:
    grouped: dict[date, list[Raw]] = {}
    for row in rows:
        stamp = row.get("createdDateTime")
        time = read_time(stamp) if isinstance(stamp, str) else None
        if time is None:
            # A day that cannot be placed could be any of those that are missing.
            return STRANGE
        grouped.setdefault(time.date(), []).append(row)
    days = {day: _day(grouped[day], day, remarks) for day in sorted(grouped)}
    uneven = [
        day.isoformat()
        for day, found in days.items()
        if not isinstance(found.total, Unknown) and found.total != add((found.single_factor, found.multi_factor))
    ]
    if uneven:
        remarks.append(f"{BY_DAY}: Graph's total is not the sum of both kinds on {', '.join(uneven)}.")
    return days


def _day(rows: Sequence[Raw], day: date, remarks: list[str]) -> DaySignIns:
    key = (day.isoformat(),)
    return DaySignIns(
        total=_count(rows, "totalSignIns", key, remarks),
        single_factor=_count(rows, "singleFactorSignIns", key, remarks),
        multi_factor=_count(rows, "multiFactorSignIns", key, remarks),
    )


def _count(rows: Sequence[Raw], name: str, key: tuple[str, ...], remarks: list[str]) -> Count:
    """One number of the rows that are about the same thing: added up where they may be about several, else the same."""
    counts = [_number(row.get(name)) for row in rows]
    if SENTINEL in key or "" in key:
        return add(counts)
    if len(set(counts)) == 1:
        return counts[0]
    remarks.append(f"{' '.join(key)}: several rows give different values of {name}; none of them is taken.")
    return STRANGE


def _word(row: Raw, name: str) -> str:
    word = row.get(name)
    return word if isinstance(word, str) else ""


def _number(value: Any) -> Count:
    known = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if known else STRANGE
