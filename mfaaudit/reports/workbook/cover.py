"""The first sheet: the conclusion, what it is about, where to read on, and the block to sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mfaaudit.reports.document import Document, Fact, Input, Tone
from mfaaudit.reports.workbook.cells import make
from mfaaudit.reports.workbook.inputs import ask
from mfaaudit.reports.workbook.lines import height_of, lines_of
from mfaaudit.reports.workbook.names import DATA, Names
from mfaaudit.reports.workbook.plan import PlannedSheet
from mfaaudit.reports.workbook.prose import EMPTY, Line, one, put, to_sheet
from mfaaudit.reports.workbook.setup import prepare
from mfaaudit.reports.workbook.stream import new_sheet
from mfaaudit.reports.workbook.styles import (
    BESIDE,
    BOX,
    DATE_INPUT,
    HEADER,
    HEADING,
    INPUT,
    LABEL,
    LEAD,
    LEFT,
    MIDDLE,
    NOTE,
    SUBTITLE,
    TITLE,
    VALUE,
    toned,
)

WIDTHS = (22, 38, 26, 13, 27)
ALL = (1, len(WIDTHS))
SIGN_OFF = ("", "Name and position", "Conclusion", "Date", "Signature")
SIGNING_POINTS, COMMENT_POINTS = 32.0, 84.0
NOTE_MARGIN = 6
"""Characters that a note lacks: it stands in from a value that may fill its cell, and is in italics."""


class CoverWriter:
    """Writes the sheet."""

    def __init__(self, book: Any, document: Document, sheets: Sequence[PlannedSheet], names: Names, title: str) -> None:
        self._document = document
        self._sheets = sheets
        self._sheet = new_sheet(book, names.sheet(title))
        self._row = 0
        prepare(self._sheet, document, WIDTHS, one_page=True)

    def write(self) -> None:
        """All of it."""
        document, sheet = self._document, self._sheet
        self._add(
            one(sheet, document.title, TITLE),
            one(sheet, document.subtitle, SUBTITLE),
            one(sheet, document.classification, NOTE),
            EMPTY,
        )
        lines = lines_of(document.statement, sum(WIDTHS) - 12)
        statement = make(sheet, document.statement, toned(document.statement_tone, MIDDLE))
        self._add(Line(cells=[statement], height=12.0 + (height_of(lines) or SIGNING_POINTS / 2), merged=[ALL]), EMPTY)
        for fact in document.cover:
            self._add(self._fact(fact))
        self._add(EMPTY)
        self._contents()
        self._add(EMPTY)
        if document.sign_off:
            self._sign_off()
            self._add(EMPTY)
        self._comments()
        sheet.print_area = f"A1:E{self._row}"

    def _add(self, *lines: Line) -> None:
        for line in lines:
            self._row += 1
            put(self._sheet, line, self._row)

    def _fact(self, fact: Fact) -> Line:
        value = make(self._sheet, fact.value, VALUE if fact.tone is Tone.PLAIN else toned(fact.tone, LEFT))
        # Without a note the value has its place.
        value_to = 2 if fact.note else 5
        lines = max(
            lines_of(fact.label, WIDTHS[0]),
            lines_of(str(value.value or ""), sum(WIDTHS[1:value_to])),
            lines_of(fact.note, sum(WIDTHS[2:]) - NOTE_MARGIN),
        )
        note = [make(self._sheet, fact.note, BESIDE)] if fact.note else []
        return Line(
            cells=[make(self._sheet, fact.label, LABEL), value, *note],
            height=height_of(lines),
            merged=[(2, value_to), (3, 5)] if fact.note else [(2, value_to)],
        )

    def _contents(self) -> None:
        self._add(one(self._sheet, "Contents", HEADING))
        for planned in self._sheets:
            self._entry(planned.title, _about(planned))
        if any(planned.has_charts for planned in self._sheets):
            self._entry(DATA, "The numbers that the charts draw.")

    def _entry(self, title: str, about: str) -> None:
        height = height_of(lines_of(about, sum(WIDTHS[1:])))
        cells = [to_sheet(self._sheet, title, title), make(self._sheet, about, LEAD)]
        self._add(Line(cells=cells, height=height, merged=[(2, 5)]))

    def _sign_off(self) -> None:
        sheet, document = self._sheet, self._document
        said = document.confirms or (
            "Who signs confirms to have read the sheets Summary, Reconciliation and Not evaluated, and states the "
            "conclusion that they draw from them."
        )
        said = f"{said} Run id: {document.run_id}"
        height = height_of(lines_of(said, sum(WIDTHS)))
        self._add(one(sheet, "Sign-off", HEADING), Line(cells=[make(sheet, said, LEAD)], height=height, merged=[ALL]))
        self._add(Line(cells=[make(sheet, title or None, HEADER) for title in SIGN_OFF]))
        first = self._row + 1
        for signed in document.sign_off:
            places = [make(sheet, None, look) for look in (INPUT, INPUT, DATE_INPUT, INPUT)]
            self._add(Line(cells=[make(sheet, signed.role, BOX), *places], height=SIGNING_POINTS))
        asked = (
            Input(prompt="Name and position of who signs."),
            Input(prompt="What follows from the report.", choices=document.conclusions),
            Input(prompt="The day of the signature.", is_date=True),
            Input(prompt="Sign here, or on the print."),
        )
        for letter, title, given in zip("BCDE", SIGN_OFF[1:], asked, strict=True):
            ask(sheet, given, title, f"{letter}{first}:{letter}{self._row}")
        if document.by_hand:
            self._by_hand(document.by_hand)

    def _by_hand(self, what: str) -> None:
        sheet = self._sheet
        cells = [make(sheet, what, BOX), make(sheet, None, BOX), *(make(sheet, None, INPUT) for _ in WIDTHS[2:])]
        self._add(Line(cells=cells, height=SIGNING_POINTS, merged=[(1, 2), (3, len(WIDTHS))]))
        given = Input(prompt="It ties what is signed to every file of the bundle.")
        ask(sheet, given, what, f"C{self._row}")

    def _comments(self) -> None:
        sheet = self._sheet
        self._add(one(sheet, "Comments", HEADING))
        self._add(Line(cells=[make(sheet, None, INPUT) for _ in WIDTHS], height=COMMENT_POINTS, merged=[ALL]))
        ask(sheet, Input(prompt="What a reader of this report should know."), "Comments", f"A{self._row}")


def _about(planned: PlannedSheet) -> str:
    """What stands on a sheet, in a line or two."""
    own = next((part for part in planned.sections if part.title == planned.title), planned.sections[0])
    title = "" if own.title == planned.title else f"{own.title}."
    said = _first_sentence(own.lead[0]) if own.lead else title
    others = "; ".join(part.title for part in planned.sections if part is not own)
    return f"{said} Also: {others}." if others else said


def _first_sentence(text: str) -> str:
    head, stop, _ = text.partition(". ")
    return f"{head}." if stop else text
