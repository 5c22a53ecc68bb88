"""The MFA sign-ins of several audits in one calendar: each day once, and nothing made up where nobody looked; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from mfaaudit.earlier.audit import Audit
from mfaaudit.snapshot.metrics import SignInMetrics
from mfaaudit.words import Unknown

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often something happened on one day, as one of the audits read it."""

    value: int
    audit: int
    """Its place."""
    whole: bool
    """Whether its window held the whole day; if not, there were as many at least."""
    others: Mapping[int, int]
    """What other audits that saw the whole day read, where it is another number, by their places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day, in UTC."""

    day: date
    success: Count | None
    """None where no audit tells."""
    failure: Count | None

    @property
    def whole(self) -> bool:
        """Whether both are known of the whole day."""
        return self.success is not None and self.failure is not None and self.success.whole and self.failure.whole

    @property
    def missing(self) -> bool:
        """Whether nothing is known of it."""
        return self.success is None and self.failure is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A calendar month or quarter, as far as the audits tell."""

    name: str
    """2026-03, or 2026-Q1."""
    days: int
    """That it has."""
    whole: int
    """Of which all is known."""
    partial: int
    """Of which something is known, and not all."""
    success: int | None
    """On the days that are known; None if there are none."""
    failure: int | None

    @property
    def share(self) -> Fraction | None:
        """The completed ones of all that were counted; None where there is nothing to divide."""
        if self.success is None or self.failure is None or not self.success + self.failure:
            return None
        return Fraction(self.success, self.success + self.failure)

    @property
    def covered(self) -> str:
        """How much of it is known."""
        return f"{self.whole} of {self.days} days"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInsOfPeriod:
    """Every day from the first to the last that an audit tells of."""

    audits: tuple[Audit, ...]
    """The oldest first."""
    days: tuple[Day, ...]

    @property
    def whole(self) -> int:
        """Days of which all is known."""
        return sum(one.whole for one in self.days)

    @property
    def partial(self) -> tuple[Day, ...]:
        """Days of which something is known, and not all."""
        return tuple(one for one in self.days if not one.whole and not one.missing)

    @property
    def gaps(self) -> tuple[tuple[date, date], ...]:
        """The days of which nothing is known, as the first and the last of each stretch."""
        found: list[tuple[date, date]] = []
        for one in self.days:
            if one.missing and found and found[-1][1] == one.day - DAY:
                found[-1] = found[-1][0], one.day
            elif one.missing:
                found.append((one.day, one.day))
        return tuple(found)

    @property
    def disagreements(self) -> tuple[Day, ...]:
        """Days of which two audits that saw all of it tell different numbers."""
        return tuple(one for one in self.days if any(count and count.others for count in (one.success, one.failure)))

    @property
    def in_all(self) -> Period:
        """All of it as one period."""
        return _period("all", len(self.days), self.days)

    @property
    def months(self) -> tuple[Period, ...]:
        """Each calendar month of which something is known."""
        return tuple(_periods(self.days, 1))

    @property
    def quarters(self) -> tuple[Period, ...]:
        """Each calendar quarter of which something is known."""
        return tuple(_periods(self.days, 3))


def merged(audits: Sequence[Audit]) -> SignInsOfPeriod:
    """The sign-ins of audits of one tenant, the oldest first.

    A day is that of the latest audit whose window holds all of it. Where none does, it is that of the one whose window
    holds most of it, and counts as partial; parts of two audits are never added up.
    """
    known = sorted({day for one in audits for day in one.sign_ins.days})
    if not known:
        return SignInsOfPeriod(audits=tuple(audits), days=())
    every = (known[0] + number * DAY for number in range((known[-1] - known[0]).days + 1))
    return SignInsOfPeriod(audits=tuple(audits), days=tuple(_day(audits, day) for day in every))


def _day(audits: Sequence[Audit], day: date) -> Day:
    held = [_held(one.sign_ins, day) for one in audits]
    success = _count([one.sign_ins.success for one in audits], held, day)
    failure = _count([one.sign_ins.failure for one in audits], held, day)
    return Day(day=day, success=success, failure=failure)


def _held(metrics: SignInMetrics, day: date) -> timedelta:
    """How much of a day a window holds."""
    start = datetime.combine(day, time(), UTC)
    return max(timedelta(), min(metrics.end, start + DAY) - max(metrics.start, start))


def _count(counts: Sequence[Mapping[date, int] | Unknown], held: Sequence[timedelta], day: date) -> Count | None:
    told = {
        place: one[day]
        for place, one in enumerate(counts)
        if not isinstance(one, Unknown) and held[place] and day in one
    }
    if not told:
        return None
    best = max(told, key=lambda place: (held[place], place))
    whole = held[best] == DAY
    others = {place: value for place, value in told.items() if whole and held[place] == DAY and value != told[best]}
    return Count(value=told[best], audit=best, whole=whole, others=others)


def _periods(days: Sequence[Day], months: int) -> Iterator[Period]:
    """Calendar periods of so many months."""
    parts: dict[tuple[int, int], list[Day]] = {}
    for one in days:
        parts.setdefault((one.day.year, (one.day.month - 1) // months), []).append(one)
    for (year, number), part in parts.items():
        first, after = _first(year, number * months), _first(year, (number + 1) * months)
        name = f"{first:%Y-%m}" if months == 1 else f"{year}-Q{number + 1}"
        if not all(one.missing for one in part):
            yield _period(name, (after - first).days, part)


def _first(year: int, month: int) -> date:
    """The first day of a month, counted from 0 and over the end of the year."""
    return date(year + month // 12, month % 12 + 1, 1)


def _period(name: str, days: int, part: Sequence[Day]) -> Period:
    success, failure = ([count.value for count in counts if count] for counts in _both(part))
    return Period(
        name=name,
        days=days,
        whole=sum(one.whole for one in part),
        partial=sum(not one.whole and not one.missing for one in part),
        success=sum(success) if success else None,
        failure=sum(failure) if failure else None,
    )


def _both(part: Sequence[Day]) -> tuple[list[Count | None], list[Count | None]]:
    return [one.success for one in part], [one.failure for one in part]
