"""A sheet that takes rows as ready XML, beside those of cells, and writes them down as they come."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.merge import MergeCell, MergeCells
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import xmlfile

from mfaaudit.bundle import private_file, refusing, remove_file
from mfaaudit.reports.workbook.links import Targets, links_as_xml


class StreamSheet(WriteOnlyWorksheet):
    """A sheet of openpyxl's to which text is added as it is."""

    _writer: Any
    _rows: Any
    _values_to_row: Any

    def __init__(self, book: Any, title: str, file: Path) -> None:
        super().__init__(book, title)
        self.file = file
        """Where its XML stands until the book is put together."""
        self.links: list[tuple[str, str]] = []
        """Cells and the addresses they lead to."""
        self.merged: list[str] = []
        """Ranges of cells that are one; in order, as openpyxl's own are in none, and each save would differ."""

    def append_ready(self, row: str) -> None:
        """A row that `rows_of_table` made."""
        self._rows.send(row)

    def abandon(self) -> None:
        """Leaves nothing behind of a sheet that was written halfway, because something went wrong."""
        if self._writer is None:
            return
        try:
            if not self.closed:
                if self._rows is not None:
                    self._rows.close()
                self._writer.close()
        finally:
            self._writer.cleanup()

    def _get_writer(self) -> None:
        if self._writer is None:
            self._writer = StreamWriter(self)
            self._writer.write_top()

    def _write_rows(self) -> Generator[None, Any, None]:
        # As openpyxl's own, but for the rows in a text, which are ready.
        xf = self._writer.xf.send(True)
        with xf.element("sheetData"):
            number = 1
            try:
                while True:
                    row = yield
                    if isinstance(row, str):
                        self._writer.write_ready(xf, row)
                    else:
                        self._writer.write_row(xf, self._values_to_row(row, number), number)
                    number += 1
            except GeneratorExit:
                pass
        self._writer.xf.send(None)


class StreamWriter(WorksheetWriter):
    """openpyxl's writer of a sheet, onto whose file others may write too."""

    ws: Any
    xf: Any
    out: Any
    _file: Any

    def __init__(self, sheet: StreamSheet) -> None:
        # Without a file of ours, openpyxl makes one in the system's folder for temporary files.
        super().__init__(sheet, out=sheet.file)
        self._rels = Targets(sheet.links)

    def get_stream(self) -> Generator[Any, Any, None]:
        """Takes elements, True for the file itself, and None to go on."""
        with (
            private_file(self.out) as self._file,
            xmlfile(self._file) as xf,
            xf.element("worksheet", xmlns=SHEET_MAIN_NS),
        ):
            try:
                while True:
                    element = yield
                    if element is True:
                        yield xf
                    elif element is not None:
                        xf.write(element)
            except GeneratorExit:
                pass

    def cleanup(self) -> None:
        """Removes the file. Raises OutputProblem if that is refused."""
        with refusing(self.out, "cannot be removed"):
            remove_file(self.out)

    def write_ready(self, xf: Any, text: str) -> None:
        """A text of XML, in the encoding of the file."""
        xf.flush()
        self._file.write(text.encode("ascii", "xmlcharrefreplace"))

    def write_merged_cells(self) -> None:
        """Those of the sheet, in order."""
        if self.ws.merged:
            self.xf.send(MergeCells(mergeCell=[MergeCell(one) for one in self.ws.merged]).to_tree())

    def write_hyperlinks(self) -> None:
        """Those inside the book, and those to the web."""
        inside, outside = self.ws._hyperlinks, self.ws.links  # noqa: SLF001 openpyxl gathers them there
        if not inside and not outside:
            return
        xf = self.xf.send(True)
        with xf.element("hyperlinks"):
            for link in inside:
                xf.write(link.to_tree())
            for link in links_as_xml(outside):
                self.write_ready(xf, link)
        self.xf.send(None)


def new_sheet(book: Any, title: str) -> StreamSheet:
    """The next sheet of a book."""
    made = StreamSheet(book, title, book.sheets_in / f"sheet{len(book.worksheets) + 1}.xml")
    book._add_sheet(made)  # noqa: SLF001 the only way to give a book a sheet of another class
    return made
