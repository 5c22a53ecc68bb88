"""How the workbook looks: one palette, one font, one format for each kind of value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from mfaaudit.reports.document import ColumnKind, Tone

INK, GREY, LINE, HEAD = "1F2933", "52606D", "D9E0E7", "243B53"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Everything about a cell but its value."""

    font: Font = field(default_factory=lambda: Font(color=INK))
    fill: PatternFill | None = None
    alignment: Alignment = field(default_factory=lambda: Alignment(vertical="top"))
    border: Border | None = None
    number_format: str | None = None
    height: float | None = None
    """Of the row, in points; None for a line of ordinary writing."""
    quote: bool = False
    """Shown with Excel's mark for text, so that editing the cell does not make a formula of it."""


def fill(colour: str) -> PatternFill:
    """One colour all over."""
    return PatternFill(start_color=colour, end_color=colour, fill_type="solid")


TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
LINK = Look(font=Font(color="0B5CAD", underline="single"))
TITLE = Look(font=Font(color=INK, size=16, bold=True), height=24)
SUBTITLE = Look(font=Font(color=GREY, size=12), height=18)
LEAD = Look(font=Font(color=GREY))
HEADING = Look(font=Font(color=INK, size=12, bold=True), height=20, alignment=Alignment(vertical="center"))
LABEL = Look(font=Font(color=GREY))
NOTE = Look(font=Font(color=GREY, italic=True))
VALUE = Look(alignment=Alignment(horizontal="left", vertical="top"))
HEADER = Look(
    font=Font(color="FFFFFF", bold=True), fill=fill(HEAD), alignment=Alignment(vertical="center", wrap_text=True)
)
NUMBER_HEADER = replace(HEADER, alignment=Alignment(vertical="center", horizontal="right", wrap_text=True))
BOX = Look(
    border=Border(*(Side(style="thin", color=GREY),) * 4), alignment=Alignment(vertical="center", wrap_text=True)
)

TONES: Mapping[Tone, tuple[str, str]] = {
    Tone.GOOD: ("12633D", "E1F3E8"),
    Tone.BAD: ("9B1C1C", "FCE5E4"),
    Tone.OPEN: ("7A4B00", "FFF0D1"),
    Tone.PLAIN: (INK, "EEF2F6"),
}
"""The colours of the writing and of the ground, for each tone."""

BARS: Mapping[Tone, str] = {Tone.GOOD: "2E8B57", Tone.BAD: "C0392B", Tone.OPEN: "E0A030"}
"""The colours of a chart's series."""

PLAIN_BARS = ("4A6FA5", "7D5BA6", "3C8D93", "8A8F98")
"""The colours of series without a tone, in turn."""

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

_BODY = Look(border=Border(bottom=Side(style="hair", color=LINE)))
_WRAPPED = Alignment(vertical="top", wrap_text=True)
MIDDLE = Alignment(vertical="center", wrap_text=True)
BODY: Mapping[ColumnKind, Look] = {
    ColumnKind.TEXT: _BODY,
    ColumnKind.LONG_TEXT: replace(_BODY, alignment=_WRAPPED),
    ColumnKind.NUMBER: replace(_BODY, number_format="#,##0"),
    ColumnKind.PERCENT: replace(_BODY, number_format="0.0%"),
    ColumnKind.TIME: replace(_BODY, number_format=TIME_FORMAT),
    # Excel ignores it; LibreOffice would show 1 and 0.
    ColumnKind.BOOLEAN: replace(
        _BODY, number_format='"TRUE";"TRUE";"FALSE"', alignment=Alignment(vertical="top", horizontal="left")
    ),
    ColumnKind.VERDICT: _BODY,
    ColumnKind.SEVERITY: _BODY,
}
UNREAD = replace(_BODY, font=Font(color="7A4B00", italic=True))
"""A value that was not read."""


def toned(tone: Tone, alignment: Alignment = _WRAPPED) -> Look:
    """Writing and ground in the colours of a tone."""
    ink, ground = TONES[tone]
    return Look(font=Font(color=ink, bold=True), fill=fill(ground), alignment=alignment)
