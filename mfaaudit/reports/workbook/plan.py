"""Which parts of the report stand on which sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mfaaudit.reports.document import Document, Section, Table
from mfaaudit.reports.workbook.names import BadName


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSheet:
    """A sheet with the parts that are drawn on it, one beneath the other."""

    title: str
    sections: Sequence[Section]

    @property
    def tables(self) -> list[Table]:
        """All of its tables, those without rows too."""
        return [table for section in self.sections for table in section.tables]

    @property
    def only(self) -> Table | None:
        """The table of a sheet that has one alone."""
        return self.tables[0] if len(self.tables) == 1 and self.tables[0].row_count else None

    @property
    def last(self) -> Table | None:
        """The table beneath which nothing else stands."""
        tables = self.sections[-1].tables
        return tables[-1] if tables and tables[-1].row_count else None

    @property
    def has_charts(self) -> bool:
        """Whether anything is drawn on it."""
        return any(section.charts for section in self.sections)

    @property
    def links(self) -> int:
        """How many cells would lead to an address."""
        return sum(table.row_count * sum(bool(one.link) for one in table.columns) for table in self.tables)


def sheets_of(document: Document) -> tuple[PlannedSheet, ...]:
    """The sheets in the order that the report gives them; others follow as their first parts come. Raises BadName."""
    found: dict[str, list[Section]] = {}
    own: set[str] = set()
    for section in document.sections:
        title = section.sheet or section.title
        if not section.sheet or section.sheet == section.title:
            if title in own:
                raise BadName(f"two parts of the report are called {title!r}, and would open the same sheet")
            own.add(title)
        found.setdefault(title, []).append(section)
    places = {title: place for place, title in enumerate(document.sheets)}
    titles = sorted(found, key=lambda title: places.get(title, len(places)))
    return tuple(PlannedSheet(title=title, sections=found[title]) for title in titles)
