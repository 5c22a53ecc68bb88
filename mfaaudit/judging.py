"""From a bundle's evidence to its results: judge, and write everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mfaaudit.actions import plan_of, shipped_catalogue
from mfaaudit.brief import Brief
from mfaaudit.bundle import EVIDENCE, private_file, write_manifest
from mfaaudit.declared.declare import declare
from mfaaudit.declared.standing import RuleFacts
from mfaaudit.findings import Circumstances, judge
from mfaaudit.kept import keep
from mfaaudit.reports import FORMATS
from mfaaudit.reports.conclusion import conclude
from mfaaudit.reports.content import document_of
from mfaaudit.reports.evidence_files import evidence_files
from mfaaudit.reports.material import Material
from mfaaudit.reports.results import run_facts
from mfaaudit.snapshot import take
from mfaaudit.snapshot.snapshot import Snapshot, in_words
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason

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
    )


def judge_bundle(bundle: Path, how: Brief, progress: Step) -> Material:
    """Judges the evidence of a bundle and writes its results into it; the manifest comes last.

    Raises BundleProblem if the evidence is not that of a finished audit, OutputProblem if the disk refuses.
    """
    progress("Snapshot", 0, None)
    snapshot = take(bundle / EVIDENCE)
    progress("Judging", 0, None)
    made = replace(judge_snapshot(snapshot, how), evidence=evidence_files(bundle))
    keep(bundle, how)
    for name, frame in ((USERS, made.users), (TENANT, made.declared.tenant)):
        with private_file(bundle / name) as file:
            in_words(frame).write_parquet(file, compression="zstd", row_group_size=ROW_GROUP)
    document = document_of(made)
    for one in FORMATS:
        if one.name in how.formats:
            progress(one.title, 0, None)
            one.write(made, document, bundle / one.file)
    write_manifest(
        bundle,
        {
            "run": run_facts(made),
            "populationComplete": snapshot.population.complete,
            "failOn": how.fail_on.value,
            "posture": how.posture,
            "allowConflicts": how.allow_conflicts,
            "declared": dict(made.declared.sha256s),
            "formats": [one.name for one in FORMATS if (bundle / one.file).exists()],
        },
    )
    return made
