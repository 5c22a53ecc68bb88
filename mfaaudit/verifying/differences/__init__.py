"""Where a file of a bundle differs from the one that follows from the evidence: a sort of file, a module."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mfaaudit.verifying.differences import in_csv, in_json, in_parquet, in_text, in_workbook
from mfaaudit.verifying.differences.found import Found

BY_SUFFIX: dict[str, Callable[[Path, Path, bool], Found]] = {
    ".json": in_json.compare,
    ".csv": in_csv.compare,
    ".parquet": in_parquet.compare,
    ".xlsx": in_workbook.compare,
}
"""The rest is text to us."""
TIMES, SLACK = 4, 1 << 20


def difference(theirs: Path, ours: Path, *, known_only: bool) -> Found:
    """What is different in two files that are not the same bytes.

    With `known_only`, what only one of them has is no difference: another version may have written it.
    """
    size, most = theirs.stat().st_size, TIMES * ours.stat().st_size + SLACK
    if size > most:
        # It was written by somebody else, and to read it may take any amount of memory.
        return Found(False, f"it has {size:,} bytes, and what follows from the evidence has {ours.stat().st_size:,}")
    return BY_SUFFIX.get(theirs.suffix, in_text.compare)(theirs, ours, known_only)


def same_bytes(one: Path, other: Path) -> bool:
    """Whether two files are the same."""
    return one.stat().st_size == other.stat().st_size and in_text.first_difference(one, other) is None
