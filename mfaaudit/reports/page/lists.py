"""The rows of a list to search in, as data for the page's script."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from mfaaudit.reports.document import Cell, Column, Table
from mfaaudit.reports.page.columns import Gathered, described
from mfaaudit.reports.page.packed import Packing, packed

MOST_ROWS = 50_000
"""More rows of a list that is not made from the users make a page that opens slowly; it says where the others are."""
WITHOUT_SCRIPT = 500
"""Rows of a list that the page shows where no script runs."""


def shown(table: Table) -> list[int]:
    """The places of the columns that a reader reads; the rest is for a person to fill in elsewhere."""
    return [place for place, column in enumerate(table.columns) if column.input is None]


def columns_of(table: Table) -> list[Column]:
    """Those columns."""
    return [table.columns[place] for place in shown(table)]


def rows_of(table: Table, most: int | None = None) -> Iterator[list[Cell]]:
    """The rows, without what is for a person to fill in."""
    places = shown(table)
    for row in islice(table.rows(), most):
        yield [row[place] for place in places]


def data(table: Table) -> Iterator[str]:
    """Columns of words and, for each row, the number of its word."""
    return packed(lambda packing: _fill(table, packing))


def _fill(table: Table, packing: Packing) -> Iterator[dict[str, Any]]:
    columns = columns_of(table)
    gathered = [Gathered(column.kind) for column in columns]
    count = 0
    for row in rows_of(table, MOST_ROWS):
        count += 1
        for one, value in zip(gathered, row, strict=True):
            one.add(value)
    made: list[dict[str, Any]] = []
    head = {"total": table.row_count, "count": count, "columns": made}
    for column, one in zip(columns, gathered, strict=True):
        made.append(described(column) | one.pack(packing))
        yield head
