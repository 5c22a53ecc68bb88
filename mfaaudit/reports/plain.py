"""Text from a tenant as text and nothing else: no control character, and no letter that turns the line around."""

from __future__ import annotations

import re

MARK = "\ufffd"
"""Stands where something was that cannot be shown."""

# C0 and C1 controls, the marks that override the direction of writing, the two separators that break a line inside
# a script, noncharacters, and halves of a surrogate pair.
_HIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)


def plain(text: str) -> str:
    """The text with a visible mark in place of each hidden character; its length does not change."""
    return text if text.isascii() and text.isprintable() else _HIDDEN.sub(MARK, text)
