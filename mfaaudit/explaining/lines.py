"""Lines of text for a terminal of a hundred columns, and how a value is written in them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mfaaudit.reports.document import Cell
from mfaaudit.reports.plain import plain
from mfaaudit.words import Unknown, Verdict

WIDTH = 100
LABEL, INDENT = 12, 16
LONGEST = 48
"""Letters of a name that has its value beside it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a verdict may stand before the text, to be shown in its colour."""

    text: str = ""
    verdict: Verdict | None = None
    bold: bool = False


def heading(verdict: Verdict, text: str) -> Iterator[Line]:
    """A verdict, and beside it what it is about; hidden characters as in `wrapped`."""
    first, *rest = textwrap.wrap(plain(text), WIDTH - INDENT, break_on_hyphens=False)
    yield Line(first, verdict=verdict, bold=True)
    yield from (Line(" " * INDENT + one, bold=True) for one in rest)


def labelled(label: str, text: str) -> Iterator[Line]:
    """A text beside a label, wrapped."""
    yield from wrapped(f"{label:{LABEL}}", text, LABEL)


def sentences(label: str, sentences: Iterable[str]) -> Iterator[Line]:
    """Sentences one beneath the other, the first beside a label."""
    for number, sentence in enumerate(sentences):
        yield from labelled("" if number else label, sentence)


def columns(rows: list[tuple[str, str]]) -> Iterator[Line]:
    """Names and values side by side; a long name has its value beneath it."""
    width = max((len(name) for name, _ in rows if len(name) <= LONGEST), default=LABEL) + 4
    for name, text in rows:
        lead = f"  {name}"
        if len(name) > LONGEST:
            yield Line(lead)
            lead = ""
        yield from wrapped(f"{lead:{width}}", text, width)


def wrapped(lead: str, text: str, indent: int) -> Iterator[Line]:
    """A text behind a lead, wrapped; a character that a terminal would obey is shown as a mark."""
    parts = textwrap.wrap(
        plain(text), WIDTH, initial_indent=lead, subsequent_indent=" " * indent, break_on_hyphens=False
    )
    yield from (Line(one) for one in parts or [lead.rstrip()])


def cell_in_words(value: Cell) -> str:
    """A value as it is shown: `NOT READ (TIMEOUT)` where there is none."""
    if isinstance(value, Unknown):
        return f"NOT READ ({value.reason.value})"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return time_in_words(value)
    return "(read, and empty)" if value in ("", None) else plain(str(value))


def time_in_words(time: datetime) -> str:
    """A time as a person reads it."""
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
