"""No workbook costs more than it may: each part is bounded before it is parsed, and none is built as a tree."""

import os
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from hostile_workbooks import HARMFUL, SHEET, STRINGS, STYLES, repacked
from workbook_by_hand import ROWS, draw, read, refused

from mfaaudit.annotating.archive import Bounds, bounds_for
from mfaaudit.annotating.scanning import CHUNK, Unfit, check_part
from mfaaudit.errors import UsageProblem

ROOT = Path(__file__).resolve().parents[2]
MOST_MIB = 300
WORST = ("decisions in many long texts", "cells in one row", "one text in pieces", "properties")
"""Those that took the most memory when all were measured: 155 MiB, of which 79 are the program's own."""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("report") / "report.xlsx")


@pytest.mark.parametrize("name", WORST)
def test_the_worst_stay_below_the_bound_of_memory_and_end_in_seconds(name):
    paths = os.pathsep.join(str(path) for path in (ROOT, ROOT / "tests", ROOT / "tests" / "annotating"))
    done = subprocess.run(
        [sys.executable, ROOT / "tests/annotating/hostile_workbooks.py", name],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    peak, _, said = done.stdout.partition(" ")
    assert int(peak) < MOST_MIB
    assert "cannot be read as a workbook" in said


@pytest.mark.parametrize("name", HARMFUL)
def test_each_on_a_smaller_scale_is_read_or_refused_with_what_to_do(name, report, tmp_path):
    path = repacked(report, tmp_path / "hostile.xlsx", HARMFUL[name], share=0.005)
    problem = None
    try:
        read(path)
    except UsageProblem as raised:
        problem = raised
    assert problem is None or (problem.hint and str(path) in str(problem))


SMALL = {"most_bytes": 64 << 20}


@pytest.mark.parametrize(
    ("name", "bounds", "said"),
    [
        ("fonts", {"most_of_a_part": 1 << 20}, f"its part {STYLES} unpacks to more than 1 MiB"),
        ("strings", {"most_strings": 1_000}, f"its part {STRINGS} has more than"),
        ("texts", {"most_strings": 1_000}, f"its part {STRINGS} has more than 1,000 texts"),
        ("empty rows", {"most_tags": 5_000}, f"its part {SHEET} has more than 5,000 tags"),
        ("decisions", {"most_filled": 500}, "more rows are filled in than a report of this bundle has"),
        ("merged", {}, f"its part {SHEET} has more than 20,000 merged ranges"),
        ("formats", {}, f"its part {STYLES} has more than 65,536 formats"),
        ("columns", {}, f"its part {SHEET} has more rows or columns than a sheet can have"),
        ("something else", {}, f"its part {SHEET} has a row or another piece of more than 2 MiB"),
        ("cells in one row", {}, f"its part {SHEET} has a row or another piece of more than 2 MiB"),
        ("links of the workbook", {}, "its part xl/_rels/workbook.xml.rels has more than 2,000 links"),
        ("comment, then a document type", {}, f"its part {SHEET} has a comment of more than 64 KiB"),
        ("comments", {}, f"its part {SHEET} has more than 10,000 comments"),
        ("text", {}, f"its part {SHEET} has a text or a tag of more than 1 MiB"),
        ("attribute", {}, f"its part {SHEET} has a text or a tag of more than 1 MiB"),
        ("decisions in a text that is too long", {}, f"its part {STRINGS} has a text of more than 128 KiB in a cell"),
        ("anything", {}, "declares a document type in xl/anything.dat"),
    ],
)
def test_the_error_names_the_part_and_the_bound(name, bounds, said, report, tmp_path):
    path = repacked(report, tmp_path / "hostile.xlsx", HARMFUL[name], share=0.06)

    assert said in refused(path, bounds=Bounds(**SMALL | bounds))


def test_more_text_than_decisions_take_is_refused(report, tmp_path):
    path = repacked(report, tmp_path / "hostile.xlsx", HARMFUL["decisions in many long texts"], share=0.05)

    assert "more text is filled in than decisions" in refused(path, bounds=Bounds(**SMALL, most_filled=600))


class Pieces:
    """A part that comes in pieces of a given size."""

    def __init__(self, content, size):
        self.content, self.size, self.at = content, size, 0

    def read(self, _):
        self.at += self.size
        return self.content[self.at - self.size : self.at]


@pytest.mark.parametrize("size", [*range(24, 60), CHUNK])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<a>" + b"x" * 40 + b"<!DOCTYPE a>", "document type"),
        (b"<?xml version='1.0'?><!-- a > - -- --><!ENTITY x", "document type"),
        (b"<a>" + b"x" * 30 + b"<!-- <!DOCTYPE a> --><b/></a>", ""),
        (b"<a>" + b"x" * 30 + b"<![CDATA[ <!DOCTYPE a> ]]]><b/></a>", ""),
        (b"<a>" + b"x" * 30 + b"<?pi <!DOCTYPE a> ?><b/></a>", ""),
        (b"<a><![CDATA[ ]]>" + b"x" * 30 + b"<!doctype a>", "document type"),
        (b"<a>" + b"x" * 30 + b"<![CDAT[ ]]><b/>", "document type"),
        (b"\xef\xbb\xbf \n<a/>" + b"x" * 30 + b"<!-->--><!ELEMENT", "document type"),
        (b"<a/>" + b"x" * 30 + b"<!", ""),
        (b"<a/>" + b"x" * 30 + b"<", ""),
    ],
)
def test_markup_is_followed_across_pieces(content, said, size):
    if not said:
        assert check_part(Pieces(content, size), 1 << 20) == (True, len(content))
        return
    with pytest.raises(Unfit, match=said):
        check_part(Pieces(content, size), 1 << 20)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG<!DOCTYPE", "<a/>".encode("utf-16"), "<a/>".encode("utf-32-be"), b"<\0a\0", b"\x4c\x6f\xa7\x94"],
)
def test_what_is_not_xml_in_utf_8_cannot_be_opened_as_such(content, report, tmp_path):
    assert check_part(Pieces(content, CHUNK), 1 << 20)[0] is False

    path = _with(report, tmp_path, {SHEET: content})
    assert f"not UTF-8 text in XML: {SHEET}" in refused(path)


@pytest.mark.parametrize("name", ["utf-16", "UTF-7", "iso-8859-1", "ebcdic-cp-us", "x" * 2_000])
def test_another_encoding_by_name_is_refused(name, report, tmp_path):
    content = f'<?xml version="1.0" encoding = "{name}"?><worksheet/>'.encode()

    assert "is not UTF-8" in refused(_with(report, tmp_path, {SHEET: content}))


def _with(report, folder, changes):
    path = folder / "changed.xlsx"
    with zipfile.ZipFile(report) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in changes:
                new.writestr(part.filename, old.read(part))
        for name, content in changes.items():
            new.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["/etc/passwd", "\\evil", "xl/../../evil", "..\\evil", "C:evil", "xl/a\0b"])
def test_a_name_that_leads_out_of_the_workbook_is_refused(name, report, tmp_path):
    path = _with(report, tmp_path, {"xl/placeholder" + "x" * len(name): b"<a/>"})
    mark = ("xl/placeholder" + "x" * len(name)).encode()
    path.write_bytes(path.read_bytes().replace(mark, name.encode().ljust(len(mark), b"z")))

    assert "has a name that leads out of the workbook" in refused(path)


def test_names_that_differ_in_case_alone_are_one_part(report, tmp_path):
    assert "holds a part twice" in refused(_with(report, tmp_path, {"XL/Styles.xml": b"<a/>"}))


def test_parts_that_overlap_are_refused(report, tmp_path):
    path = _with(
        report, tmp_path, {"xl/one.xml": b"<a>" + os.urandom(2_000).hex().encode() + b"</a>", "xl/two.xml": b"<a/>"}
    )
    content = bytearray(path.read_bytes())
    first = content.rindex(b"xl/one.xml") - 46
    second = content.rindex(b"xl/two.xml") - 46
    # The second says that it stands where the first does: the same bytes, unpacked twice.
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    path.write_bytes(content)

    assert "overlaps another" in refused(path)


def test_a_wrong_check_sum_is_refused(report, tmp_path):
    path = _with(report, tmp_path, {"xl/one.xml": b"<a>text</a>"})
    content = path.read_bytes()
    crc = struct.pack("<I", zlib.crc32(b"<a>text</a>"))
    assert content.count(crc) == 2
    path.write_bytes(content.replace(crc, b"\1\2\3\4"))

    assert "Bad CRC-32" in refused(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(method, report, tmp_path):
    path = _with(report, tmp_path, {})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/one.xml", b"<a/>", compress_type=method)

    assert "packed in a way that no spreadsheet uses" in refused(path)


def test_a_nested_archive_is_left_alone(report, tmp_path):
    nested = zlib.compress(b"\0" * (1 << 20))
    assert read(_with(report, tmp_path, {"xl/embeddings/a.xlsx": b"PK\3\4" + nested})).findings == ROWS


@pytest.mark.parametrize("size", [1 << 33, (1 << 64) - 1, 100])
def test_a_size_in_the_directory_is_not_believed(size, report, tmp_path):
    path = tmp_path / "lies.xlsx"
    with zipfile.ZipFile(report) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part))
        with new.open("xl/one.xml", "w", force_zip64=True) as part:
            part.write(b"<a>" + b" " * 5_000_000 + b"</a>")
        new.getinfo("xl/one.xml").file_size = size

    assert refused(path, bounds=Bounds(most_bytes=10 << 20))


def test_a_directory_of_millions_of_parts_is_not_read(report, tmp_path):
    path = tmp_path / "many.xlsx"
    entry = b"PK\1\2" + b"\0" * 42
    count = (4 << 20) // len(entry)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65_535, 65_535, count * len(entry), 4, 0)
    path.write_bytes(b"PK\3\4" + entry * count + end)

    assert "its directory of parts has more than 2 MiB" in refused(path)


def test_more_parts_than_a_workbook_has_are_refused(report, tmp_path):
    path = _with(report, tmp_path, {f"xl/a{at}.xml": b"" for at in range(2_001)})

    assert "more than 2,000 parts" in refused(path)


def test_the_bounds_leave_room_for_what_excel_makes_of_a_report_of_100000_users():
    # Measured: a million findings as Excel saves them, 14 cells each, unpack to 427 MiB and have 61 million tags.
    bounds = bounds_for(1_100_000)

    assert bounds.most_of_a_part > 10 * (427 << 20)
    assert bounds.most_tags > 4 * 61_000_000
    assert bounds.most_strings > 10 * 1_000_000
