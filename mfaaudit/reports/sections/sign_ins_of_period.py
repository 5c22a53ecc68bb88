"""The MFA sign-ins of all audits that were given, each day once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from mfaaudit.earlier import Audit
from mfaaudit.earlier.quarter import Count, Day, Period, SignInsOfPeriod, merged
from mfaaudit.reports.change_numbers import everything
from mfaaudit.reports.document import Cell, Chart, ChartKind, Column, ColumnKind, Fact, Section, Series, Table, Tone
from mfaaudit.reports.material import Material


def section(material: Material) -> Section | None:
    """Sign-ins of the period, where an earlier audit was given; on the sheet of the tenant."""
    return None if material.earlier is None else of_audits(everything(material.earlier), sheet="Tenant")


def of_audits(audits: Sequence[Audit], *, sheet: str = "") -> Section:
    """The same of any audits of one tenant, the oldest first."""
    found = merged(audits)
    return Section(
        name="SignInsOfPeriod",
        title="Sign-ins of the period",
        lead=(
            "Each audit read the interactive MFA sign-ins of the 30 days before it, at most. Here each day stands "
            "once, as the latest audit read it whose window holds all of it. Where no window holds all of a day, it "
            "is that of the window which holds most of it, and there were as many at least. Nothing is added for "
            "days that no window holds.",
        ),
        facts=tuple(_facts(found)),
        charts=(_chart(found),),
        tables=(_periods(found), _by_day(found)),
        sheet=sheet,
    )


def _facts(found: SignInsOfPeriod) -> Iterator[Fact]:
    period = found.in_all
    yield Fact(
        label="Days of which all is known",
        value=period.covered,
        note=_stretch(found.days[0].day, found.days[-1].day) + "." if found.days else "",
        tone=Tone.PLAIN if period.whole == period.days else Tone.OPEN,
    )
    yield Fact(
        label="Days known in part",
        value=", ".join(one.day.isoformat() for one in found.partial) or "none",
        note="A window began or ended on them, or one of the two counts was not read." if found.partial else "",
    )
    gaps = "; ".join(_stretch(*gap) for gap in found.gaps)
    yield Fact(label="Days that no audit tells of", value=gaps or "none", tone=Tone.OPEN if found.gaps else Tone.PLAIN)
    differing = found.disagreements
    yield Fact(
        label="Days on which two audits differ",
        value=len(differing),
        note="The later number stands; the other one is beside it in the table." if differing else "",
        tone=Tone.OPEN if differing else Tone.PLAIN,
    )


def _stretch(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"


def _chart(found: SignInsOfPeriod) -> Chart:
    def values(counts: Sequence[Count | None]) -> list[int | None]:
        return [None if one is None else one.value for one in counts]

    period = found.in_all
    return Chart(
        name="SignInsOfPeriodByDay",
        title="Interactive MFA sign-ins a day, over all audits",
        kind=ChartKind.LINES,
        categories=[one.day.isoformat() for one in found.days],
        series=(
            Series(name="Completed", values=values([one.success for one in found.days])),
            Series(name="Not completed", values=values([one.failure for one in found.days])),
        ),
        summary=f"{period.covered} are known: {_said(period.success)} completed, {_said(period.failure)} not.",
        value_title="Sign-ins",
    )


def _said(count: int | None) -> str:
    return "not read how many" if count is None else f"{count:,}"


def _periods(found: SignInsOfPeriod) -> Table:
    periods = (*found.quarters, *found.months)

    def rows() -> Iterator[list[Cell]]:
        for one in periods:
            yield [one.name, one.days, one.whole, one.partial, _none(one), one.success, one.failure, one.share]

    return Table(
        name="SignInsByPeriod",
        title="By quarter and month",
        note=(
            "Calendar quarters and months in UTC, with all their days; counts and shares are those of the days that "
            "are known, and nothing is made up for the others."
        ),
        columns=(
            Column(key="period", title="Period", width=12),
            Column(key="days", title="Days", kind=ColumnKind.NUMBER, width=8),
            Column(key="wholeDays", title="Known", kind=ColumnKind.NUMBER, width=10),
            Column(key="partialDays", title="Known in part", kind=ColumnKind.NUMBER, width=12),
            Column(key="unknownDays", title="Not known", kind=ColumnKind.NUMBER, width=12),
            Column(key="completed", title="Completed", kind=ColumnKind.NUMBER, width=13),
            Column(key="notCompleted", title="Not completed", kind=ColumnKind.NUMBER, width=13),
            Column(key="completedShare", title="Completed share", kind=ColumnKind.PERCENT, width=13),
        ),
        rows=rows,
        row_count=len(periods),
        empty="No audit tells of any day.",
    )


def _none(one: Period) -> int:
    return one.days - one.whole - one.partial


def _by_day(found: SignInsOfPeriod) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for one in found.days:
            known = "not known" if one.missing else "all of it" if one.whole else "in part"
            source = one.success or one.failure
            yield [
                one.day.isoformat(),
                None if one.success is None else one.success.value,
                None if one.failure is None else one.failure.value,
                known,
                None if source is None else found.audits[source.audit].run_id,
                "; ".join(_differing(one, found.audits)) or None,
            ]

    return Table(
        name="SignInsOfEachDay",
        title="Day by day, over all audits",
        columns=(
            Column(key="day", title="Day (UTC)", width=12),
            Column(key="completed", title="Completed", kind=ColumnKind.NUMBER, width=13),
            Column(key="notCompleted", title="Not completed", kind=ColumnKind.NUMBER, width=13),
            Column(key="known", title="Known", width=12),
            Column(key="runId", title="From the audit", width=38),
            Column(key="differing", title="Other audits say", kind=ColumnKind.LONG_TEXT, width=44),
        ),
        rows=rows,
        row_count=len(found.days),
        browse=True,
    )


def _differing(day: Day, audits: Sequence[Audit]) -> Iterator[str]:
    for word, count in (("completed", day.success), ("not completed", day.failure)):
        for place, value in (count.others if count is not None else {}).items():
            yield f"{audits[place].run_id}: {value:,} {word}"
