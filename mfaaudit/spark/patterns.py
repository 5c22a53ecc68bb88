r"""Patterns with * and ?, and regular expressions, spelled so that every engine reads them alike.

Java folds case otherwise than the engine of Polars: without a flag only ASCII, and with it a dotless i like an i. So
every letter stands there as the set of letters that it may be, and no flag is needed. What a class or `\w` holds is
what the engine of Polars finds in it, letter by letter: another engine may know another version of Unicode.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import polars as pl

SAME = {"\u1fd3": "\u0390", "\u1fe3": "\u03b0", "\ufb05": "\ufb06"}
"""Letters that Unicode 15.1 made alike, and that Python keeps apart: each looks exactly as its fellow."""


def glob(pattern: str) -> str:
    """A pattern with * and ? as a regular expression without flags that ignores case."""
    return "^" + "".join({"*": r"(?s:.*)", "?": r"(?s:.)"}.get(sign, _letter(sign)) for sign in pattern) + r"\z"


def regex(pattern: str) -> str:
    """A regular expression that `findings.patterns` lets pass as one without flags that ignores case."""
    return "".join(_spelled(part) for part in _parts(pattern))


def _parts(pattern: str) -> Iterator[str]:
    """Its signs, its escapes and its classes."""
    position = 0
    while position < len(pattern):
        end = position + 1
        if pattern[position] == "\\":
            end += 1
        elif pattern[position] == "[":
            while pattern[end] != "]":
                end += 2 if pattern[end] == "\\" else 1
            end += 1
        yield pattern[position:end]
        position = end


def _spelled(part: str) -> str:
    if len(part) > 1:
        return _members(part) if part[0] == "[" or part[1].isalnum() else _letter(part[1])
    # To Java, $ also stands before a break at the end, and . for no break of any kind.
    return {"$": r"\z", ".": r"[^\n]"}.get(part, part if part in "^|()*+?" else _letter(part))


@cache
def _members(part: str) -> str:
    """A class that holds what `part` matches whatever the case."""
    found = _every_sign().str.contains(rf"(?i)\A{part}\z").rle()
    ends = found.struct.field("len").cum_sum()
    ranges = [
        (_code(int(end - length)), _code(int(end - 1)), holds)
        for end, length, holds in zip(ends, found.struct.field("len"), found.struct.field("value"), strict=True)
    ]
    listed = "".join(rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last, holds in ranges if holds)
    return f"[{listed}]" if listed else r"[^\x{0}-\x{10ffff}]"


SURROGATES = range(0xD800, 0xE000)
"""Halves of letters, which stand in no text."""


@cache
def _every_sign() -> pl.Series:
    return pl.Series([chr(code) for code in range(sys.maxunicode + 1) if code not in SURROGATES])


def _code(place: int) -> int:
    return place if place < SURROGATES.start else place + len(SURROGATES)


def _letter(sign: str) -> str:
    alike = _alike().get(_folded(sign), "")
    # By number, so that no sign means anything to an engine.
    return "[" + "".join(rf"\x{{{ord(one):x}}}" for one in sorted({*alike, sign})) + "]"


def _folded(sign: str) -> str:
    """The letter that stands for all that differ from it by case alone, as Unicode's simple case folding has it."""
    if sign in SAME:
        return SAME[sign]
    return next((one for one in (sign.casefold(), sign.lower()) if len(one) == 1), sign)


@cache
def _alike() -> Mapping[str, str]:
    found: dict[str, str] = defaultdict(str)
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        folded = _folded(sign)
        if folded != sign:
            found[folded] += sign
    return {folded: folded + signs for folded, signs in found.items()}
