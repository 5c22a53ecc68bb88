"""Where two workbooks differ, by part of the archive and, on a sheet, by cell."""

from __future__ import annotations

import re
import zlib
from html import unescape
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from mfaaudit.verifying.differences.found import Found, short

CHUNK = 1 << 18
_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"')
_SHEET = re.compile(r'<sheet [^>]*?name="([^"]*)"')
_PART = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml")


def compare(theirs: Path, ours: Path, known_only: bool) -> Found:
    """Two files; another version may have laid out the sheets otherwise, and then nothing can be said."""
    if known_only:
        return Found(None, "the sheets of another version are laid out otherwise")
    try:
        with ZipFile(theirs) as there, ZipFile(ours) as here:
            return _parts(there, here)
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        return Found(False, f"it is no workbook: {error}")


def _parts(there: ZipFile, here: ZipFile) -> Found:
    names, known = there.namelist(), here.namelist()
    if sorted(names) != sorted(known):
        odd = next(iter(sorted({*names} ^ {*known})), "a part, twice")
        return Found(False, f"it has other parts: {short(odd)}")
    for name in known:
        size = here.getinfo(name).file_size
        if there.getinfo(name).file_size > 2 * size + (1 << 20):
            return Found(False, f"{name} is far larger than it can be")
        place = _first(there, here, name)
        if place is not None:
            return Found(False, place)
    return Found(True, "the same parts, packed otherwise")


def _first(there: ZipFile, here: ZipFile, name: str) -> str | None:
    """Where a part differs first; None if it does not."""
    offset, before = 0, b""
    with there.open(name) as left, here.open(name) as right:
        while True:
            a, b = left.read(CHUNK), right.read(CHUNK)
            if a != b:
                pairs = enumerate(zip(a, b, strict=False))
                place = next((n for n, (x, y) in pairs if x != y), min(len(a), len(b)))
                return _named(here, name, before + b[:place], offset + place)
            if not a:
                return None
            offset, before = offset + len(b), b


def _named(here: ZipFile, name: str, until: bytes, offset: int) -> str:
    part = _PART.fullmatch(name)
    cells = _CELL.findall(until)
    if part is None or not cells:
        return f"{name}, from byte {offset:,} on"
    sheets = _SHEET.findall(here.read("xl/workbook.xml").decode("utf-8"))
    number = int(part[1])
    sheet = unescape(sheets[number - 1]) if number <= len(sheets) else name
    return f"sheet {sheet}, cell {cells[-1].decode('ascii')}"
