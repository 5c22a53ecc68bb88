"""Opens a workbook that came back from somebody: bounded before a byte of it is unpacked, and without entities."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from mfaaudit.errors import UsageProblem

MIB = 1 << 20
OLD = b"\xd0\xcf\x11\xe0"
"""How a file of Excel 97 begins, and one that is encrypted."""
AS_XLSX = "Save it as an Excel workbook (.xlsx), and without a password to open it."
AGAIN = "Save it again in Excel or LibreOffice, or take the report.xlsx of the bundle and fill it in anew."
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
    # Both readers of XML say so by it.
    SyntaxError,
    # An entry that is encrypted by itself.
    RuntimeError,
)
"""What openpyxl raises for a file that is not what it seems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How large a workbook may be."""

    most_bytes: int
    """Of all its parts, unpacked."""
    most_parts: int = 2_000


def bounds_for(rows: int) -> Bounds:
    """What the workbook of a bundle may come to, whose lists have so many rows."""
    return Bounds(most_bytes=256 * MIB + rows * 16_384)


@contextmanager
def opened(path: Path, bounds: Bounds) -> Iterator[tuple[IO[bytes], ZipFile]]:
    """The file and the archive in it. Raises UsageProblem for a file that is no workbook, or too large."""
    if not path.is_file():
        # A pipe or a device would be waited for.
        raise UsageProblem(f"{path} is no file", hint="Give the workbook that was filled in.")
    try:
        with path.open("rb") as file:
            _check_kind(path, file.read(8))
            if path.stat().st_size > bounds.most_bytes:
                raise _too_large(path, bounds)
            with ZipFile(file) as archive:
                _check(path, archive, bounds)
                file.seek(0)
                yield file, archive
    except BROKEN as error:
        raise UsageProblem(f"{path} cannot be read as a workbook: {_said(error)}", hint=AGAIN) from error
    except OSError as error:
        raise UsageProblem(
            f"{path} cannot be read: {error.strerror or error}", hint="Check its rights, or save it again."
        ) from error


def _said(error: BaseException) -> str:
    return str(error).partition("\n")[0][:200] or type(error).__name__


def _check_kind(path: Path, begins: bytes) -> None:
    if begins.startswith(OLD):
        raise UsageProblem(f"{path} is protected with a password, or a workbook of an old version", hint=AS_XLSX)
    if not begins.startswith(b"PK"):
        raise UsageProblem(f"{path} is no Excel workbook", hint=AS_XLSX)


def _check(path: Path, archive: ZipFile, bounds: Bounds) -> None:
    parts = archive.infolist()
    # No more of a part is ever unpacked than its size in the directory says.
    if len(parts) > bounds.most_parts or sum(one.file_size for one in parts) > bounds.most_bytes:
        raise _too_large(path, bounds)
    names = [one.filename for one in parts]
    if "xl/workbook.xml" not in names:
        raise UsageProblem(f"{path} is no Excel workbook: it has no part xl/workbook.xml", hint=AS_XLSX)
    if len(set(names)) < len(names):
        raise UsageProblem(f"{path} holds a part twice", hint=AGAIN)
    for one in parts:
        if one.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(one) as part:
                _check_xml(path, one.filename, part)


def _too_large(path: Path, bounds: Bounds) -> UsageProblem:
    return UsageProblem(
        f"{path} unpacks to more than {bounds.most_bytes // MIB:,} MiB, or has more than {bounds.most_parts:,} parts: "
        "no report of this bundle does",
        hint="Take the report.xlsx of the bundle, and fill that in.",
    )


class _Begun(Exception):
    """The first element of a part: what comes before it has been seen."""


def _check_xml(path: Path, name: str, part: IO[bytes]) -> None:
    """No part of a workbook declares a type, and only there can entities be defined."""

    def refuse(*_: Any) -> NoReturn:
        raise UsageProblem(f"{path} declares a document type in {name}, as no workbook does", hint=AGAIN)

    def check_encoding(_: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            raise UsageProblem(f"{path} has a part that is not UTF-8: {name}", hint=AGAIN)

    def begin(*_: Any) -> NoReturn:
        raise _Begun

    reader = expat.ParserCreate()
    reader.XmlDeclHandler = check_encoding
    reader.StartDoctypeDeclHandler = refuse
    reader.StartElementHandler = begin
    try:
        while chunk := part.read(4_096):
            reader.Parse(chunk)
        reader.Parse(b"", True)
    except _Begun:
        pass
    except expat.ExpatError as error:
        raise UsageProblem(f"{path} cannot be read as a workbook: {name}: {error}", hint=AGAIN) from error
