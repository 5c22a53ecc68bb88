"""The report as a copy: it says which, leaves out columns in which nothing would stand, and leads nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mfaaudit.reports.document import Cell, Column, ColumnKind, Document, Fact, Section, Table
from mfaaudit.reports.shared_copy import SharedCopy
from mfaaudit.sharing.becomes import Becomes, Mode, chosen
from mfaaudit.sharing.modes import CLASSIFICATIONS, LIMITS
from mfaaudit.sharing.of_fields import plan_of_field
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Unknown

Key = tuple[str, str]
"""A table and a column; an empty table is any."""
_WRITTEN: frozenset[Key] = frozenset(("Exceptions", one) for one in ("reason", "compensatingControl", "risk"))
_UNNAMED: frozenset[Key] = frozenset(
    {("", one) for one in ("displayName", "requestId", "clientRequestId", "standInRequestId", "documentedRequestId")}
)
LEFT_OUT: Mapping[Mode, frozenset[Key]] = {
    Mode.FULL: frozenset(),
    Mode.INTERNAL: _UNNAMED | _WRITTEN | {("Exceptions", "requestedBy"), ("Exceptions", "approvedBy")},
    Mode.PSEUDONYMOUS: _UNNAMED
    | _WRITTEN
    | {
        ("Exceptions", "ticket"),
        ("Exceptions", "subjectId"),
        ("FailedReads", "readAt"),
        ("Mismatches", "standInReadAt"),
        ("Mismatches", "documentedReadAt"),
    },
}
NAMES = ("userPrincipalName", "user.userPrincipalName", "user")
"""Columns with a person's name, in whose place the pseudonym stands."""


def say(document: Document, copy: SharedCopy) -> Document:
    """The document of a copy."""
    mode = Mode(copy.mode)
    return replace(
        document,
        cover=(*_facts(copy), *document.cover),
        sections=(*(_section(one, mode) for one in document.sections), _about(copy, mode)),
        classification=CLASSIFICATIONS[mode],
    )


def _facts(copy: SharedCopy) -> Iterator[Fact]:
    yield Fact(label="This copy", value=copy.words, note="See the part About this copy.")
    if copy.key_id:
        yield Fact(label="Key id", value=copy.key_id, note="Copies with the same key id have the same pseudonyms.")


def _section(before: Section, mode: Mode) -> Section:
    return replace(before, tables=tuple(_table(one, mode) for one in before.tables))


def _table(before: Table, mode: Mode) -> Table:
    if mode is Mode.FULL:
        return before
    out = LEFT_OUT[mode]
    keys = {one.key for one in before.columns}
    twice = {"userId"} if mode is Mode.PSEUDONYMOUS and not keys.isdisjoint(NAMES) else set()
    places = [
        place
        for place, one in enumerate(before.columns)
        if not (("", one.key) in out or (before.name, one.key) in out or one.key in twice or _is_withheld(one, mode))
    ]
    return replace(
        before,
        columns=tuple(_column(before.columns[place], mode) for place in places),
        rows=_only(before, places, mode),
        key_columns=max(1, sum(place < before.key_columns for place in places)),
    )


def _is_withheld(column: Column, mode: Mode) -> bool:
    return column.key in FIELDS and chosen(plan_of_field(column.key), mode) is Becomes.WITHHELD


def _column(before: Column, mode: Mode) -> Column:
    # An address that leads into the portal holds what the cell does not show.
    is_person = mode is Mode.PSEUDONYMOUS and before.key in (*NAMES, "userId")
    title = "Person" if is_person else before.title
    return replace(before, link="", title=title)


def _only(before: Table, places: Sequence[int], mode: Mode) -> Callable[[], Iterable[Sequence[Cell]]]:
    keys = [one.key for one in before.columns]
    named = next((keys.index(key) for key in NAMES if key in keys), None)
    known = keys.index("userId") if "userId" in keys else None
    if mode is not Mode.PSEUDONYMOUS or named is None or known is None:
        return lambda: ([row[place] for place in places] for row in before.rows())

    def rows() -> Iterator[Sequence[Cell]]:
        for row in before.rows():
            # Who has a name that was not read has a pseudonym all the same.
            found = list(row)
            if found[named] is None or isinstance(found[named], Unknown):
                found[named] = found[known] or found[named]
            yield [found[place] for place in places]

    return rows


def _about(copy: SharedCopy, mode: Mode) -> Section:
    found = [(field, chosen(plan_of_field(field.name), mode)) for field in FIELDS.values()]
    changed = [(field, becomes) for field, becomes in found if becomes is not Becomes.KEPT]
    return Section(
        name="AboutThisCopy",
        title="About this copy",
        lead=(copy.words, *LIMITS[mode]),
        facts=tuple(
            Fact(label=label, value=value)
            for label, value in (("Sort of copy", copy.mode), ("Key id", copy.key_id))
            if value
        ),
        tables=()
        if mode is Mode.FULL
        else (
            Table(
                name="ValuesInThisCopy",
                title="Values that are not as they were read",
                columns=(
                    Column(key="field", title="Value", width=44),
                    Column(key="title", title="Title", kind=ColumnKind.LONG_TEXT, width=44),
                    Column(key="becomes", title="In this copy", kind=ColumnKind.LONG_TEXT, width=44),
                ),
                rows=lambda: ([field.name, field.title, becomes.value] for field, becomes in changed),
                row_count=len(changed),
            ),
        ),
    )
