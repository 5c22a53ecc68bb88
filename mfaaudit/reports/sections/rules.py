"""Every rule as an auditor reads it: what it asks of whom, why, and what to do about a failure."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.findings import in_words
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.material import Material


def section(material: Material) -> Section:
    """Rules."""
    results = material.findings.results

    def rows() -> Iterator[list[Cell]]:
        for one in results:
            rule = one.rule
            yield [
                rule.id,
                rule.pack,
                rule.severity.value,
                one.status.value,
                rule.title,
                in_words(rule),
                rule.rationale,
                rule.remediation,
                ", ".join(rule.references),
                rule.assessment.value,
            ]

    table = Table(
        name="Rules",
        title="Rules",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="pack", title="Pack", width=20),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="status", title="Status", kind=ColumnKind.VERDICT, width=16),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=36),
            Column(key="condition", title="Condition", kind=ColumnKind.LONG_TEXT, width=60),
            Column(key="rationale", title="Why", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="remediation", title="Remediation", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="references", title="References", kind=ColumnKind.LONG_TEXT, width=28),
            Column(key="assessment", title="Decides the control", width=18),
        ),
        rows=rows,
        row_count=len(results),
    )
    packs = " and ".join(f"{one.id} {one.version}" for one in material.findings.packs)
    return Section(
        name="Rules",
        title="Rules",
        lead=(
            f"Judged against {packs}; the hash of each file stands under Run.",
            "Registered, capable, required and used are four facts: a rule says which of them it looks at. "
            "A rule that decides its control partly is evidence for it, not proof of it.",
        ),
        tables=(table,),
    )
