"""The sheets of a workbook that hold findings, found by the name of the table or by its headings, wherever they are."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.worksheet._reader import WorkSheetParser

from mfaaudit.annotating.archive import Archive
from mfaaudit.annotating.parts import (
    MAIN,
    Strings,
    dated_styles,
    elements,
    links_of,
    named_sheets,
    parts_by_kind,
    root_of,
    subject_of,
    text_of,
)

TABLE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/table"
ROW, MERGED = f"{MAIN}row", f"{MAIN}mergeCell"
BULKY = tuple(
    f"{MAIN}{tag}"
    for tag in ("col", "hyperlink", "dataValidation", "cfRule", "conditionalFormatting", "brk", "ignoredError")
)
"""What a sheet may hold many of beside its rows."""
MOST_MERGED = 20_000
LONGEST_VALUE = 131_072
"""Characters of a cell; Excel takes 32,767."""

FIRST_ROWS = 60
"""Among these the headings are looked for where no table is named."""
MOST_COLUMNS = 200
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its title, and the part that holds it."""

    title: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Findings on a sheet."""

    sheet: Sheet
    head: int
    """The row of the headings."""
    last: int
    """The last row that can hold a finding."""
    left: int
    right: int


class Row:
    """One row of a sheet, of which no more is read than somebody asks for, before the next one is."""

    def __init__(self, number: int, elements: Any, reader: _Reader) -> None:
        self.number = number
        self._elements = elements
        self._reader = reader

    def filled(self) -> dict[int, Any]:
        """Those cells that hold anything, by the number of their column; not yet read."""
        found = {}
        column = 0
        for cell in self._elements:
            place = cell.get("r")
            # A cell that does not say where it stands follows the one before it.
            column = column + 1 if place is None else self._reader.column_of(place)
            if len(cell):
                found[column] = cell
        return found

    def read(self, cell: Any) -> tuple[object, str]:
        """The value of a cell, and the letter that openpyxl has for what it is."""
        made: Any = self._reader.parse_cell(cell)
        return made["value"], made["data_type"]

    def values(self) -> dict[int, object]:
        """All values, by the number of their column."""
        return {column: self.read(cell)[0] for column, cell in self.filled().items()}


class _Reader(WorkSheetParser):
    """What openpyxl makes of a cell."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(BytesIO(), *arguments, **named)
        self._columns: dict[str, int] = {}

    def begin(self, row: Any) -> int:
        """The number of a row, which need not say it."""
        self.row_counter = int(row.get("r", self.row_counter + 1))
        self.col_counter = 0
        return self.row_counter

    def column_of(self, place: str) -> int:
        """The number of the column of a cell such as AB12."""
        letters = place.rstrip("0123456789")
        if letters not in self._columns:
            self._columns[letters] = column_index_from_string(letters)
        return self._columns[letters]

    def parse_formula(self, element: Any) -> str:
        """A formula as it stands; nobody asks for one that others refer to."""
        return "=" + (element.findtext(f"{MAIN}f") or "")

    def parse_cell(self, element: Any) -> Any:
        """A cell with its value. Raises ValueError if that is longer than any spreadsheet takes."""
        inline = element.find(f"{MAIN}is") if element.get("t") == "inlineStr" else None
        texts = [text_of(inline)] if inline is not None else [each.text or "" for each in element]
        if sum(map(len, texts)) > LONGEST_VALUE:
            raise ValueError(f"the cell {element.get('r', '')[:20]} has more than {LONGEST_VALUE:,} characters")
        return super().parse_cell(element)


class Book:
    """An opened workbook."""

    def __init__(self, archive: Archive) -> None:
        """Reads what all sheets have in common. Raises UsageProblem, or ValueError or KeyError for a broken one."""
        self._archive = archive
        workbook, strings = parts_by_kind(archive)
        self._strings = Strings(archive, strings)
        named = named_sheets(archive, workbook)
        self._epoch = named.epoch
        self._subject = subject_of(archive)
        days, lengths = frozenset[int](), frozenset[int]()
        if "xl/styles.xml" in archive.names:
            days, lengths = dated_styles(archive, "xl/styles.xml")
        self._formats = {"date_formats": days, "timedelta_formats": lengths}
        links = {link.id: link for link in links_of(archive, workbook)}
        self._sheets = [
            Sheet(title, links[id_].target)
            for title, id_ in named.sheets
            if links[id_].target in archive.names and "chartsheet" not in links[id_].type
        ]

    def says(self, word: str) -> bool:
        """Whether the properties or a cell of the first sheet hold a text."""
        if word in self._subject:
            return True
        rows = self.rows(self._sheets[0], last=FIRST_ROWS * 5) if self._sheets else ()
        return any(word in str(value) for row in rows for value in row.values().values())

    def places(self, name: str, headings: Mapping[str, str]) -> Iterator[Place]:
        """Where findings are: tables of this name, numbered or copied, and sheets that have the headings of one."""
        known = re.compile(rf"{re.escape(name)}[_0-9]*")
        for sheet in self._sheets:
            tables = [table for table in self._tables(sheet) if known.fullmatch(table.get("displayName", ""))]
            for table in tables:
                left, head, right, last = range_boundaries(table["ref"])
                yield Place(
                    sheet=sheet,
                    head=head or 1,
                    last=(last or LAST_ROW) - int(table.get("totalsRowCount", "0")),
                    left=left or 1,
                    right=min(right or 1, MOST_COLUMNS),
                )
            if not tables and (row := self._headed(sheet, headings)) is not None:
                yield Place(sheet=sheet, head=row, last=LAST_ROW, left=1, right=MOST_COLUMNS)

    def rows(self, sheet: Sheet, *, last: int = LAST_ROW, merged: list[str] | None = None) -> Iterator[Row]:
        """The rows that a sheet holds; the ranges of cells that are merged are added to `merged` after the last."""
        reader = _Reader(self._strings, epoch=self._epoch, **self._formats)
        count = 0
        wanted = (ROW, MERGED, *BULKY)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for element in elements(self._archive, sheet.part, wanted, most_tags=self._archive.bounds.most_tags):
                if element.tag == MERGED and merged is not None:
                    merged.append(element.get("ref", "")[:40])
                    if len(merged) > MOST_MERGED:
                        raise self._archive.unfit(sheet.part, f"has more than {MOST_MERGED:,} merged ranges")
                if element.tag != ROW:
                    continue
                count += 1
                if count > LAST_ROW or len(element) > LAST_COLUMN:
                    raise self._archive.unfit(sheet.part, "has more rows or columns than a sheet can have")
                number = reader.begin(element)
                if number <= last:
                    yield Row(number, element, reader)
                elif merged is None:
                    return

    def _headed(self, sheet: Sheet, headings: Mapping[str, str]) -> int | None:
        wanted = {folded(one) for one in headings.values()}
        for row in self.rows(sheet, last=FIRST_ROWS):
            if wanted <= {folded(value) for value in row.values().values()}:
                return row.number
        return None

    def _tables(self, sheet: Sheet) -> list[Mapping[str, str]]:
        links = [link for link in links_of(self._archive, sheet.part) if link.type == TABLE]
        return [root_of(self._archive, link.target, f"{MAIN}table") for link in links]


def folded(heading: object) -> str:
    """A heading without what makes no difference to a person."""
    return " ".join(str(heading).casefold().split()) if isinstance(heading, str) else ""
