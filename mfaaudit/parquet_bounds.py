"""How large a Parquet file becomes when it is read, from what it says of itself: asked before anybody reads it.

A page of a few bytes may unpack to gigabytes. Readers make room for what the pages declare, and refuse what is longer;
so the sum of the declared sizes, and of the declared values, is a bound.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mfaaudit.plain_files import open_plain

MAGIC = b"PAR1"
VALUE = 4
"""Bytes that a value takes beside its text, roughly: one that is repeated takes none in the file."""
SLACK = 256 << 20
"""Bytes that any file may become."""
TIMES = 64
"""How many times its size a file may become beyond that: what is kept of an audit becomes 5 to 20 times its size."""
_DEEPEST = 16


class NotParquet(ValueError):
    """A file whose directory cannot be followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a file says of itself."""

    rows: int
    values: int
    unpacked: int
    """Bytes of all pages."""

    @property
    def bytes(self) -> int:
        """The room that it takes in memory, roughly."""
        return self.unpacked + VALUE * self.values


def measure(content: bytes | mmap.mmap) -> Measured:
    """Reads the directory and the head of every page, and nothing else. Raises NotParquet."""
    try:
        return _measured(content)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise NotParquet(f"its directory is none: {error!r}") from error


def check(content: bytes | mmap.mmap, *, rows: int | None = None) -> None:
    """Raises NotParquet for a file that says another number of rows, or that is small and would become huge.

    `rows` is None where nobody knows it.
    """
    found = measure(content)
    if rows is not None and found.rows != rows:
        raise NotParquet(f"it holds {found.rows:,} rows instead of {rows:,}")
    if found.bytes > SLACK + TIMES * len(content):
        raise NotParquet(f"its {len(content):,} bytes would become {found.bytes >> 20:,} MiB")


def check_file(path: Path, *, rows: int | None = None) -> None:
    """The same for a file on the disk."""
    with open_plain(path) as file:
        if not os.fstat(file.fileno()).st_size:
            raise NotParquet("it is empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            check(content, rows=rows)


def _measured(content: bytes | mmap.mmap) -> Measured:
    size = len(content)
    if size < 12 or content[:4] != MAGIC or content[-4:] != MAGIC:
        raise NotParquet("it does not begin and end as Parquet does")
    length = int.from_bytes(content[-8:-4], "little")
    if length > size - 12:
        raise NotParquet("its directory is longer than the file")
    directory = _Thrift(content, size - 8 - length).struct()
    rows, values, unpacked = directory[3], 0, 0
    if rows < 0 or rows != sum(group[3] for group in directory[4]):
        raise NotParquet("its groups of rows do not add up")
    for group in directory[4]:
        for column in group[1]:
            for page in _pages(content, column[3], size):
                unpacked += page[2]
                values += _values_in(page)
    return Measured(rows=rows, values=values, unpacked=unpacked)


def _values_in(page: Mapping[int, Any]) -> int:
    # By the kind of the page: with data, of a dictionary, or with data of the second version.
    heads = [page[key] for key in (5, 7, 8) if key in page]
    if len(heads) != 1 or heads[0][1] < 0:
        raise NotParquet("a page does not say how many values it holds")
    count: int = heads[0][1]
    return count


def _pages(content: bytes | mmap.mmap, column: Mapping[int, Any], size: int) -> Iterator[Mapping[int, Any]]:
    place = min(column.get(11) or column[9], column[9])
    end = place + column[7]
    if not 4 <= place <= end <= size:
        raise NotParquet("a column lies outside of it")
    while place < end:
        reader = _Thrift(content, place)
        page = reader.struct()
        if page[2] < 0 or page[3] < 0:
            raise NotParquet("a page is smaller than nothing")
        place = reader.place + page[3]
        yield page
    if place != end:
        raise NotParquet("its pages do not add up")


class _Thrift:
    """Reads Thrift's compact protocol, in which Parquet writes what it says of itself."""

    def __init__(self, content: bytes | mmap.mmap, place: int) -> None:
        self._content = content
        self.place = place

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """The fields of a structure by their numbers."""
        if depth > _DEEPEST:
            raise NotParquet("its directory is nested too deeply")
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            kind = head & 15
            number = number + (head >> 4) if head >> 4 else self._number()
            # A truth is told by the kind itself.
            fields[number] = kind == 1 if kind in (1, 2) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        match kind:
            case 1 | 2 | 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._number()
            case 7:
                return self._bytes(8)
            case 8:
                return self._bytes(self._unsigned())
            case 9 | 10:
                return self._list(depth)
            case 12:
                return self.struct(depth + 1)
        raise NotParquet(f"its directory holds a value of the kind {kind}")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count = head >> 4 if head >> 4 < 15 else self._unsigned()
        # Each takes a byte at least.
        if count > len(self._content) - self.place or depth > _DEEPEST:
            raise NotParquet("a list in its directory is longer than the file")
        return [self._value(head & 15, depth + 1) for _ in range(count)]

    def _bytes(self, count: int) -> bytes:
        if count > len(self._content) - self.place:
            raise NotParquet("a text in its directory is longer than the file")
        self.place += count
        return self._content[self.place - count : self.place]

    def _byte(self) -> int:
        self.place += 1
        return self._content[self.place - 1]

    def _number(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)

    def _unsigned(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            part = self._byte()
            value |= (part & 127) << shift
            if part < 128:
                return value
        raise NotParquet("a number in its directory has no end")
