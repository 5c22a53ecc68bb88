"""Tenant-wide registration by feature and by method; the reconciliation sets our own recount beside each number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from mfaaudit.reports.document import Cell, Chart, ChartKind, Column, ColumnKind, Fact, Section, Series, Table
from mfaaudit.reports.material import Material
from mfaaudit.reports.traces import endpoint
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Unknown


def section(material: Material) -> Section:
    """Registration."""
    registration = material.snapshot.registration
    total = registration.total
    return Section(
        name="Registration",
        title="Registration",
        lead=(
            "Registered means that the account holds a method; capable means that it holds one that the policy allows. "
            "Neither means that anybody asks for it.",
        ),
        facts=(
            Fact(label="Users counted", value=total, note="Disabled accounts are left out by the source."),
            Fact(label="Source", value=registration.source, note=_endpoints(registration.source)),
        ),
        charts=(
            _chart("ByFeature", "Users by feature", registration.by_feature),
            _chart("ByMethod", "Users by authentication method", registration.by_method),
        ),
        tables=(
            _counts("ByFeatureTable", "By feature", "Feature", registration.by_feature, total),
            _counts("ByMethodTable", "By method", "Method", registration.by_method, total),
        ),
        sheet="Tenant",
    )


def _endpoints(named: str) -> str:
    """Where the sources that a line names were asked."""
    names = (one.removeprefix("derived from ") for one in named.split(", "))
    return ", ".join(endpoint(BY_NAME[name]) for name in names)


def _chart(name: str, title: str, counts: Mapping[str, int]) -> Chart:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return Chart(
        name=name,
        title=title,
        kind=ChartKind.BARS,
        categories=[label for label, _ in ordered],
        series=(Series(name="Users", values=[count for _, count in ordered]),),
        summary="; ".join(f"{label}: {count:,}" for label, count in ordered) or "Nothing was read.",
        value_title="Users",
    )


def _counts(name: str, title: str, head: str, counts: Mapping[str, int], total: int | Unknown) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for label, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
            share = Fraction(count, total) if not isinstance(total, Unknown) and total else None
            yield [label, count, share]

    return Table(
        name=name,
        title=title,
        columns=(
            Column(key="name", title=head, width=36),
            Column(key="users", title="Users", kind=ColumnKind.NUMBER),
            Column(key="share", title="Share", kind=ColumnKind.PERCENT),
        ),
        rows=rows,
        row_count=len(counts),
        empty="Not read.",
    )
