"""Parts of a report written by hand, drawn as a workbook and read back."""

import openpyxl
from by_hand import document

from mfaaudit.reports.document import Column, Section, Table
from mfaaudit.reports.workbook import write_workbook


def drawn(folder, *sections, **how):
    """The workbook of these parts, as openpyxl reads it."""
    path = folder / "drawn.xlsx"
    write_workbook(document(*sections), path, **how)
    return openpyxl.load_workbook(path)


def table(*rows, columns=None, name="Things", **other):
    """A table of these rows; its columns are texts unless said."""
    made = columns or tuple(Column(key=f"c{n}", title=f"Column {n}", width=20) for n in range(len(rows[0])))
    return Table(name=name, title=f"All {name}", columns=made, rows=lambda: iter(rows), row_count=len(rows), **other)


def section(*tables, title="Part", **other):
    """A part with these tables."""
    return Section(name="Part", title=title, tables=tables, **other)


def said(sheet):
    """Every value of a sheet that is a text."""
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def body(sheet, name):
    """The cells below the header of a table, row by row."""
    _, *rows = sheet[sheet.tables[name].ref]
    return rows


def column(sheet, name, heading):
    """The cells of one column of a table, below its heading."""
    top, *rows = sheet[sheet.tables[name].ref]
    at = [cell.value for cell in top].index(heading)
    return [row[at] for row in rows]
