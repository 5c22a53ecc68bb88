"""A column as the page's script reads it: each different word once, in the order in which it sorts, and its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from mfaaudit.reports.document import Cell, Column, ColumnKind
from mfaaudit.reports.page.packed import Packing
from mfaaudit.reports.page.words import LONGEST, look, sort_key, words
from mfaaudit.words import Unknown

MOST_CHARACTERS = 60
"""The widest that a column is drawn."""
ID = 36
"""Characters of an object id."""
LISTS = pl.List(pl.String())
_DIGITS = re.compile(r"\d+")


class Gathered:
    """The values of one column, as they come."""

    def __init__(self, kind: ColumnKind) -> None:
        self.kind = kind
        self.numbers: list[int] = []
        self._places: dict[tuple[type, Cell], int] = {}

    def add(self, value: Cell) -> None:
        """The value of the next row."""
        # With its type: True and 1 are equal, and not the same.
        self.numbers.append(self._places.setdefault((type(value), value), len(self._places)))

    def extend(self, values: Iterable[Cell]) -> Gathered:
        """The values of the next rows."""
        for value in values:
            self.add(value)
        return self

    def spread(self, codes: Sequence[int]) -> Gathered:
        """The values gathered so far, each as often and in the order that their places say."""
        numbers = self.numbers
        self.numbers = [numbers[code] for code in codes]
        return self

    def pack(self, packing: Packing) -> dict[str, Any]:
        """Adds the words and the numbers; returns where they are, and what must be known of them."""
        values = [value for _, value in self._places]
        shown = [words(value) for value in values]
        order = sorted(range(len(values)), key=lambda n: _sorts(values[n], shown[n], self.kind))
        places = [0] * len(values)
        distinct: list[str] = []
        unread: list[int] = []
        for n in order:
            # Two times within one second are one word.
            if not distinct or distinct[-1] != shown[n] or isinstance(values[n], Unknown):
                distinct.append(shown[n])
                if isinstance(values[n], Unknown):
                    unread.append(len(distinct) - 1)
            places[n] = len(distinct) - 1
        return {
            "words": packing.words(distinct),
            "numbers": packing.numbers([places[n] for n in self.numbers]),
            "count": len(distinct),
            "unread": unread,
            "longest": max((min(len(one), MOST_CHARACTERS) for one in distinct), default=0),
        }


def described(column: Column) -> dict[str, Any]:
    """What the script must know of a column, beside its values."""
    return {
        "key": column.key,
        "title": column.heading,
        "kind": column.kind.value,
        "look": look(column),
        "link": column.link if column.link.startswith("https://") else "",
        "width": column.width,
    }


def _sorts(value: Cell, shown: str, kind: ColumnKind) -> tuple[int, float, str, str]:
    # Ranks before words, and what was not read behind everything; digits within words by their number.
    if isinstance(value, Unknown):
        return (2, 0.0, shown, "")
    if kind is ColumnKind.TIME:
        return (1, 0.0, shown, "")
    rank = sort_key(value, kind)
    if rank is not None:
        return (0, rank, "", shown)
    folded = shown[:LONGEST].casefold()
    # The digits of an object id are no number.
    natural = folded if len(folded) == ID and folded[8] == "-" else _DIGITS.sub(_padded, folded)
    return (1, 0.0, natural, shown)


def _padded(found: re.Match[str]) -> str:
    return found[0].zfill(12)


def different(frame: pl.DataFrame) -> tuple[list[int], pl.DataFrame]:
    """For each row its place among the different ones, in the order in which they come, and the different ones."""
    # A list is compared as a text: its parts, and how many.
    keys = [
        pl.concat_str(pl.col(name).list.len(), pl.col(name).list.join("\0"), separator=":") if dtype == LISTS else name
        for name, dtype in frame.schema.items()
    ]
    firsts = (
        frame.select(keys)
        .with_row_index("row")
        .select(pl.col("row").first().over(frame.columns).alias("first"))
        .with_columns(place=pl.col("first").rank("dense") - 1)
    )
    return firsts["place"].to_list(), frame[firsts["first"].unique().sort()]
