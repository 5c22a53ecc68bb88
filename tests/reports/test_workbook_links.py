"""Cells that lead somewhere: to the address that was meant, of no more cells than Excel takes, and not by formula."""

import zipfile
from urllib.parse import urlsplit

import pytest
from by_hand import NASTY, document
from drawn_book import body, column, drawn, said, section, table

from mfaaudit.reports.document import Column, Table
from mfaaudit.reports.workbook import links as module
from mfaaudit.reports.workbook import write_workbook
from mfaaudit.reports.workbook.links import BadAddress, addressing
from mfaaudit.words import Reason, Unknown

PORTAL = "https://portal.example/#users/{}/overview"
LINKED = (Column(key="id", title="Object id", link=PORTAL), Column(key="name", title="Name"))


def addresses(sheet):
    return [cell.hyperlink.target if cell.hyperlink else None for cell in column(sheet, "Things", "Object id")]


def test_a_cell_leads_to_the_address_of_its_value(tmp_path):
    rows = [["a-1", "Ada"], [Unknown(Reason.NO_ROW), "Bob"], [None, "Cy"], ["", "Dan"], ["a 2", "Eve"]]
    sheet = drawn(tmp_path, section(table(*rows, columns=LINKED)))["Part"]
    found = addresses(sheet)
    assert found == [
        "https://portal.example/#users/a-1/overview",
        None,
        None,
        None,
        "https://portal.example/#users/a%202/overview",
    ]
    blue = {cell.value: cell.font.underline for cell in column(sheet, "Things", "Object id")}
    assert blue["a-1"] == "single"
    assert blue["NOT READ (NO_ROW)"] is None
    assert {cell.font.underline for row in body(sheet, "Things") for cell in row[1:]} == {None}


HOSTILE = [
    *NASTY,
    "../..",
    "..",
    ".",
    "a/../../b",
    "a?b#c",
    "a&b;c",
    "https://evil.example",
    "%2e%2e",
    "x" * 3_000,
    "\\\\",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_breaks_out_of_its_place_in_the_address(value):
    found = addressing("https://portal.example/users/{}/overview?x=1")(value)
    if found is None:
        return
    parts = urlsplit(found)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("https", "portal.example", "x=1", "")
    assert parts.path.startswith("/users/")
    assert parts.path.endswith("/overview")
    assert parts.path.count("/") == 3
    assert parts.path.split("/")[2] != ".."
    assert found.isascii()
    assert found.isprintable()
    assert not set(found) & set(" <>\"'\\")


def test_an_address_longer_than_excel_takes_is_no_link():
    made = addressing("https://a.example/{}")
    longest = 2_079 - len("https://a.example/")
    assert made("x" * longest) == "https://a.example/" + "x" * longest
    assert made("x" * (longest + 1)) is None
    assert made("é" * (longest // 6 + 1)) is None, "each takes six"


def test_hostile_values_give_a_file_that_is_read_and_leads_nowhere_else(tmp_path):
    rows = [[value, "x"] for value in HOSTILE]
    sheet = drawn(tmp_path, section(table(*rows, columns=LINKED)))["Part"]
    found = [one for one in addresses(sheet) if one]
    assert len(found) > 10
    assert all(one.startswith("https://portal.example/#users/") and one.endswith("/overview") for one in found)
    assert all("/" not in one[len("https://portal.example/#users/") : -len("/overview")] for one in found)


@pytest.mark.parametrize(
    "pattern",
    ["http://a.example/{}", "javascript:{}", "https://{}", "https://{}.example/", "https://a.example", "https:///{}",
     "https://a.example{}", "https://a.example/{}/{}", "file:///{}"],
)  # fmt: skip
def test_only_an_address_of_the_web_with_one_place_after_its_host_is_taken(pattern):
    with pytest.raises(BadAddress):
        addressing(pattern)


def test_a_sheet_with_more_links_than_excel_takes_has_none_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_LINKS", 5)
    few = drawn(tmp_path, section(table(*([str(n), "x"] for n in range(4)), columns=LINKED)))["Part"]
    many = drawn(tmp_path, section(table(*([str(n), "x"] for n in range(5)), columns=LINKED)))["Part"]
    assert all(addresses(few))
    assert not any(addresses(many))
    assert not [one for one in said(few) if "link" in one]
    assert [one for one in said(many) if one.startswith("Nothing on this sheet is a link: there would be 5")]


def test_the_links_of_all_tables_of_a_sheet_are_counted_together(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_LINKS", 5)
    first = table(*([str(n), "x"] for n in range(3)), columns=LINKED)
    second = table(*([str(n), "x"] for n in range(3)), columns=LINKED, name="Others")
    book = drawn(tmp_path, section(first), section(second, title="More", sheet="Part"))
    assert not any(addresses(book["Part"]))


def test_the_limit_is_that_of_excel():
    assert module.may_link(65_529), "with the link to the contents that is all it takes"
    assert not module.may_link(65_530)


def test_thousands_of_links_are_as_many_relations_that_all_are_used(tmp_path):
    path = tmp_path / "many.xlsx"
    made = Table(
        name="Things",
        title="Things",
        columns=LINKED,
        rows=lambda: ([f"id {number}", "x"] for number in range(3_000)),
        row_count=3_000,
    )
    write_workbook(document(section(made)), path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        relations = archive.read("xl/worksheets/_rels/sheet2.xml.rels").decode()
    assert sheet.count("<hyperlink ") == 3_001
    assert relations.count('TargetMode="External"') == 3_000
    assert "<f>" not in sheet
    assert all(f'Id="link{number}"' in relations and f'r:id="link{number}"' in sheet for number in (0, 1_500, 2_999))
