"""The sessions of an audit: who read, when, from which machine, by which files of the program."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from mfaaudit.evidence.run import Run
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.material import iso
from mfaaudit.reports.run_configuration import NONE, NOT_RECORDED


def span(run: Run) -> str:
    """From when to when the tenant was read, in words, and how long nobody read in between."""
    whole = f"{iso(run.started_at)} to {iso(run.finished_at)}"
    if len(run.sessions) < 2:
        return f"{whole}, in one session"
    pauses = [after.started_at - (one.ended_at or after.started_at) for one, after in pairwise(run.sessions)]
    idle = timedelta(seconds=round(sum(pauses, timedelta()).total_seconds()))
    return f"{whole}, in {len(run.sessions)} sessions, between which nothing was read for {idle} (h:mm:ss)"


def sessions(run: Run) -> Table:
    """The table."""

    def rows() -> Iterator[list[Cell]]:
        for number, one in enumerate(run.sessions, start=1):
            identity, machine, asked = one.identity, one.machine, one.asked
            who = identity.called
            yield [
                number,
                one.started_at,
                one.ended_at,
                who or None,
                identity.kind,
                identity.auth,
                NOT_RECORDED if asked is None else asked.tenant or NONE,
                *(
                    [NOT_RECORDED] * 4
                    if machine is None
                    else [machine.host, machine.account, machine.system, machine.python]
                ),
                one.tool_version,
                NOT_RECORDED if machine is None else machine.program_sha256,
            ]

    return Table(
        name="Sessions",
        title="Sessions",
        note=(
            "The processes that read the tenant. An audit that was broken off and gone on with has several; what one "
            "session had read, the next did not read again. The SHA-256 is that of the program's own files: code, "
            "schemas, rule packs and templates."
        ),
        columns=(
            Column(key="number", title="Session", kind=ColumnKind.NUMBER),
            Column(key="startedAt", title="Started", kind=ColumnKind.TIME, width=20),
            Column(key="endedAt", title="Last read", kind=ColumnKind.TIME, width=20),
            Column(key="identity", title="Run by", width=36),
            Column(key="kind", title="Signed in as", width=14),
            Column(key="auth", title="--auth", width=16),
            Column(key="tenantAsked", title="--tenant", width=38, on_paper=False),
            Column(key="host", title="Machine", width=24),
            Column(key="account", title="Account of the system", width=24),
            Column(key="system", title="System", width=12, on_paper=False),
            Column(key="python", title="Python", width=12, on_paper=False),
            Column(key="toolVersion", title="Version", width=10),
            Column(key="programSha256", title="SHA-256 of the program", width=66, on_paper=False),
        ),
        rows=rows,
        row_count=len(run.sessions),
    )
