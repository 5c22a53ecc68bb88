"""The register of exceptions: every entry with what it is worth today, whom it covers and what it waived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from mfaaudit.declared.declare import EntryRow
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.register_numbers import register_numbers
from mfaaudit.words import Reason, Unknown

MANY = 25
"""Entries that the page still shows without a search above them."""


def section(material: Material) -> Section | None:
    """Exceptions, where a register was given."""
    numbers = register_numbers(material)
    if numbers is None:
        return None
    return Section(
        name="Exceptions",
        title="Exceptions",
        lead=(
            "Every entry of the register that was given, and what it is worth on the day of the audit (UTC).",
            "An exception hides nothing: the account keeps its row and reads WAIVED instead of FAIL. What could not be "
            "judged stays NOT_EVALUATED.",
        ),
        facts=(
            Fact(label="Entries", value=numbers.entries),
            Fact(label="In force", value=numbers.in_force),
            Fact(label="Expired", value=numbers.expired, tone=Tone.OPEN if numbers.expired else Tone.PLAIN),
            Fact(
                label="Without effect",
                value=numbers.without_effect,
                note="Neither in force nor expired: States says why.",
                tone=Tone.OPEN if numbers.without_effect else Tone.PLAIN,
            ),
            Fact(label="Failures waived", value=numbers.waived, note="Each is one account under one rule."),
        ),
        tables=(_entries(material),),
    )


def _entries(material: Material) -> Table:
    def rows() -> Iterator[list[Cell]]:
        names = _names(material)
        for one in material.exceptions:
            entry = one.entry
            yield [
                entry.id,
                _spaced(entry.kind),
                f"group {entry.subject.id}"
                if entry.subject.is_group
                else names.get(entry.subject.id, entry.subject.id),
                ", ".join(entry.rules),
                ", ".join(_spaced(state) for state in one.states),
                " ".join(state.meaning for state in one.states),
                _users(one, material),
                one.waived,
                entry.requested_by,
                entry.approved_by,
                _day(entry.approved_on),
                _day(entry.expires_on),
                _day(one.effective_until),
                _day(entry.review_on),
                _day(entry.last_drill_on),
                entry.ticket,
                entry.reason,
                entry.compensating_control or None,
                entry.risk or None,
                entry.subject.id,
            ]

    return Table(
        name="Exceptions",
        title="Register of exceptions",
        note=(
            "Both days are included. Effective until is the last day for any of its rules, sooner than Expires on "
            "where a severity allows no more; empty where it is not in force."
        ),
        columns=(
            Column(key="id", title="Exception", width=16),
            Column(key="kind", title="Kind", width=20),
            Column(key="subject", title="Subject", width=38),
            Column(key="rules", title="Rules", kind=ColumnKind.LONG_TEXT, width=20),
            Column(key="states", title="States", kind=ColumnKind.LONG_TEXT, width=18),
            Column(key="meaning", title="Meaning", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="users", title="Users covered", kind=ColumnKind.NUMBER, width=14),
            Column(key="waived", title="Failures waived", kind=ColumnKind.NUMBER, width=14),
            Column(key="requestedBy", title="Requested by", width=28),
            Column(key="approvedBy", title="Approved by", width=28),
            Column(key="approvedOn", title="Approved on", width=12),
            Column(key="expiresOn", title="Expires on", width=12),
            Column(key="effectiveUntil", title="Effective until", width=13),
            Column(key="reviewOn", title="Review on", width=12),
            Column(key="lastDrillOn", title="Last drill", width=12),
            Column(key="ticket", title="Ticket", width=16),
            Column(key="reason", title="Reason", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="compensatingControl", title="Compensating control", kind=ColumnKind.LONG_TEXT, width=44),
            Column(key="risk", title="Risk", kind=ColumnKind.LONG_TEXT, width=24, on_paper=False),
            Column(key="subjectId", title="Object id", width=38, on_paper=False),
        ),
        rows=rows,
        row_count=len(material.exceptions),
        key_columns=3,
        empty="The register has no entries.",
        browse=len(material.exceptions) > MANY,
    )


def _names(material: Material) -> Mapping[str, str]:
    """Object id in lower case of each listed user whom an entry is about -> the name, where it is known."""
    ids = pl.Series([one.entry.subject.id for one in material.exceptions], dtype=pl.String()).unique()
    users = material.users.select(id=pl.col("user_id").str.to_lowercase(), name=pl.col("user_userPrincipalName"))
    return dict(users.filter(pl.col("id").is_in(ids.implode())).drop_nulls().iter_rows())


def _users(row: EntryRow, material: Material) -> Cell:
    if row.users is not None:
        return row.users
    members = material.snapshot.groups.get(row.entry.subject.id)
    return members if isinstance(members, Unknown) else Unknown(Reason.NOT_REQUESTED)


def _spaced(word: str) -> str:
    """A fixed word as a person writes it: two_words and twoWords are two words."""
    return "".join(f" {one.lower()}" if one.isupper() else one for one in word.replace("_", " "))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
