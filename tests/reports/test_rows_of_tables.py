"""Rows that are written as ready XML are the very bytes that openpyxl writes cell by cell."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import by_hand
import pytest
from openpyxl import Workbook, load_workbook

from mfaaudit.reports.document import Column, ColumnKind
from mfaaudit.reports.workbook.cells import is_formula_like, make, native, put
from mfaaudit.reports.workbook.lines import lines_of
from mfaaudit.reports.workbook.rows import rows_of_table
from mfaaudit.reports.workbook.stream import new_sheet
from mfaaudit.reports.workbook.styles import BODY, UNREAD, WRAPPED
from mfaaudit.words import Reason, Unknown

MIXED = [
    *by_hand.NASTY,
    "",
    " ",
    " before and after ",
    "R&D <b>",
    None,
    True,
    False,
    0,
    1,
    -12,
    1 << 40,
    Fraction(2, 3),
    Unknown(Reason.THROTTLED),
    by_hand.NOW,
    datetime(1815, 6, 18, 12, tzinfo=UTC),
    "one line, and another line, and a third line of words",
]


def columns(kinds):
    return [Column(key=f"c{n}", title=f"C{n}", kind=kind, width=20) for n, kind in enumerate(kinds)]


def xml_of(book, path):
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in ("xl/worksheets/sheet1.xml", "xl/styles.xml")}


def ready(path, heads, rows):
    book = Workbook(write_only=True)
    book.sheets_in = path.parent
    sheet = new_sheet(book, "Rows")
    sheet.append([make(sheet, "A row of cells before", BODY[ColumnKind.TEXT])])
    for row in rows_of_table(sheet, heads, rows, 2, widths=[one.width for one in heads]):
        sheet.append_ready(row)
    sheet.append([make(sheet, "and one after", BODY[ColumnKind.TEXT])])
    return xml_of(book, path)


def cell_by_cell(path, heads, rows):
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rows")
    sheet.append([make(sheet, "A row of cells before", BODY[ColumnKind.TEXT])])
    for number, row in enumerate(rows, 2):
        pairs = list(zip(heads, row, strict=True))
        cells = [drawn(sheet, column, value) for column, value in pairs]
        lines = max(lines_in(column, value) for column, value in pairs)
        if lines > 1:
            sheet.row_dimensions[number].height = min(405, 3 + 13 * lines)
        sheet.append(cells)
    sheet.append([make(sheet, "and one after", BODY[ColumnKind.TEXT])])
    return xml_of(book, path)


def drawn(sheet, column, value):
    look = UNREAD if isinstance(value, Unknown) else BODY[column.kind]
    if lines_in(column, value) > 1:
        look = replace(look, alignment=WRAPPED)
    look = replace(look, quote=is_formula_like(value))
    return put(make(sheet, value if isinstance(value, datetime) else None, look), value)


def lines_in(column, value):
    shown = native(value)
    lines = lines_of(shown, column.width) if isinstance(shown, str) else 1
    return lines if column.kind is ColumnKind.LONG_TEXT else min(4, lines)


@pytest.mark.parametrize("kind", ColumnKind)
def test_every_kind_of_value_in_every_kind_of_column(tmp_path, kind):
    fitting = [value for value in MIXED if kind is ColumnKind.TIME or not isinstance(value, datetime)]
    heads, rows = columns([kind]), [[value] for value in fitting]
    assert ready(tmp_path / "a.xlsx", heads, rows) == cell_by_cell(tmp_path / "b.xlsx", heads, rows)


def test_a_value_that_comes_again_is_written_again(tmp_path):
    heads = columns([ColumnKind.TEXT, ColumnKind.LONG_TEXT, ColumnKind.BOOLEAN, ColumnKind.NUMBER])
    # 1 and True are equal, and not the same; the long text makes each of its rows as high.
    rows = [["a", MIXED[-1], True, 1], ["a", "short", 1, True], ["a", MIXED[-1], True, 1], [None, None, None, None]]
    assert ready(tmp_path / "a.xlsx", heads, rows) == cell_by_cell(tmp_path / "b.xlsx", heads, rows)


@pytest.mark.parametrize("kind", [ColumnKind.TEXT, ColumnKind.NUMBER, ColumnKind.LONG_TEXT])
def test_a_time_in_a_column_of_another_kind_still_reads_as_a_time(tmp_path, kind):
    ready(tmp_path / "a.xlsx", columns([kind]), [[by_hand.NOW], ["text"]])
    sheet = load_workbook(tmp_path / "a.xlsx")["Rows"]
    assert sheet["A2"].value == by_hand.NOW.replace(tzinfo=None)
    assert not sheet["A3"].is_date


def test_columns_beyond_the_alphabet_have_their_letters(tmp_path):
    heads = columns([ColumnKind.TEXT] * 30)
    rows = [[str(number) for number in range(30)]]
    assert b'r="AD2"' in ready(tmp_path / "a.xlsx", heads, rows)["xl/worksheets/sheet1.xml"]
