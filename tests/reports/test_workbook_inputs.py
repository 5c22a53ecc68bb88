"""Cells that a person fills in look like it, ask for it, and offer the words; all others are for the program."""

import pytest
from drawn_book import column, drawn, section, table
from openpyxl.utils import range_boundaries

from mfaaudit.reports.document import Column, ColumnKind, Input
from mfaaudit.reports.workbook.inputs import BadChoices

WORDS = ("agrees", "differs", "=1+1", "it's")
COLUMNS = (
    Column(key="name", title="Name"),
    Column(key="agrees", title="Agrees", input=Input(prompt="Compare with the portal.", choices=WORDS)),
    Column(key="day", title="Day", input=Input(prompt="The day.", is_date=True)),
    Column(key="words", title="Words", kind=ColumnKind.LONG_TEXT, input=Input(prompt="x" * 400)),
)
ROWS = [[f"user {number}", None, None, None] for number in range(50)]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    return drawn(tmp_path_factory.mktemp("inputs"), section(table(*ROWS, columns=COLUMNS)))["Part"]


def asked(sheet, heading):
    cells = column(sheet, "Things", heading)
    (found,) = [one for one in sheet.data_validations.dataValidation if cells[0].coordinate in str(one.sqref)]
    first, last = cells[0], cells[-1]
    assert range_boundaries(str(found.sqref)) == (first.column, first.row, last.column, last.row)
    return found


def test_there_is_one_rule_for_each_column_and_not_one_for_each_cell(sheet):
    assert len(sheet.data_validations.dataValidation) == 3


def test_a_word_is_chosen_from_a_list(sheet):
    found = asked(sheet, "Agrees")
    assert (found.type, found.formula1) == ("list", '"agrees,differs,=1+1,it\'s"')
    assert found.showErrorMessage
    assert found.showInputMessage
    assert found.allow_blank
    assert (found.promptTitle, found.prompt) == ("Agrees", "Compare with the portal.")


def test_a_day_is_a_date_and_shown_as_one(sheet):
    found = asked(sheet, "Day")
    assert found.type == "date"
    assert {cell.number_format for cell in column(sheet, "Things", "Day")} == {"yyyy-mm-dd"}


def test_words_are_free_and_stay_words(sheet):
    found = asked(sheet, "Words")
    assert found.type is None
    assert not found.showErrorMessage
    assert len(found.prompt) == 255
    assert found.prompt.endswith("...")
    assert {cell.number_format for cell in column(sheet, "Things", "Words")} == {"@"}


def test_only_cells_to_fill_in_are_unlocked_and_look_so(sheet):
    inputs = [cell for one in COLUMNS[1:] for cell in column(sheet, "Things", one.title)]
    others = [cell for row in sheet.iter_rows() for cell in row if cell not in inputs]
    grounds = {cell.fill.start_color.rgb for cell in inputs}
    assert len(grounds) == 1
    assert {cell.border.left.style for cell in inputs} == {"thin"}
    assert not any(cell.protection.locked for cell in inputs)
    assert all(cell.protection.locked for cell in others)
    assert all(cell.value is None for cell in inputs)
    assert not grounds & {cell.fill.start_color.rgb for cell in others}


def test_no_sheet_is_protected(sheet):
    assert not any(one.protection.sheet for one in sheet.parent)


@pytest.mark.parametrize("words", [("a,b",), ('"',), ("",), ("x" * 200, "y" * 60), ("🦄" * 128,)])
def test_words_that_no_list_can_offer_are_refused(tmp_path, words):
    columns = [Column(key="a", title="A", input=Input(prompt="", choices=words))]
    with pytest.raises(BadChoices):
        drawn(tmp_path, section(table([None], columns=columns)))


def test_the_cover_is_filled_in_where_it_is_signed_and_commented_and_nowhere_else(sheet):
    cover = sheet.parent["Cover"]
    rows = {cell.value: cell.row for cell in cover["A"] if cell.value}
    signed = {(rows[role], place) for role in ("Prepared by", "Approved by") for place in range(2, 6)}
    comments = {(rows["Comments"] + 1, place) for place in range(1, 6)}
    unlocked = {(cell.row, cell.column) for row in cover.iter_rows() for cell in row if not cell.protection.locked}
    # What openpyxl reads of cells that are merged into another is not their own.
    assert unlocked - comments == signed
    assert (rows["Comments"] + 1, 1) in unlocked
    kinds = {str(one.sqref): one.type for one in cover.data_validations.dataValidation}
    first, last = rows["Prepared by"], rows["Approved by"]
    assert kinds[f"C{first}:C{last}"] == "list"
    assert kinds[f"D{first}:D{last}"] == "date"
    assert kinds[f"A{rows['Comments'] + 1}"] is None
