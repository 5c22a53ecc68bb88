"""Of whom something was not read: one row for each user and source, with the answer that was no answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from mfaaudit.reports.cures import what_to_do
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.entra_links import id_column
from mfaaudit.reports.material import BATCH_ROWS, Material, cells
from mfaaudit.reports.traces import endpoint
from mfaaudit.reports.unread import gave_nothing, is_about_users
from mfaaudit.snapshot.coverage import Coverage
from mfaaudit.snapshot.objects import Failure
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.source import Source
from mfaaudit.words import Reason


def is_for_all(one: Coverage) -> bool:
    """Whether a source gave nothing at all, for one reason: then a line says it better than one for each user."""
    return one.wanted > 0 and not one.read and len(one.reasons) == 1


def unread_users(material: Material) -> Table:
    """The table."""
    shown = [one for one in material.snapshot.coverage if is_about_users(BY_NAME[one.source]) and not is_for_all(one)]
    failures = {(one.source, one.user_id): one for one in material.snapshot.failures if one.user_id}
    frames = [(BY_NAME[one.source], _unread(material.users, BY_NAME[one.source])) for one in shown]

    def rows() -> Iterator[list[Cell]]:
        for source, users in frames:
            yield from _rows(source, users, failures)

    return Table(
        name="UnreadUsers",
        title="By user and source",
        note=(
            "One row for each user and source that gave nothing for the user. A source that gave nothing for anybody "
            "stands above, once. HTTP status and what follows are there where Graph was asked about this user alone; "
            "the request-id is what Microsoft support asks for, and the whole answer is in the evidence."
        ),
        columns=(
            Column(key="userPrincipalName", title="User", width=38),
            Column(key="source", title="Source", width=28),
            Column(key="reason", title="Reason", width=18),
            Column(key="endpoint", title="Endpoint", width=44, on_paper=False),
            Column(key="status", title="HTTP status", kind=ColumnKind.NUMBER, width=12),
            Column(key="code", title="Error code", width=30, on_paper=False),
            Column(key="requestId", title="request-id", width=38, on_paper=False),
            Column(key="clientRequestId", title="client-request-id", width=38, on_paper=False),
            Column(key="attempts", title="Attempts", kind=ColumnKind.NUMBER, on_paper=False),
            Column(key="readAt", title="Read at", kind=ColumnKind.TIME, width=20, on_paper=False),
            Column(key="cure", title="What to do", kind=ColumnKind.LONG_TEXT, width=50),
            id_column(material, on_paper=False),
        ),
        rows=rows,
        row_count=sum(users.height for _, users in frames),
        empty="Of every user something was read from each source that gave anything.",
        browse=True,
    )


def _unread(users: pl.DataFrame, source: Source) -> pl.DataFrame:
    """The users for whom a source gave nothing."""
    reason = pl.col(f"{source.fields[0].column}_reason").cast(pl.String())
    return users.filter(gave_nothing(users, source)).select(
        "user_id", "user_userPrincipalName", "user_userPrincipalName_reason", reason=reason
    )


def _rows(source: Source, users: pl.DataFrame, failures: Mapping[tuple[str, str], Failure]) -> Iterator[list[Cell]]:
    for start in range(0, users.height, BATCH_ROWS):
        part = users.slice(start, BATCH_ROWS)
        named = cells(part, "user.userPrincipalName")
        for name, user_id, word in zip(named, part["user_id"].to_list(), part["reason"].to_list(), strict=True):
            failure, reason = failures.get((source.name, user_id)), Reason(word)
            yield [
                name,
                source.title,
                reason.value,
                endpoint(source),
                *_answer(failure),
                what_to_do(reason, source),
                user_id,
            ]


def _answer(failure: Failure | None) -> list[Cell]:
    """The answer that was none; nothing where Graph was not asked about this user alone."""
    if failure is None:
        return [None] * 6
    return [
        failure.status or None,
        failure.code or None,
        failure.request_id or None,
        failure.client_request_id or None,
        failure.attempts,
        failure.read_at,
    ]
