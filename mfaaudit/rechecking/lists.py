"""The lists of a recheck: its findings, new failures, and what was not read."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.rechecking.recheck import Recheck
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.entra_links import user_link
from mfaaudit.sources import BY_NAME
from mfaaudit.words import Verdict


def findings(made: Recheck) -> Section:
    """Every finding, before and now."""
    wide = ColumnKind.LONG_TEXT

    def rows() -> Iterator[list[Cell]]:
        for row in made.rows:
            before, now = row.before, row.now
            yield [
                before.rule.id,
                now.severity.value if now.verdict is Verdict.FAIL else before.severity.value,
                row.outcome.words,
                row.name,
                before.verdict.value,
                None if now.verdict is None else now.verdict.value,
                now.reason or None,
                before.observed,
                now.observed or None,
                now.read_at,
                now.refreshed_at,
                row.display_name,
                before.rule.title,
                before.user_id,
            ]

    table = Table(
        name="RecheckFindings",
        title="Findings",
        note="The registration report lags by hours: where its row was refreshed before the remedy, it does not show "
        "it yet.",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="result", title="Result", width=15),
            Column(key="userPrincipalName", title="User", width=38),
            Column(key="before", title="Before", kind=ColumnKind.VERDICT, width=16),
            Column(key="now", title="Now", kind=ColumnKind.VERDICT, width=16),
            Column(key="reason", title="Reason now", width=18),
            Column(key="observedBefore", title="Observed before", kind=wide, width=40),
            Column(key="observedNow", title="Observed now", kind=wide, width=40),
            Column(key="readAt", title="Read at", kind=ColumnKind.TIME, width=20),
            Column(key="refreshedAt", title="Report row refreshed", kind=ColumnKind.TIME, width=20),
            Column(key="displayName", title="Display name", width=26),
            Column(key="title", title="Title", kind=wide, width=44, on_paper=False),
            _user_id(made),
        ),
        rows=rows,
        row_count=len(made.rows),
        browse=True,
    )
    return Section(
        name="RecheckUsers",
        title="Findings",
        lead=("Every finding of the audit that was rechecked, before and now. " + made.population,),
        tables=(table,),
    )


def new_failures(made: Recheck) -> Section:
    """What the same users fail now and did not fail before."""

    def rows() -> Iterator[list[Cell]]:
        for one in made.new_failures:
            yield [
                one.rule.id,
                one.now.severity.value,
                one.name,
                one.display_name,
                one.before.value,
                one.now.observed,
                one.now.read_at,
                one.rule.title,
                one.user_id,
            ]

    table = Table(
        name="RecheckNewFailures",
        title="New failures",
        columns=(
            Column(key="ruleId", title="Rule", width=12),
            Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11),
            Column(key="userPrincipalName", title="User", width=38),
            Column(key="displayName", title="Display name", width=26),
            Column(key="before", title="Before", kind=ColumnKind.VERDICT, width=16),
            Column(key="observedNow", title="Observed now", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="readAt", title="Read at", kind=ColumnKind.TIME, width=20),
            Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44, on_paper=False),
            _user_id(made),
        ),
        rows=rows,
        row_count=len(made.new_failures),
        empty="These users fail nothing that they did not fail before.",
    )
    return Section(
        name="RecheckNew",
        title="New failures",
        lead=("What the same users fail now and did not fail before, under every rule about users.",),
        tables=(table,),
    )


def _user_id(made: Recheck) -> Column:
    return Column(key="userId", title="Object id", width=38, on_paper=False, link=user_link(made.reading.cloud))


def not_read(made: Recheck) -> Section:
    """The reads that gave nothing."""

    def rows() -> Iterator[list[Cell]]:
        for one in made.failures:
            yield [
                BY_NAME[one.source].title,
                one.user_id or None,
                one.reason.value,
                one.status or None,
                one.code or None,
                one.request_id or None,
                one.read_at,
            ]

    table = Table(
        name="RecheckNotRead",
        title="Not read",
        note="NOT_FOUND of a user means that the account is gone; NO_ROW that the report has no row for it.",
        columns=(
            Column(key="source", title="Source", width=32),
            Column(key="userId", title="Object id", width=38),
            Column(key="reason", title="Reason", width=18),
            Column(key="status", title="HTTP status", kind=ColumnKind.NUMBER),
            Column(key="code", title="Error code", width=40),
            Column(key="requestId", title="request-id", width=38),
            Column(key="readAt", title="Read at", kind=ColumnKind.TIME, width=20),
        ),
        rows=rows,
        row_count=len(made.failures),
        empty="Everything that was asked for was read.",
    )
    return Section(
        name="RecheckReads",
        title="Not read",
        lead=("Each read that gave nothing. What was not read is never taken for good or bad.",),
        tables=(table,),
    )
