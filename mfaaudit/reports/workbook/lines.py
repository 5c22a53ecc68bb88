"""How many lines a text takes in a cell, and how high a row of so many is.

Written into the file because no program agrees with another on the height of a row that does not say.
"""

from __future__ import annotations

from math import ceil
from unicodedata import east_asian_width

LINE_POINTS, PLAIN_ROW, TALLEST = 13.0, 15.0, 405.0
"""Heights in points; Excel draws no row that is higher than 409."""
SHORT = 4
"""Lines of a cell that is not meant to be read as prose: one endless name does not push all others out of sight."""


def breadth(text: str) -> int:
    """How wide a text is, in digits: the letters of East Asia take two."""
    return len(text) if text.isascii() else sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def lines_of(text: str, width: float) -> int:
    """How many lines of a width in characters the text takes, broken between words where it can be."""
    if breadth(text) <= width:
        return 1
    lines, used = 1, 0.0
    for word in text.split(" "):
        size = breadth(word)
        if used and used + 1 + size > width:
            lines, used = lines + 1, 0.0
        if size > width:
            further = ceil(size / width) - 1
            lines, used = lines + further, size - further * width
        else:
            used += size + (1 if used else 0)
    return lines


def height_of(lines: int) -> float | None:
    """Of a row, in points; None for one that is as high as any."""
    return None if lines <= 1 else min(TALLEST, 3 + lines * LINE_POINTS)
