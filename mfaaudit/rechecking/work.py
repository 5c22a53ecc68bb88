"""Before and after the reading: whom an audit flags, and what has become of them, judged and written down."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.brief import Brief
from mfaaudit.bundle import EVIDENCE, held, reading, replacing
from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.run import PER_USER, Order
from mfaaudit.facts import WISHED
from mfaaudit.facts.conditional_access.values import is_id
from mfaaudit.findings.needs import fields_needed
from mfaaudit.judging import judge_evidence
from mfaaudit.kept import brief_of
from mfaaudit.manifest import read_manifest, write_manifest
from mfaaudit.rechecking.document import document_of
from mfaaudit.rechecking.flagged import Flagged, Narrowing, flagged
from mfaaudit.rechecking.judged import judge_some
from mfaaudit.rechecking.reading import Origin, Reading
from mfaaudit.rechecking.recheck import Recheck, recheck
from mfaaudit.rechecking.results import write_results, write_rows
from mfaaudit.reports.document import Document
from mfaaudit.reports.material import Material
from mfaaudit.reports.page import write_page
from mfaaudit.reports.workbook import write_workbook
from mfaaudit.snapshot.some_users import take_some
from mfaaudit.sources.options import OPTIONS
from mfaaudit.tenant.collect import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write a recheck down."""

    name: str
    file: str
    title: str
    write: Callable[[Recheck, Document, Path], None]


FORMATS: tuple[Format, ...] = (
    Format(name="json", file="recheck.json", title="Results", write=lambda made, _, path: write_results(made, path)),
    Format(name="csv", file="recheck.csv", title="Findings", write=lambda made, _, path: write_rows(made, path)),
    Format(name="html", file="recheck.html", title="Page", write=lambda _, said, path: write_page(said, path)),
    Format(name="xlsx", file="recheck.xlsx", title="Workbook", write=lambda _, said, path: write_workbook(said, path)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What an audit flagged, and what is needed to read it again."""

    origin: Origin
    how: Brief
    before: Material
    flagged: Flagged
    order: Order


def plan(bundle: Path, narrowing: Narrowing, progress: Progress) -> Planned:
    """Judges the evidence of a bundle again, with what the bundle keeps, and says whom it flags; writes nothing.

    Raises BundleProblem if it is no audit, or was altered; UsageProblem for a rule that cannot be meant.
    """
    with reading(bundle):
        how = brief_of(bundle, None, with_earlier=False)
        sha256 = read_manifest(bundle).sha256
        before = judge_evidence(bundle, how, progress)
    found, order = flagged(before, narrowing), _order(how, before)
    _check_ids(bundle, (*found.users, *order.groups))
    return Planned(
        origin=Origin(bundle=bundle.resolve().name, run=before.snapshot.run, manifest_sha256=sha256),
        how=how,
        before=before,
        flagged=found,
        order=order,
    )


def _check_ids(bundle: Path, ids: Iterable[str]) -> None:
    # They become parts of addresses, and a bundle may come from anywhere.
    for one in ids:
        if not is_id(one):
            raise BundleProblem(
                f"{bundle} names an account or a group {one[:80]!r}, which is not an object id",
                hint="Recheck a bundle that an audit of yours has made, or audit again.",
            )


def _order(how: Brief, before: Material) -> Order:
    """What has to be read: what the rules need, as far as the audit read it too."""
    run = before.snapshot.run
    needed = {WISHED[name] for name in fields_needed(how.packs) if name in WISHED} & {*run.options, *how.options}
    return Order(
        collect=PER_USER,
        options=tuple(name for name in OPTIONS if name in needed),
        groups=(*run.groups, *how.groups),
    )


def finish(
    planned: Planned, folder: Path, read_again: Reading, formats: Collection[str], progress: Progress
) -> Recheck:
    """Judges what was read again, and writes it down beside its evidence. Raises OutputProblem if the disk refuses."""
    users = planned.flagged.users
    progress("Judging", 0, None)
    permissions = frozenset(read_again.identity.permissions)
    read = take_some(folder / EVIDENCE, users, cloud=read_again.cloud, permissions=permissions)
    tenant = planned.before.snapshot.tenant
    judged = judge_some(read, planned.how, planned.flagged.rules, tenant, read_again.started_at)
    made = recheck(read_again, planned.before, planned.flagged, read, judged)
    document = document_of(made)
    with held(folder), replacing(folder) as new:
        for one in FORMATS:
            if one.name in formats:
                progress(one.title, 0, None)
                one.write(made, document, new.folder / one.file)
        facts = {
            "recheckOf": read_again.origin.facts(),
            "run": read_again.facts(),
            "narrowedBy": planned.flagged.narrowing.words,
            "formats": [one.name for one in FORMATS if one.name in formats],
        }
        write_manifest(new.folder, facts, new.files())
    return made
