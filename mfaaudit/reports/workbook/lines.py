"""How many lines a text takes in a cell, and how high a row of so many is.

Written into the file because no program agrees with another on the height of a row that does not say.
"""

from __future__ import annotations

import re
from math import ceil
from unicodedata import east_asian_width

LINE_POINTS, PLAIN_ROW, TALLEST = 13.0, 15.0, 405.0
"""Heights in points; Excel draws no row that is higher than 409."""
SMALL, CAPITAL = 0.88, 1.25
"""Of the breadth of a digit, on average, and rather more than less."""
SHORT = 4
"""Lines of a cell that is not meant to be read as prose: one endless name does not push all others out of sight."""

_CAPITALS = re.compile(r"[A-Z]")
_BREAKS = re.compile(r"(?<=[ /?-])")
"""Where some program breaks a line."""


def breadth(text: str) -> float:
    """How wide a text is, in digits: small letters take less, capitals more, and those of East Asia two."""
    wide = 0 if text.isascii() else sum(east_asian_width(one) in "WF" for one in text)
    return SMALL * len(text) + (CAPITAL - SMALL) * _CAPITALS.subn("", text)[1] + (2 - SMALL) * wide


def lines_of(text: str, width: float) -> int:
    """How many lines of a width in characters the text takes, broken between words where it can be."""
    whole = breadth(text)
    if whole <= width:
        return 1
    each = whole / len(text)
    space, lines, used = SMALL, 1, 0.0
    for word in _BREAKS.split(text):
        size = each * len(word)
        # A space at the end of a line takes no place.
        if used and used + size - (space if word.endswith(" ") else 0) > width:
            lines, used = lines + 1, 0.0
        further = max(0, ceil(size / width) - 1)
        lines, used = lines + further, used + size - further * width
    return lines


def height_of(lines: int) -> float | None:
    """Of a row, in points; None for one that is as high as any."""
    return None if lines <= 1 else min(TALLEST, 3 + lines * LINE_POINTS)
