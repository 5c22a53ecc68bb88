"""Looks through the bytes of one part of a workbook before anything parses them: how many, and no trick among them."""

from __future__ import annotations

import re
from typing import IO

MIB = 1 << 20
DECLARES = "declares a document type"
CHUNK = 256 << 10
LONGEST_GAP = MIB
"""Bytes from one `<` to the next: the longest text that Excel takes in a cell, each character written as a code."""
LONGEST_ASIDE = 64 << 10
"""Bytes of a comment or an instruction, of which spreadsheets write next to none."""
MOST_ASIDES = 10_000
_BOM = b"\xef\xbb\xbf"
_CDATA = b"<![CDATA["
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ASIDE = re.compile(rb"<[!?]")
_KEPT = len(_CDATA)
"""Bytes of which a mark may lack its end at the end of a chunk."""


class Unfit(Exception):
    """Why a part must not be parsed; the sentence goes on after the name of the part."""


def check_part(part: IO[bytes], most_bytes: int) -> tuple[bool, int]:
    """Whether a part is XML in UTF-8, and how many bytes of it were read; of anything else, only the first are.

    Raises Unfit if it is longer than `most_bytes`, declares a document type, or has a comment or a text that would cost
    a parser too much.
    """
    chunk = part.read(CHUNK)
    if not _begins_xml(chunk):
        return False, len(chunk)
    scan = _Scan()
    size = 0
    while chunk:
        size += len(chunk)
        if size > most_bytes:
            raise Unfit(f"unpacks to more than {most_bytes // MIB:,} MiB")
        scan.feed(chunk)
        chunk = part.read(CHUNK)
    return True, size


def _begins_xml(chunk: bytes) -> bool:
    """Whether a part is XML by its first bytes, whatever its name. Raises Unfit if it names another encoding."""
    text = chunk.removeprefix(_BOM).lstrip(b" \t\r\n")
    if not text.startswith(b"<") or b"\0" in text[:4]:
        return False
    if text.startswith(b"<?xml"):
        declaration, end, _ = text[:1_024].partition(b"?>")
        named = _ENCODING.search(declaration)
        known = named is None or named[1].lower() in (b"utf-8", b"us-ascii")
        if not end or not known or (named is None and b"encoding" in declaration):
            raise Unfit("is not UTF-8")
    return True


class _Scan:
    """Follows the markup from chunk to chunk. In UTF-8, `<` stands in a part only where markup begins."""

    def __init__(self) -> None:
        self._rest = b""
        self._until = b""
        """The end of the aside that has begun."""
        self._left = 0
        self._asides = 0
        self._gap = 0

    def feed(self, chunk: bytes) -> None:
        """The next bytes. Raises Unfit."""
        last = chunk.rfind(b"<")
        self._gap = self._gap + len(chunk) if last < 0 else len(chunk) - last
        if self._gap > LONGEST_GAP:
            raise Unfit(f"has a text or a tag of more than {LONGEST_GAP // MIB} MiB")
        window, at = self._rest + chunk, 0
        while True:
            if self._until:
                end = window.find(self._until, at)
                self._left -= (len(window) if end < 0 else end) - at
                if self._left < 0:
                    raise Unfit(f"has a comment of more than {LONGEST_ASIDE >> 10} KiB")
                if end < 0:
                    # The end itself may lie across two chunks.
                    kept = min(len(window) - at, len(self._until) - 1)
                    self._left += kept
                    self._rest = window[len(window) - kept :] if kept else b""
                    return
                at, self._until = end + len(self._until), b""
            found = _ASIDE.search(window, at)
            if found is None:
                self._rest = b"<" if window.endswith(b"<") and at < len(window) else b""
                return
            at = found.start()
            if len(window) - at < _KEPT and not window.startswith(b"<?", at):
                self._rest = window[at:]
                return
            at = self._begin(window, at)

    def _begin(self, window: bytes, at: int) -> int:
        """Begins a comment, an instruction or a CDATA section, and returns where its content does."""
        self._asides += 1
        if self._asides > MOST_ASIDES:
            raise Unfit(f"has more than {MOST_ASIDES:,} comments")
        self._left = LONGEST_ASIDE
        for mark, until in ((b"<!--", b"-->"), (_CDATA, b"]]>"), (b"<?", b"?>")):
            if window.startswith(mark, at):
                self._until = until
                self._left = LONGEST_GAP if mark == _CDATA else LONGEST_ASIDE
                return at + len(mark)
        raise Unfit(DECLARES)
