"""Where two files differ is said, whatever somebody put in the place of one of them."""

import json
import zipfile

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.verifying.differences import difference, same_bytes
from mfaaudit.verifying.differences.in_json import compare_values

FLOATS = st.floats(allow_nan=False).map(lambda one: one + 0.0)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def two(tmp_path):
    """Compares two files of the same name by their content."""

    def go(name, theirs, ours, *, known_only=False):
        for folder, content in (("theirs", theirs), ("ours", ours)):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / name).write_bytes(content)
        return difference(tmp_path / "theirs" / name, tmp_path / "ours" / name, known_only=known_only)

    return go


@given(VALUES, VALUES)
def test_two_values_differ_just_where_their_text_does(one, other):
    canonical = [json.dumps(value, sort_keys=True) for value in (one, other)]
    assert compare_values(one, other, known_only=False).same == (canonical[0] == canonical[1])
    assert compare_values(one, one, known_only=True).same


@pytest.mark.parametrize(
    ("there", "here", "where"),
    [
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, "a.b[1]: 2 instead of 3"),
        ({"a": True}, {"a": 1}, "a: True instead of 1"),
        ({"a": None}, {}, "a: is there, and nothing leads to it"),
        ({}, {"a": None}, "a: is missing"),
        ({"a": [1]}, {"a": [1, 2]}, "a: 1 elements instead of 2"),
        ([], {}, "the whole: [] instead of {}"),
        ({"a": list(range(9))}, {"a": [0] * 9}, "and 3 more"),
    ],
)
def test_the_path_of_a_value_is_said(there, here, where):
    assert where in compare_values(there, here, known_only=False).where


def test_what_only_one_version_knows_is_no_difference():
    assert compare_values({"a": 1, "new": 2}, {"a": 1, "old": 3}, known_only=True).same
    assert not compare_values({"a": 1, "new": 2}, {"a": 2}, known_only=True).same


@pytest.mark.parametrize("theirs", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_is_said(two, theirs):
    found = two("results.json", theirs, b"{}")
    assert (found.same, found.where.split(":")[0]) == (False, "it is no JSON")


def test_the_line_and_the_column_of_a_table_are_said(two):
    ours = b'\xef\xbb\xbfid,name\r\n1,"a\r\nb"\r\n2,c\r\n'
    assert "line 4, name: 'd' instead of 'c'" in two("f.csv", ours.replace(b"2,c", b"2,d"), ours).where
    assert two("f.csv", ours.replace(b"2,c\r\n", b""), ours).where == "line 4: a row is missing"
    assert two("f.csv", ours + b"3,e\r\n", ours).where == "line 5: there is a row to which nothing leads"
    assert two("f.csv", ours.replace(b"id,", b"ID,"), ours).where.startswith("line 1: the columns are")
    assert two("f.csv", ours.replace(b"2,c", b'2,"c"'), ours).where == "the same rows, written otherwise"
    more = b'id,name,new\r\n1,"a\r\nb",x\r\n2,c,y\r\n'
    assert two("f.csv", more, ours, known_only=True).same
    assert not two("f.csv", more, ours).same
    assert two("f.csv", b"\xff\xfe", ours).where.startswith("from byte 0 on")


def test_the_column_and_the_row_of_a_parquet_table_are_said(tmp_path):
    ours = pl.DataFrame({"a": [1, 2, None], "b": [["x"], [], None]})
    ours.write_parquet(tmp_path / "ours.parquet")

    def compared(frame, **how):
        frame.write_parquet(tmp_path / "theirs.parquet", **how)
        return difference(tmp_path / "theirs.parquet", tmp_path / "ours.parquet", known_only=False)

    assert compared(ours, compression="snappy").where == "the same values, packed otherwise"
    assert compared(ours.with_columns(a=pl.Series([1, 2, 3]))).where == "column a, row 3: 3 instead of None"
    assert (
        "column b, row 2: ['y'] instead of []" in compared(ours.with_columns(b=pl.Series([["x"], ["y"], None]))).where
    )
    assert "Int8 instead of Int64" in compared(ours.cast({"a": pl.Int8()})).where
    assert "the columns differ" in compared(ours.select("b", "a")).where
    assert "2 rows instead of 3" in compared(ours.head(2)).where
    (tmp_path / "theirs.parquet").write_bytes(b"nothing")
    assert (
        "cannot be compared"
        in difference(tmp_path / "theirs.parquet", tmp_path / "ours.parquet", known_only=False).where
    )


def zipped(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path.read_bytes()


def test_the_part_and_the_cell_of_a_workbook_are_said(two, tmp_path):
    sheet = b'<row><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    parts = {
        "xl/workbook.xml": b'<sheets><sheet name="A &amp; B" sheetId="1"/></sheets>',
        "xl/worksheets/sheet1.xml": sheet,
        "docProps/core.xml": b"<a/>",
    }
    ours = zipped(tmp_path / "o", parts)
    changed = zipped(tmp_path / "t", parts | {"xl/worksheets/sheet1.xml": sheet.replace(b"<v>2", b"<v>3")})
    assert two("r.xlsx", changed, ours).where == "sheet A & B, cell B1"
    core = zipped(tmp_path / "t", parts | {"docProps/core.xml": b"<b/>"})
    assert two("r.xlsx", core, ours).where == "docProps/core.xml, from byte 1 on"
    assert "other parts: 'x'" in two("r.xlsx", zipped(tmp_path / "t", parts | {"x": b""}), ours).where
    assert two("r.xlsx", ours, ours).same
    assert two("r.xlsx", b"nothing", ours).where.startswith("it is no workbook")
    bomb = zipped(tmp_path / "t", parts | {"docProps/core.xml": bytes(300 << 20)})
    assert two("r.xlsx", bomb, ours).where == "docProps/core.xml is far larger than it can be"
    assert two("r.xlsx", changed, ours, known_only=True).same is None


def test_a_file_far_larger_than_it_can_be_is_not_read(tmp_path):
    (tmp_path / "ours.json").write_bytes(b"{}")
    with (tmp_path / "theirs.json").open("wb") as file:
        file.truncate(50 << 30)
    found = difference(tmp_path / "theirs.json", tmp_path / "ours.json", known_only=False)
    assert (found.same, found.where) == (
        False,
        "it has 53,687,091,200 bytes, and what follows from the evidence has 2",
    )


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_files_are_the_same_just_if_their_bytes_are(tmp_path_factory, one, other):
    folder = tmp_path_factory.getbasetemp()
    (folder / "one").write_bytes(one)
    (folder / "other").write_bytes(other)
    assert same_bytes(folder / "one", folder / "other") == (one == other)
