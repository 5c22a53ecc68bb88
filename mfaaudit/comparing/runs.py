"""Which audits were compared: the hash of each bundle's manifest, who read it, when, and with which rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mfaaudit.comparing.chosen import Chosen
from mfaaudit.earlier import Audit
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table


def section(chosen: Sequence[Chosen], audits: Sequence[Audit]) -> Section:
    """Run; `chosen` and `audits` are the same audits, the oldest first."""
    return Section(
        name="Run",
        title="Run",
        lead=(
            "Every bundle was judged again from its own evidence, with the rules, exceptions and classes that it "
            "keeps, after the hashes of its evidence were checked. Nothing was written into it.",
        ),
        tables=(_bundles(chosen, audits), _rules(chosen)),
    )


def _bundles(chosen: Sequence[Chosen], audits: Sequence[Audit]) -> Table:
    places = [*("older" for _ in chosen[:-2]), "previous", "latest"]

    def rows() -> Iterator[list[Cell]]:
        for place, one, audit in zip(places, chosen, audits, strict=True):
            run, identity = one.run, one.run.identity
            who = identity.called
            yield [
                place,
                run.started_at,
                run.finished_at,
                run.id,
                audit.enumerated,
                audit.statement,
                who or "unknown",
                run.collect,
                run.tool_version,
                one.manifest.sha256,
                one.bundle.name,
            ]

    return Table(
        name="ComparedBundles",
        title="The audits",
        columns=(
            Column(key="place", title="Audit", width=10),
            Column(key="startedAt", title="Read from", kind=ColumnKind.TIME, width=20),
            Column(key="finishedAt", title="Read until", kind=ColumnKind.TIME, width=20),
            Column(key="runId", title="Run id", width=38),
            Column(key="users", title="Users", kind=ColumnKind.NUMBER, width=10),
            Column(key="population", title="Population", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="runBy", title="Run by", width=34),
            Column(key="collect", title="Collection", width=14),
            Column(key="toolVersion", title="Version", width=10),
            Column(key="manifestSha256", title="SHA-256 of its manifest.json", width=66),
            Column(key="folder", title="Folder", width=40, on_paper=False),
        ),
        rows=rows,
        row_count=len(chosen),
    )


def _rules(chosen: Sequence[Chosen]) -> Table:
    def rows() -> Iterator[list[Cell]]:
        for one in chosen:
            for pack in one.policies:
                yield [one.run.started_at, str(pack["id"]), str(pack["version"]), str(pack["sha256"])]

    return Table(
        name="ComparedPacks",
        title="Rule packs of each",
        columns=(
            Column(key="startedAt", title="Audit of", kind=ColumnKind.TIME, width=20),
            Column(key="pack", title="Pack", width=26),
            Column(key="version", title="Version", width=10),
            Column(key="sha256", title="SHA-256 of the file", width=66),
        ),
        rows=rows,
        row_count=sum(len(one.policies) for one in chosen),
    )
