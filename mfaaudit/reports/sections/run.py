"""Who ran what against which tenant, when, with which right, and what judged it by what."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.evidence.service import Service, said_of
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.evidence_files import table_of
from mfaaudit.reports.input_words import INPUTS_LABEL, how_to_check
from mfaaudit.reports.material import Material
from mfaaudit.reports.run_configuration import NOT_RECORDED, configuration
from mfaaudit.reports.run_sessions import sessions, span
from mfaaudit.reports.throttling_table import throttling
from mfaaudit.sources import BY_NAME

FOR_CUSTOMERS = (
    "Graph does not have everything there that the rules ask for. What can be judged is judged; the rest is not "
    "evaluated, with the reason CLOUD_UNSUPPORTED."
)


def section(material: Material) -> Section:
    """Run."""
    run = material.snapshot.run
    identity = run.identity
    return Section(
        name="Run",
        title="Run",
        lead=(
            "Who read which tenant, when, from where, with which rights, and how much of each source was read; and "
            "what judged it.",
        ),
        facts=(
            Fact(label="Run id", value=run.id),
            Fact(label="Tool", value=f"{run.tool} {run.tool_version}", note=run.platform),
            Fact(label="Packages", value=", ".join(f"{name} {version}" for name, version in run.packages.items())),
            Fact(label="Started (UTC)", value=run.started_at),
            Fact(label="Finished (UTC)", value=run.finished_at),
            Fact(label="Tenant id", value=run.tenant_id),
            Fact(label="Tenant name", value=run.tenant_name),
            Fact(label="Default domain", value=run.default_domain),
            *_tenant_type(material),
            Fact(label="Cloud", value=run.cloud, note=run.graph),
            Fact(label="Time span of the evidence", value=span(run)),
            Fact(label="Collection", value=run.collect, note=f"{run.requests:,} requests, {run.throttled:,} throttled"),
            Fact(label="Signed in as", value=identity.kind, note=f"--auth {identity.auth}"),
            Fact(label="Application", value=identity.app_name or identity.app_id or None, note=identity.app_id),
            Fact(label="Account", value=identity.user_principal_name or identity.object_id or None),
            Fact(label="Permissions in the token", value=", ".join(identity.permissions) or None),
            *_judged_by(material),
        ),
        tables=(
            configuration(material),
            _packs(material),
            _sources(material),
            sessions(run),
            throttling(material.snapshot.throttling),
            table_of(material.evidence),
        ),
    )


def _tenant_type(material: Material) -> Iterator[Fact]:
    kind = material.snapshot.tenant_type
    if not kind:
        return
    customers = Service(tenant_type=kind).for_customers
    yield Fact(
        label="Tenant type",
        value=kind,
        note=f"This is {said_of(kind)}." + (f" {FOR_CUSTOMERS}" if customers else ""),
        tone=Tone.OPEN if customers else Tone.PLAIN,
    )


def _judged_by(material: Material) -> Iterator[Fact]:
    found = material.judged_by
    if found is None:
        yield Fact(label="Judged by", value=NOT_RECORDED)
        return
    program = found.program
    packages = ", ".join(f"{name} {version}" for name, version in program.packages.items())
    yield Fact(label="Judged by", value=f"{material.snapshot.run.tool} {program.version}")
    yield Fact(label="Packages that judged", value=packages, note=f"Python {program.python}")
    yield Fact(
        label="Program that judged",
        value=program.sha256,
        note="SHA-256 of its own files: code, schemas, rule packs and templates",
    )
    if material.inputs_sha256:
        yield Fact(label=INPUTS_LABEL, value=material.inputs_sha256, note=how_to_check(material))


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
