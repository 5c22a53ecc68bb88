"""What stands in the content stands in the cells: every value read back, in its own type, whatever it holds."""

import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import openpyxl
import pytest
from drawn_book import column, drawn, section, table
from lxml import etree
from openpyxl.utils.escape import unescape

from mfaaudit.reports.content import document_of
from mfaaudit.reports.document import Column, ColumnKind
from mfaaudit.reports.plain import plain
from mfaaudit.reports.workbook import write_workbook
from mfaaudit.words import Reason, Unknown

LIMIT = 32_767


def back(folder, values, kind=ColumnKind.TEXT):
    columns = [Column(key="c", title="Values", kind=kind, width=20)]
    sheet = drawn(folder, section(table(*([one] for one in values), columns=columns)))["Part"]
    return column(sheet, "Things", sheet[sheet.tables["Things"].ref][0][0].value)


STARTS = ["=1+1", "+1", "-1", "@A1", " =1", "=", "\t=1", "\n=1", "-", "＝1+1"]


@pytest.mark.parametrize("kind", ColumnKind)
def test_what_begins_like_a_formula_is_a_text_in_every_kind_of_column(tmp_path, kind):
    found = back(tmp_path, STARTS, kind)
    assert [cell.value for cell in found] == [plain(one) for one in STARTS]
    assert {cell.data_type for cell in found} == {"s"}
    marked = [cell.value for cell in found if cell.quotePrefix]
    assert marked == [plain(one) for one in STARTS[:-1]]


def test_every_control_character_and_half_of_a_pair_is_shown_as_one_mark(tmp_path):
    hidden = [chr(code) for code in (*range(32), *range(127, 160), 0xFFFE, 0xFFFF, 0xD800, 0xDFFF)]
    found = back(tmp_path, [f"a{one}b" for one in hidden])
    assert [cell.value for cell in found] == ["a\ufffdb"] * len(hidden)


def test_what_excel_would_read_as_a_code_stays_as_it_is(tmp_path):
    names = ["_x0041_", "a_x000D_b", "_x005F_x0041_", "_xZZZZ_", "_x41_", "__x0041__"]
    found = [cell.value for cell in back(tmp_path, names)]
    assert [unescape(one) for one in found] == names
    assert found[3:5] == names[3:5], "what is no code is left alone"


@pytest.mark.parametrize("letter", ["x", "🦄", "_x0041_"])
@pytest.mark.parametrize("units", [LIMIT - 1, LIMIT, LIMIT + 1, 2 * LIMIT])
def test_no_cell_holds_more_than_it_can(tmp_path, letter, units):
    each = len(letter.encode("utf-16-le")) // 2
    text = letter * (units // each)
    (cell,) = back(tmp_path, [text])
    length = len(cell.value.encode("utf-16-le")) // 2
    assert length <= LIMIT
    cut = "[cut: " in cell.value
    assert cut == (letter == "_x0041_" or len(text) * each > LIMIT)
    if not cut:
        assert cell.value == text


def test_true_is_not_one(tmp_path):
    found = [cell.value for cell in back(tmp_path, [True, 1, False, 0])]
    assert [(type(one), one) for one in found] == [(bool, True), (int, 1), (bool, False), (int, 0)]


def test_a_number_with_more_digits_than_excel_keeps_is_a_text(tmp_path):
    values = [10**15 - 1, 10**15, -(10**15), 1 << 70]
    assert [cell.value for cell in back(tmp_path, values)] == [10**15 - 1, str(10**15), str(-(10**15)), str(1 << 70)]


def test_a_time_with_a_zone_is_drawn_in_utc_and_one_before_excel_s_first_year_is_a_text(tmp_path):
    east = timezone(timedelta(hours=13, minutes=45))
    values = [
        datetime(2026, 1, 1, 3, 4, 5, 999_999, tzinfo=east),
        datetime(1900, 3, 1, tzinfo=UTC),
        datetime(1899, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ]
    found = back(tmp_path, values, ColumnKind.TIME)
    assert [cell.value for cell in found] == [
        datetime(2025, 12, 31, 13, 19, 5),
        datetime(1900, 3, 1),
        "1899-12-31 23:59:59",
        "1-01-01 00:00:00",
        datetime(9999, 12, 31, 23, 59, 59),
    ]
    assert {cell.number_format for cell in found} == {"yyyy-mm-dd hh:mm:ss"}


def test_a_share_of_all_is_all_only_if_it_is(tmp_path):
    found = back(
        tmp_path, [Fraction(1), Fraction(99_999, 100_000), Fraction(0), Fraction(1, 100_000)], ColumnKind.PERCENT
    )
    assert [cell.value for cell in found] == [1, 0.999, 0, 0]
    assert {cell.number_format for cell in found} == {"0.0%"}


def test_shares_have_bars_from_none_to_all_on_the_range(tmp_path):
    columns = [Column(key="c", title="Share", kind=ColumnKind.PERCENT)]
    sheet = drawn(tmp_path, section(table(*([Fraction(n, 60)] for n in range(60)), columns=columns)))["Part"]
    cells = column(sheet, "Things", "Share")
    (found,) = sheet.conditional_formatting
    assert str(found.sqref) == f"{cells[0].coordinate}:{cells[-1].coordinate}"
    (bar,) = [rule.dataBar for rule in found.rules]
    assert [(one.type, one.val) for one in bar.cfvo] == [("num", 0), ("num", 1)]


def test_unread_and_nothing_are_told_apart(tmp_path):
    found = [cell.value for cell in back(tmp_path, [Unknown(Reason.THROTTLED), None, "", False])]
    assert found == ["NOT READ (THROTTLED)", None, None, False]


@pytest.fixture(scope="module")
def whole(messy, tmp_path_factory):
    """The report of a whole audit of a hostile tenant: what it says, and its workbook."""
    from judged_by_hand import judged, pack, rule, taken

    path = tmp_path_factory.mktemp("whole") / "report.xlsx"
    said = document_of(judged(taken(messy.bundle), (pack("mine", rule()),), ()))
    write_workbook(said, path)
    return said, path


def test_every_value_of_a_whole_report_is_read_back(whole):
    said, path = whole
    book = openpyxl.load_workbook(path)
    places = {made.name: (sheet, made.ref) for sheet in book for made in sheet.tables.values()}
    seen = 0
    for part in said.sections:
        for one in part.tables:
            rows = list(one.rows())
            assert (one.name in places) == bool(rows)
            if not rows:
                continue
            sheet, ref = places.pop(one.name)
            top, *below = sheet[ref]
            assert [cell.value for cell in top] == [column.heading for column in one.columns]
            for row, cells in zip(rows, below, strict=True):
                assert [expected(value) for value in row] == [of(cell) for cell in cells]
                seen += len(row)
    assert not places
    assert seen > 2_000


def expected(value):
    match value:
        case Unknown():
            return (str, f"NOT READ ({value.reason})")
        case str():
            return (str, plain(value)) if len(value) < 1_000 and value else None
        case datetime():
            return (datetime, value.astimezone(UTC).replace(tzinfo=None, microsecond=0))
        case Fraction():
            return (float, int(value * 1_000) / 1_000)
        case _:
            return None if value is None else (type(value), value)


def of(cell):
    value = cell.value
    if value is None or (isinstance(value, str) and len(value) >= 1_000):
        return None
    if isinstance(value, str):
        return (str, unescape(value))
    return (float, float(value)) if cell.number_format == "0.0%" else (type(value), value)


def test_no_cell_of_a_whole_report_is_computed_and_every_part_of_the_file_is_xml(whole):
    with zipfile.ZipFile(whole[1]) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            tree = etree.fromstring(archive.read(name))
            if name.startswith("xl/worksheets/sheet"):
                cells = list(tree.iter("{*}c"))
                assert cells
                assert not list(tree.iter("{*}f"))
                assert {cell.get("t") for cell in cells} <= {"inlineStr", "n", "b"}


SAVE = """
import sys
from pathlib import Path
sys.path.insert(0, "tests/reports")
from by_hand import document
from mfaaudit.reports.workbook import write_workbook
write_workbook(document(), Path(sys.argv[1]))
"""


def test_two_processes_write_the_same_bytes(tmp_path):
    made = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.xlsx"
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", SAVE, path], check=True, env=environment)
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_a_report_that_fails_halfway_leaves_no_file_of_names_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    def broken():
        yield ["Ada"]
        raise RuntimeError("the disk is full")

    good = table(["Bob"], name="Good")
    bad = replace(good, name="Bad", rows=broken)
    with pytest.raises(RuntimeError, match="the disk is full"):
        drawn(tmp_path, section(good, bad))
    assert not list((tmp_path / "temporary").iterdir())


def test_no_person_is_named_as_the_author(whole):
    said, path = whole
    found = openpyxl.load_workbook(path).properties
    assert found.creator == found.lastModifiedBy == said.generator
    assert found.title == f"{said.title}: {said.subtitle}"
    assert found.subject == f"Run {said.run_id}"
    assert found.category == found.keywords == said.classification
    assert found.created == found.modified == said.created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
