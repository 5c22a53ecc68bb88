"""Reads the rows of findings in which somebody wrote, column by heading, however the workbook was rearranged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

from mfaaudit.annotating.archive import Bounds, opened
from mfaaudit.annotating.filled import Content, Filled, FilledRow, Problem, Written
from mfaaudit.annotating.sheets import Book, Place, Row, folded
from mfaaudit.errors import UsageProblem

OWN_REPORT = (
    "Fill in the report.xlsx of this bundle, or give the bundle that it was drawn from; no shared copy comes back."
)
CHARACTERS = 500
"""Of the different texts of a row in which somebody wrote, on the average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look for."""

    run_id: str
    table: str
    """The name of the table of findings."""
    headings: Mapping[str, str]
    """By the key of a column: those that say what a row is about."""
    inputs: Mapping[str, str]
    """Those that a person fills in."""
    object_id: str
    """The key of the column without which nobody can be told from another."""


def read_workbook(path: Path, wanted: Wanted, bounds: Bounds) -> Filled:
    """What was filled in. Raises UsageProblem for a file that is not the workbook of this run."""
    with opened(path, bounds) as archive:
        book = Book(archive)
        if not book.says(wanted.run_id):
            raise UsageProblem(f"{path} is not the report of the run {wanted.run_id}", hint=OWN_REPORT)
        rows: list[FilledRow] = []
        problems: list[Problem] = []
        count = 0
        room = _Room(bounds)
        places = list(book.places(wanted.table, {**wanted.headings, **wanted.inputs}))
        if not places:
            raise UsageProblem(
                f"{path} has no table {wanted.table}, nor a sheet with its headings",
                hint="Put the sheet back, or take the report.xlsx of the bundle.",
            )
        for place in places:
            one = _OnSheet(place, wanted, room)
            count += one.read(book)
            rows += one.rows
            problems += one.problems
    return Filled(rows=tuple(rows), findings=count, problems=tuple(problems))


class _Room:
    """How much of what somebody wrote may be kept; texts that many cells have are kept once."""

    def __init__(self, bounds: Bounds) -> None:
        self._rows = bounds.most_filled
        self._characters = bounds.most_filled * CHARACTERS
        self._texts: dict[str, str] = {}

    def keep(self, cells: Mapping[str, Written]) -> Mapping[str, Written]:
        """The cells of one more row. Raises ValueError if there are more rows or longer texts than decisions take."""
        self._rows -= 1
        if self._rows < 0:
            raise ValueError("more rows are filled in than a report of this bundle has")
        return {key: self._once(cell) for key, cell in cells.items()}

    def _once(self, cell: Written) -> Written:
        if not isinstance(cell.value, str):
            return cell
        known = self._texts.get(cell.value)
        if known is None:
            known = self._texts[cell.value] = cell.value
            self._characters -= len(known)
            if self._characters < 0:
                raise ValueError("more text is filled in than decisions about the findings of this bundle take")
        return replace(cell, value=known)


class _OnSheet:
    """Reads the findings of one sheet."""

    def __init__(self, place: Place, wanted: Wanted, room: _Room) -> None:
        self._place = place
        self._wanted = wanted
        self._room = room
        self.rows: list[FilledRow] = []
        self.problems: list[Problem] = []

    def read(self, book: Book) -> int:
        """How many rows there are."""
        count = 0
        columns: dict[str, int] | None = None
        merged: list[str] = []
        for row in book.rows(self._place.sheet, last=self._place.last, merged=merged):
            if row.number == self._place.head:
                columns = self._columns(row)
                if columns is None:
                    return 0
            elif columns is not None:
                count += self._row(row, columns)
        if columns is None:
            self._complain("", "the row of the headings is empty", "Put the headings back.")
            return 0
        self._merged(merged, columns)
        return count

    def _row(self, row: Row, columns: Mapping[str, int]) -> bool:
        filled = row.filled()
        if any(columns[key] in filled for key in self._wanted.inputs):
            cells = {key: _written(row, filled.get(number), number) for key, number in columns.items()}
            if any(not cells[key].is_empty for key in self._wanted.inputs):
                kept = self._room.keep(cells)
                self.rows.append(FilledRow(sheet=self._place.sheet.title, number=row.number, cells=kept))
                return True
        return any(columns[key] in filled for key in self._wanted.headings)

    def _columns(self, row: Row) -> dict[str, int] | None:
        """Where each column stands; None if one is missing or there twice."""
        found: dict[str, list[int]] = {}
        for number, value in row.values().items():
            if self._place.left <= number <= self._place.right:
                found.setdefault(folded(value), []).append(number)
        ids = self._wanted.headings[self._wanted.object_id]
        if folded(ids) not in found:
            # Whatever else a shared copy lacks is of no interest then.
            hint = "A copy for sharing names nobody: fill in the report.xlsx of the bundle. Else put the heading back."
            self._complain("", f"the column {ids!r} is missing", hint)
            return None
        columns = {}
        for key, heading in (*self._wanted.headings.items(), *self._wanted.inputs.items()):
            at = found.get(folded(heading), [])
            if len(at) == 1:
                columns[key] = at[0]
            elif at:
                place = f"{get_column_letter(at[1])}{row.number}"
                self._complain(place, f"the heading {heading!r} stands here a second time", "Rename your own column.")
            else:
                self._complain("", f"the column {heading!r} is missing", self._lacks(key))
        return columns if len(columns) == len(self._wanted.headings) + len(self._wanted.inputs) else None

    def _lacks(self, key: str) -> str:
        if key in self._wanted.inputs:
            return (
                "Put the heading back as it was. A report of an earlier version has no such column: draw it anew by "
                "`mfaaudit report`."
            )
        return "Put the heading back as it was."

    def _merged(self, ranges: Sequence[str], columns: Mapping[str, int]) -> None:
        used = set(columns.values())
        for one in ranges:
            left, top, right, bottom = (number or 0 for number in range_boundaries(one))
            in_rows = bottom > self._place.head and top <= self._place.last
            if in_rows and any(left <= number <= right for number in used):
                self._complain(
                    one, "these cells are merged, so that only the first row has what they say", "Unmerge them."
                )

    def _complain(self, cell: str, what: str, hint: str) -> None:
        self.problems.append(Problem(sheet=self._place.sheet.title, cell=cell, what=what, hint=hint))


def _written(row: Row, cell: Any, column: int) -> Written:
    place = f"{get_column_letter(column)}{row.number}"
    if cell is None:
        return Written(place)
    value, content = row.read(cell)
    return Written(place, value, Content(content))
