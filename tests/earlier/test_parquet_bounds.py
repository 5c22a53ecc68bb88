"""A Parquet file is measured before it is read: what it would become, not what it is, decides."""

import io
import struct
from contextlib import suppress

import polars as pl
import pytest
from audits_by_hand import audit
from depth import DEEP
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit import parquet_bounds
from mfaaudit.earlier.stored import facts_of, read_audit, users_of
from mfaaudit.errors import BundleProblem
from mfaaudit.parquet_bounds import SLACK, NotParquet, check, check_file, measure

WHOLE = audit({"ada": {"R-1": "F", "R-2": "P"}, "bob": {"R-1": "U", "R-2": "W"}})


def packed(frame, **how):
    file = io.BytesIO()
    frame.write_parquet(file, **how)
    return file.getvalue()


@pytest.fixture
def size(monkeypatch):
    """How many sixteenths of its size a bomb has, and the bound with it; whole for a deep look."""
    size = 16 if DEEP else 1
    monkeypatch.setattr(parquet_bounds, "SLACK", SLACK * size // 16)
    return size


FRAMES = {
    "numbers": pl.DataFrame({"a": range(1000), "b": [1.5] * 1000}),
    "lists": pl.DataFrame({"a": [[1, 2], [], None, [3]]}),
    "text": pl.DataFrame({"a": ["x" * 1000, None, ""], "b": ["y"] * 3}),
    "nothing": pl.DataFrame({"a": pl.Series([], dtype=pl.String())}),
    "words": pl.DataFrame({"a": pl.Series(["P", "F", None], dtype=pl.Enum(["P", "F"]))}),
}


@pytest.mark.parametrize("compression", ["zstd", "snappy", "uncompressed", "gzip", "lz4"])
@pytest.mark.parametrize("name", FRAMES)
def test_rows_values_and_text_are_counted(name, compression):
    frame = FRAMES[name]
    found = measure(packed(frame, compression=compression, row_group_size=300))
    text = sum(column.str.len_bytes().sum() for column in frame if column.dtype == pl.String())
    assert found.rows == frame.height
    assert found.values >= frame.width * frame.height
    assert text <= found.unpacked <= text + 20 * found.values + 2_000 * (1 + frame.height // 300)


@pytest.mark.parametrize(
    "bomb",
    [
        lambda size: pl.DataFrame({"a": ["x" * (300 * size // 16 << 20)]}),
        lambda size: pl.DataFrame({"a": pl.repeat(None, 90_000_000 * size // 16, dtype=pl.Int8(), eager=True)}),
        lambda size: pl.DataFrame({"a": pl.repeat(0, 90_000_000 * size // 16, dtype=pl.Int8(), eager=True).implode()}),
    ],
    ids=["one text", "many rows", "one list"],
)
def test_a_small_file_that_becomes_huge_is_refused(bomb, size):
    content = packed(bomb(size), compression="zstd", statistics=False)
    assert len(content) < SLACK * size // 16 >> 6
    with pytest.raises(NotParquet, match="would become"):
        check(content)


def test_the_bound_is_what_it_was_when_it_was_measured():
    assert SLACK == 256 << 20


def test_another_number_of_rows_is_refused():
    check(packed(FRAMES["numbers"]), rows=1000)
    with pytest.raises(NotParquet, match=r"1,000 rows instead of 999"):
        check(packed(FRAMES["numbers"]), rows=999)


GOOD = packed(FRAMES["text"], compression="zstd")


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused(place, value):
    content = bytearray(GOOD)
    content[place] = value
    with suppress(NotParquet):
        assert measure(bytes(content)).rows >= 0


@given(st.binary(max_size=200))
def test_any_directory_is_read_or_refused(directory):
    content = b"PAR1" + directory + struct.pack("<I", len(directory)) + b"PAR1"
    with pytest.raises(NotParquet):
        check(content, rows=5)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1PAR1", GOOD[:-1], GOOD[1:], GOOD[:100], b"\xff" * 40])
def test_what_is_no_parquet_is_refused(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(NotParquet):
        check_file(tmp_path / "file")


def test_an_earlier_audit_with_a_bomb_for_its_users_is_refused(size):
    rows = 70_000_000 * size // 16
    bomb = packed(pl.DataFrame({"user_id": pl.repeat("a", rows, eager=True)}))
    facts = facts_of(WHOLE)
    with pytest.raises(BundleProblem, match=f"here cannot be read: it holds {rows:,} rows instead of 2"):
        read_audit(facts, bomb, "here")
    lied = facts.replace(b'"enumerated": 2', f'"enumerated": {rows}'.encode())
    with pytest.raises(BundleProblem, match=r"here cannot be read: its .* bytes would become"):
        read_audit(lied, bomb, "here")
    assert read_audit(facts, users_of(WHOLE), "here").enumerated == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"enumerated": 2', b'"enumerated": "2"'),
        (b'"enumerated": 2', b'"enumerated": true'),
        (b'"simulated": ', b'"simulated": "no", "more": '),
        (b'"failedUsers": ', b'"failedUsers": null, "more": '),
        (b'"tenantId": ', b'"tenantId": 7, "more": '),
        (b'"runId": ', b'"runId": ["run"], "more": '),
        (b'"byFeature": ', b'"byFeature": {"x": "y"}, "more": '),
        (b'"title": ', b'"title": {}, "more": '),
    ],
)
def test_facts_of_another_kind_are_refused(old, new):
    facts = facts_of(WHOLE)
    assert old in facts
    with pytest.raises(BundleProblem, match="here cannot be read"):
        read_audit(facts.replace(old, new, 1), users_of(WHOLE), "here")


def test_facts_nested_without_end_are_refused():
    with pytest.raises(BundleProblem, match="here cannot be read"):
        read_audit(b"[" * 500_000, users_of(WHOLE), "here")
