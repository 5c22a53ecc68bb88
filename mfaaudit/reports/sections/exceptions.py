"""The register of exceptions: every entry with what it is worth today, whom it covers and what it waived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from mfaaudit.declared.declare import EntryRow
from mfaaudit.declared.register import Subject
from mfaaudit.reports.document import Cell, Column, ColumnKind, Fact, Section, Table, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.register_numbers import NO_REGISTER, register_numbers
from mfaaudit.words import Reason, Unknown

MANY = 25
"""Entries that the page still shows without a search above them."""


WITHOUT_ONE = (
    NO_REGISTER,
    "So nothing is waived: every failure counts, and an account that a policy leaves out on purpose is a finding like "
    "any other. A register is a file that names the accounts, the rules, the reason, who approved and until when; "
    "give it with --exceptions. policies/examples/exceptions.yaml is one to start from.",
)


def section(material: Material) -> Section:
    """Exceptions; without a register it says so."""
    numbers = register_numbers(material)
    if numbers is None:
        return Section(name="Exceptions", title="Exceptions", lead=WITHOUT_ONE)
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


def _named(subject: Subject, names: Mapping[str, str]) -> str:
    if subject.is_application:
        return f"application {subject.id}"
    return f"group {subject.id}" if subject.is_group else names.get(subject.id, subject.id)


def _entries(material: Material) -> Table:
    def rows() -> Iterator[list[Cell]]:
        names = _names(material)
        for one in material.exceptions:
            entry = one.entry
            yield [
                entry.id,
                _named(entry.subject, names),
                ", ".join(_spaced(state) for state in one.states),
                ", ".join(entry.rules),
                _day(one.effective_until),
                _day(entry.expires_on),
                _users(one, material),
                one.waived,
                entry.reason,
                entry.compensating_control or None,
                entry.approved_by,
                _day(entry.approved_on),
                entry.ticket,
                _spaced(entry.kind),
                " ".join(state.meaning for state in one.states),
                entry.requested_by,
                _day(entry.review_on),
                _day(entry.last_drill_on),
                entry.risk or None,
                entry.subject.id,
            ]

    wide = ColumnKind.LONG_TEXT
    return Table(
        name="Exceptions",
        title="Register of exceptions",
        note=(
            "Both days are included. Effective until is the last day for any of its rules, sooner than Expires on "
            "where a severity allows no more; empty where it is not in force. Legend says what each state means."
        ),
        columns=(
            Column(key="id", title="Exception", width=16),
            Column(key="subject", title="Subject", width=38),
            Column(key="states", title="States", kind=wide, width=18),
            Column(key="rules", title="Rules", kind=wide, width=20),
            Column(key="effectiveUntil", title="Effective until", width=13),
            Column(key="expiresOn", title="Expires on", width=12),
            Column(key="users", title="Users covered", kind=ColumnKind.NUMBER, width=14),
            Column(key="waived", title="Failures waived", kind=ColumnKind.NUMBER, width=14),
            Column(key="reason", title="Reason", kind=wide, width=44),
            Column(key="compensatingControl", title="Compensating control", kind=wide, width=44),
            Column(key="approvedBy", title="Approved by", width=28),
            Column(key="approvedOn", title="Approved on", width=12),
            Column(key="ticket", title="Ticket", width=16),
            Column(key="kind", title="Kind", width=20, on_paper=False),
            Column(key="meaning", title="Meaning", kind=wide, width=44, on_paper=False),
            Column(key="requestedBy", title="Requested by", width=28, on_paper=False),
            Column(key="reviewOn", title="Review on", width=12, on_paper=False),
            Column(key="lastDrillOn", title="Last drill", width=12, on_paper=False),
            Column(key="risk", title="Risk", kind=wide, width=24, on_paper=False),
            Column(key="subjectId", title="Object id", width=38, on_paper=False),
        ),
        rows=rows,
        row_count=len(material.exceptions),
        key_columns=2,
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
