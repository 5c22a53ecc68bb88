"""A report as the program draws it, which a test fills in and rearranges as a person would."""

import functools
from datetime import UTC, datetime

import openpyxl
import pytest

from mfaaudit.annotating.archive import Bounds
from mfaaudit.annotating.reading import Wanted, read_workbook
from mfaaudit.errors import UsageProblem
from mfaaudit.reports.decision_columns import COLUMNS as INPUTS
from mfaaudit.reports.decision_columns import EMPTY
from mfaaudit.reports.document import Column, Document, Section, SignOff, Table, Tone
from mfaaudit.reports.workbook import write_workbook

RUN = "0a1b2c3d-run"
ABOUT = {
    "ruleId": "Rule",
    "status": "Status",
    "userPrincipalName": "User",
    "observed": "Observed",
    "userId": "Object id",
}
COLUMNS = (*(Column(key=key, title=title) for key, title in ABOUT.items()), *INPUTS)
NARROW = Bounds(most_bytes=64 << 20)
WANTED = Wanted(
    run_id=RUN,
    table="Findings",
    headings=ABOUT,
    inputs={one.key: one.heading for one in INPUTS},
    object_id="userId",
)
ROWS = 12


def rows():
    return [[f"R-{at}", "FAIL", f"user{at}@contoso.example", f"seen {at}", f"id-{at}", *EMPTY] for at in range(ROWS)]


def draw(path, rows_per_sheet=1_000, run=RUN):
    table = Table(name="Findings", title="Findings", columns=COLUMNS, rows=rows, row_count=ROWS)
    other = Table(name="Users", title="Users", columns=COLUMNS[2:5], rows=lambda: [["a", "b", "c"]], row_count=1)
    write_workbook(
        Document(
            title="A report",
            subtitle="Contoso",
            statement="Findings.",
            statement_tone=Tone.BAD,
            cover=(),
            sign_off=(SignOff(role="Approved by"),),
            conclusions=("Effective",),
            sections=(
                Section(name="Findings", title="Findings", lead=("One row each.",), tables=(table,)),
                Section(name="Users", title="Users", tables=(other,)),
            ),
            run_id=run,
            created=datetime(2026, 10, 2, 12, tzinfo=UTC),
            generator="mfaaudit 0",
        ),
        path,
        rows_per_sheet=rows_per_sheet,
    )
    return path


class Filling:
    """The workbook, open for somebody to type in."""

    def __init__(self, path, **how):
        self.path = draw(path, **how)
        self.book = openpyxl.load_workbook(path)

    @functools.cached_property
    def sheet(self):
        return self.book["Findings"]

    @property
    def head(self):
        return _head(self.sheet)

    def cell(self, row, heading, sheet=None):
        sheet = sheet or self.sheet
        column = next(cell.column for cell in sheet[_head(sheet)] if cell.value == heading)
        return sheet.cell(_head(sheet) + 1 + row, column)

    def save(self):
        self.book.save(self.path)
        return self.path

    def read(self):
        return read(self.save())


def _head(sheet):
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == "Rule")


def read(path, bounds=NARROW):
    return read_workbook(path, WANTED, bounds)


def refused(path, **how):
    """What is said of a workbook that is refused, with a hint and the name of the file."""
    with pytest.raises(UsageProblem) as problem:
        read(path, **how)
    assert problem.value.hint
    assert str(path) in str(problem.value)
    return str(problem.value)


def said(filled):
    """What was typed, by the rule of its row."""
    found = {}
    for row in filled.rows:
        typed = {key: cell.value for key, cell in row.cells.items() if key in WANTED.inputs and not cell.is_empty}
        found[row.cells["ruleId"].value] = typed
        assert row.cells["userId"].value == row.cells["ruleId"].value.replace("R-", "id-")
    return found
