"""A file that is no workbook, or wants to do harm, is refused before it is unpacked, with what to do."""

import io
import os
import struct
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from workbook_by_hand import draw, read, refused

from mfaaudit.annotating.archive import Bounds, bounds_for
from mfaaudit.errors import UsageProblem

ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.fixture
def report(tmp_path):
    return draw(tmp_path / "report.xlsx")


def repacked(path, change):
    """The same archive with some parts changed; `change` gives None to leave one out."""
    parts = {}
    with zipfile.ZipFile(path) as old:
        for one in old.infolist():
            parts[one.filename] = old.read(one)
    parts = change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "protected with a password, or a workbook of an old"),
        (b"ruleId,status\r\n", "is no Excel workbook"),
        (b"", "is no Excel workbook"),
        (b"<html>", "is no Excel workbook"),
        (b"PK\x03\x04 and then nothing", "cannot be read as a workbook"),
    ],
)
def test_other_files(tmp_path, content, said):
    path = tmp_path / "report.xlsx"
    path.write_bytes(content)

    assert said in refused(path)


def test_another_archive(tmp_path):
    path = tmp_path / "report.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    assert "has no part xl/workbook.xml" in refused(path)


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    assert "is no file" in refused(tmp_path / "pipe")
    assert "is no file" in refused(tmp_path / "none")


@pytest.mark.parametrize("part", range(0, 100, 7))
def test_a_file_that_was_cut_or_changed_on_the_way(report, part):
    whole = report.read_bytes()
    at = len(whole) * part // 100
    report.write_bytes(whole[:at])
    assert refused(report)

    report.write_bytes(whole[:at] + b"\0" * 40 + whole[at + 40 :])
    with suppress(UsageProblem):
        assert read(report).rows == ()


def test_more_than_a_report_can_hold(report):
    assert "unpacks to more than 0 MiB" in refused(report, bounds=Bounds(most_bytes=10_000))
    assert "more than 3 parts" in refused(report, bounds=Bounds(most_bytes=1 << 30, most_parts=3))
    assert read(report, bounds=bounds_for(12)).findings == 12


def test_a_bomb_is_refused_by_its_directory(report):
    repacked(report, lambda parts: parts | {"xl/bomb.bin": b"\0" * (300 << 20)})

    assert report.stat().st_size < 2 << 20
    assert "unpacks to more than" in refused(report, bounds=bounds_for(12))


def test_a_directory_that_lies_about_a_size_gives_no_more_than_it_says(report):
    repacked(report, lambda parts: parts | {"xl/theme/theme1.xml": b"<a>" + b" " * (20 << 20) + b"</a>"})
    content = bytearray(report.read_bytes())
    name = b"xl/theme/theme1.xml"
    at = content.rindex(name) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<I", 1_000)
    report.write_bytes(content)

    assert "cannot be read as a workbook" in refused(report, bounds=Bounds(most_bytes=10 << 20))


@pytest.mark.parametrize(
    "name",
    ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "docProps/core.xml", "xl/tables/table1.xml", "xl/styles.xml"],
)
def test_no_part_may_define_entities(report, name):
    def change(parts):
        return parts | {name: b'<?xml version="1.0"?>' + ENTITIES.encode() + parts[name].split(b"?>", 1)[-1]}

    assert f"declares a document type in {name}" in refused(repacked(report, change))


def test_no_part_may_hide_them_in_another_encoding(report):
    def change(parts):
        text = f'<?xml version="1.0" encoding="UTF-16"?>{ENTITIES}<a>&b;</a>'
        return parts | {"xl/worksheets/sheet2.xml": text.encode("utf-16")}

    assert "not UTF-8" in refused(repacked(report, change))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/worksheets/sheet2.xml", b"<worksheet"),
        ("xl/worksheets/sheet2.xml", b"<a/><b/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/workbook.xml", b""),
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/styles.xml", b"<no/>"),
        ("xl/tables/table1.xml", b"<no/>"),
        ("xl/tables/table1.xml", None),
        ("xl/worksheets/_rels/sheet2.xml.rels", b"<no/>"),
        ("docProps/core.xml", b"<no/>"),
    ],
)
def test_parts_that_are_not_what_they_seem(report, name, content):
    def change(parts):
        changed = parts | {name: content}
        return {key: value for key, value in changed.items() if value is not None}

    repacked(report, change)
    with suppress(UsageProblem):
        assert read(report).rows == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b't="inlineStr"', b't="s"'),
        (b't="inlineStr"', b't="nonsense"'),
        (b'r="A', b'r="9A'),
        (b'<row r="', b'<row r="x'),
        (b'<row r="', b'<row r="99999999'),
        (b"<is><t>FAIL</t></is>", b"<v>1e999</v>"),
    ],
)
def test_sheets_that_make_no_sense(report, old, new):
    def change(parts):
        name = "xl/worksheets/sheet2.xml"
        assert old in parts[name]
        return parts | {name: parts[name].replace(old, new)}

    repacked(report, change)
    with suppress(UsageProblem):
        assert read(report).rows == ()


def test_a_part_that_stands_there_twice(report):
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(report, "a") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")

    assert "holds a part twice" in refused(report)


def test_a_part_that_is_encrypted_by_itself(report):
    content = bytearray(report.read_bytes())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(mark, place + 4)
    report.write_bytes(content)

    assert "cannot be read as a workbook" in refused(report)


def test_a_plain_workbook_of_somebody_else(tmp_path):
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)
    (tmp_path / "other.xlsx").write_bytes(stream.getvalue())

    assert "is not the report of the run" in refused(tmp_path / "other.xlsx")
