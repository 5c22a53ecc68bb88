"""What somebody wrote into the workbook, with the cell that it stands in, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Content(StrEnum):
    """What a cell holds, by the letter that openpyxl has for it."""

    TEXT = "s"
    NUMBER = "n"
    DAY = "d"
    BOOLEAN = "b"
    ERROR = "e"
    FORMULA = "f"

    @property
    def words(self) -> str:
        """With its article, for a message."""
        return {
            Content.TEXT: "text",
            Content.NUMBER: "a number",
            Content.DAY: "a date or a time",
            Content.BOOLEAN: "TRUE or FALSE",
            Content.ERROR: "an error of the spreadsheet",
            Content.FORMULA: "a formula",
        }[self]


@dataclass(frozen=True, slots=True)
class Written:
    """One cell."""

    place: str
    """Its letter and number."""
    value: object = None
    content: Content = Content.NUMBER

    @property
    def is_empty(self) -> bool:
        """Whether nobody can see anything in it."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRow:
    """A row of the findings in which somebody wrote something."""

    sheet: str
    number: int
    cells: Mapping[str, Written]
    """By the key of the column: those that say what the row is about, and those to fill in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that a person has to put right in the workbook."""

    sheet: str
    """Empty where it is no single sheet's."""
    cell: str
    """Empty where it is no single cell's."""
    what: str
    hint: str

    @property
    def where(self) -> str:
        """The place in words."""
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return place or "the workbook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was found in the workbook."""

    rows: tuple[FilledRow, ...]
    findings: int
    """Rows of findings in all, filled in or not."""
    problems: tuple[Problem, ...]
    """About sheets, columns and merged cells; each row has its own still to be found."""
