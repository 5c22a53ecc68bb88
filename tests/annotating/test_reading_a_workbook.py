"""Decisions are found by the names of tables and columns, whatever a person did to the workbook meanwhile."""

import os
import shutil
import subprocess
from datetime import datetime

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from workbook_by_hand import ABOUT, COLUMNS, ROWS, RUN, Filling, draw, read, rows, said

from mfaaudit.annotating.filled import Content
from mfaaudit.errors import UsageProblem


@pytest.fixture
def filling(tmp_path):
    return Filling(tmp_path / "report.xlsx")


def test_nothing_filled_in(tmp_path):
    made = read(draw(tmp_path / "report.xlsx"))

    assert (made.rows, made.findings, made.problems) == ((), ROWS, ())


def test_what_is_typed_is_found_with_its_cell(filling):
    filling.cell(3, "Decision").value = "Remediate"
    filling.cell(3, "Due on").value = datetime(2026, 11, 1)
    filling.cell(5, "Decision ticket").value = 4711
    made = filling.read()

    assert said(made) == {
        "R-3": {"decision": "Remediate", "dueOn": datetime(2026, 11, 1)},
        "R-5": {"decisionTicket": 4711},
    }
    first, second = made.rows
    assert (first.sheet, first.number) == ("Findings", filling.cell(3, "Rule").row)
    assert first.cells["decision"].place == filling.cell(3, "Decision").coordinate
    assert (second.cells["decisionTicket"].content, second.cells["owner"].content) == (Content.NUMBER, Content.NUMBER)
    assert (made.findings, made.problems) == (ROWS, ())


def test_spaces_are_nothing(filling):
    filling.cell(3, "Owner").value = " \n "

    assert filling.read().rows == ()


def test_a_list_that_goes_on_over_further_sheets(tmp_path):
    filling = Filling(tmp_path / "report.xlsx", rows_per_sheet=8)
    for title in filling.book.sheetnames:
        if "Findings" in title:
            filling.cell(0, "Owner", filling.book[title]).value = title
    made = filling.read()

    assert made.findings == ROWS
    assert len({row.sheet for row in made.rows}) == len(made.rows) > 2
    assert all(row.cells["owner"].value == row.sheet for row in made.rows)


def test_a_formula_and_an_error_are_told_from_text(filling):
    filling.cell(1, "Owner").value = "=A1"
    filling.cell(2, "Owner").value = "#N/A"
    filling.cell(3, "Owner").value = "=A1"
    filling.cell(3, "Owner").data_type = "s"

    kinds = [row.cells["owner"].content for row in filling.read().rows]
    assert kinds == [Content.FORMULA, Content.ERROR, Content.TEXT]


def rearranged(filling, order, above=0, left=0, name="Findings"):
    """The findings with their columns in another order, further down and further right, without the rest."""
    book = openpyxl.Workbook()
    book.properties.subject = f"Run {RUN}"
    sheet = book.active
    sheet.title = "Mine"
    lines = [[column.heading for column in COLUMNS], *rows()]
    lines[4][5] = "Remediate"
    for at, line in enumerate(lines):
        for to, where in enumerate(order):
            sheet.cell(at + 1 + above, to + 1 + left).value = "own" if where is None else line[where]
    if name:
        for cell in sheet[above + 1]:
            cell.value = cell.value if cell.value != "own" else f"Own {cell.column}"
        first, last = sheet.cell(above + 1, left + 1), sheet.cell(len(lines) + above, len(order) + left)
        sheet.add_table(Table(displayName=name, name=name, ref=f"{first.coordinate}:{last.coordinate}"))
    book.save(filling.path)
    return read(filling.path)


@pytest.mark.parametrize("name", ["Findings", "Findings_2", "Findings3", ""])
def test_columns_may_be_moved_added_and_pushed_around(filling, name):
    order = [None, *reversed(range(len(COLUMNS))), None]
    made = rearranged(filling, order, above=7, left=3, name=name)

    assert said(made) == {"R-3": {"decision": "Remediate"}}
    assert (made.findings, made.problems) == (ROWS, ())


def test_a_table_of_another_name_without_the_headings_is_no_list_of_findings(filling):
    with pytest.raises(UsageProblem, match="has no table Findings"):
        rearranged(filling, range(3), name="FindingsOfMine")


def test_rows_may_be_sorted_and_hidden(filling):
    filling.cell(3, "Owner").value = "it"
    first, last = filling.head + 1, filling.head + ROWS
    lines = [[cell.value for cell in row] for row in filling.sheet.iter_rows(first, last)]
    for at, line in enumerate(reversed(lines)):
        for column, value in enumerate(line, 1):
            filling.sheet.cell(first + at, column).value = value
        filling.sheet.row_dimensions[first + at].hidden = at % 2 == 0

    assert said(filling.read()) == {"R-3": {"owner": "it"}}


def test_headings_may_be_spaced_and_written_otherwise(filling):
    filling.cell(3, "Owner").value = "it"
    for cell in filling.sheet[filling.head]:
        cell.value = f" {cell.value.upper()}\n"

    made = read(filling.save())
    assert said(made) == {"R-3": {"owner": "it"}}


def test_a_row_of_totals_is_no_finding(filling):
    table = filling.sheet.tables["Findings"]
    last = filling.head + ROWS + 1
    for column in range(1, len(COLUMNS) + 1):
        filling.sheet.cell(last, column).value = "=SUM(1)"
    table.ref = f"A{filling.head}:{filling.sheet.cell(last, len(COLUMNS)).coordinate}"
    table.totalsRowCount = 1

    made = filling.read()
    assert (made.rows, made.findings) == ((), ROWS)


@pytest.mark.parametrize("heading", [*ABOUT.values(), "Decision", "Owner", "Due on", "Decision ticket"])
def test_a_column_that_is_missing_is_named(filling, heading):
    column = next(cell for cell in filling.sheet[filling.head] if cell.value == heading)
    column.value = "Gone"
    (one,) = filling.read().problems

    assert (one.sheet, one.what) == ("Findings", f"the column {heading!r} is missing")
    assert ("sharing" in one.hint) == (heading == "Object id")


def test_a_heading_that_stands_twice_is_named(filling):
    filling.sheet.tables["Findings"].ref = f"A{filling.head}:L{filling.head + ROWS}"
    filling.sheet.cell(filling.head, 12).value = "owner"
    (one,) = read(filling.save()).problems

    assert (one.cell, one.what) == (f"L{filling.head}", "the heading 'Owner' stands here a second time")


@pytest.mark.parametrize(
    ("columns", "rows_", "wrong"), [("FG", (2, 3), True), ("FF", (2, 5), True), ("AB", (1, 2), True)]
)
def test_merged_cells_are_named(filling, columns, rows_, wrong):
    top, bottom = (filling.head + one for one in rows_)
    filling.sheet.merge_cells(f"{columns[0]}{top}:{columns[1]}{bottom}")
    (one,) = filling.read().problems

    assert one.cell == f"{columns[0]}{top}:{columns[1]}{bottom}"
    assert "merged" in one.what


def test_merged_cells_elsewhere_do_no_harm(filling):
    filling.sheet.merge_cells("A1:F1")
    filling.sheet.merge_cells(f"N{filling.head + 1}:O{filling.head + 3}")

    assert filling.read().problems == ()


def test_the_run_may_be_told_by_the_cover_alone(filling):
    filling.book.properties.subject = None
    assert filling.read().findings == ROWS

    for row in filling.book["Cover"].iter_rows():
        for cell in row:
            if RUN in str(cell.value):
                cell.value = "another"
    with pytest.raises(UsageProblem, match="is not the report of the run"):
        filling.read()


def test_the_report_of_another_run_is_refused(tmp_path):
    with pytest.raises(UsageProblem, match=f"is not the report of the run {RUN}") as refused:
        read(draw(tmp_path / "report.xlsx", run="another"))

    assert "report.xlsx of this bundle" in refused.value.hint


def test_what_libreoffice_saves_says_the_same(filling, tmp_path):
    if shutil.which("soffice") is None and os.environ.get("MFAAUDIT_NEED_BROWSERS") != "1":
        pytest.skip("LibreOffice is not installed")
    filling.cell(3, "Decision").value = "Accept the risk"
    filling.cell(3, "Due on").value = datetime(2026, 11, 1)
    filling.cell(3, "Justification").value = "one\ntwo  three"
    filling.cell(4, "Due on").value = "2026-11-01"
    filling.cell(5, "Owner").value = "=1+1"
    before = filling.read()
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "saved", filling.path]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    after = read(tmp_path / "saved" / "report.xlsx")

    assert said(after) == said(before)
    assert [row.cells["owner"].content for row in after.rows][-1] is Content.FORMULA
    assert (after.findings, after.problems) == (ROWS, ())
