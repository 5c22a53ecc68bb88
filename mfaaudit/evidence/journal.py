"""Where every answer is written as it comes: gzipped lines of JSON, a file a source, readable with public tools."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from mfaaudit.errors import BundleProblem, OutputProblem
from mfaaudit.evidence.response import Response

BLOCK = 256 * 1024
"""Bytes of lines that are compressed together; each block is a gzip member of its own, whole or not there."""


class Journal:
    """Appends answers; what has been written survives the end of the process."""

    def __init__(self, folder: Path | None = None) -> None:
        """Without a folder, answers wait in memory until `open` names one."""
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {}
        self._waiting: dict[str, list[bytes]] = {}
        self._sizes: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self, folder: Path) -> None:
        """Where to write from now on: known only once the tenant has said its name."""
        self._folder = folder

    def append(self, response: Response) -> None:
        """Takes one answer. Raises OutputProblem if the disk does not."""
        line, name = response.to_line(), response.source
        self._waiting.setdefault(name, []).append(line)
        self._sizes[name] = self._sizes.get(name, 0) + len(line)
        if self._sizes[name] >= BLOCK and self._folder is not None:
            self._write(name, self._folder)

    def close(self) -> None:
        """Writes what waits, and closes the files. Without a folder there is nothing to keep."""
        for name in list(self._waiting):
            if self._folder is not None:
                self._write(name, self._folder)
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _write(self, name: str, folder: Path) -> None:
        block = gzip.compress(b"".join(self._waiting.pop(name)), compresslevel=6, mtime=0)
        self._sizes[name] = 0
        try:
            file = self._files.get(name)
            if file is None:
                file = self._files[name] = _create(folder / file_name(name))
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        except OSError as error:
            raise OutputProblem(
                f"the evidence could not be written: {error.strerror}",
                hint="Free disk space or choose another folder with --out, then audit again.",
            ) from error


def read_journal(folder: Path, source: str) -> Iterator[Response]:
    """The answers of one source in the order in which they came.

    Raises BundleProblem if a line is not one of ours. A block that was cut off by a crash was never said to be
    written, and is left out.
    """
    path = folder / file_name(source)
    if not path.exists():
        return
    with path.open("rb") as raw:
        for number, line in enumerate(_lines(raw), start=1):
            try:
                yield Response.from_line(line)
            except (ValueError, KeyError, TypeError) as error:
                raise BundleProblem(
                    f"{path.name}, line {number}, is not an answer that this program wrote",
                    hint="The evidence has been altered or damaged: audit again, or restore the bundle from a copy.",
                ) from error


def file_name(source: str) -> str:
    """The file that holds a source's answers."""
    return ("perUser" if source == "$batch" else source) + ".jsonl.gz"


def _create(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _lines(raw: IO[bytes]) -> Iterator[bytes]:
    """Whole lines of whole gzip members."""
    rest = b""
    while True:
        member = zlib.decompressobj(wbits=31)
        text = b""
        while not member.eof:
            chunk = rest or raw.read(BLOCK)
            if not chunk:
                return
            rest = b""
            try:
                text += member.decompress(chunk)
            except zlib.error as error:
                raise BundleProblem(
                    f"the evidence is damaged: {error}",
                    hint="Restore the bundle from a copy, or audit again.",
                ) from error
        rest = member.unused_data
        yield from text.split(b"\n")[:-1]
