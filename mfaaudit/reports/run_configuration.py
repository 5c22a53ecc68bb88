"""What the options of a run asked for, as they were resolved: how to read the tenant, and how to judge it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from mfaaudit.declared.words import AUTO
from mfaaudit.evidence.run import Run
from mfaaudit.reports.document import Column, ColumnKind, Table
from mfaaudit.reports.material import Material, iso

NOT_RECORDED = "not recorded"
"""By the version of the program that began the audit, or judged it."""
NONE = "none"

Row = tuple[str, str, str]


def configuration(material: Material) -> Table:
    """The table. Nothing in it is secret: secrets come from the environment or from files, and are not kept."""
    found = [*_collecting(material.snapshot.run), *_judging(material)]
    return Table(
        name="Configuration",
        title="Configuration",
        note="What was asked for, with what holds where nothing was. Whatever is secret is neither kept nor shown.",
        columns=(
            Column(key="option", title="Option", width=34),
            Column(key="value", title="Value", kind=ColumnKind.LONG_TEXT, width=60),
            Column(key="note", title="Which means", kind=ColumnKind.LONG_TEXT, width=50),
        ),
        rows=lambda: found,
        row_count=len(found),
    )


def _collecting(run: Run) -> Iterator[Row]:
    first = run.sessions[0].asked if run.sessions else None
    yield "--auth", run.identity.auth, "how the first session signed in"
    asked = NOT_RECORDED if first is None else first.tenant or NONE
    yield "--tenant", asked, "the tenant that was named; it was checked against what answered"
    yield "--cloud", run.cloud, run.graph
    yield "--collect", run.collect, "how the reads of each user were made"
    options = ", ".join(f"--with-{name}" for name in run.options)
    yield "What is read only on request", options or NONE, "asked for, or needed by a rule"
    minutes = f"{run.metrics_interval} minutes"
    yield "--aggregation-interval", minutes, "the time that each count of MFA sign-ins covers"
    yield "Groups to read", ", ".join(run.groups) or NONE, "named by rules or by the register of exceptions"
    yield "--resume", "yes" if len(run.sessions) > 1 else "no", f"sessions in all: {len(run.sessions):,}"


def _judging(material: Material) -> Iterator[Row]:
    declared, judged_by = material.declared, material.judged_by
    given = {} if judged_by is None else judged_by.given
    policies = ", ".join(f"{pack} ({how})" for pack, how in given.items())
    yield "--policy", policies or NOT_RECORDED, "each pack, and how it came to be judged by"
    posture = declared.posture.asked
    yield "--posture", posture, "inferred from what was read" if posture == AUTO else "as declared"
    allowed = NOT_RECORDED if judged_by is None else "yes" if judged_by.allow_conflicts else "no"
    yield "--allow-conflicts", allowed, "whether packs that contradict each other are judged side by side"
    for name, title in (("exceptions", "the register of exceptions"), ("classes", "the classes of accounts")):
        sha256 = declared.sha256s.get(name)
        yield f"--{name}", sha256 or "none was given", f"SHA-256 of the file with {title}" if sha256 else title
    fail_on = material.conclusion.fail_on.value
    yield "--fail-on", fail_on, f"the least severity that makes findings; exit code {material.conclusion.exit_code}"
    if material.share is not None:
        return  # A copy is of one audit.
    earlier = () if material.earlier is None else material.earlier.audits
    yield from _earlier([(one.run_id, one.started_at, one.manifest_sha256) for one in earlier])


def _earlier(audits: Sequence[tuple[str, datetime, str]]) -> Iterator[Row]:
    if not audits:
        yield "--earlier", NONE, "earlier audits to compare with"
    for run_id, started_at, sha256 in audits:
        yield "--earlier", run_id, f"of {iso(started_at)}; SHA-256 of its manifest {sha256 or NOT_RECORDED}"
