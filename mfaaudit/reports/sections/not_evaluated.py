"""What could not be read, why, what it costs, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.material import Material
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Reason, Verdict


def section(material: Material) -> Section:
    """Not evaluated."""
    return Section(
        name="NotEvaluated",
        title="Not evaluated",
        lead=(
            "A value that was not read is never taken for good or bad. This is everything that was missing, and what "
            "it left open.",
        ),
        tables=(_by_source(material), _by_rule(material), _reads(material)),
    )


def _by_source(material: Material) -> Table:
    found = [(one, reason, count) for one in material.snapshot.coverage for reason, count in one.reasons.items()]

    def rows() -> Iterator[list[Cell]]:
        for one, reason, count in found:
            source = BY_NAME[one.source]
            yield [
                source.title,
                one.source,
                reason.value,
                count,
                one.wanted,
                reason.meaning,
                _cure(reason, source.permissions[0], delegated_only=source.delegated_only),
            ]

    return Table(
        name="UnreadSources",
        title="By source",
        columns=(
            Column(key="title", title="Source", width=32),
            Column(key="source", title="Graph name", width=36),
            Column(key="reason", title="Reason", width=18),
            Column(key="count", title="Not read", kind=ColumnKind.NUMBER),
            Column(key="wanted", title="Wanted", kind=ColumnKind.NUMBER),
            Column(key="meaning", title="Meaning", kind=ColumnKind.LONG_TEXT, width=50),
            Column(key="cure", title="What to do", kind=ColumnKind.LONG_TEXT, width=50),
        ),
        rows=rows,
        row_count=len(found),
        empty="Everything that was asked for was read.",
    )


def _cure(reason: Reason, permission: str, *, delegated_only: bool) -> str:
    if reason is not Reason.NO_PERMISSION:
        return reason.cure
    if delegated_only:
        return f"Sign in as a person: no application may read it. The person needs {permission} and a reader's role."
    return f"Grant {permission} to the identity that runs the audit, then audit again."


def _by_rule(material: Material) -> Table:
    counts: list[tuple[str, str, str, int]] = []
    for one in material.findings.results:
        open_rows = one.frame.filter(pl.col("verdict") == Verdict.NOT_EVALUATED.value)
        reasons = open_rows["reason"].cast(pl.String).value_counts().iter_rows()
        counts += [(one.rule.id, one.rule.title, reason, count) for reason, count in sorted(reasons)]

    def rows() -> Iterator[list[Cell]]:
        for rule, title, reason, count in counts:
            yield [rule, title, reason, count]

    return Table(
        name="OpenRules",
        title="By rule",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="reason", title="Reason", width=18),
            Column(key="count", title="Verdicts open", kind=ColumnKind.NUMBER),
        ),
        rows=rows,
        row_count=len(counts),
        empty="Every rule was judged for every user.",
    )


def _reads(material: Material) -> Table:
    failures = material.snapshot.failures
    users = material.users.select("user_id", "user_userPrincipalName")
    about = pl.Series([one.user_id for one in failures], dtype=pl.String()).unique()
    names = dict(users.filter(pl.col("user_id").is_in(about.implode())).iter_rows())

    def rows() -> Iterator[list[Cell]]:
        for one in failures:
            yield [
                one.source,
                names.get(one.user_id) if one.user_id else "(the tenant)",
                one.user_id or None,
                one.reason.value,
                one.status or None,
                one.code or None,
                one.request_id or None,
                one.read_at,
            ]

    return Table(
        name="FailedReads",
        title="Reads that failed in the end",
        note="The request-id is what Microsoft support asks for; the whole answer is in the evidence.",
        columns=(
            Column(key="source", title="Source", width=30),
            Column(key="user", title="User", width=36),
            Column(key="userId", title="Object id", width=38),
            Column(key="reason", title="Reason", width=18),
            Column(key="status", title="HTTP status", kind=ColumnKind.NUMBER),
            Column(key="code", title="Error code", width=40),
            Column(key="requestId", title="request-id", width=38),
            Column(key="readAt", title="Read at", kind=ColumnKind.TIME, width=20),
        ),
        rows=rows,
        row_count=len(failures),
        empty="No read failed.",
        browse=True,
    )
