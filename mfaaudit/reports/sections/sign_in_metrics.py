"""MFA sign-ins over the last days: a measure of use, never a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from mfaaudit.reports.document import Cell, Chart, ChartKind, Column, ColumnKind, Fact, Section, Series, Table, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.traces import endpoint
from mfaaudit.snapshot.metrics import FAILURE, SUCCESS, SignInMetrics
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Unknown


def section(material: Material) -> Section:
    """Sign-in metrics."""
    metrics = material.snapshot.metrics
    success, failure = metrics.total(metrics.success), metrics.total(metrics.failure)
    return Section(
        name="SignInMetrics",
        title="Sign-in metrics",
        lead=(
            f"Interactive MFA sign-ins from {metrics.start:%Y-%m-%d %H:%M} to {metrics.end:%Y-%m-%d %H:%M} UTC; the "
            "source reaches back 30 days, so that a longer period needs several audits.",
            "A sign-in counts as not completed also when a prompt was abandoned or a session was refreshed without "
            "one: the number is a measure of use and no verdict.",
            "Passwordless sign-ins are not counted as MFA sign-ins here; they may be counted as not completed.",
            *_missing(metrics),
            f"Read from {' and '.join(endpoint(BY_NAME[name]) for name in (SUCCESS, FAILURE))}.",
        ),
        facts=(
            Fact(label="Completed", value=success),
            Fact(label="Not completed", value=failure),
            Fact(label="Counted in intervals of", value=f"{material.snapshot.run.metrics_interval} minutes"),
            Fact(label="Days", value=len(metrics.days), note="The first and the last day are not whole."),
            Fact(
                label="Days without data",
                value=len(_without(metrics)),
                note="They are not counted as zero." if _without(metrics) else "",
                tone=Tone.OPEN if _without(metrics) else Tone.PLAIN,
            ),
        ),
        charts=(_chart(metrics),),
        tables=(_table(metrics),),
        sheet="Tenant",
    )


def _without(metrics: SignInMetrics) -> list[date]:
    return sorted({*metrics.missing(metrics.success), *metrics.missing(metrics.failure)})


def _missing(metrics: SignInMetrics) -> Iterator[str]:
    for what, counts in (("completed", metrics.success), ("not completed", metrics.failure)):
        days = metrics.missing(counts)
        if days:
            yield (
                f"Microsoft sent no count of sign-ins {what} for {len(days):,} of {len(metrics.days):,} days. They are "
                f"not counted as zero, so the totals are minimums: {', '.join(day.isoformat() for day in days)}."
            )


def _chart(metrics: SignInMetrics) -> Chart:
    return Chart(
        name="SignIns",
        title="Interactive MFA sign-ins a day",
        kind=ChartKind.LINES,
        categories=[day.isoformat() for day in metrics.days],
        series=(
            Series(name="Completed", values=_values(metrics, metrics.success)),
            Series(name="Not completed", values=_values(metrics, metrics.failure)),
        ),
        summary=(
            f"Completed: {_said(metrics.total(metrics.success))}. "
            f"Not completed: {_said(metrics.total(metrics.failure))}."
        ),
        value_title="Sign-ins",
    )


def _values(metrics: SignInMetrics, counts: Mapping[date, int] | Unknown) -> list[int | None]:
    found = [metrics.on(counts, day) for day in metrics.days]
    return [None if isinstance(count, Unknown) else count for count in found]


def _said(total: int | Unknown) -> str:
    return f"not read ({total.reason})" if isinstance(total, Unknown) else f"{total:,} in all"


def _table(metrics: SignInMetrics) -> Table:
    def value(counts: Mapping[date, int] | Unknown, day: date) -> Cell:
        return metrics.on(counts, day)

    def rows() -> Iterator[list[Cell]]:
        for day in metrics.days:
            yield [day.isoformat(), value(metrics.success, day), value(metrics.failure, day)]

    return Table(
        name="SignInsByDay",
        title="By day",
        columns=(
            Column(key="day", title="Day (UTC)"),
            Column(key="completed", title="Completed", kind=ColumnKind.NUMBER),
            Column(key="notCompleted", title="Not completed", kind=ColumnKind.NUMBER),
        ),
        rows=rows,
        row_count=len(metrics.days),
    )
