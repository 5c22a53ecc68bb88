"""What stands on a sheet outside its tables: lines of words and facts, as high as they need to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from mfaaudit.reports.document import Fact, Tone
from mfaaudit.reports.workbook.cells import make
from mfaaudit.reports.workbook.grid import TEXT_WIDTH, Grid
from mfaaudit.reports.workbook.lines import PLAIN_ROW, breadth, height_of, lines_of
from mfaaudit.reports.workbook.styles import LABEL, LEFT, LINK, NOTE, VALUE, Look, toned

VALUES = (16, 44)
"""The least and the most characters that the values of a list of facts have for a line."""
LONGEST_LABEL = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row that is no row of a table."""

    cells: Sequence[Any] = ()
    height: float | None = None
    merged: Sequence[tuple[int, int]] = ()
    """The first and the last of columns that are one cell."""

    @property
    def points(self) -> float:
        """Its height."""
        return self.height or PLAIN_ROW


EMPTY = Line()


def across(sheet: Any, text: str, look: Look, grid: Grid) -> Line:
    """Words over the breadth of a page, broken into lines."""
    last = grid.up_to(1, TEXT_WIDTH)
    lines = lines_of(text, grid.between(1, last))
    return Line(
        cells=[make(sheet, text, look)],
        height=look.height if lines == 1 else height_of(lines),
        merged=[(1, last)],
    )


def one(sheet: Any, text: str, look: Look) -> Line:
    """A title, which is not broken."""
    return Line(cells=[make(sheet, text, look)], height=look.height)


def leading(sheet: Any, text: str, title: str) -> Line:
    """A line that leads to another sheet."""
    return Line(cells=[to_sheet(sheet, text, title)])


def to_sheet(sheet: Any, text: str, title: str) -> Any:
    """A cell that leads to another sheet."""
    link = make(sheet, text, LINK)
    quoted = title.replace("'", "''")
    link.hyperlink = Hyperlink(ref="A1", location=f"'{quoted}'!A1", display=text)
    return link


def label_width(facts: Iterable[Fact]) -> int:
    """The characters that the labels of facts ask of the first column."""
    return min(LONGEST_LABEL, max((ceil(breadth(fact.label)) + 2 for fact in facts), default=0))


def facts_as_lines(sheet: Any, facts: Sequence[Fact], grid: Grid) -> Iterator[Line]:
    """Label, value and note, each in as many columns as it takes."""
    made = [make(sheet, fact.value, _look(fact)) for fact in facts]
    least, most = VALUES
    longest = max((breadth(str(cell.value)) for cell in made if cell.value is not None), default=0.0)
    value_to = max(2, grid.up_to(2, min(most, max(least, longest))))
    last = max(value_to + 1, grid.up_to(1, TEXT_WIDTH))
    for fact, value in zip(facts, made, strict=True):
        lines = max(
            lines_of(fact.label, grid.between(1, 1)),
            lines_of(str(value.value or ""), grid.between(2, value_to)),
            lines_of(fact.note, grid.between(value_to + 1, last)),
        )
        between = [None] * (value_to - 2)
        yield Line(
            cells=[make(sheet, fact.label, LABEL), value, *between, make(sheet, fact.note or None, NOTE)],
            height=height_of(lines),
            merged=[(2, value_to), (value_to + 1, last)],
        )


def _look(fact: Fact) -> Look:
    return VALUE if fact.tone is Tone.PLAIN else toned(fact.tone, alignment=LEFT)


def put(sheet: Any, line: Line, row: int) -> None:
    """Writes a line as the row of that number."""
    if line.height is not None:
        sheet.row_dimensions[row].height = line.height
    sheet.append(list(line.cells))
    # What has been written need not be remembered, or a long sheet would.
    sheet.row_dimensions.pop(row, None)
    for first, last in line.merged:
        if last > first:
            sheet.merged.append(f"{get_column_letter(first)}{row}:{get_column_letter(last)}{row}")
