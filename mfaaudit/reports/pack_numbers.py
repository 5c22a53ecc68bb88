"""The tables that set the packs side by side, each with its own numbers, and say which contradict each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from mfaaudit.declared.words import ANY
from mfaaudit.findings import Counts, Findings, Pack, RuleResult
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.material import Material
from mfaaudit.reports.verdict_numbers import COLUMNS, SHARES, cells_of
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity, Verdict


def by_pack(material: Material) -> Table:
    """The numbers of each pack; there is no total, as a rule can stand in several packs."""
    findings = material.findings
    pairs = contradictions(findings)

    def rows() -> Iterator[list[Cell]]:
        for pack in findings.packs:
            yield [pack.id, pack.version, pack.posture, pack.judges, *_numbers(findings, pack)]

    against = "; ".join(f"{one.id} and {other.id}" for one, other in pairs)
    sentence = f"Packs that contradict each other, and are never to be added up: {against}. "
    return Table(
        name="ByPack",
        title="By pack",
        note=(sentence if pairs else "")
        + "Each rule counts by its worst verdict, in every pack that holds it, so there is no total. Shares are those "
        "of Verdicts by rule, out of all verdicts about users.",
        columns=(
            Column(key="pack", title="Pack", width=24),
            Column(key="version", title="Version", width=10),
            Column(key="posture", title="Posture", width=20),
            Column(key="judges", title="Judges", width=10),
            Column(key="rules", title="Rules", kind=ColumnKind.NUMBER, width=10),
            Column(key="passed", title="Passed", kind=ColumnKind.NUMBER, width=10),
            Column(key="failed", title="Failed", kind=ColumnKind.NUMBER, width=10),
            Column(key="waived", title="Waived", kind=ColumnKind.NUMBER, width=10),
            Column(key="open", title="Open", kind=ColumnKind.NUMBER, width=10),
            Column(key="notApplicable", title="Not applicable", kind=ColumnKind.NUMBER, width=14),
            Column(key="failingUsers", title="Users failing", kind=ColumnKind.NUMBER, width=14),
            *SHARES,
        ),
        rows=rows,
        row_count=len(findings.packs),
    )


def contradictions(findings: Findings) -> tuple[tuple[Pack, Pack], ...]:
    """Pairs of packs of which one demands what the other forbids, and that both say something of the tenant."""
    return tuple((one, other) for one, other in combinations(findings.packs, 2) if _contradict(one, other, findings))


def _contradict(one: Pack, other: Pack, findings: Findings) -> bool:
    if one.id in other.conflicts_with or other.id in one.conflicts_with:
        return True
    # A pack for another posture than the tenant's is not judged, and so contradicts nothing.
    unfit = one in findings.unfit or other in findings.unfit
    return not unfit and ANY not in (one.posture, other.posture) and one.posture != other.posture


def _numbers(findings: Findings, pack: Pack) -> list[Cell]:
    results = findings.of_pack(pack)
    statuses = Counter(one.status for one in results)
    of_users = [one.counts for one in results if one.rule.scope is Scope.USER]
    total = sum(of_users, Counts())
    failing = replace(findings, results=results).users_with(Verdict.FAIL) if of_users else None
    return [
        len(results),
        statuses[Verdict.PASS],
        statuses[Verdict.FAIL],
        statuses[Verdict.WAIVED],
        statuses[Verdict.NOT_EVALUATED] + statuses[Verdict.ERROR],
        statuses[Verdict.NOT_APPLICABLE],
        failing,
        total.strict,
        total.net,
        total.coverage,
    ]


def by_pack_and_severity(material: Material) -> Table:
    """The verdicts of each pack, by the severity of its rules and by whom they are about."""
    found = list(_groups(material.findings))

    def rows() -> Iterator[list[Cell]]:
        for pack, severity, scope, results in found:
            total = sum((one.counts for one in results), Counts())
            about = "users" if scope is Scope.USER else "the tenant"
            yield [
                pack.id,
                severity.value,
                about,
                len(results),
                *cells_of(total)[: len(COLUMNS)],
                total.total,
                *((total.strict, total.net, total.coverage)),
            ]

    return Table(
        name="ByPackAndSeverity",
        title="By pack and severity",
        note=(
            "Verdicts by the severity of their rule: one for each user under a rule about users, one under a rule "
            "about the tenant. In every row pass + fail + waived + not evaluated + not applicable + error = verdicts = "
            "rules × users enumerated, or rules. There is no total, as a rule can stand in several packs."
        ),
        columns=(
            Column(key="pack", title="Pack", width=24),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="about", title="About", width=12),
            Column(key="rules", title="Rules", kind=ColumnKind.NUMBER, width=10),
            *COLUMNS,
            Column(key="verdicts", title="Verdicts", kind=ColumnKind.NUMBER, width=12),
            *SHARES,
        ),
        rows=rows,
        row_count=len(found),
        key_columns=2,
    )


def _groups(findings: Findings) -> Iterator[tuple[Pack, Severity, Scope, list[RuleResult]]]:
    for pack in findings.packs:
        results = findings.of_pack(pack)
        for severity in Severity:
            for scope in (Scope.USER, Scope.TENANT):
                own = [one for one in results if one.rule.severity is severity and one.rule.scope is scope]
                if own:
                    yield pack, severity, scope, own
