"""How many lines a text takes in a cell, and how high a row of so many is.

Written into the file because no program agrees with another on the height of a row that does not say.
"""

from __future__ import annotations

import re
from math import ceil
from unicodedata import east_asian_width

LINE_POINTS, PLAIN_ROW, TALLEST = 13.0, 15.0, 405.0
"""Heights in points; Excel draws no row that is higher than 409."""
SHORT = 4
"""Lines of a cell that is not meant to be read as prose: one endless name does not push all others out of sight."""

_BREAKS = re.compile(r"(?<=[ /?-])")
"""Where some program breaks a line."""

_WIDTHS = {
    191: "'",
    222: "ijl",
    278: " !,./:;I[\\]ft|",
    333: "()-`r{}",
    370: '"*',
    500: "Jckvsxyz^",
    584: "+<=>~",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
"""In thousandths of the height of the writing, as every font of these widths has them; all others are as 0 to 9."""
_DIGIT = 556
_PERCENTS = bytearray([100] * 256)
for _width, _letters in _WIDTHS.items():
    for _letter in _letters:
        _PERCENTS[ord(_letter)] = round(100 * _width / _DIGIT)


def breadth(text: str) -> float:
    """How wide a text is, in digits: the letters of East Asia take two."""
    narrow = sum(text.encode("latin-1", "replace").translate(_PERCENTS)) / 100
    wide = 0 if text.isascii() else sum(east_asian_width(one) in "WF" for one in text)
    return narrow + wide


def lines_of(text: str, width: float) -> int:
    """How many lines of a width in characters the text takes, broken between words where it can be."""
    if breadth(text) <= width:
        return 1
    lines, used = 1, 0.0
    for word in _BREAKS.split(text):
        size = breadth(word)
        # A space at the end of a line takes no place.
        if used and used + breadth(word.rstrip(" ")) > width:
            lines, used = lines + 1, 0.0
        further = max(0, ceil(size / width) - 1)
        lines, used = lines + further, used + size - further * width
    return lines


def height_of(lines: int) -> float | None:
    """Of a row, in points; None for one that is as high as any."""
    return None if lines <= 1 else min(TALLEST, 3 + lines * LINE_POINTS)
