"""From a bundle's evidence to its results: judge, and write everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mfaaudit.actions import plan_of, shipped_catalogue
from mfaaudit.brief import Brief
from mfaaudit.bundle import EVIDENCE, MANIFEST, private_file, sha256_of
from mfaaudit.declared.declare import declare
from mfaaudit.declared.standing import RuleFacts
from mfaaudit.earlier import Audit, Earlier, arranged, audit_of, compare
from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.run import Begun
from mfaaudit.findings import Circumstances, Findings, judge
from mfaaudit.inputs import inputs_sha256, write_inputs
from mfaaudit.kept import brief_of, keep
from mfaaudit.manifest import write_manifest
from mfaaudit.program import judging_program
from mfaaudit.reports import FORMATS
from mfaaudit.reports.conclusion import conclude
from mfaaudit.reports.content import document_of
from mfaaudit.reports.evidence_files import evidence_files
from mfaaudit.reports.judged_by import JudgedBy
from mfaaudit.reports.manifest_facts import manifest_facts
from mfaaudit.reports.material import Material
from mfaaudit.snapshot import take
from mfaaudit.snapshot.snapshot import Snapshot, in_words
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason
from mfaaudit.yaml_nodes import ID

USERS, TENANT = "users.parquet", "tenant.parquet"
ROW_GROUP = 10_000
"""Users that are written together: what is the same for all of them is spread out no further."""
Step = Callable[[str, int, int | None], None]


def judge_snapshot(snapshot: Snapshot, how: Brief) -> Material:
    """What was declared, looked up in a snapshot, the verdicts, and what they come to."""
    declared = declare(
        snapshot.users,
        snapshot.tenant,
        register=how.register,
        overrides=how.overrides,
        posture_asked=how.posture,
        groups=snapshot.groups,
        now=snapshot.run.started_at,
        rules={
            rule.id: RuleFacts(rule.severity, about_tenant=rule.scope is Scope.TENANT, waivable=rule.waivable)
            for pack in how.packs
            for rule in pack.rules
        },
    )
    circumstances = Circumstances(
        posture=declared.posture.value,
        posture_reason=declared.posture.reason or Reason.UNKNOWN_VALUE,
        every_posture=how.allow_conflicts,
        waivers=lambda rule: declared.waivers(rule.id),
    )
    findings = judge(
        how.packs,
        users=declared.users,
        tenant=declared.tenant,
        now=snapshot.run.started_at,
        circumstances=circumstances,
    )
    return Material(
        snapshot=snapshot,
        declared=declared,
        findings=findings,
        exceptions=declared.entries(findings.exceptions()),
        conclusion=conclude(findings, snapshot.population, how.fail_on),
        actions=plan_of(findings, declared.users, declared.tenant, shipped_catalogue(), snapshot.run.started_at),
        earlier=_compared(snapshot, findings, how),
    )


def _compared(snapshot: Snapshot, findings: Findings, how: Brief) -> Earlier | None:
    if not how.earlier:
        return None
    now = audit_of(snapshot, findings)
    previous = before(snapshot.run, how)
    # Whoever is listed now has a name there; of the others only the previous audit is asked.
    left = previous[-1].users["user_id"]
    left = left.filter(~left.is_in(now.users["user_id"].implode()))
    nobody = left.clear()
    return compare(now, [*(one.named(nobody) for one in previous[:-1]), previous[-1].named(left)])


def before(run: Begun, how: Brief) -> tuple[Audit, ...]:
    """The earlier audits that go with one, the oldest first. Raises UsageProblem for one that does not."""
    return arranged(how.earlier, run_id=run.id, tenant_id=run.tenant_id, started_at=run.started_at)


def judge_earlier(bundles: Sequence[Path], progress: Step) -> tuple[Audit, ...]:
    """Judges bundles again, each from its own evidence and with what itself keeps; nothing is written into them.

    Raises BundleProblem, or PolicyProblem, if one is not whole, was altered, or is of another version.
    """
    made = []
    for number, bundle in enumerate(bundles):
        progress("Earlier audits", number, len(bundles))
        made.append(_judge_earlier(bundle))
    return tuple(made)


def _judge_earlier(bundle: Path) -> Audit:
    how = brief_of(bundle, "json", with_earlier=False)
    snapshot = take(bundle / EVIDENCE)
    if not ID.fullmatch(snapshot.run.id):
        # It becomes the name of a file.
        raise BundleProblem(
            f"{bundle} names its audit {snapshot.run.id[:80]!r}, which is not an id",
            hint="The evidence has been altered: restore the bundle from a copy, or audit again.",
        )
    found = judge_snapshot(snapshot, how)
    return audit_of(snapshot, found.findings, manifest_sha256=sha256_of(bundle / MANIFEST))


def judge_evidence(bundle: Path, how: Brief, progress: Step) -> Material:
    """What the evidence of a bundle comes to; nothing is written.

    Raises BundleProblem if the evidence is not that of a finished audit.
    """
    progress("Snapshot", 0, None)
    snapshot = take(bundle / EVIDENCE)
    progress("Judging", 0, None)
    judged_by = JudgedBy(program=judging_program(), given=how.given, allow_conflicts=how.allow_conflicts)
    return replace(judge_snapshot(snapshot, how), evidence=evidence_files(bundle), judged_by=judged_by)


def with_inputs(made: Material, bundle: Path) -> Material:
    """The same audit with the hash of its inputs, from the files that a bundle holds now. Raises BundleProblem."""
    return replace(made, inputs_sha256=inputs_sha256(bundle))


def draw(made: Material, formats: Collection[str], folder: Path, progress: Step) -> None:
    """Writes everything that follows from an audit into a folder: the same audit gives the same bytes.

    Raises OutputProblem if the disk refuses.
    """
    for name, frame in ((USERS, made.users), (TENANT, made.declared.tenant)):
        with private_file(folder / name) as file:
            in_words(frame).write_parquet(file, compression="zstd", row_group_size=ROW_GROUP)
    document = document_of(made)
    for one in FORMATS:
        if one.name in formats:
            progress(one.title, 0, None)
            one.write(made, document, folder / one.file)


def judge_bundle(bundle: Path, how: Brief, progress: Step) -> Material:
    """Judges the evidence of a bundle and writes its results into it; the manifest comes last.

    Raises BundleProblem if the evidence is not that of a finished audit, OutputProblem if the disk refuses.
    """
    made = judge_evidence(bundle, how, progress)
    keep(bundle, how, () if made.earlier is None else made.earlier.audits)
    made = replace(made, inputs_sha256=write_inputs(bundle))
    draw(made, how.formats, bundle, progress)
    write_manifest(bundle, facts_of(made, how, bundle))
    return made


def facts_of(made: Material, how: Brief, folder: Path) -> dict[str, Any]:
    """What the manifest says of an audit whose reports were drawn into a folder."""
    return {
        **manifest_facts(made),
        "populationComplete": made.snapshot.population.complete,
        "failOn": how.fail_on.value,
        "posture": how.posture,
        "allowConflicts": how.allow_conflicts,
        "declared": dict(made.declared.sha256s),
        "formats": [one.name for one in FORMATS if (folder / one.file).exists()],
    }
