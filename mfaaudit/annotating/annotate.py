"""The whole way back: a bundle, its workbook and a register in; a register with proposals and what else follows out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mfaaudit.annotating.appending import register_with
from mfaaudit.annotating.archive import bounds_for
from mfaaudit.annotating.deciding import ABOUT, USER_ID, Chosen, decide, key_of
from mfaaudit.annotating.difference import difference
from mfaaudit.annotating.filled import Problem
from mfaaudit.annotating.known import known_of
from mfaaudit.annotating.places import Outputs
from mfaaudit.annotating.proposing import Proposals, propose
from mfaaudit.annotating.reading import Wanted, read_workbook
from mfaaudit.annotating.remediation import as_csv, remediations
from mfaaudit.bundle import EVIDENCE, reading
from mfaaudit.declared.decisions import Decision
from mfaaudit.declared.load import load_register
from mfaaudit.declared.register import Register
from mfaaudit.judging import judge_snapshot
from mfaaudit.kept import brief_of
from mfaaudit.reports.material import Material, count_findings
from mfaaudit.reports.sections import findings as findings_section
from mfaaudit.snapshot import take

Step = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """What a workbook comes to. Every row that somebody filled in is a decision or has a problem."""

    run_id: str
    findings: int
    """Rows of findings in the workbook."""
    filled: int
    """Those of them in which somebody wrote."""
    problems: tuple[Problem, ...]
    """If there is any, nothing is written."""
    decisions: Mapping[Decision, int]
    proposals: Proposals
    remediations: tuple[Chosen, ...]
    register_file: Path | None
    """None if there is nothing to propose."""
    register_text: str
    remediation_file: Path | None
    """None if nothing is to be remediated."""
    remediation_csv: bytes
    diff: str


def annotate(
    bundle: Path, workbook: Path, outputs: Outputs, *, register: Path | None, today: date, progress: Step
) -> Annotated:
    """Reads what was filled in and makes the change to the register; writes nothing.

    Raises BundleProblem, PolicyProblem for a register, or UsageProblem for a file that is not the bundle's workbook.
    """
    with reading(bundle):
        how = brief_of(bundle, None)
        present = how.register if register is None else load_register(register)
        progress("Judging", 0, None)
        material = judge_snapshot(take(bundle / EVIDENCE), how)
    progress("Workbook", 0, None)
    rows = count_findings(material) + material.users.height
    filled = read_workbook(workbook, wanted_of(material), bounds_for(rows))
    known = known_of(material, {key_of(row) for row in filled.rows}, today)
    decided = decide(filled.rows, known)
    problems = (*filled.problems, *decided.problems)
    chosen = () if problems else decided.chosen
    proposals = propose(chosen, present)
    to_do = remediations(chosen)
    text = register_with(proposals.new, present, known.run_id, str(outputs.register)) if proposals.new else ""
    return Annotated(
        run_id=known.run_id,
        findings=filled.findings,
        filled=len(filled.rows),
        problems=problems,
        decisions={each: sum(one.decision is each for one in chosen) for each in Decision},
        proposals=proposals,
        remediations=to_do,
        register_file=outputs.register if text else None,
        register_text=text,
        remediation_file=outputs.remediation if to_do else None,
        remediation_csv=as_csv(to_do, known.run_id) if to_do else b"",
        diff=_diff(present, text, outputs.register),
    )


def wanted_of(material: Material) -> Wanted:
    """What to look for in the workbook of an audit: the table and the headings are those of the report."""
    (table,) = findings_section.section(material).tables
    return Wanted(
        run_id=material.snapshot.run.id,
        table=table.name,
        headings={one.key: one.heading for one in table.columns if one.key in ABOUT},
        inputs={one.key: one.heading for one in table.columns if one.input is not None},
        object_id=USER_ID,
    )


def _diff(present: Register | None, text: str, file: Path) -> str:
    if not text:
        return ""
    old = None if present is None else present.text
    return difference(old, text, "" if present is None else present.file, str(file))
