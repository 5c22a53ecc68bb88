"""How the workbook looks: one palette, one font, one format for each kind of value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from mfaaudit.reports.document import ColumnKind, Tone

INK, GREY, LINE, HEAD = "1F2933", "52606D", "D9E0E7", "243B53"
NAME, SIZE = "Arial", 10
"""A font that every program has, or another of exactly its widths."""


def font(
    colour: str = INK,
    *,
    size: int = SIZE,
    bold: bool = False,
    italic: bool = False,
    underline: Literal["single"] | None = None,
) -> Font:
    """The one font."""
    return Font(name=NAME, size=size, family=2, color=colour, bold=bold, italic=italic, underline=underline)


def fill(colour: str) -> PatternFill:
    """One colour all over."""
    return PatternFill(start_color=colour, end_color=colour, fill_type="solid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Everything about a cell but its value."""

    font: Font = field(default_factory=font)
    fill: PatternFill | None = None
    alignment: Alignment = field(default_factory=lambda: Alignment(vertical="top"))
    border: Border | None = None
    number_format: str | None = None
    height: float | None = None
    """Of the row, in points; None for a line of ordinary writing."""
    locked: bool = True
    """Whether it stays as it is where somebody protects the sheet."""
    quote: bool = False
    """Shown with Excel's mark for text, so that editing the cell does not make a formula of it."""


TIME_FORMAT, DATE_FORMAT, TEXT_FORMAT = "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd", "@"
COUNT_FORMAT, SHARE_FORMAT = "#,##0", "0.0%"
# Excel ignores it; LibreOffice would show 1 and 0.
YES_NO_FORMAT = '"TRUE";"TRUE";"FALSE"'
FORMATS: Mapping[type, str] = {
    datetime: TIME_FORMAT,
    Fraction: SHARE_FORMAT,
    int: COUNT_FORMAT,
    bool: YES_NO_FORMAT,
}
"""How a value is written where its place does not say."""
WRAPPED = Alignment(vertical="top", wrap_text=True)
MIDDLE = Alignment(vertical="center", wrap_text=True)
LEFT = Alignment(horizontal="left", vertical="top", wrap_text=True)
LINK = Look(font=font("0B5CAD", underline="single"))
TITLE = Look(font=font(size=16, bold=True), height=24)
SUBTITLE = Look(font=font(GREY, size=12), height=18)
PART = Look(font=font(size=14, bold=True), height=24, alignment=Alignment(vertical="center"))
LEAD = Look(font=font(GREY), alignment=WRAPPED)
HEADING = Look(font=font(size=12, bold=True), height=20, alignment=Alignment(vertical="center"))
LABEL = Look(font=font(GREY), alignment=WRAPPED)
NOTE = Look(font=font(GREY, italic=True), alignment=WRAPPED)
BESIDE = replace(NOTE, alignment=Alignment(vertical="top", horizontal="left", wrap_text=True, indent=1))
"""A note that stands beside a value."""
WARNING = Look(font=font("7A4B00", bold=True), alignment=WRAPPED)
VALUE = Look(alignment=LEFT)
HEADER = Look(font=font("FFFFFF", bold=True), fill=fill(HEAD), alignment=MIDDLE)
NUMBER_HEADER = replace(HEADER, alignment=Alignment(vertical="center", horizontal="right", indent=1, wrap_text=True))
_FRAME = Side(style="thin", color="B9A04A")
INPUT = Look(
    fill=fill("FFF9DF"),
    border=Border(_FRAME, _FRAME, _FRAME, _FRAME),
    alignment=WRAPPED,
    # What a person types stays what was typed, also where it looks like a formula or a date.
    number_format=TEXT_FORMAT,
    locked=False,
)
"""A cell that says: write here."""
DATE_INPUT = replace(INPUT, number_format=DATE_FORMAT)
INPUT_HEADER = replace(HEADER, font=font(bold=True), fill=fill("F0DC8C"))
BOX = Look(border=Border(*(Side(style="thin", color=GREY),) * 4), alignment=MIDDLE)

TONES: Mapping[Tone, tuple[str, str]] = {
    Tone.GOOD: ("12633D", "E1F3E8"),
    Tone.BAD: ("9B1C1C", "FCE5E4"),
    Tone.OPEN: ("7A4B00", "FFF0D1"),
    Tone.PLAIN: (INK, "EEF2F6"),
}
"""The colours of the writing and of the ground, for each tone."""

BARS: Mapping[Tone, str] = {Tone.GOOD: "3E9A6A", Tone.BAD: "9B1C1C", Tone.OPEN: "F0BC4B"}
"""The colours of a chart's series; each is of another brightness, so that a print without colour tells them apart."""

PLAIN_BARS = ("4A6FA5", "B9A3D6", "2F6F75", "C4CAD2")
"""The colours of series without a tone, in turn."""
DATA_BAR = "A9C4E4"
"""Behind a share."""

WORDS: Mapping[ColumnKind, Mapping[str, Tone]] = {
    ColumnKind.VERDICT: {
        "PASS": Tone.GOOD,
        "FAIL": Tone.BAD,
        "ERROR": Tone.BAD,
        "NOT_EVALUATED": Tone.OPEN,
        "WAIVED": Tone.PLAIN,
    },
    ColumnKind.SEVERITY: {"critical": Tone.BAD, "high": Tone.BAD, "medium": Tone.OPEN},
}
"""Words that are coloured wherever they stand in a column of the kind."""

# A number and the text beside it do not touch.
_INDENTED = Alignment(vertical="top", horizontal="right", indent=1)
_BODY = Look(border=Border(bottom=Side(style="hair", color=LINE)))
BODY: Mapping[ColumnKind, Look] = {
    ColumnKind.TEXT: _BODY,
    ColumnKind.LONG_TEXT: replace(_BODY, alignment=WRAPPED),
    ColumnKind.NUMBER: replace(_BODY, number_format=COUNT_FORMAT, alignment=_INDENTED),
    ColumnKind.PERCENT: replace(_BODY, number_format=SHARE_FORMAT, alignment=_INDENTED),
    ColumnKind.TIME: replace(_BODY, number_format=TIME_FORMAT, alignment=Alignment(vertical="top", horizontal="left")),
    ColumnKind.BOOLEAN: replace(
        _BODY, number_format=YES_NO_FORMAT, alignment=Alignment(vertical="top", horizontal="left")
    ),
    ColumnKind.VERDICT: _BODY,
    ColumnKind.SEVERITY: _BODY,
}
UNREAD = replace(_BODY, font=font("7A4B00", italic=True))
"""A value that was not read."""


@cache
def toned(tone: Tone, alignment: Alignment = WRAPPED) -> Look:
    """Writing and ground in the colours of a tone."""
    ink, ground = TONES[tone]
    return Look(font=font(ink, bold=True), fill=fill(ground), alignment=alignment)
