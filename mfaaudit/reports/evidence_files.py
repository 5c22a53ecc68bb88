"""The files of the evidence, each with its hash, as the workbook names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.bundle import EVIDENCE, sha256_of
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """One file that the audit wrote while it read."""

    path: str
    """Below the bundle, with forward slashes."""
    sha256: str
    bytes: int


def evidence_files(bundle: Path) -> tuple[EvidenceFile, ...]:
    """Every file of a bundle's evidence, by its path."""
    return tuple(
        EvidenceFile(path=path.relative_to(bundle).as_posix(), sha256=sha256_of(path), bytes=path.stat().st_size)
        for path in sorted((bundle / EVIDENCE).rglob("*"))
        if path.is_file()
    )


def table_of(files: Sequence[EvidenceFile]) -> Table:
    """The files as a table."""

    def rows() -> Iterator[list[Cell]]:
        for one in files:
            yield [one.path, one.bytes, one.sha256]

    return Table(
        name="EvidenceFiles",
        title="Evidence files",
        note=(
            "Every answer of Microsoft Graph as it came. manifest.json, written last, holds the same hashes and those "
            "of the reports; sha256sum of a file gives its hash again."
        ),
        columns=(
            Column(key="path", title="File", width=34),
            Column(key="bytes", title="Bytes", kind=ColumnKind.NUMBER),
            Column(key="sha256", title="SHA-256", width=66),
        ),
        rows=rows,
        row_count=len(files),
        empty="Not listed here: manifest.json holds the hash of every file.",
    )
