"""What a cell says, if it says what it should: text, a day, a decision; else what to do about it."""

from __future__ import annotations

import re
from datetime import date, datetime

from mfaaudit.annotating.filled import Content, Written
from mfaaudit.declared.decisions import Decision
from mfaaudit.declared.reading import DAY, HIDDEN, LONGEST_TEXT
from mfaaudit.yaml_nodes import nearest

CODED = re.compile(r"_x(000[9AaDd])_")
"""How spreadsheets write a tab and the end of a line."""
TYPED_TEXT = "Type the text itself; what looks like a number or a formula stays text behind an apostrophe: '4711."


class WrongCell(Exception):
    """A cell that cannot be what it is meant for."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def text_of(cell: Written, name: str) -> str:
    """Its text, of one or more lines, "" if there is none. Raises WrongCell."""
    if cell.is_empty:
        return ""
    if cell.content is not Content.TEXT:
        raise WrongCell(f"{name} is {cell.content.words}, not text", TYPED_TEXT)
    text = _decoded(str(cell.value)).strip()
    if len(text) > LONGEST_TEXT:
        raise WrongCell(f"{name} is longer than {LONGEST_TEXT:,} characters", "Write the rest in the ticket.")
    hidden = HIDDEN.search(text)
    if hidden:
        raise WrongCell(f"{name} holds the invisible character U+{ord(hidden[0]):04X}", "Type the text anew.")
    return text


def day_of(cell: Written, name: str, example: date) -> date | None:
    """Its day, None if it is empty. Raises WrongCell."""
    if cell.is_empty:
        return None
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    try:
        if cell.content is Content.TEXT and DAY.fullmatch(said := str(cell.value).strip()):
            return date.fromisoformat(said)
    except ValueError:
        pass  # a day that no month has is refused like any other text
    shown = f"the text {_short(cell.value)}" if cell.content is Content.TEXT else cell.content.words
    raise WrongCell(
        f"{name} is {shown}, which is no day", f"Write a date, or year-month-day as in {example.isoformat()}."
    )


def decision_of(cell: Written, name: str) -> Decision | None:
    """The decision, None if there is none. Raises WrongCell for another word, with the nearest."""
    said = text_of(cell, name)
    if not said:
        return None
    for one in Decision:
        if " ".join(said.casefold().split()) == one.casefold():
            return one
    raise WrongCell(f"{name} cannot be {_short(said)}", nearest(said, [one.value for one in Decision]))


def alike(cell: Written, expected: str) -> bool:
    """Whether a cell still says what the program wrote into it, as far as a spreadsheet can keep it."""
    return cell.content is not Content.FORMULA and _kept(cell.value) == _kept(expected)


def _kept(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    # Programs disagree on who takes away the mark before what looks like a coded letter.
    text = "" if value is None else str(value).replace("x005F_", "").replace("x005f_", "")
    return " ".join(_decoded(text).split())


def _decoded(text: str) -> str:
    plain = CODED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def _short(value: object) -> str:
    said = str(value)
    return repr(said if len(said) <= 60 else f"{said[:59]}…")
