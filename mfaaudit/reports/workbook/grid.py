"""The columns of a sheet, which all that stands on it shares: how wide each is, and how many are printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from mfaaudit.reports.document import Column, ColumnKind, Table
from mfaaudit.reports.workbook.lines import breadth

TEXT_WIDTH = 136
"""Characters of a line of prose; as wide as a page of A4 laid across, and as a chart."""
FILLER = 14
LEAST = {
    ColumnKind.TIME: 20,
    ColumnKind.NUMBER: 10,
    ColumnKind.PERCENT: 10,
    ColumnKind.BOOLEAN: 9,
    ColumnKind.VERDICT: 18,
    ColumnKind.SEVERITY: 11,
}
"""A number or a time without room reads ######."""
BUTTON = 3
"""What the button of a filter takes of a heading."""
BOLD = 1.1
WIDEST_A4, WIDEST_A3 = 240, 380
"""Characters that are still read when they are squeezed onto a page; more go over several pages side by side."""
WIDEST_OF_SEVERAL = 450
"""The same for several tables beneath one another, which a cut would tear in different places."""
SHARED_PROSE = 60
"""The most that long text takes there: it wraps, and what stands above and beneath it would be as wide."""


class Grid:
    """The widths of the columns, in characters."""

    def __init__(self, tables: Sequence[Table], first: int = 0) -> None:
        count = max((len(table.columns) for table in tables), default=0)
        # Tables that share a sheet share its columns.
        shared = [[table.columns[at] for table in tables if at < len(table.columns)] for at in range(count)]
        self._several = len(tables) > 1
        widths = [max(map(self._width, columns)) for columns in shared]
        if widths:
            widths[0] = max(widths[0], first)
        self.widths = [*widths, *_fillers(sum(widths))]
        self.printed = max(self.up_to(1, TEXT_WIDTH), *(printed_columns(table) for table in tables), 1)

    @property
    def pages_wide(self) -> int:
        """Over how many pages side by side it is printed."""
        width = self.between(1, self.printed)
        return 1 if self._several and width <= WIDEST_OF_SEVERAL else ceil(width / WIDEST_A3)

    @property
    def is_large(self) -> bool:
        """Whether it is printed on A3."""
        return self.between(1, self.printed) > WIDEST_A4

    def _width(self, column: Column) -> float:
        width = width_of(column)
        return min(width, SHARED_PROSE) if self._several and column.kind is ColumnKind.LONG_TEXT else width

    def up_to(self, first: int, width: float) -> int:
        """The last of the columns from `first` on that together are as wide, or the last of all."""
        so_far = 0.0
        for number in range(first, len(self.widths) + 1):
            so_far += self.widths[number - 1]
            if so_far >= width:
                return number
        return len(self.widths)

    def between(self, first: int, last: int) -> float:
        """The width of the columns from one to another."""
        return sum(self.widths[first - 1 : last])


def width_of(column: Column) -> float:
    """As wide as the column asks, and at least as wide as its values and the words of its heading."""
    longest = max(map(breadth, column.heading.split()), default=0.0)
    return max(column.width, LEAST.get(column.kind, 0), ceil(BOLD * longest) + BUTTON)


def printed_columns(table: Table) -> int:
    """How many columns are printed: those at the end that no paper needs are not."""
    return max((number for number, column in enumerate(table.columns, 1) if column.on_paper), default=1)


def _fillers(so_far: float) -> Iterator[int]:
    while so_far < TEXT_WIDTH:
        yield FILLER
        so_far += FILLER
