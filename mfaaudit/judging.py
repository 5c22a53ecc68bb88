"""From a bundle's evidence to its results: judge, and write everything that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mfaaudit.actions import plan_of, shipped_catalogue
from mfaaudit.brief import Brief
from mfaaudit.bundle import (
    EVIDENCE,
    MANIFEST,
    check_bundle,
    copy_file,
    held,
    make_private,
    private_file,
    reading,
    replacing,
    sha256_of,
    written_anew,
)
from mfaaudit.declared.declare import Declared
from mfaaudit.earlier import Audit, Earlier, Grounds, arranged, arrive, audit_of, compare, is_replayed, replay
from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.run import RUN_FILE, Begun, Run
from mfaaudit.findings import Circumstances, Findings, judge
from mfaaudit.inputs import inputs_sha256, write_inputs
from mfaaudit.kept import KEPT, brief_of, keep
from mfaaudit.manifest import check_evidence, write_manifest
from mfaaudit.program import judging_program
from mfaaudit.reports import FORMATS, LISTS
from mfaaudit.reports.conclusion import conclude
from mfaaudit.reports.content import document_of
from mfaaudit.reports.evidence_files import evidence_files
from mfaaudit.reports.judged_by import JudgedBy
from mfaaudit.reports.manifest_facts import manifest_facts
from mfaaudit.reports.material import Material
from mfaaudit.snapshot import take
from mfaaudit.snapshot.snapshot import Snapshot, in_words
from mfaaudit.yaml_nodes import ID

USERS, TENANT = "users.parquet", "tenant.parquet"
ROW_GROUP = 10_000
"""Users that are written together: what is the same for all of them is spread out no further."""
Step = Callable[[str, int, int | None], None]


def judge_snapshot(snapshot: Snapshot, how: Brief) -> Material:
    """What was declared, looked up in a snapshot, the verdicts, and what they come to."""
    declared = how.declarations.look_up(
        how.packs, users=snapshot.users, tenant=snapshot.tenant, groups=snapshot.groups, day=snapshot.run.started_at
    )
    findings = judge(
        how.packs,
        users=declared.users,
        tenant=declared.tenant,
        now=snapshot.run.started_at,
        circumstances=circumstances_of(declared, how),
    )
    return Material(
        snapshot=snapshot,
        declared=declared,
        findings=findings,
        exceptions=declared.entries(findings.exceptions()),
        conclusion=conclude(findings, snapshot.population, how.fail_on),
        actions=plan_of(findings, declared.users, declared.tenant, shipped_catalogue(), snapshot.run.started_at),
        earlier=_compared(snapshot, declared, findings, how),
    )


def circumstances_of(declared: Declared, how: Brief) -> Circumstances:
    """What was declared, as judging takes it."""
    return how.declarations.circumstances(declared)


def _compared(snapshot: Snapshot, declared: Declared, findings: Findings, how: Brief) -> Earlier | None:
    if not how.earlier:
        return None
    *older, previous = before(snapshot.run, how)
    if previous.grounds is not None:
        previous = replay(previous, how.packs, how.declarations, snapshot.run.started_at)
    elif not is_replayed(previous, how.packs):
        raise BundleProblem(
            f"what is kept of the earlier audit {previous.run_id} was judged with other rules",
            hint="Restore the bundle from a copy, or judge again with `mfaaudit evaluate --earlier`.",
        )
    now = arrive(audit_of(snapshot, findings), findings, how.declarations, declared, previous.started_at)
    # Whoever is listed now has a name there; of the others only the previous audit is asked.
    left = previous.users["user_id"]
    left = left.filter(~left.is_in(now.users["user_id"].implode()))
    return compare(now, [*(one.bare for one in older), previous.named(left)])


def before(run: Begun, how: Brief) -> tuple[Audit, ...]:
    """The earlier audits that go with one, the oldest first. Raises UsageProblem for one that does not."""
    return arranged(how.earlier, run_id=run.id, tenant_id=run.tenant_id, started_at=run.started_at)


def judge_earlier(bundles: Sequence[Path], progress: Step) -> tuple[Audit, ...]:
    """Judges bundles again, each from its own evidence and with what itself keeps; nothing is written into them.

    Raises BundleProblem, or PolicyProblem, if one is not whole, was altered, or is of another version.
    """
    with reading(*bundles):
        return _judge_all_earlier(bundles, progress)


def _judge_all_earlier(bundles: Sequence[Path], progress: Step) -> tuple[Audit, ...]:
    found = []
    for bundle in bundles:
        how = brief_of(bundle, "json", with_earlier=False)
        found.append((Run.load(bundle / EVIDENCE / RUN_FILE), bundle, how))
    # Only of the last of them is it asked what its evidence says under other rules.
    last = max(((run.started_at, run.id) for run, _, _ in found), default=None)
    made = []
    for number, (run, bundle, how) in enumerate(found):
        progress("Earlier audits", number, len(bundles))
        made.append(_judge_earlier(bundle, how, with_grounds=(run.started_at, run.id) == last))
    return tuple(made)


def _judge_earlier(bundle: Path, how: Brief, *, with_grounds: bool) -> Audit:
    snapshot = take(bundle / EVIDENCE)
    if not ID.fullmatch(snapshot.run.id):
        # It becomes the name of a file.
        raise BundleProblem(
            f"{bundle} names its audit {snapshot.run.id[:80]!r}, which is not an id",
            hint="The evidence has been altered: restore the bundle from a copy, or audit again.",
        )
    found = judge_snapshot(snapshot, how)
    grounds = Grounds(
        users=found.users,
        tenant=found.declared.tenant,
        groups=snapshot.groups,
        declarations=how.declarations,
        now=snapshot.run.started_at,
    )
    return audit_of(
        snapshot,
        found.findings,
        manifest_sha256=sha256_of(bundle / MANIFEST),
        grounds=grounds if with_grounds else None,
    )


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
    """Judges the evidence of a bundle and writes its results into it, in place of those that were there.

    Raises BundleProblem if the evidence is not that of a finished audit; OutputProblem if another process is at work
    on the bundle, or the disk refuses.
    """
    with held(bundle):
        return judge_held(bundle, how, progress)


def judge_held(bundle: Path, how: Brief, progress: Step) -> Material:
    """Does what `judge_bundle` does, in a bundle that this process has locked. Raises the same."""
    made = judge_evidence(bundle, how, progress)
    with replacing(bundle) as new:
        for folder in (*KEPT, LISTS) if LISTS in how.formats else KEPT:
            new.replace_folder(folder)
        made = write_results(made, how, bundle, new.folder, progress)
        files = new.files()
        write_manifest(new.folder, facts_of(made, how, formats_among(files)), files)
    return made


def evaluate_into(target: Path, bundle: Path, how: Brief, progress: Step) -> Material:
    """Copies the evidence of a bundle into a new bundle, and judges it there; all of it takes its place as one.

    Raises BundleProblem if the evidence was altered, or is not that of a finished audit; OutputProblem if the folder
    holds anything, another process is at work on one of the two, or the disk refuses.
    """
    with reading(bundle):
        check_bundle(bundle)
        check_evidence(bundle)
        before(Run.load(bundle / EVIDENCE / RUN_FILE), how)
        with written_anew(target) as new:
            make_private(new.folder / EVIDENCE)
            for file in sorted(path for path in (bundle / EVIDENCE).iterdir() if path.is_file()):
                copy_file(file, new.folder / EVIDENCE / file.name)
            made = judge_evidence(new.folder, how, progress)
            made = write_results(made, how, new.folder, new.folder, progress)
            files = new.files()
            write_manifest(new.folder, facts_of(made, how, formats_among(files)), files)
            return made


def write_results(made: Material, how: Brief, bundle: Path, folder: Path, progress: Step) -> Material:
    """Writes all that follows from the evidence of a bundle into a folder, but for the manifest.

    Returns the audit with the hash of its inputs. Raises OutputProblem if the disk refuses.
    """
    keep(folder, how, () if made.earlier is None else made.earlier.audits)
    made = replace(made, inputs_sha256=write_inputs(bundle, folder))
    draw(made, how.formats, folder, progress)
    return made


def formats_among(files: Iterable[str]) -> tuple[str, ...]:
    """The formats in which a report is among these files, which are given by their paths."""
    tops = {path.split("/", 1)[0] for path in files}
    return tuple(one.name for one in FORMATS if one.file in tops)


def facts_of(made: Material, how: Brief, formats: Collection[str]) -> dict[str, Any]:
    """What the manifest says of an audit whose reports were drawn in these formats."""
    return {
        **manifest_facts(made),
        "populationComplete": made.snapshot.population.complete,
        "failOn": how.fail_on.value,
        "posture": how.posture,
        "allowConflicts": how.allow_conflicts,
        "declared": dict(made.declared.sha256s),
        "formats": list(formats),
    }
