"""What a report says, before anybody draws it: sections, tables, charts and words, in order, without any markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from mfaaudit.words import Unknown

if TYPE_CHECKING:
    from mfaaudit.reports.profiles import Profiles

Cell = str | int | bool | datetime | Fraction | Unknown | None
"""A time is UTC. `Unknown` is drawn as NOT READ with its reason; None is "nothing belongs here", and drawn empty."""


class Tone(StrEnum):
    """How a statement is meant; always drawn as a word and a colour, never as a colour alone."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"
    PLAIN = "plain"


class ColumnKind(StrEnum):
    """What stands in a column, which decides how it is aligned, formatted and filtered."""

    TEXT = "text"
    LONG_TEXT = "long text"
    NUMBER = "number"
    PERCENT = "percent"
    """A share from 0 to 1, rounded down when it is drawn: 100 % means all."""
    TIME = "time"
    BOOLEAN = "boolean"
    VERDICT = "verdict"
    SEVERITY = "severity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a person may write into the cells of a column, which the program leaves empty."""

    prompt: str
    """What to write there, in a sentence."""
    choices: Sequence[str] = ()
    """The words to choose from; without any, free text."""
    is_date: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    key: str
    """The name for programs: a column of a CSV, a property in JSON."""
    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 14
    """In characters."""
    on_paper: bool = True
    """Whether a page that is printed needs it."""
    link: str = ""
    """An address with `{}` where the value goes, at which a reader finds more; without it, plain text."""
    input: Input | None = None
    """For a column that a person fills in; its cells are None."""

    @property
    def heading(self) -> str:
        """What stands over it."""
        return f"{self.title} (UTC)" if self.kind is ColumnKind.TIME else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns; rows are made anew each time they are asked for, so that none need be kept."""

    name: str
    """Letters and digits only: the name of the table in Excel and of the element in HTML."""
    title: str
    columns: Sequence[Column]
    rows: Callable[[], Iterable[Sequence[Cell]]]
    row_count: int
    note: str = ""
    key_columns: int = 1
    """How many columns stay in view while the rest scrolls."""
    empty: str = "None."
    """What to say in place of rows when there are none."""
    browse: bool = False
    """A list to search in, rather than a table to read through."""


class ChartKind(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"
    """One bar a category, its series stacked."""
    LINES = "lines"
    """One line a series, categories along time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One value a category; None where nothing is known, which is drawn as a gap and never as zero."""

    name: str
    values: Sequence[int | None]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Numbers to look at; `summary` says the same in a sentence for those who cannot see it."""

    name: str
    title: str
    kind: ChartKind
    categories: Sequence[str]
    series: Sequence[Series]
    summary: str
    value_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a list: what, and how much."""

    label: str
    value: Cell
    note: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A sheet of the workbook and a part of the page."""

    name: str
    title: str
    """At most 31 characters, none of []:*?/\\, as Excel asks of a sheet."""
    lead: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()
    sheet: str = ""
    """The title of the sheet that it shares with the sections before it, drawn beneath them; without it, its own."""
    on_page: bool = True
    """Whether the page draws it; what it leaves out stands in the workbook, and the page says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """One line that a person fills in by hand."""

    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole report."""

    title: str
    subtitle: str
    statement: str
    """The conclusion, in words."""
    statement_tone: Tone
    cover: Sequence[Fact]
    sign_off: Sequence[SignOff]
    conclusions: Sequence[str]
    """What a person who signs can choose from."""
    sections: Sequence[Section]
    run_id: str
    created: datetime
    generator: str
    """The program and its version."""
    identifier: str = ""
    """What no other audit has, and whoever has the evidence can make again; empty without one."""
    by_hand: str = ""
    """What to write down beneath the signatures, which the program cannot know; empty if there is nothing."""
    confirms: str = ""
    """What a person who signs confirms, in a sentence; empty for what goes with the report on one audit."""
    classification: str = "Confidential: personal data"
    sheets: Sequence[str] = ()
    """The titles of the sheets in the order of the workbook; one that is not named comes after them, as it comes."""
    profiles: Profiles | None = None
    """All there is to say of each user, for a format that can be asked about one; None leaves it out."""
