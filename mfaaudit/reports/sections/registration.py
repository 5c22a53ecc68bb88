"""Tenant-wide registration by feature and by method, and our own recount beside each number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from mfaaudit.reports.document import Cell, Chart, ChartKind, Column, ColumnKind, Fact, Section, Series, Table
from mfaaudit.reports.material import Material
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
            Fact(label="Source", value=registration.source),
        ),
        charts=(
            _chart("ByFeature", "Users by feature", registration.by_feature),
            _chart("ByMethod", "Users by authentication method", registration.by_method),
        ),
        tables=(
            _counts("ByFeatureTable", "By feature", "Feature", registration.by_feature, total),
            _counts("ByMethodTable", "By method", "Method", registration.by_method, total),
            _reconciliation(material),
        ),
    )


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


def _reconciliation(material: Material) -> Table:
    comparisons = material.snapshot.registration.comparisons

    def rows() -> Iterator[list[Cell]]:
        for one in comparisons:
            agrees = "not comparable" if one.difference is None else "agrees" if one.difference == 0 else "differs"
            yield [
                one.what,
                one.ours,
                one.ours_from,
                one.theirs,
                one.theirs_from,
                one.difference,
                agrees,
                one.remark or None,
            ]

    differing = sum(1 for one in comparisons if one.difference)
    return Table(
        name="Reconciliation",
        title="Reconciliation",
        note=(
            f"Each number from two places. That differ: {differing} of {len(comparisons)}."
            if differing
            else "Each number from two places; none that could be compared differs."
        ),
        columns=(
            Column(key="what", title="Number", kind=ColumnKind.LONG_TEXT, width=40),
            Column(key="ours", title="Our count", kind=ColumnKind.NUMBER),
            Column(key="oursFrom", title="Counted from", width=26),
            Column(key="theirs", title="Their count", kind=ColumnKind.NUMBER),
            Column(key="theirsFrom", title="Read from", width=34),
            Column(key="difference", title="Difference", kind=ColumnKind.NUMBER),
            Column(key="agrees", title="Result", width=16),
            Column(key="remark", title="Remark", kind=ColumnKind.LONG_TEXT, width=48),
        ),
        rows=rows,
        row_count=len(comparisons),
    )
