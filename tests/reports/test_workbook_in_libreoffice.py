"""The workbook through another program's eyes: LibreOffice opens it, prints it, and computes nothing in it."""

import csv
import subprocess

import by_hand
import pypdf
import pytest
from programs import program

from mfaaudit.reports.workbook import write_workbook

PATIENCE_S = 180


def convert(path, kind, folder):
    office = program("soffice", "libreoffice")
    profile = (folder / "profile").as_uri()
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
    return pypdf.PdfReader(folder / "report.pdf")


def test_the_cover_is_one_page_with_the_conclusion_and_the_lines_to_sign(printed, messy):
    cover, second = (" ".join(printed.pages[number].extract_text().split()) for number in (0, 1))
    assert messy.results["conclusion"]["statement"].split(". ", 1)[1] in cover
    assert messy.results["run"]["id"] in cover
    assert {"Prepared", "Reviewed", "Approved", "Signature"} <= set(cover.split())
    assert "Users with at least one failure" in second


def test_every_page_says_of_which_run_it_is(printed, messy):
    for page in printed.pages:
        assert messy.results["run"]["id"] in page.extract_text()


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
