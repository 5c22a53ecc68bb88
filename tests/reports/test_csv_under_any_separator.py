"""No cell of any CSV file begins a formula, whatever a spreadsheet takes for the separator of cells."""

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.reports.actions_files.harmless_columns import made_harmless
from mfaaudit.reports.findings_csv import harmless

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
HOSTILE = (
    "x;=cmd",
    ";".join(["x"] + ["=1+1"] * 79),
    'x;"=cmd',
    '"=cmd',
    '";=cmd',
    "x, =cmd",
    "x\t=cmd",
    "x\r\n=cmd",
    'x\n=cmd;"\n=cmd',
    "\uff1d1+1",
    "x;\uff0b1",
    "x;\u200b=1",
    ' ; "" "=1',
    "x|@SUM(A1)",
    "x;;=1",
    "x;'=1",
    "\x00=1",
    "x;\x00=1",
    "O'Brien; Zoë",
)
TEXTS = st.text(st.sampled_from(list("=+-@;,|\t\r\n\"' x\x00\ufeff") + list(SIGNS))) | st.sampled_from(HOSTILE)


def dialects():
    """How programs split a file: as Python does in both of its ways, and at every separator regardless of quotes."""
    for separator in ",;\t|":
        for doubled in (True, False):
            yield (
                f"{separator!r} {doubled}",
                lambda text, s=separator, d=doubled: csv.reader(
                    io.StringIO(text, newline=""), delimiter=s, doublequote=d, skipinitialspace=True
                ),
            )
        yield (
            f"{separator!r} without quotes",
            lambda text, s=separator: (line.split(s) for line in re.split(r"\r\n|\r|\n", text)),
        )


def formulas(text):
    """The cells that begin a formula, by how the file is read."""
    csv.field_size_limit(1 << 30)
    found = Counter()
    for name, split in dialects():
        for row in split(text):
            # Some strip what stands before a value, quotes of another separator's reading too.
            found[name] += sum(cell.lstrip(' "\u200b').startswith(tuple(SIGNS)) for cell in row)
    return +found


def written(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def test_the_check_finds_what_it_looks_for():
    raw = io.StringIO(newline="")
    csv.writer(raw, lineterminator="\r\n").writerow(["a", "x;=cmd", 'y;"=cmd', "b"])

    assert formulas(raw.getvalue())["';' True"] == 2
    assert formulas("=1,2\r\n")


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=3))
def test_no_cell_of_any_text_begins_a_formula(rows):
    assert formulas(written(rows)) == {}


@given(TEXTS)
def test_what_is_harmless_stays_as_it_is_and_reads_back_under_its_own_separator(text):
    shown = harmless(text)

    assert harmless(shown) == shown
    assert list(csv.reader(io.StringIO(written([["a", text]]), newline=""))) == [["a", shown]]
    assert len(shown.replace("'", "")) == len(text.replace("'", ""))


@given(st.lists(TEXTS | st.none(), min_size=1, max_size=5))
def test_whole_columns_are_made_harmless_alike(texts):
    import polars as pl

    made = made_harmless(pl.Series(texts, dtype=pl.String()))
    assert made.to_list() == [None if text is None else harmless(text) for text in texts]


@pytest.mark.parametrize("text", ["O'Brien; Zoë", "a = 1; b = 2", "2026-01-02", "x-y;z", "a, b; c", "to: a@b.example"])
def test_a_text_without_a_hidden_formula_is_left_alone(text):
    assert harmless(text) == text
    assert harmless(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00Z"
