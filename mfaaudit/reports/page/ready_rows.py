"""The rows of a table as ready HTML, for the tables that the page holds in full.

A page has ten thousands of such cells, and through the template's macros each costs ten times as much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.page.lists import columns_of, rows_of
from mfaaudit.reports.page.words import address, look, sort_key, words
from mfaaudit.reports.plain import plain

COLOURED = (ColumnKind.VERDICT, ColumnKind.SEVERITY)
"""Kinds of columns whose words are drawn each in its own color."""
REMEMBERED = 512
"""Values of a column that are looked up and not written again: words, states and rules come over and over."""


def ready_rows(table: Table, most: int | None) -> Iterator[Markup]:
    """Each row as an element `tr`, escaped; at most `most` of them, or all if that is None."""
    writers = [_writer(column) for column in columns_of(table)]
    for row in rows_of(table, most):
        cells = (write(value) for write, value in zip(writers, row, strict=True))
        yield Markup("<tr>\n" + "".join(cells) + "</tr>")  # noqa: S704 each cell is escaped


def shown(value: Cell, kind: ColumnKind | None) -> Markup:
    """A value as it stands in a cell or behind a label: its words, escaped, and drawn as what they are."""
    if value is None:
        return Markup("")
    text = escape(words(value))
    if kind in COLOURED and text:
        return Markup('<span class="word word-{0}">{0}</span>').format(text)
    if text.startswith("NOT READ (") and not isinstance(value, str):
        return Markup('<span class="unread">{}</span>').format(text)
    return Markup("<bdi>{}</bdi>").format(text)


def _writer(column: Column) -> Callable[[Cell], str]:
    looks = escape(look(column))

    def write(value: Cell) -> str:
        key, link = sort_key(value, column.kind), address(column, value)
        sorts = "" if key is None else f' data-sort="{key}"'
        inside = str(shown(value, column.kind))
        if link:
            inside = f'<a href="{escape(plain(link))}" rel="noreferrer">{inside}</a>'
        return f'<td class="{looks}"{sorts}>{inside}</td>\n'

    # With its type: True and 1 are equal, and read differently.
    return lru_cache(maxsize=REMEMBERED, typed=True)(write)
