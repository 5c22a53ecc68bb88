"""Every rule as an auditor reads it: what it asks of whom, why, and what to do about a failure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mfaaudit.findings import Assessment, RuleResult, in_words
from mfaaudit.findings.describe import condition_in_words
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.material import Material
from mfaaudit.reports.traces import read_from
from mfaaudit.reports.verdict_numbers import COLUMNS, cells_of
from mfaaudit.sources.field import Scope


def section(material: Material) -> Section:
    """Rules."""
    results, packs = material.findings.results, material.findings.packs
    held: dict[str, list[str]] = {one.rule.id: [] for one in results}
    for pack in packs:
        for rule in pack.rules:
            held[rule.id].append(f"{pack.id} {pack.version}")
    versions = {pack.id: pack.version for pack in packs}

    def rows() -> Iterator[list[Cell]]:
        for one in results:
            rule = one.rule
            yield [
                rule.id,
                rule.title,
                rule.severity.value,
                one.status.value,
                _population(one),
                in_words(rule),
                *cells_of(one.counts)[: len(COLUMNS)],
                rule.rationale,
                _remediation(one),
                _blocked(one),
                _caveat(one),
                read_from([rule]),
                ", ".join(rule.references),
                rule.assessment.value,
                rule.waivable,
                rule.pack,
                versions.get(rule.pack),
                rule.changed_from or None,
                ", ".join(held[rule.id]),
            ]

    wide = ColumnKind.LONG_TEXT
    table = Table(
        name="Rules",
        title="Rules",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=wide, width=36),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="status", title="Status", kind=ColumnKind.VERDICT, width=16),
            Column(key="population", title="Whom it is about", kind=wide, width=40),
            Column(key="condition", title="Condition", kind=wide, width=60),
            *COLUMNS,
            Column(key="rationale", title="Why", kind=wide, width=44),
            Column(key="remediation", title="Remediation", kind=wide, width=44),
            Column(key="blockedBy", title="Blocked by", kind=wide, width=18),
            Column(key="caveat", title="What it does not say", kind=wide, width=36),
            Column(key="readFrom", title="Read from", kind=wide, width=36),
            Column(key="references", title="References", kind=wide, width=28, on_paper=False),
            Column(key="assessment", title="Decides the control", width=18, on_paper=False),
            Column(key="waivable", title="Can be waived", kind=ColumnKind.BOOLEAN, width=14, on_paper=False),
            Column(key="pack", title="Pack", width=20, on_paper=False),
            Column(key="version", title="Version", width=10, on_paper=False),
            Column(key="changedFrom", title="Changed from", width=22, on_paper=False),
            Column(key="packs", title="Held by", kind=wide, width=24, on_paper=False),
        ),
        rows=rows,
        row_count=len(results),
        key_columns=2,
    )
    names = " and ".join(f"{one.id} {one.version}" for one in packs)
    return Section(
        name="Rules",
        title="Rules",
        lead=(
            f"Judged against {names}; the hash of each file stands under Run.",
            "Registered, capable, required and used are four facts: a rule says which of them it looks at. "
            "A rule that decides its control partly is evidence for it, not proof of it.",
            "Read from names the answers of Graph that a rule rests on; their endpoints stand under Run.",
            *(f"{pack.id} leaves out {rule}: {why}" for pack in packs for rule, why in pack.left_out.items()),
        ),
        tables=(table,),
    )


CAVEATS: Mapping[Assessment, str] = {
    Assessment.FULL: "",
    Assessment.PARTLY: "It is evidence for the controls that it refers to, not proof of them.",
    Assessment.MANUAL: "A person has to look: what is read here decides nothing.",
}


def _caveat(result: RuleResult) -> str | None:
    parts = [CAVEATS[result.rule.assessment]]
    if result.counts.not_evaluated or result.counts.error:
        parts.append(f"Open for {result.counts.not_evaluated + result.counts.error:,}: Not evaluated says why.")
    return " ".join(part for part in parts if part) or None


def _population(result: RuleResult) -> str:
    rule = result.rule
    if rule.looks_at is not None:
        whom = "Users where" if rule.scope is Scope.USER else "The tenant, where"
        return f"{whom} {condition_in_words(rule.looks_at)}"
    return "Every user" if rule.scope is Scope.USER else "The tenant"


def _blocked(result: RuleResult) -> str | None:
    return f"not yet: waits for {', '.join(result.blocked_by)}" if result.blocked_by else None


def _remediation(result: RuleResult) -> str:
    if not result.blocked_by:
        return result.rule.remediation
    return f"Not yet: first {' and '.join(result.blocked_by)} must pass. {result.rule.remediation}"
