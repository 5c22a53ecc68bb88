"""The rows of a list to search in, as data for the page's script: each different value of a column once."""

from __future__ import annotations

from itertools import islice
from typing import Any

from mfaaudit.reports.document import Cell, Column, Table
from mfaaudit.reports.page.words import look, sort_key, words

MOST_ROWS = 50_000
"""More rows make a page that no browser opens with pleasure; the page says where the others are."""


def data(table: Table) -> dict[str, Any]:
    """Columns of words and, for each row, the number of its word."""
    gathered = [_Gathered(column) for column in table.columns]
    for row in islice(table.rows(), MOST_ROWS):
        for column, value in zip(gathered, row, strict=True):
            column.add(value)
    return {
        "total": table.row_count,
        "columns": [one.made() for one in gathered],
    }


class _Gathered:
    def __init__(self, column: Column) -> None:
        self._column = column
        self._numbers: dict[tuple[type, Cell], int] = {}
        self._rows: list[int] = []

    def add(self, value: Cell) -> None:
        # With its type: True and 1 are equal, and not the same.
        self._rows.append(self._numbers.setdefault((type(value), value), len(self._numbers)))

    def made(self) -> dict[str, Any]:
        values = [value for _, value in self._numbers]
        return {
            "key": self._column.key,
            "title": self._column.heading,
            "kind": self._column.kind.value,
            "look": look(self._column),
            "words": [words(value) for value in values],
            "ranks": [sort_key(value, self._column.kind) for value in values],
            "rows": self._rows,
        }
