"""What could not be read, why, what it costs, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from mfaaudit.reports.cures import meaning_of, what_to_do
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.effects import effect_of
from mfaaudit.reports.material import Material
from mfaaudit.reports.traces import endpoint
from mfaaudit.reports.unread_users import unread_users
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Verdict


def section(material: Material) -> Section:
    """Not evaluated."""
    return Section(
        name="NotEvaluated",
        title="Not evaluated",
        lead=(
            "A value that was not read is never taken for good or bad. This is everything that was missing, and what "
            "it left open.",
        ),
        tables=(_by_source(material), _by_rule(material), _reads(material), unread_users(material)),
    )


def _by_source(material: Material) -> Table:
    found = [(one, reason, count) for one in material.snapshot.coverage for reason, count in one.reasons.items()]
    failed = {(one.source, one.reason): one for one in reversed(material.snapshot.failures)}

    def rows() -> Iterator[list[Cell]]:
        for one, reason, count in found:
            source, failure = BY_NAME[one.source], failed.get((one.source, reason))
            yield [
                source.title,
                reason.value,
                count,
                one.wanted,
                effect_of(material, one.source, reason).words,
                meaning_of(reason, source, material.snapshot.run, read=one.read),
                what_to_do(reason, source, material.snapshot.run, read=one.read),
                None if failure is None else failure.status or None,
                None if failure is None else failure.request_id or None,
                None if failure is None else failure.client_request_id or None,
                None if failure is None else failure.attempts,
                endpoint(source),
            ]

    return Table(
        name="UnreadSources",
        title="By source",
        note=(
            "Effect counts the rules that look at the source and are open for the same reason, for the users of whom "
            "it gave nothing; of a list or a setting, for the users whose own reads do not explain it. A rule that "
            "looks at two such sources counts under both. HTTP status, request-id and what follows are those of the "
            "first read that failed so; without them there was no row for somebody, and no read failed."
        ),
        columns=(
            Column(key="title", title="Source", width=32),
            Column(key="reason", title="Reason", width=18),
            Column(key="count", title="Not read", kind=ColumnKind.NUMBER),
            Column(key="wanted", title="Wanted", kind=ColumnKind.NUMBER),
            Column(key="effect", title="Effect", kind=ColumnKind.LONG_TEXT, width=36),
            Column(key="meaning", title="Meaning", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="cure", title="What to do", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="status", title="HTTP status", kind=ColumnKind.NUMBER, width=12),
            Column(key="requestId", title="request-id", width=38, on_paper=False),
            Column(key="clientRequestId", title="client-request-id", width=38, on_paper=False),
            Column(key="attempts", title="Attempts", kind=ColumnKind.NUMBER, on_paper=False),
            Column(key="endpoint", title="Endpoint", width=44, on_paper=False),
        ),
        rows=rows,
        row_count=len(found),
        empty="Everything that was asked for was read.",
    )


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
    failures = [one for one in material.snapshot.failures if not one.user_id]

    def rows() -> Iterator[list[Cell]]:
        for one in failures:
            yield [
                BY_NAME[one.source].title,
                endpoint(BY_NAME[one.source]),
                one.reason.value,
                one.status or None,
                one.code or None,
                one.request_id or None,
                one.client_request_id or None,
                one.attempts,
                one.read_at,
            ]

    return Table(
        name="FailedReads",
        title="Lists and settings that could not be read to their end",
        note=(
            "The request-id is what Microsoft support asks for, and the client-request-id what the program had called "
            "the request; the whole answer is in the evidence. 0 attempts: nothing was sent, as the link to the next "
            "page was not one to follow."
        ),
        columns=(
            Column(key="source", title="Source", width=32),
            Column(key="endpoint", title="Endpoint", width=44, on_paper=False),
            Column(key="reason", title="Reason", width=18),
            Column(key="status", title="HTTP status", kind=ColumnKind.NUMBER),
            Column(key="code", title="Error code", width=40),
            Column(key="requestId", title="request-id", width=38),
            Column(key="clientRequestId", title="client-request-id", width=38, on_paper=False),
            Column(key="attempts", title="Attempts", kind=ColumnKind.NUMBER),
            Column(key="readAt", title="Read at", kind=ColumnKind.TIME, width=20),
        ),
        rows=rows,
        row_count=len(failures),
        empty="No such read failed.",
    )
