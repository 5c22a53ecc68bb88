"""Opens a workbook that came back from somebody: every part is looked through before anything parses it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from mfaaudit.annotating.scanning import DECLARES, MIB, Unfit, check_part
from mfaaudit.errors import UsageProblem

OLD = b"\xd0\xcf\x11\xe0"
"""How a file of Excel 97 begins, and one that is encrypted."""
AS_XLSX = "Save it as an Excel workbook (.xlsx), and without a password to open it."
AGAIN = "Save it again in Excel or LibreOffice, or take the report.xlsx of the bundle and fill it in anew."
TOO_LARGE = "Take the report.xlsx of the bundle, and fill that in."
LONGEST_READ = 2 * MIB
"""Bytes that the reader of archives may ask for at once: more than that is no directory of parts."""
HEADER = 30
"""Bytes before the name of a part, where it stands in the archive."""
ENCRYPTED = 0x1
BROKEN = (
    BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    NotImplementedError,
    # The reader of XML says so by it.
    SyntaxError,
    RuntimeError,
)
"""What a file raises that is not what it seems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How large a workbook may be."""

    most_bytes: int
    """Of all its parts, unpacked."""
    most_parts: int = 2_000
    most_of_a_part: int = 64 * MIB
    """Bytes of one part that is XML, unpacked."""
    most_tags: int = 4_000_000
    """Of the sheet with the findings."""
    most_strings: int = 500_000
    """Texts that cells share."""
    most_filled: int = 20_000
    """Rows in which somebody wrote."""


def bounds_for(rows: int) -> Bounds:
    """What the workbook of a bundle may come to, whose lists have so many rows."""
    return Bounds(
        most_bytes=256 * MIB + rows * 16_384,
        most_of_a_part=64 * MIB + rows * 8_192,
        most_tags=4_000_000 + rows * 400,
        most_strings=500_000 + rows * 30,
        # A row of the findings may stand there twice, on a sheet that was copied.
        most_filled=20_000 + rows * 2,
    )


class Archive:
    """The parts of a workbook, of which only those can be opened that have been looked through."""

    def __init__(self, path: Path, archive: ZipFile, bounds: Bounds) -> None:
        """Looks through all parts. Raises UsageProblem."""
        self.path = path
        self.bounds = bounds
        self._archive = archive
        parts = archive.infolist()
        self.names = frozenset(part.filename for part in parts)
        _check_directory(path, archive, parts, bounds)
        self._xml = frozenset(self._looked_through(parts))

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a part that is XML. Raises UsageProblem if it is not, KeyError if there is no such part."""
        if name in self.names and name not in self._xml:
            raise UsageProblem(f"{self.path} has a part that is not UTF-8 text in XML: {name}", hint=AGAIN)
        return self._archive.open(name)

    def unfit(self, name: str, why: str) -> UsageProblem:
        """The error for a part that cannot be read, with what to do."""
        return UsageProblem(f"{self.path} cannot be read as a workbook: its part {name} {why}", hint=TOO_LARGE)

    def _looked_through(self, parts: list[ZipInfo]) -> Iterator[str]:
        left = self.bounds.most_bytes
        for part in parts:
            try:
                with self._archive.open(part) as content:
                    is_xml, size = check_part(content, min(self.bounds.most_of_a_part, left))
            except Unfit as problem:
                if str(problem) == DECLARES:
                    raise UsageProblem(
                        f"{self.path} {DECLARES} in {part.filename}, as no workbook does", hint=AGAIN
                    ) from problem
                raise self.unfit(part.filename, str(problem)) from problem
            left -= size
            if is_xml:
                yield part.filename


@contextmanager
def opened(path: Path, bounds: Bounds) -> Iterator[Archive]:
    """The archive in a file. Raises UsageProblem for a file that is no workbook, or too large."""
    if not path.is_file():
        # A pipe or a device would be waited for.
        raise UsageProblem(f"{path} is no file", hint="Give the workbook that was filled in.")
    try:
        with path.open("rb") as file:
            _check_kind(path, file.read(8))
            if path.stat().st_size > bounds.most_bytes:
                raise _too_large(path, bounds)
            with ZipFile(_Bounded(file)) as archive:
                yield Archive(path, archive, bounds)
    except BROKEN as error:
        raise UsageProblem(f"{path} cannot be read as a workbook: {_said(error)}", hint=AGAIN) from error
    except OSError as error:
        raise UsageProblem(
            f"{path} cannot be read: {error.strerror or error}", hint="Check its rights, or save it again."
        ) from error


class _Bounded:
    """A file that gives no more at once than an honest directory of parts takes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all up to the bound. Raises BadZipFile if more are asked for."""
        if size > LONGEST_READ:
            raise BadZipFile(f"its directory of parts has more than {LONGEST_READ // MIB} MiB")
        return self._file.read(LONGEST_READ if size < 0 else size)


def _said(error: BaseException) -> str:
    return str(error).partition("\n")[0][:200] or type(error).__name__


def _check_kind(path: Path, begins: bytes) -> None:
    if begins.startswith(OLD):
        raise UsageProblem(f"{path} is protected with a password, or a workbook of an old version", hint=AS_XLSX)
    if not begins.startswith(b"PK"):
        raise UsageProblem(f"{path} is no Excel workbook", hint=AS_XLSX)


def _check_directory(path: Path, archive: ZipFile, parts: list[ZipInfo], bounds: Bounds) -> None:
    """What the directory of the archive says. Sizes in it are not believed later; names and places must be."""
    if len(parts) > bounds.most_parts or sum(part.file_size for part in parts) > bounds.most_bytes:
        raise _too_large(path, bounds)
    names = [part.filename for part in parts]
    if "xl/workbook.xml" not in names:
        raise UsageProblem(f"{path} is no Excel workbook: it has no part xl/workbook.xml", hint=AS_XLSX)
    # Names are the same part in any case of letters (Open Packaging Conventions).
    if len({name.lower() for name in names}) < len(names):
        raise UsageProblem(f"{path} holds a part twice", hint=AGAIN)
    for part in parts:
        why = _trick(part)
        if why:
            raise UsageProblem(
                f"{path} cannot be read as a workbook: its part {part.filename[:200]!r} {why}", hint=AGAIN
            )
    end = archive.start_dir
    for part in sorted(parts, key=lambda part: part.header_offset, reverse=True):
        if part.header_offset + HEADER + len(part.filename) + part.compress_size > end:
            raise UsageProblem(
                f"{path} cannot be read as a workbook: its part {part.filename[:200]!r} overlaps another", hint=AGAIN
            )
        end = part.header_offset


def _trick(part: ZipInfo) -> str:
    name = part.orig_filename
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or ".." in re.split(r"[/\\]", name) or "\0" in name:
        return "has a name that leads out of the workbook"
    if part.flag_bits & ENCRYPTED:
        return "is encrypted"
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "is packed in a way that no spreadsheet uses"
    return ""


def _too_large(path: Path, bounds: Bounds) -> UsageProblem:
    return UsageProblem(
        f"{path} unpacks to more than {bounds.most_bytes // MIB:,} MiB, or has more than {bounds.most_parts:,} parts: "
        "no report of this bundle does",
        hint=TOO_LARGE,
    )
