"""Makes the journal of an audit that was broken off whole again: every answer that was written stays."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import IO

from mfaaudit.bundle import refusing, whole_file
from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.journal import CHUNK, SUFFIX

HEADER = b"\x1f\x8b\x08"
"""How a gzip member begins."""


def mend(folder: Path) -> None:
    """Ends the member that a file breaks off in after its last whole line; whole files are not touched.

    Raises BundleProblem if a file is damaged before its end, which no interruption does; OutputProblem if the disk
    refuses.
    """
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with refusing(path, "could not be mended", "Nothing has been lost."):
            with path.open("rb") as raw:
                whole, tail = _salvage(raw, path.name)
            if tail is not None:
                _replace(path, whole, tail)


def _salvage(raw: IO[bytes], name: str) -> tuple[int, bytes | None]:
    """How many bytes hold whole members, and what can be had of the text after them; None if nothing is after them."""
    whole, end = 0, os.fstat(raw.fileno()).st_size
    while whole < end:
        text, size = _member_at(raw, whole, name)
        if size is None:
            return whole, text
        whole += size
    return whole, None


def _member_at(raw: IO[bytes], start: int, name: str) -> tuple[bytes, int | None]:
    """The text of the member that begins there, and its size in bytes; None for the size if it is not whole."""
    raw.seek(start)
    member, text = zlib.decompressobj(wbits=31), []
    while chunk := raw.read(CHUNK):
        before = member.copy()
        try:
            text.append(member.decompress(chunk))
        except zlib.error as error:
            # Where the power failed, a file may end in bytes that were never written.
            if _holds_a_member(chunk + raw.read()):
                raise BundleProblem(
                    f"the evidence is damaged in the middle: {name}: {error}",
                    hint="Restore the bundle from a copy, or audit again without --resume.",
                ) from error
            return b"".join(text) + _drip(before, chunk), None
        if member.eof:
            return b"".join(text), raw.tell() - start - len(member.unused_data)
    return b"".join(text), None


def _drip(member: zlib._Decompress, chunk: bytes) -> bytes:
    """All that comes out before the damage, which a larger bite would take with it."""
    text = b""
    for place in range(len(chunk)):
        try:
            text += member.decompress(chunk[place : place + 1])
        except zlib.error:
            break
    return text


def _holds_a_member(data: bytes) -> bool:
    place = data.find(HEADER)
    while place >= 0:
        member = zlib.decompressobj(wbits=31)
        try:
            member.decompress(data[place:])
        except zlib.error:
            pass  # three bytes that look like a beginning, and are none
        else:
            if member.eof:
                return True
        place = data.find(HEADER, place + 1)
    return False


def _replace(path: Path, whole: int, tail: bytes) -> None:
    # A copy takes the file's place in one step: to be killed while mending loses nothing either.
    lines = tail[: tail.rfind(b"\n") + 1]
    with whole_file(path) as made, path.open("rb") as raw:
        while whole and (chunk := raw.read(min(whole, CHUNK))):
            made.write(chunk)
            whole -= len(chunk)
        if lines:
            member = zlib.compressobj(6, wbits=31)
            made.write(member.compress(lines) + member.flush())
