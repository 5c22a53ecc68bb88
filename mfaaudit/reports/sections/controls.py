"""What the verdicts say of the controls of each framework that a pack renders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mfaaudit.findings import Pack
from mfaaudit.findings.controls import ControlResult, Outcome, judge_controls
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.material import Material
from mfaaudit.reports.traces import read_from

AT_HAND = {"primary": "at first hand", "secondary": "at second hand, in what others say of it"}
Judged = Sequence[tuple[Pack, tuple[ControlResult, ...]]]


def section(material: Material) -> Section | None:
    """Controls, where a pack names some."""
    judged = controls_of(material)
    if not judged:
        return None
    lead = [
        "What the verdicts say of each control. This is no certificate: whoever assesses the tenant decides.",
        "Met takes rules that decide the control, no failure, nothing open, and a verdict that passes. Rules that "
        "decide it partly are evidence, and never show that it is met.",
    ]
    if material.conclusion.doubts:
        lead.append(f"The data bears this only in part: {', '.join(material.conclusion.doubts)} failed.")
    return Section(
        name="Controls",
        title="Controls",
        lead=lead,
        tables=[_frameworks(judged), *(_controls(number, *one) for number, one in enumerate(judged, 1))],
    )


def controls_of(material: Material) -> Judged:
    """The packs that name controls, and what the verdicts say of these."""
    findings, complete = material.findings, material.snapshot.population.complete
    return [(pack, judge_controls(findings, pack, complete=complete)) for pack in findings.packs if pack.controls]


def _name(pack: Pack) -> str:
    return pack.title if pack.framework is None else f"{pack.framework.name} {pack.framework.version}"


def _frameworks(judged: Judged) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for pack, results in judged:
            framework, counts = pack.framework, Counter(one.outcome for one in results)
            yield [
                pack.id,
                pack.title if framework is None else framework.name,
                None if framework is None else framework.version,
                None if framework is None else AT_HAND[framework.source],
                "; ".join(f"{counts[outcome]:,} {outcome}" for outcome in Outcome if counts[outcome]),
                len(results),
                counts[Outcome.MET],
                counts[Outcome.NOT_MET] + counts[Outcome.FAILURES],
                counts[Outcome.BY_HAND],
                None if framework is None else framework.note or None,
            ]

    return Table(
        name="Frameworks",
        title="Frameworks",
        columns=(
            Column(key="pack", title="Pack", width=16),
            Column(key="framework", title="Framework", kind=ColumnKind.LONG_TEXT, width=38),
            Column(key="version", title="Version", width=12),
            Column(key="source", title="Its text was read", kind=ColumnKind.LONG_TEXT, width=22),
            Column(key="results", title="Results", kind=ColumnKind.LONG_TEXT, width=22),
            Column(key="controls", title="Controls", kind=ColumnKind.NUMBER, width=10),
            Column(key="met", title="Met", kind=ColumnKind.NUMBER, width=10),
            Column(key="failing", title="Failing", kind=ColumnKind.NUMBER, width=10),
            Column(key="byHand", title="By hand", kind=ColumnKind.NUMBER, width=10),
            Column(key="note", title="Note", kind=ColumnKind.LONG_TEXT, width=60),
        ),
        rows=rows,
        row_count=len(judged),
    )


def _controls(number: int, pack: Pack, results: Sequence[ControlResult]) -> Table:
    rules = {rule.id: rule for rule in pack.rules}

    def rows() -> Iterator[list[Cell]]:
        for one in results:
            control, counts = one.control, one.counts
            numbers = (counts.fail, counts.pass_, counts.waived, counts.not_evaluated + counts.error)
            yield [
                control.id,
                control.title,
                control.assessment.value,
                ", ".join(control.rules) or None,
                one.outcome.value,
                *(numbers if control.rules else (None,) * len(numbers)),
                " ".join(part for part in (*one.remarks, control.note) if part) or None,
                read_from([rules[name] for name in control.rules]) or None,
                _name(pack),
            ]

    return Table(
        name=f"Controls{number}",
        title=f"{_name(pack)} (pack {pack.id})",
        note=(
            "Failing, passing, waived and open count verdicts of the rules together: one user, or the tenant, under "
            "one rule. Each of them that does not pass stands in Findings under the rule."
        ),
        columns=(
            Column(key="id", title="Control", width=16),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=38),
            Column(key="assessment", title="Assessment", width=12),
            Column(key="rules", title="Rules", kind=ColumnKind.LONG_TEXT, width=22),
            Column(key="result", title="Result", kind=ColumnKind.LONG_TEXT, width=22),
            Column(key="fail", title="Failing", kind=ColumnKind.NUMBER, width=10),
            Column(key="pass", title="Passing", kind=ColumnKind.NUMBER, width=10),
            Column(key="waived", title="Waived", kind=ColumnKind.NUMBER, width=10),
            Column(key="open", title="Open", kind=ColumnKind.NUMBER, width=10),
            Column(key="note", title="Caveat", kind=ColumnKind.LONG_TEXT, width=60),
            Column(key="readFrom", title="Evidence read from", kind=ColumnKind.LONG_TEXT, width=36),
            Column(key="framework", title="Framework", kind=ColumnKind.LONG_TEXT, width=22, on_paper=False),
        ),
        rows=rows,
        row_count=len(results),
        key_columns=2,
    )
