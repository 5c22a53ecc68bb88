"""Who ran what against which tenant, when, with which right, and how much of each source was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from mfaaudit.declared.words import AUTO
from mfaaudit.evidence.run import Run
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table
from mfaaudit.reports.evidence_files import table_of
from mfaaudit.reports.material import Material, iso
from mfaaudit.sources import BY_NAME


def section(material: Material) -> Section:
    """Run."""
    run = material.snapshot.run
    identity = run.identity
    return Section(
        name="Run",
        title="Run",
        lead=("Who read which tenant, when, with which rights, and how much of each source was read.",),
        facts=(
            Fact(label="Run id", value=run.id),
            Fact(label="Tool", value=f"{run.tool} {run.tool_version}", note=run.platform),
            Fact(label="Packages", value=", ".join(f"{name} {version}" for name, version in run.packages.items())),
            Fact(label="Started (UTC)", value=run.started_at),
            Fact(label="Finished (UTC)", value=run.finished_at),
            Fact(label="Tenant id", value=run.tenant_id),
            Fact(label="Tenant name", value=run.tenant_name),
            Fact(label="Default domain", value=run.default_domain),
            Fact(label="Cloud", value=run.cloud, note=run.graph),
            Fact(label="Time span of the evidence", value=span(run)),
            Fact(label="Collection", value=run.collect, note=f"{run.requests:,} requests, {run.throttled:,} throttled"),
            Fact(
                label="Options",
                value=", ".join(f"--with-{name}" for name in run.options) or "none",
                note="What is read only on request.",
            ),
            Fact(
                label="Posture",
                value=material.declared.posture.asked,
                note="inferred from what was read" if material.declared.posture.asked == AUTO else "as declared",
            ),
            *_declared(material),
            Fact(label="Signed in as", value=identity.kind, note=f"--auth {identity.auth}"),
            Fact(label="Application", value=identity.app_name or identity.app_id or None, note=identity.app_id),
            Fact(label="Account", value=identity.user_principal_name or identity.object_id or None),
            Fact(label="Permissions in the token", value=", ".join(identity.permissions) or None),
            Fact(
                label="Fails from severity",
                value=material.conclusion.fail_on.value,
                note=f"exit code {material.conclusion.exit_code}",
            ),
        ),
        tables=(_packs(material), _sources(material), *_sessions(material), table_of(material.evidence)),
    )


def _declared(material: Material) -> Iterator[Fact]:
    for name, title in (("exceptions", "Register of exceptions"), ("classes", "Classes of accounts")):
        sha256 = material.declared.sha256s.get(name)
        yield Fact(
            label=title, value="none was given" if sha256 is None else sha256, note="" if sha256 is None else "SHA-256"
        )


def span(run: Run) -> str:
    """From when to when the tenant was read, in words, and how long nobody read in between."""
    whole = f"{iso(run.started_at)} to {iso(run.finished_at)}"
    if len(run.sessions) < 2:
        return f"{whole}, in one session"
    pauses = [after.started_at - (one.ended_at or after.started_at) for one, after in pairwise(run.sessions)]
    idle = timedelta(seconds=round(sum(pauses, timedelta()).total_seconds()))
    return f"{whole}, in {len(run.sessions)} sessions, between which nothing was read for {idle} (h:mm:ss)"


def _sessions(material: Material) -> Iterator[Table]:
    sessions = material.snapshot.run.sessions
    if len(sessions) < 2:
        return

    def rows() -> Iterator[list[Cell]]:
        for number, one in enumerate(sessions, start=1):
            identity = one.identity
            who = identity.user_principal_name or identity.app_name or identity.app_id or identity.object_id
            yield [number, one.started_at, one.ended_at, who or None, identity.kind, one.tool_version]

    yield Table(
        name="Sessions",
        title="Sessions",
        note="The audit was broken off and gone on with. What one session had read, the next did not read again.",
        columns=(
            Column(key="number", title="Session", kind=ColumnKind.NUMBER),
            Column(key="startedAt", title="Started", kind=ColumnKind.TIME, width=20),
            Column(key="endedAt", title="Last read", kind=ColumnKind.TIME, width=20),
            Column(key="identity", title="Run by", width=36),
            Column(key="kind", title="Signed in as", width=14),
            Column(key="toolVersion", title="Version", width=10),
        ),
        rows=rows,
        row_count=len(sessions),
    )


def _packs(material: Material) -> Table:
    packs = material.findings.packs

    def rows() -> Iterator[list[Cell]]:
        for one in packs:
            yield [one.id, one.version, one.title, len(one.rules), one.sha256, one.text.lists_sha256 or None]

    return Table(
        name="Packs",
        title="Rule packs",
        columns=(
            Column(key="id", title="Pack", width=24),
            Column(key="version", title="Version", width=10),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=50),
            Column(key="rules", title="Rules", kind=ColumnKind.NUMBER),
            Column(key="sha256", title="SHA-256 of the file", width=66),
            Column(key="listsSha256", title="SHA-256 of the shared lists", width=66, on_paper=False),
        ),
        rows=rows,
        row_count=len(packs),
    )


def _sources(material: Material) -> Table:
    coverage = material.snapshot.coverage
    granted = frozenset(material.snapshot.run.identity.permissions)

    def rows() -> Iterator[list[Cell]]:
        for one in coverage:
            source = BY_NAME[one.source]
            yield [
                source.title,
                f"{source.version}{source.path}",
                "beta: not supported by Microsoft for production use" if source.version == "beta" else "v1.0",
                one.wanted,
                one.read,
                one.unread,
                one.requests,
                one.first,
                one.last,
                " or ".join(source.permissions),
                ", ".join(one for one in source.permissions if one in granted) or "none of these",
            ]

    return Table(
        name="Sources",
        title="Sources",
        note="Wanted = read + not read. Both per-user reads travel in the same batches of twenty.",
        columns=(
            Column(key="title", title="Source", width=34),
            Column(key="endpoint", title="Endpoint", kind=ColumnKind.LONG_TEXT, width=60),
            Column(key="version", title="API version", kind=ColumnKind.LONG_TEXT, width=24),
            Column(key="wanted", title="Wanted", kind=ColumnKind.NUMBER),
            Column(key="read", title="Read", kind=ColumnKind.NUMBER),
            Column(key="unread", title="Not read", kind=ColumnKind.NUMBER),
            Column(key="requests", title="Requests", kind=ColumnKind.NUMBER),
            Column(key="first", title="First read", kind=ColumnKind.TIME, width=20),
            Column(key="last", title="Last read", kind=ColumnKind.TIME, width=20),
            Column(key="permissions", title="Permission", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="granted", title="Of these in the token", kind=ColumnKind.LONG_TEXT, width=34),
        ),
        rows=rows,
        row_count=len(coverage),
    )
