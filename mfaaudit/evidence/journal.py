"""Where every answer is written as it comes: gzipped lines of JSON, a file a source, readable with public tools."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from mfaaudit.bundle import CountedFile, appending, refusing
from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.response import LONGEST_LINE, Response
from mfaaudit.plain_files import open_plain

MEMBER = 1 << 20
"""Bytes of lines in one gzip member; what an audit that was killed left of the last one is a member's worth at most."""
LARGEST_MEMBER = MEMBER + LONGEST_LINE
"""What a member can hold at most: it ends with the answer that makes it full."""
CHUNK = 256 * 1024
SYNC = 1.0
"""Seconds of answers that a loss of power may cost, and that would have to be asked for again."""
SUFFIX = ".jsonl.gz"
NOT_WRITTEN, GO_ON = ": the evidence could not be written", "Then go on with --resume: what had been read is kept."


class Journal:
    """Appends answers; each survives the end of the process from the moment that it was appended."""

    def __init__(self, folder: Path | None = None) -> None:
        """Without a folder, answers wait in memory until `open` names one."""
        self._folder = folder
        self._files: dict[str, _File] = {}
        self._waiting: list[Response] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self, folder: Path) -> None:
        """Where to write from now on: known only once the tenant has said its name. Raises OutputProblem."""
        self._folder = folder
        for response in self._waiting:
            self._write(response, folder)
        self._waiting.clear()

    def append(self, response: Response) -> None:
        """Takes one answer. Raises OutputProblem if the disk does not."""
        if self._folder is None:
            self._waiting.append(response)
        else:
            self._write(response, self._folder)

    def settle(self) -> None:
        """Makes every file whole, so that all of it can be read; more may follow. Raises OutputProblem."""
        for file in self._files.values():
            with refusing(file.path, NOT_WRITTEN, GO_ON):
                file.end_member()

    def close(self) -> None:
        """Makes the files whole and closes them. Without a folder there is nothing to keep. Raises OutputProblem."""
        try:
            self.settle()
        finally:
            for file in self._files.values():
                file.close()
            self._files.clear()

    def _write(self, response: Response, folder: Path) -> None:
        name = response.source
        path = folder / file_name(name)
        with refusing(path, NOT_WRITTEN, GO_ON):
            if name not in self._files:
                self._files[name] = _File(path)
            self._files[name].append(response.to_line())


class _File:
    """One source's file. Its last member grows line by line, and each line is flushed to the system at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._raw: CountedFile = appending(path)
        self._member: zlib._Compress | None = None
        self._size = 0
        self._synced_at = time.monotonic()
        self._broken = False

    def append(self, line: bytes) -> None:
        if self._member is None:
            self._member = zlib.compressobj(6, wbits=31)
        self._put(self._member.compress(line) + self._member.flush(zlib.Z_SYNC_FLUSH))
        self._size += len(line)
        if self._size >= MEMBER:
            self.end_member()
        elif time.monotonic() - self._synced_at >= SYNC:
            self._sync()

    def end_member(self) -> None:
        # After a failed write the file ends in the middle of something; to write on would bury it.
        if self._member is not None and not self._broken:
            self._put(self._member.flush(zlib.Z_FINISH))
            self._member, self._size = None, 0
            self._sync()

    def close(self) -> None:
        self._raw.close()

    def _put(self, data: bytes) -> None:
        self._broken = True
        while data:
            data = data[self._raw.write(data) :]
        self._broken = False

    def _sync(self) -> None:
        self._raw.sync()
        self._synced_at = time.monotonic()


def read_journal(folder: Path, source: str) -> Iterator[Response]:
    """The answers of one source in the order in which they came. Raises BundleProblem if the file is not whole."""
    path = folder / file_name(source)
    if not path.exists() and not path.is_symlink():
        return
    with open_plain(path) as raw:
        number = 0
        for member in _members(raw, path.name):
            for line in member.split(b"\n")[:-1]:
                number += 1
                try:
                    yield Response.from_line(line)
                except (ValueError, KeyError, TypeError, RecursionError) as error:
                    raise BundleProblem(
                        f"{path.name}, line {number}, is not an answer that this program wrote",
                        hint="The evidence has been altered or damaged: restore the bundle from a copy or audit again.",
                    ) from error


def file_name(source: str) -> str:
    """The file that holds a source's answers."""
    return ("perUser" if source == "$batch" else source) + SUFFIX


def _members(raw: IO[bytes], name: str) -> Iterator[bytes]:
    """The text of one gzip member after the other."""
    rest = raw.read(CHUNK)
    while rest:
        member, text, size = zlib.decompressobj(wbits=31), [], 0
        while not member.eof:
            if not rest:
                raise _damaged(name, "it ends in the middle of an answer")
            try:
                piece = member.decompress(rest, LARGEST_MEMBER + 1 - size)
            except zlib.error as error:
                raise _damaged(name, str(error)) from error
            text.append(piece)
            size += len(piece)
            if size > LARGEST_MEMBER:
                raise _damaged(name, f"a part of it unpacks to more than {LARGEST_MEMBER >> 20} MiB")
            rest = member.unused_data or raw.read(CHUNK)
        yield _whole_lines(b"".join(text), name)


def _whole_lines(text: bytes, name: str) -> bytes:
    if not text.endswith(b"\n"):
        raise _damaged(name, "a part of it does not end with a whole answer")
    # A member ends with the answer that fills it.
    if text.rfind(b"\n", 0, -1) >= MEMBER:
        raise _damaged(name, "a part of it holds more answers than were ever written together")
    return text


def _damaged(name: str, why: str) -> BundleProblem:
    return BundleProblem(
        f"the evidence is damaged: {name}: {why}", hint="Restore the bundle from a copy, or audit again."
    )
