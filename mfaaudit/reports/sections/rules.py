"""Every rule as an auditor reads it: what it asks of whom, why, and what to do about a failure."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.findings import RuleResult, in_words
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.material import Material


def section(material: Material) -> Section:
    """Rules."""
    results, packs = material.findings.results, material.findings.packs
    held: dict[str, list[str]] = {one.rule.id: [] for one in results}
    for pack in packs:
        for rule in pack.rules:
            held[rule.id].append(pack.id)

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
                _remediation(one),
                _blocked(one),
                ", ".join(rule.references),
                rule.assessment.value,
                rule.waivable,
                rule.changed_from or None,
                ", ".join(held[rule.id]),
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
            Column(key="blockedBy", title="Blocked by", kind=ColumnKind.LONG_TEXT, width=18),
            Column(key="references", title="References", kind=ColumnKind.LONG_TEXT, width=28),
            Column(key="assessment", title="Decides the control", width=18),
            Column(key="waivable", title="Can be waived", kind=ColumnKind.BOOLEAN, width=14),
            Column(key="changedFrom", title="Changed from", width=22),
            Column(key="packs", title="Held by", kind=ColumnKind.LONG_TEXT, width=24),
        ),
        rows=rows,
        row_count=len(results),
    )
    names = " and ".join(f"{one.id} {one.version}" for one in packs)
    return Section(
        name="Rules",
        title="Rules",
        lead=(
            f"Judged against {names}; the hash of each file stands under Run.",
            "Registered, capable, required and used are four facts: a rule says which of them it looks at. "
            "A rule that decides its control partly is evidence for it, not proof of it.",
            *(f"{pack.id} leaves out {rule}: {why}" for pack in packs for rule, why in pack.left_out.items()),
        ),
        tables=(table,),
    )


def _blocked(result: RuleResult) -> str | None:
    return f"not yet: waits for {', '.join(result.blocked_by)}" if result.blocked_by else None


def _remediation(result: RuleResult) -> str:
    if not result.blocked_by:
        return result.rule.remediation
    return f"Not yet: first {' and '.join(result.blocked_by)} must pass. {result.rule.remediation}"
