"""The long list: one row for each user and rule that is not in order, ready for a filter or a pivot table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from mfaaudit.earlier import Since
from mfaaudit.reports.change_numbers import first_failed
from mfaaudit.reports.decision_columns import COLUMNS as OF_DECISIONS
from mfaaudit.reports.document import Cell, Column, ColumnKind, Section, Table
from mfaaudit.reports.entra_links import id_column
from mfaaudit.reports.managers import NAME as MANAGER
from mfaaudit.reports.managers import were_asked_for
from mfaaudit.reports.material import FindingRow, Material, count_findings, finding_rows
from mfaaudit.reports.register_numbers import register_numbers, until
from mfaaudit.words import Verdict


class Part(NamedTuple):
    """One column, and what stands in it."""

    column: Column
    of: Callable[[FindingRow], Cell]


def section(material: Material) -> Section:
    """Findings."""
    parts = tuple(_parts(material))
    getters = [part.of for part in parts]

    def rows() -> Iterator[list[Cell]]:
        for row in finding_rows(material):
            yield [of(row) for of in getters]

    return Section(
        name="Findings",
        title="Findings",
        lead=tuple(_lead(material)),
        tables=(
            Table(
                name="Findings",
                title="Findings",
                columns=[part.column for part in parts],
                rows=rows,
                row_count=count_findings(material),
                key_columns=5,
                empty="No findings.",
                browse=True,
            ),
        ),
    )


def _lead(material: Material) -> Iterator[str]:
    yield (
        "One row for each rule that an account fails, or that could not be judged for it. NOT_EVALUATED is not a "
        "failure: a value was missing, and the reason says why."
    )
    if register_numbers(material) is not None:
        yield "WAIVED is a failure that an exception covers, until the end of the day it names."
    yield (
        "Observed is what Graph answered, under the name that Graph gives it: Legend says which answer each value "
        "comes from."
    )


def _parts(material: Material) -> Sequence[Part]:
    return (
        *_of_the_verdict(),
        *_of_what_was_seen(),
        *_of_the_past(material),
        *_of_the_person(),
        *_of_the_exception(material),
        # What is only for a filter stands at the right end, where paper can do without it.
        *_of_the_account(material),
        *(Part(column, lambda _: None) for column in OF_DECISIONS),
    )


def _of_the_verdict() -> Iterator[Part]:
    yield Part(Column(key="ruleId", title="Rule", width=12), lambda row: row.result.rule.id)
    yield Part(
        Column(key="severity", title="Severity", kind=ColumnKind.SEVERITY, width=11), lambda row: row.severity.value
    )
    yield Part(Column(key="status", title="Status", kind=ColumnKind.VERDICT, width=18), lambda row: row.status.value)
    yield Part(Column(key="reason", title="Reason", width=18), lambda row: row.reason or None)
    yield Part(
        Column(key="userPrincipalName", title="User", width=38),
        lambda row: "(the tenant)" if row.user is None else row.of_user("user.userPrincipalName"),
    )


def _of_what_was_seen() -> Iterator[Part]:
    wide = ColumnKind.LONG_TEXT
    yield Part(Column(key="observed", title="Observed", kind=wide, width=48), lambda row: row.observed)
    yield Part(Column(key="expected", title="Expected", kind=wide, width=40), lambda row: row.expected)


def _of_the_exception(material: Material) -> Iterator[Part]:
    # The columns are there without a register, too: what is built upon them one quarter works the next.
    shown = register_numbers(material) is not None
    days = {key: day.isoformat() for key, day in until(material).items()}
    tickets = {one.entry.id: one.entry.ticket for one in material.exceptions}
    yield Part(
        Column(key="exceptionId", title="Exception", width=16, on_paper=shown), lambda row: row.exception or None
    )
    yield Part(
        Column(key="exceptionExpiresOn", title="Waived until", width=13, on_paper=shown),
        lambda row: days[row.exception, row.result.rule.id] if row.exception else None,
    )
    yield Part(
        Column(key="ticket", title="Ticket", width=16, on_paper=False),
        lambda row: tickets[row.exception] if row.exception else None,
    )


def _of_the_past(material: Material) -> Iterator[Part]:
    if material.earlier is None:
        return

    # Rows come rule by rule: what is known of one rule at a time is enough.
    @lru_cache(maxsize=1)
    def since(rule: str) -> Mapping[str | None, Since]:
        return first_failed(material, rule)

    def of(row: FindingRow) -> Since | None:
        known = since(row.result.rule.id) if row.status is Verdict.FAIL else {}
        return known.get(None if row.user is None else row.user["user_id"].lower())

    yield Part(
        Column(key="firstSeen", title="Failing since", kind=ColumnKind.TIME, width=20),
        lambda row: None if (found := of(row)) is None else found.at,
    )
    yield Part(
        Column(key="ageDays", title="Days", kind=ColumnKind.NUMBER, width=8),
        lambda row: None if (found := of(row)) is None else found.age_days,
    )


def _of_the_person() -> Iterator[Part]:
    yield _of_user(Column(key="displayName", title="Display name", width=26), "user.displayName")
    yield _of_user(Column(key="department", title="Department", width=20), "user.department")


def _of_the_account(material: Material) -> Iterator[Part]:
    yield Part(
        Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44, on_paper=False),
        lambda row: row.result.rule.title,
    )
    yield Part(Column(key="action", title="Action", width=34, on_paper=False), lambda row: row.action or None)
    if were_asked_for(material.users):
        yield _of_user(Column(key=MANAGER, title="Manager", width=26, on_paper=False), MANAGER)
    yield _of_user(Column(key="userType", title="User type", width=11, on_paper=False), "user.userType")
    for key, title in (("user.accountEnabled", "Account enabled"), ("registration.isAdmin", "Administrator")):
        column = Column(key=key.split(".")[1], title=title, kind=ColumnKind.BOOLEAN, width=18, on_paper=False)
        yield _of_user(column, key)
    yield Part(
        Column(key="roles", title="Directory roles", kind=ColumnKind.LONG_TEXT, width=30, on_paper=False),
        lambda row: row.roles,
    )
    yield _of_user(
        Column(key="accountClass", title="Class of account", width=18, on_paper=False), "derived.accountClass"
    )
    yield Part(id_column(material, on_paper=False), lambda row: None if row.user is None else row.user["user_id"])
    run_id = material.snapshot.run.id
    yield Part(Column(key="runId", title="Run id", width=38, on_paper=False), lambda _: run_id)


def _of_user(column: Column, name: str) -> Part:
    return Part(column, lambda row: row.of_user(name))
