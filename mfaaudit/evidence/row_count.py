"""The rows of a list against the count that Graph sends with its first page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

COUNT = "@odata.count"


class RowCount:
    """One walk through a list, page by page; a row that comes twice is one row."""

    def __init__(self) -> None:
        self._counted: int | None = None
        self._ids: set[str] = set()
        self._nameless = 0
        self._pages = 0

    def add(self, page: Mapping[str, Any]) -> None:
        """Takes the body of the next page."""
        counted, rows = page.get(COUNT), page.get("value")
        if not self._pages and isinstance(counted, int) and not isinstance(counted, bool):
            self._counted = counted
        self._pages += 1
        # Most lists come without a count, and need no ids kept.
        if self._counted is None or not isinstance(rows, list):
            return
        for row in rows:
            name = row.get("id") if isinstance(row, dict) else None
            if isinstance(name, str):
                self._ids.add(name.lower())
            else:
                self._nameless += 1

    @property
    def begins(self) -> bool:
        """Whether no page has come yet."""
        return not self._pages

    @property
    def fits(self) -> bool:
        """Whether as many rows came as were counted; true where nothing was counted."""
        return self._counted is None or self._counted == len(self._ids) + self._nameless
