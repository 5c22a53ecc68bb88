"""Where two tables of comma-separated values differ, by line and column."""

from __future__ import annotations

import csv
from itertools import zip_longest
from pathlib import Path

from mfaaudit.verifying.differences import in_text
from mfaaudit.verifying.differences.found import Found, instead


def compare(theirs: Path, ours: Path, known_only: bool) -> Found:
    """Two files."""
    try:
        return _rows(theirs, ours, known_only)
    except (csv.Error, UnicodeDecodeError):
        return in_text.compare(theirs, ours, False)


def _rows(theirs: Path, ours: Path, known_only: bool) -> Found:
    with (
        theirs.open(encoding="utf-8-sig", newline="") as left,
        ours.open(encoding="utf-8-sig", newline="") as right,
    ):
        there, here = csv.reader(left), csv.reader(right)
        names, known = next(there, []), next(here, [])
        if names != known and not known_only:
            return Found(False, f"line 1: the columns are {instead(names, known)}")
        pairs = [(names.index(name), place, name) for place, name in enumerate(known) if name in names]
        for row, other in zip_longest(there, here):
            if row is None or other is None:
                line = there.line_num if other is None else here.line_num
                what = "there is a row to which nothing leads" if other is None else "a row is missing"
                return Found(False, f"line {line:,}: {what}")
            if not known_only and row == other:
                continue
            for left_place, right_place, name in pairs:
                value, wanted = _at(row, left_place), _at(other, right_place)
                if value != wanted:
                    return Found(False, f"line {there.line_num:,}, {name}: {instead(value, wanted)}")
            if not known_only:
                return Found(False, f"line {there.line_num:,}: {instead(row, other)}")
    return Found(known_only, "the same rows, written otherwise")


def _at(row: list[str], place: int) -> str | None:
    return row[place] if place < len(row) else None
