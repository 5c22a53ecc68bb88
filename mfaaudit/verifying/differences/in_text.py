"""The first byte at which two files differ."""

from __future__ import annotations

from pathlib import Path

from mfaaudit.verifying.differences.found import Found

CHUNK = 1 << 18


def first_difference(one: Path, other: Path) -> tuple[int, int] | None:
    """The offset and the line of the first byte that differs, from 0 and from 1; None if none does."""
    offset, line = 0, 1
    with one.open("rb") as left, other.open("rb") as right:
        while True:
            a, b = left.read(CHUNK), right.read(CHUNK)
            if a != b:
                place = next(
                    (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y),
                    min(len(a), len(b)),
                )
                return offset + place, line + a.count(b"\n", 0, place)
            if not a:
                return None
            offset, line = offset + len(a), line + a.count(b"\n")


def compare(theirs: Path, ours: Path, known_only: bool) -> Found:
    """Text that another version may have put in other words cannot be compared."""
    place = first_difference(theirs, ours)
    where = "" if place is None else f"from byte {place[0]:,} on, in line {place[1]:,}"
    return Found(None if known_only else False, where)
