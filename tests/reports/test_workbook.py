"""The workbook, read back by a program that is not ours to write: text stays text, and tables are real tables."""

import stat
import sys
import zipfile
from datetime import datetime

import by_hand
import openpyxl
import pytest

from mfaaudit.reports.document import Section
from mfaaudit.reports.workbook import write_workbook

EXCEL_LIMIT = 32_767


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "report.xlsx"
    write_workbook(by_hand.document(), path)
    return path


@pytest.fixture(scope="module")
def book(written):
    return openpyxl.load_workbook(written)


def cells(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


def values(sheet, column, first, last):
    return [sheet[f"{column}{row}"].value for row in range(first, last + 1)]


def body(sheet, name):
    """The first and the last row below the header of a table."""
    corner, end = sheet.tables[name].ref.split(":")
    return int(corner[1:]) + 1, int(end.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def test_no_cell_is_a_formula_or_an_error(book, written):
    assert {cell.data_type for sheet in book for cell in cells(sheet)} <= {"s", "n", "b", "d"}
    with zipfile.ZipFile(written) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name)


def test_what_looks_like_a_formula_stays_text_when_somebody_edits_it(book):
    sheet = book["Names"]
    first, last = body(sheet, "Names")
    marked = {sheet[f"A{row}"].value: sheet[f"A{row}"].quotePrefix for row in range(first, last + 1)}
    assert marked["=cmd|' /C calc'!A0"]
    assert marked["+1+1"]
    assert not marked["TRUE"]


def test_names_come_back_as_they_were_but_for_what_cannot_be_shown(book):
    sheet = book["Names"]
    found = values(sheet, "A", *body(sheet, "Names"))
    for name, shown in zip(by_hand.NASTY, found, strict=True):
        if name.isprintable() and len(name) < 1_000 and name != "_x0041_":
            assert shown == name
    assert "a\ufffdb\ufffdc\ufffd[31md" in found
    assert "turned \ufffdround\ufffd" in found
    # Excel and LibreOffice read this back as _x0041_, and would read the bare text as the letter A.
    assert "_x005F_x0041_" in found


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(book):
    sheet = book["Names"]
    long = [text for text in values(sheet, "A", *body(sheet, "Names")) if len(text) > 10_000]
    assert len(long) == 2
    for text in long:
        assert len(text.encode("utf-16-le")) // 2 <= EXCEL_LIMIT
        assert "[cut: " in text[-120:]


def test_numbers_times_and_shares_are_native_and_shares_are_rounded_down(book):
    sheet = book["Names"]
    first, _ = body(sheet, "Names")
    assert sheet[f"D{first}"].value == 1_000
    assert sheet[f"E{first}"].value == 0.999, "1999 of 2000 is not all"
    assert sheet[f"F{first}"].value == datetime(2026, 3, 31, 12, 0, 5)
    assert sheet[f"F{first - 1}"].value == "Read at (UTC)"


def test_an_unread_value_says_so_and_why(book):
    sheet = book["Names"]
    first, last = body(sheet, "Names")
    found = values(sheet, "G", first, last)
    assert found[0] == "NOT READ (NO_PERMISSION)"
    assert found[1] is False


def test_tables_are_tables_whose_columns_are_their_header_cells(book):
    names = [name for sheet in book for name in sheet.tables]
    assert sorted(names) == ["Names", "Others", "Read"]
    for sheet in book:
        for made in sheet.tables.values():
            corner = made.ref.split(":")[0]
            header = [cell.value for cell in sheet[int(corner[1:])]][: len(made.tableColumns)]
            assert [column.name for column in made.tableColumns] == header
            assert made.autoFilter.ref == made.ref


def test_a_table_without_rows_is_a_sentence(book):
    assert "Nobody." in [cell.value for cell in cells(book["More & more"])]


def test_the_header_stays_in_view_and_is_printed_on_every_page(book):
    sheet = book["Names"]
    first, _ = body(sheet, "Names")
    assert sheet.freeze_panes == f"B{first}"
    assert sheet.print_title_rows == f"${first - 1}:${first - 1}"
    for one in book:
        assert one.page_setup.orientation == ("portrait" if one.title == "Cover" else "landscape")
        assert one.oddFooter.left.text == "run run-1"
        assert one.oddHeader.left.text == "A report: A && B <Ltd>"
        assert one.oddHeader.right.text == "Confidential: personal data"
        assert one.oddFooter.right.text == "page &P of &N"


def test_verdicts_are_coloured_by_their_column_and_not_cell_by_cell(book):
    sheet = book["Names"]
    first, last = body(sheet, "Names")
    coloured = {str(one.sqref): {"".join(rule.formula) for rule in one.rules} for one in sheet.conditional_formatting}
    assert '"FAIL"' in coloured[f"B{first}:B{last}"]
    assert '"critical"' in coloured[f"C{first}:C{last}"]


def test_the_cover_is_to_be_signed(book):
    sheet = book["Cover"]
    said = [cell.value for cell in cells(sheet)]
    assert {"Findings: =1+1 <b>", "Prepared by", "Approved by", "Signature"} <= set(said)
    choices = next(one for one in sheet.data_validations.dataValidation if one.type == "list")
    assert choices.formula1 == '"Effective,Not effective"'
    rows = [cell.row for cell in cells(sheet) if cell.value in ("Prepared by", "Approved by")]
    assert str(choices.sqref) == f"C{rows[0]}:C{rows[-1]}"
    links = {cell.value: cell.hyperlink.location for cell in cells(sheet) if cell.hyperlink}
    assert links["More & more"] == "'More & more'!A1"


def test_charts_are_native_and_draw_the_numbers_of_the_last_sheet(book):
    assert book.sheetnames == ["Cover", "Names", "More & more", "Aside", "Chart data"]
    (drawn,) = book["More & more"]._charts
    reference = drawn.series[0].val.numRef.f
    assert reference.startswith("'Chart data'!$B$")
    first, last = (int(part.split("$")[2]) for part in reference.split("!")[1].split(":"))
    assert values(book["Chart data"], "B", first, last) == [10, None, 30]


def test_a_table_longer_than_a_sheet_goes_on_over_the_next(tmp_path):
    names = [f"user {number}" for number in range(95)]
    path = tmp_path / "long.xlsx"
    section = Section(name="Long", title="A long one", tables=(by_hand.table(names, name="Long"),))
    write_workbook(by_hand.document(section), path, rows_per_sheet=40)
    book = openpyxl.load_workbook(path)
    parts = [sheet for sheet in book if sheet.title.startswith("A long one")]
    assert [sheet.title for sheet in parts] == ["A long one", "A long one (2)", "A long one (3)"]
    found = []
    for sheet in parts:
        assert sheet.max_row <= 40
        (name,) = sheet.tables
        found += values(sheet, "A", *body(sheet, name))
    assert found == names


def test_the_same_report_gives_the_same_bytes(written, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook(by_hand.document(), again)
    assert again.read_bytes() == written.read_bytes()


def test_the_file_says_who_made_it_when_and_is_private(book, written):
    assert book.properties.creator == "mfaaudit 0"
    assert book.properties.created == book.properties.modified == datetime(2026, 3, 31, 12, 0, 5)
    assert "run-1" in book.properties.subject
    if sys.platform != "win32":
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
