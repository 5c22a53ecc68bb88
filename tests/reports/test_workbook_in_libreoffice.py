"""The workbook through another program's eyes: LibreOffice opens it, prints it, and computes nothing in it."""

import csv
import subprocess
import warnings
from datetime import datetime

import by_hand
import openpyxl
import pypdf
import pytest
from drawn_book import column, section, table
from openpyxl.utils.escape import unescape
from programs import program

from mfaaudit.reports.document import Column, Input
from mfaaudit.reports.workbook import write_workbook

PATIENCE_S = 180


def convert(path, kind, folder, profile=None):
    office = program("soffice", "libreoffice")
    profile = ((profile or folder) / "profile").as_uri()
    subprocess.run(
        [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind, "--outdir", folder, path],
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
    )
    return folder


@pytest.fixture(scope="module")
def printed(messy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("printed")
    convert(messy.bundle / "report.xlsx", "pdf", folder)
    text = subprocess.run(
        [program("pdftotext"), folder / "report.pdf", "-"], check=True, capture_output=True, timeout=PATIENCE_S
    ).stdout
    # A page ends with a form feed.
    pages = text.decode("utf-8").split("\f")[:-1]
    assert len(pages) == len(pypdf.PdfReader(folder / "report.pdf").pages)
    return pages


def test_the_cover_is_one_page_with_the_conclusion_and_the_lines_to_sign(printed, messy):
    cover, second = (" ".join(page.split()) for page in printed[:2])
    assert messy.results["conclusion"]["statement"].split(". ", 1)[1] in cover
    assert messy.results["run"]["id"] in cover
    assert {"Prepared", "Reviewed", "Approved", "Signature"} <= set(cover.split())
    assert "Users with at least one failure" in second


def test_every_page_says_of_which_run_it_is(printed, messy):
    assert len(printed) > 5
    for page in printed:
        assert messy.results["run"]["id"] in page


def test_no_name_is_computed(tmp_path):
    write_workbook(by_hand.document(), tmp_path / "hostile.xlsx")
    # 44 comma, 34 quote, 76 UTF-8, from row 1, as shown, and only the second sheet.
    convert(
        tmp_path / "hostile.xlsx",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2",
        tmp_path,
    )
    (found,) = tmp_path.glob("hostile*.csv")
    with found.open(encoding="utf-8", newline="") as file:
        names = [row[0] for row in csv.reader(file) if row]
    assert '=HYPERLINK("http://evil.example","click")' in names
    assert {"+1+1", "@SUM(A1:A9)", "#N/A", "TRUE", "007", "_x0041_", "<script>alert(1)</script>"} <= set(names)


ASKED = (
    Column(key="id", title="Object id", link="https://portal.example/users/{}/overview"),
    Column(key="agrees", title="Agrees", input=Input(prompt="Compare.", choices=("yes", "no"))),
    Column(key="day", title="Day", input=Input(prompt="When.", is_date=True)),
    Column(key="words", title="Words", input=Input(prompt="What you saw.")),
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A hostile workbook, and what LibreOffice makes of it when it opens and saves it; with what a person wrote."""
    folder = tmp_path_factory.mktemp("saved")
    sheet = section(table(*([one, None, None, None] for one in by_hand.NASTY), columns=ASKED), title="Sample")
    path = folder / "report.xlsx"
    write_workbook(by_hand.document(*by_hand.document().sections, sheet), path)
    book = openpyxl.load_workbook(path)
    for heading, value in FILLED.items():
        column(book["Sample"], "Things", heading)[0].value = value
    book.save(path)
    convert(path, "xlsx:Calc MS Excel 2007 XML", folder / "out", profile=folder)
    with warnings.catch_warnings():
        # LibreOffice adds what openpyxl does not read.
        warnings.filterwarnings("ignore", ".*extension is not supported", UserWarning)
        return book, openpyxl.load_workbook(folder / "out" / "report.xlsx")


FILLED = {"Agrees": "yes", "Day": datetime(2026, 4, 1), "Words": "+1 more"}


def test_every_value_survives_being_opened_and_saved(saved):
    ours, theirs = saved
    assert theirs.sheetnames == ours.sheetnames
    compared = 0
    for sheet in ours:
        for row in sheet.iter_rows():
            for cell in row:
                other = theirs[sheet.title][cell.coordinate]
                if isinstance(cell.value, bool):
                    # LibreOffice knows no such cells, and saves them as what gives them.
                    assert other.value == f"={str(cell.value).upper()}()"
                elif cell.value is not None:
                    assert other.data_type != "f"
                    # Codes of Excel's are read by LibreOffice, and not written.
                    assert other.value == (unescape(cell.value) if isinstance(cell.value, str) else cell.value)
                    compared += 1
    assert compared > 500


def test_tables_inputs_links_and_shares_survive_being_opened_and_saved(saved):
    ours, theirs = saved
    assert {name for sheet in theirs for name in sheet.tables} == {name for sheet in ours for name in sheet.tables}
    sheet = theirs["Sample"]
    assert {heading: column(sheet, "Things", heading)[0].value for heading in FILLED} == FILLED
    rules = {one.type: one for one in sheet.data_validations.dataValidation}
    assert rules["list"].formula1.replace(" ", "") == '"yes,no"'
    assert rules["list"].prompt == "Compare."
    assert "date" in rules
    assert not column(sheet, "Things", "Agrees")[0].protection.locked
    links = [cell.hyperlink.target for cell in column(sheet, "Things", "Object id") if cell.hyperlink]
    assert len(links) > 10
    assert all(one.startswith("https://portal.example/users/") and one.endswith("/overview") for one in links)
    kinds = {rule.type for made in theirs["Names"].conditional_formatting for rule in made.rules}
    assert {"dataBar", "cellIs"} <= kinds
    assert len(theirs["More & more"]._charts) == 1
