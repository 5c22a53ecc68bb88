"""CPU of a sheet of the workbook with all its looks, against the same cells written bare by openpyxl."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROWS = 20_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as folder:
        # Once before, so that neither pays for its imports.
        dressed(Path(folder, "warm.xlsx"))
        bare(Path(folder, "warm.xlsx"))
        ours = cpu(lambda: dressed(Path(folder, "ours.xlsx")))
        theirs = cpu(lambda: bare(Path(folder, "bare.xlsx")))
    yield figure(f"workbook: {ROWS:,} rows of 10 cells", ours, "ms", "openpyxl write-only, values alone", theirs)


def cpu(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def rows() -> Iterator[list[Any]]:
    for number in range(ROWS):
        yield [f"user{number}@contoso.example", "FAIL", "high", number, True, "enforced", "a", "b", "c", "d"]


def dressed(path: Path) -> None:
    from mfaaudit.reports.document import Column, ColumnKind, Document, Section, SignOff, Table, Tone
    from mfaaudit.reports.workbook import write_workbook

    kinds = (ColumnKind.TEXT, ColumnKind.VERDICT, ColumnKind.SEVERITY, ColumnKind.NUMBER, ColumnKind.BOOLEAN)
    columns = [Column(key=f"c{n}", title=f"Column {n}", kind=(kinds * 2)[n] if n < 5 else kinds[0]) for n in range(10)]
    table = Table(name="Rows", title="Rows", columns=columns, rows=rows, row_count=ROWS)
    document = Document(
        title="Rows",
        subtitle="",
        statement="",
        statement_tone=Tone.PLAIN,
        cover=(),
        sign_off=(SignOff(role="Signed by"),),
        conclusions=("Yes",),
        sections=(Section(name="Rows", title="Rows", tables=(table,)),),
        run_id="",
        created=NOW,
        generator="",
    )
    write_workbook(document, path)


def bare(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows():
        sheet.append(row)
    book.save(path)
