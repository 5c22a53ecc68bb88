"""Read JSON that others wrote into values that every report can hold: one reader for Graph, evidence and manifests."""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 200
"""Levels of lists and objects; Graph's answers have a dozen. What compares or writes values takes one frame a level."""
USUAL_DEPTH = 16
"""Levels that are looked for in the text, each at the cost of one pass; a value that has more is measured itself."""
LARGEST_INTEGER = 2**63
"""Integers from here on, and below its negative, fit no column of a table."""
UNREADABLE = "@mfaaudit.unreadable"
"""The only key of the object that takes the place of a number without a value: NaN, 1e400, 5,000 digits."""
GIVEN_TWICE = "@mfaaudit.givenTwice"
"""Marks the place of a member that an object held twice, with different values: neither is to be believed."""
HALF_MARK = "\ufffd"
"""Stands before the hexadecimal number of half a surrogate pair, which no file can hold: U+D800 becomes "�D800"."""
_SHOWN = 40
"""Characters of a number that has no value."""

_HALF = re.compile("[\ud800-\udfff]")
# Only an escape can bring half a pair into a text that is decoded already.
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))


def read_json(data: bytes | str) -> Any:
    """The value of a JSON text, each text in it mended. Raises ValueError if it is no JSON, or nested too deeply.

    UTF-8, UTF-16 and UTF-32 are taken, with or without a byte order mark. A number or member that has no one value
    becomes a mark of a type that nothing expects there, so that it is unknown to whoever reads it.
    """
    text = _decoded(data)
    value = _parsed(text)
    return mended(value) if _ESCAPED_HALF.search(text) or _holds_half(text) else value


def read_json_as_it_came(data: bytes | str) -> Any:
    """What `read_json` returns, but with texts that may hold half a surrogate pair. Raises ValueError likewise."""
    return _parsed(_decoded(data))


def mended(value: Any) -> Any:
    """The value with each half of a surrogate pair spelled out, in keys too; different texts stay different."""
    if isinstance(value, str):
        return _HALF.sub(_spelled, value) if _holds_half(value) else value
    if isinstance(value, list | tuple):
        return [mended(element) for element in value]
    if isinstance(value, dict):
        return {mended(key): mended(member) for key, member in value.items()}
    return value


def _holds_half(text: str) -> bool:
    return not text.isascii() and _HALF.search(text) is not None


def _spelled(half: re.Match[str]) -> str:
    return f"{HALF_MARK}{ord(half[0]):04X}"


def _decoded(data: bytes | str) -> str:
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    return data.decode(json.detect_encoding(data), "surrogatepass")


def _parsed(text: str) -> Any:
    try:
        value = _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError(f"nested more than {DEEPEST} levels deep") from error
    if _may_be_deep(text) and _depth(value) > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} levels deep")
    return value


def _may_be_deep(text: str) -> bool:
    """Whether brackets alone do not rule out that something is nested too deeply; cheap, since most texts are flat."""
    if text.count("{") + text.count("[") <= DEEPEST:
        return False
    brackets = text.encode("utf-8", "surrogatepass").translate(None, _NO_BRACKETS)
    for _ in range(USUAL_DEPTH):
        flatter = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(flatter) == len(brackets):
            break
        brackets = flatter
    # What is left is unusually deep, or a bracket that stands in a string: the value itself has to be looked at.
    return bool(brackets)


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level := [
        inner
        for outer in level
        if isinstance(outer, list | dict)
        for inner in (outer.values() if isinstance(outer, dict) else outer)
    ]:
        depth += 1
    return depth


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) == len(members):
        return made
    first: dict[str, Any] = {}
    for name, value in members:
        if repr(first.setdefault(name, value)) != repr(value):
            made[name] = _given_twice(first[name], value)
    return made


def _given_twice(*values: Any) -> Any:
    kinds = {type(value) for value in values}
    if dict not in kinds:
        return {GIVEN_TWICE: True}
    return GIVEN_TWICE if list in kinds else [{GIVEN_TWICE: True}]


def _without_value(text: str) -> dict[str, str]:
    return {UNREADABLE: text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"}


def _integer(text: str) -> Any:
    # Python itself refuses to read more than some thousands of digits.
    value = int(text) if len(text) <= _SHOWN else LARGEST_INTEGER
    return value if abs(value) < LARGEST_INTEGER else _without_value(text)


def _real(text: str) -> Any:
    value = float(text)
    return value if math.isfinite(value) else _without_value(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_real, parse_constant=_without_value
)
