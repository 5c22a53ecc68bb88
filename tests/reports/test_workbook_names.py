"""Sheets, tables and columns are called as Excel takes it, or it is said clearly why they cannot be."""

import pytest
from by_hand import NASTY, chart
from drawn_book import drawn, said, section, table
from openpyxl.utils.escape import unescape

from mfaaudit.reports.document import Column
from mfaaudit.reports.workbook.names import BadName, Names

WRONG = [
    "",
    " ",
    "x" * 32,
    "🦄" * 16,
    "'quoted",
    "quoted'",
    "History",
    "history",
    "tab\tbed",
    *(f"a{one}b" for one in "[]:*?/\\"),
]


@pytest.mark.parametrize("title", WRONG)
def test_a_title_that_no_sheet_may_have_is_refused(title):
    with pytest.raises(BadName):
        Names().sheet(title)


@pytest.mark.parametrize("title", ["x" * 31, "🦄" * 15, "it's", "More & more", "-1+1"])
def test_a_title_that_a_sheet_may_have_is_kept(title):
    assert Names().sheet(title) == title


def test_two_sheets_differ_by_more_than_capitals(tmp_path):
    with pytest.raises(BadName, match="already"):
        drawn(tmp_path, section(title="Users"), section(title="USERS"))


@pytest.mark.parametrize("title", ["Cover", "cover", "Chart data"])
def test_no_part_takes_the_name_of_a_sheet_of_the_workbook_itself(tmp_path, title):
    with pytest.raises(BadName):
        drawn(tmp_path, section(title=title, charts=(chart(),)))


def test_two_parts_do_not_open_the_same_sheet(tmp_path):
    with pytest.raises(BadName, match="two parts"):
        drawn(tmp_path, section(title="Users"), section(title="Users"))


@pytest.mark.parametrize("name", ["", "A1", "Day1", "xfd9", "R1C1", "r", "C", "R2", "two words", "1st", "é", "A" * 256])
def test_a_name_that_a_formula_would_read_as_something_else_is_no_table_s(name):
    with pytest.raises(BadName):
        Names().table(name)


def test_two_tables_of_one_book_differ_by_more_than_capitals(tmp_path):
    with pytest.raises(BadName, match="table"):
        drawn(tmp_path, section(table(["a"], name="Same"), title="A"), section(table(["b"], name="SAME"), title="B"))


@pytest.mark.parametrize("heads", [("Name", "NAME"), ("Name", ""), ("x" * 256, "Name")])
def test_the_headings_of_a_table_differ_and_are_there(tmp_path, heads):
    columns = [Column(key=f"c{n}", title=title) for n, title in enumerate(heads)]
    with pytest.raises(BadName):
        drawn(tmp_path, section(table(["a", "b"], columns=columns)))


def test_the_columns_of_a_table_are_its_headings_whatever_stands_in_them(tmp_path):
    heads = [one for one in NASTY if len(one) < 200]
    columns = [Column(key=f"c{n}", title=title) for n, title in enumerate(heads)]
    sheet = drawn(tmp_path, section(table(heads, columns=columns)))["Part"]
    (made,) = sheet.tables.values()
    top, _ = sheet[made.ref]
    # openpyxl reads the letters that Excel would take for a code back where they are a name, and not in a cell.
    assert [unescape(cell.value) for cell in top] == [one.name for one in made.tableColumns]
    assert {cell.data_type for cell in top} == {"s"}


def test_parts_that_share_a_sheet_stand_on_it_one_beneath_the_other(tmp_path):
    book = drawn(
        tmp_path,
        section(table(["a"], name="First"), title="Tenant", lead=("The tenant. In short.",)),
        section(table(["b"], name="Other"), title="Other"),
        section(table(["c"], name="Second"), title="Methods", sheet="Tenant", lead=("The methods.",)),
        section(title="Numbers", sheet="Sample"),
        section(title="Picks", sheet="Sample"),
    )
    assert book.sheetnames == ["Cover", "Tenant", "Other", "Sample"]
    assert list(book["Tenant"].tables) == ["First", "Second"]
    texts = said(book["Tenant"])
    order = [texts.index(one) for one in ("Tenant", "The tenant. In short.", "a", "Methods", "The methods.", "c")]
    assert order == sorted(order)
    assert said(book["Sample"]) == ["Sample", "Contents", "Numbers", "Picks"]
    assert texts.count("Tenant") == 1


def test_the_contents_name_each_sheet_once_and_what_stands_on_it(tmp_path):
    book = drawn(
        tmp_path,
        section(title="It's ours", lead=("The first sentence. The second.",)),
        section(title="Methods", sheet="It's ours"),
        section(title="Numbers", sheet="Sample"),
    )
    links = {cell.value: cell for row in book["Cover"].iter_rows() for cell in row if cell.hyperlink}
    assert list(links) == ["It's ours", "Sample"]
    assert links["It's ours"].hyperlink.location == "'It''s ours'!A1"
    assert links["It's ours"].offset(0, 1).value == "The first sentence. Also: Methods."
    assert links["Sample"].offset(0, 1).value == "Numbers."
    assert book["Sample"]["A2"].hyperlink.location == "'Cover'!A1"
