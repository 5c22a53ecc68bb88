"""Data for the page's script: numbers as bytes and words as JSON, deflated together and written as Base64."""

from __future__ import annotations

import base64
import json
import sys
import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

LEVEL = 6
WIDTHS = {1: "B", 2: "H", 4: "I"}
"""Bytes of a number -> its sort of array."""


class Packing:
    """A stream of parts, each behind its length and the width of its numbers; the last part says what the others are.

    Nothing in it tells the time, so the same parts give the same text.
    """

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(LEVEL)
        self._ready = bytearray()
        self._parts = 0

    def numbers(self, values: Sequence[int]) -> int:
        """Adds a part of numbers, none below zero, in as few bytes each as the largest needs; returns its place."""
        largest = max(values, default=0)
        width = 1 if largest < 1 << 8 else 2 if largest < 1 << 16 else 4
        packed = array(WIDTHS[width], values)
        if sys.byteorder == "big":
            packed.byteswap()
        return self._add(packed.tobytes(), width)

    def words(self, value: Any) -> int:
        """Adds a part that is JSON; returns its place."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self._add(text.encode("utf-8"), 0)

    def _add(self, content: bytes, width: int) -> int:
        head = len(content).to_bytes(4, "little") + width.to_bytes(4, "little")
        for piece in (head, content, bytes(-len(content) % 4)):
            self._ready += self._deflate.compress(piece)
        self._parts += 1
        return self._parts - 1

    def taken(self, *, last: bool = False) -> str:
        """The Base64 of what is ready, in whole groups of three bytes until the last."""
        if last:
            self._ready += self._deflate.flush()
        size = len(self._ready) if last else len(self._ready) - len(self._ready) % 3
        text = base64.b64encode(memoryview(self._ready)[:size]).decode("ascii")
        del self._ready[:size]
        return text


def packed(fill: Callable[[Packing], Iterator[Any]]) -> Iterator[str]:
    """The Base64 of everything that `fill` adds; what it yields last becomes the part that describes the rest."""
    packing = Packing()
    described: Any = None
    for head in fill(packing):
        described = head
        yield packing.taken()
    packing.words(described)
    yield packing.taken(last=True)
