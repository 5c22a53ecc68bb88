"""From a bundle's evidence to its results: judge, and write everything that follows from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.bundle import (
    EVIDENCE,
    MANIFEST,
    POLICIES,
    check_bundle,
    check_evidence,
    make_private,
    private_file,
    remove,
    write_manifest,
    write_private,
)
from mfaaudit.errors import BundleProblem, UsageProblem
from mfaaudit.findings import Pack, judge, load_packs
from mfaaudit.findings.load import load_kept
from mfaaudit.findings.shelf import LISTS
from mfaaudit.reports import FORMATS
from mfaaudit.reports.conclusion import conclude
from mfaaudit.reports.content import document_of
from mfaaudit.reports.material import Material
from mfaaudit.reports.results import run_facts
from mfaaudit.snapshot import take
from mfaaudit.words import Severity

USERS = "users.parquet"
Step = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """How to judge, and what to write."""

    packs: tuple[Pack, ...]
    fail_on: Severity
    formats: tuple[str, ...]


def brief(policies: Sequence[str], fail_on: str, formats: str) -> Brief:
    """What the options ask for. Raises UsageProblem, or PolicyProblem for a pack that cannot be used."""
    wanted = wanted_formats(formats)
    return Brief(packs=load_packs(policies), fail_on=Severity(fail_on), formats=wanted)


def wanted_formats(formats: str) -> tuple[str, ...]:
    """The names of formats, each once. Raises UsageProblem for one that there is not."""
    known = [one.name for one in FORMATS]
    wanted = tuple(dict.fromkeys(name.strip() for name in formats.split(",") if name.strip()))
    strange = [name for name in wanted if name not in known]
    if strange or not wanted:
        raise UsageProblem(
            f"--format {formats!r} names no format" if not strange else f"--format: there is no format {strange[0]!r}",
            hint=f"Choose from {', '.join(known)}, separated by commas.",
        )
    return wanted


def judge_bundle(bundle: Path, how: Brief, progress: Step) -> Material:
    """Judges the evidence of a bundle and writes its results into it; the manifest comes last.

    Raises BundleProblem if the evidence is not that of a finished audit, OutputProblem if the disk refuses.
    """
    progress("Snapshot", 0, None)
    snapshot = take(bundle / EVIDENCE)
    progress("Judging", 0, None)
    findings = judge(how.packs, users=snapshot.users, tenant=snapshot.tenant, now=snapshot.run.started_at)
    made = Material(
        snapshot=snapshot,
        findings=findings,
        conclusion=conclude(findings, snapshot.population, how.fail_on),
    )
    _keep_policies(bundle, how.packs)
    with private_file(bundle / USERS) as file:
        snapshot.words().write_parquet(file, compression="zstd")
    document = document_of(made)
    for one in FORMATS:
        if one.name in how.formats:
            progress(one.title, 0, None)
            one.write(made, document, bundle / one.file)
    write_manifest(
        bundle,
        {
            "run": run_facts(made),
            "failOn": how.fail_on.value,
            "formats": [one.name for one in FORMATS if (bundle / one.file).exists()],
        },
    )
    return made


def brief_of(bundle: Path, formats: str | None) -> Brief:
    """How a bundle was judged, from its manifest and the policies in it, to draw the same reports again."""
    check_bundle(bundle)
    check_evidence(bundle)
    try:
        manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
        fail_on, before = manifest["failOn"], manifest["formats"]
        hashes = {
            str(pack["id"]): {(one["sha256"], one["listsSha256"]) for one in (pack, *pack["basedOn"])}
            for pack in manifest["run"]["policies"]
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleProblem(
            f"{bundle / MANIFEST} cannot be read: {error}",
            hint="The audit was broken off before it was judged: run `mfaaudit evaluate` on it, or audit again.",
        ) from error
    packs = load_kept(bundle / POLICIES, list(hashes))
    for pack in packs:
        for text in (*pack.based_on, pack.text):
            if (text.sha256, text.lists_sha256 or None) not in hashes[pack.id]:
                raise BundleProblem(
                    f"{text.file} is not the policy that the bundle was judged with: its hash is another",
                    hint="Put the old file back, or run `mfaaudit evaluate` with --policy to judge with the new one.",
                )
    return Brief(packs=packs, fail_on=Severity(fail_on), formats=wanted_formats(formats or ",".join(before)))


def _keep_policies(bundle: Path, packs: Sequence[Pack]) -> None:
    # A report must be drawn again, and be re-performed, from its own folder alone.
    remove(bundle / POLICIES)
    for text in {one.pack: one for pack in packs for one in (*pack.based_on, pack.text)}.values():
        # Each beside the lists that it was read with: two packs may come with different ones.
        own = bundle / POLICIES / text.pack / f"{text.pack}.yaml"
        make_private(own.parent)
        write_private(own, text.text.encode("utf-8"))
        write_private(own.with_name(LISTS), text.lists_text.encode("utf-8"))
