"""How authentication methods were used: attempts that failed and sign-ins that succeeded, beside who is registered."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from mfaaudit.evidence.run import Run
from mfaaudit.reports.cures import meaning_of, what_to_do
from mfaaudit.reports.document import Cell, Chart, ChartKind, Column, ColumnKind, Fact, Section, Series, Table, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.traces import endpoint
from mfaaudit.reports.verdict_numbers import percent
from mfaaudit.snapshot.method_activity import (
    BY_DAY,
    BY_METHOD,
    DAYS,
    REGISTRATION,
    REGISTRATIONS,
    RESET,
    SENTINEL,
    Activity,
    Count,
    add,
    share,
)
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Unknown

FEATURES = {REGISTRATION: "Registration", RESET: "Password reset"}
NEWER, NAMELESS = "Newer method that Graph does not name", "No method named"
NOTE = "A measure of use and not a verdict: it counts attempts and sign-ins, not users."


def section(material: Material) -> Section:
    """The section on the use of authentication methods."""
    sources = (REGISTRATIONS, BY_METHOD, BY_DAY)
    return Section(
        name="MethodActivity",
        title="Use of authentication methods",
        lead=(
            f"Registrations, password resets and sign-ins in the {DAYS} days before the audit, as the tenant counts "
            f"them. {NOTE}",
            f"Read from {', '.join(endpoint(BY_NAME[name]) for name in sources)}.",
        ),
        facts=tuple(_facts(material)),
        charts=(_chart(material),),
        tables=(_attempts(material), _sign_ins(material), _by_day(material)),
        sheet="Tenant",
    )


def _facts(material: Material) -> Iterator[Fact]:
    activity, run = material.snapshot.activity, material.snapshot.run
    for feature, title in FEATURES.items():
        yield _failures(f"{title} attempts that failed", activity.total(feature), run)
    yield Fact(
        label="Single-factor sign-ins",
        value=activity.single_factor,
        note=_why(activity.single_factor, BY_DAY, run)
        or _of(activity.single_factor, add((activity.single_factor, activity.multi_factor)), "sign-ins"),
    )
    missing = activity.missing_days
    if missing:
        days = ", ".join(day.isoformat() for day in missing)
        yield Fact(label="Days missing from the report", value=len(missing), note=days, tone=Tone.OPEN)
    if activity.remarks:
        yield Fact(label="Irregular rows", value=len(activity.remarks), note=" ".join(activity.remarks), tone=Tone.OPEN)


def _failures(label: str, total: Activity | Unknown, run: Run) -> Fact:
    if isinstance(total, Unknown):
        return Fact(label=label, value=total, note=_why(total, REGISTRATIONS, run))
    return Fact(
        label=label,
        value=total.failed,
        note=_why(total.failed, REGISTRATIONS, run) or _of(total.failed, total.attempts, "attempts"),
    )


def _why(count: Count, source: str, run: Run) -> str:
    """Why a count is missing and what to do; empty if it is known."""
    if not isinstance(count, Unknown):
        return ""
    asked = BY_NAME[source]
    return f"{meaning_of(count.reason, asked, run)} {what_to_do(count.reason, asked, run)}"


def _of(part: Count, whole: Count, what: str) -> str:
    found = share(part, whole)
    if isinstance(found, Unknown):
        return ""
    return f"No {what} were counted." if found is None else f"{percent(found)} % of {whole:,} {what}."


def _attempts(material: Material) -> Table:
    activities = material.snapshot.activity.activities
    registered = material.snapshot.registration.by_method
    found = [] if isinstance(activities, Unknown) else sorted(activities, key=_order)

    def rows() -> Iterator[list[Cell]]:
        for row in found:
            yield [
                FEATURES.get(row.feature, row.feature) or "No activity named",
                _named(row.method),
                registered.get(row.method),
                row.succeeded,
                row.failed,
                row.failure_rate,
            ]

    return Table(
        name="MethodAttempts",
        title="Failure rate by method",
        note="The failure rate is the failed attempts of all attempts with the method, rounded down. "
        "Users registered is the count under Registration; it is empty where the methods have other names there.",
        columns=(
            Column(key="activity", title="Activity", width=18),
            Column(key="method", title="Method", width=36),
            Column(key="registered", title="Users registered", kind=ColumnKind.NUMBER, width=16),
            Column(key="succeeded", title="Succeeded", kind=ColumnKind.NUMBER),
            Column(key="failed", title="Failed", kind=ColumnKind.NUMBER),
            Column(key="failureRate", title="Failure rate", kind=ColumnKind.PERCENT),
        ),
        rows=rows,
        row_count=len(found),
        empty=_empty(activities, REGISTRATIONS, material.snapshot.run),
    )


def _order(row: Activity) -> tuple[int, str, int, str]:
    known = list(FEATURES)
    attempts = row.attempts
    return (
        known.index(row.feature) if row.feature in known else len(known),
        row.feature,
        1 if isinstance(attempts, Unknown) else -attempts,
        row.method,
    )


def _sign_ins(material: Material) -> Table:
    sign_ins = material.snapshot.activity.sign_ins
    registered = material.snapshot.registration.by_method
    found = [] if isinstance(sign_ins, Unknown) else sign_ins

    def rows() -> Iterator[list[Cell]]:
        for row in sorted(found, key=lambda row: 1 if isinstance(row.succeeded, Unknown) else -row.succeeded):
            yield [_named(row.method), registered.get(row.method), row.succeeded]

    return Table(
        name="MethodSignIns",
        title="Successful sign-ins by method",
        note="A sign-in with two methods may be counted under each. Graph does not count the failed ones by method.",
        columns=(
            Column(key="method", title="Method", width=36),
            Column(key="registered", title="Users registered", kind=ColumnKind.NUMBER, width=16),
            Column(key="succeeded", title="Successful sign-ins", kind=ColumnKind.NUMBER, width=18),
        ),
        rows=rows,
        row_count=len(found),
        empty=_empty(sign_ins, BY_METHOD, material.snapshot.run),
    )


def _by_day(material: Material) -> Table:
    activity = material.snapshot.activity
    days = {} if isinstance(activity.days, Unknown) else activity.days

    def rows() -> Iterator[list[Cell]]:
        for day, found in days.items():
            both = add((found.single_factor, found.multi_factor))
            yield [
                day.isoformat(),
                found.single_factor,
                found.multi_factor,
                found.total,
                share(found.single_factor, both),
            ]

    return Table(
        name="FactorsByDay",
        title="Single-factor and multifactor sign-ins by day",
        columns=(
            Column(key="day", title="Day (UTC)"),
            Column(key="singleFactor", title="Single-factor", kind=ColumnKind.NUMBER),
            Column(key="multiFactor", title="Multifactor", kind=ColumnKind.NUMBER),
            Column(key="total", title="All, by Graph", kind=ColumnKind.NUMBER),
            Column(key="singleShare", title="Single-factor share", kind=ColumnKind.PERCENT, width=20),
        ),
        rows=rows,
        row_count=len(days),
        empty=_empty(activity.days, BY_DAY, material.snapshot.run),
    )


def _chart(material: Material) -> Chart:
    activity = material.snapshot.activity
    found = [] if isinstance(activity.activities, Unknown) else activity.activities
    chosen = sorted((row for row in found if row.feature == REGISTRATION), key=_order)
    return Chart(
        name="RegistrationAttempts",
        title="Registration attempts by method",
        kind=ChartKind.BARS,
        categories=[_named(row.method) for row in chosen],
        series=(
            Series(name="Succeeded", values=[_known(row.succeeded) for row in chosen], tone=Tone.GOOD),
            Series(name="Failed", values=[_known(row.failed) for row in chosen], tone=Tone.BAD),
        ),
        summary="; ".join(f"{_named(row.method)}: {_rate(row)}" for row in chosen)
        or _empty(activity.activities, REGISTRATIONS, material.snapshot.run),
        value_title="Attempts",
    )


def _rate(row: Activity) -> str:
    rate = row.failure_rate
    if isinstance(rate, Fraction):
        return f"{percent(rate)} % failed"
    return "no attempts" if rate is None else f"not read ({rate.reason})"


def _known(count: Count) -> int | None:
    return None if isinstance(count, Unknown) else count


def _named(method: str) -> str:
    return NEWER if method == SENTINEL else method or NAMELESS


def _empty(found: object, source: str, run: Run) -> str:
    """What stands in place of rows: why they were not read, or that there are none."""
    if not isinstance(found, Unknown):
        return f"Graph counted none in these {DAYS} days."
    return f"Not read. {_why(found, source, run)}"
