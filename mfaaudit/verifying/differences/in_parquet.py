"""Where two Parquet tables differ, by column and row."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from mfaaudit.parquet_bounds import NotParquet, check_file
from mfaaudit.verifying.differences.found import SHOWN, Found, instead, short


def compare(theirs: Path, ours: Path, known_only: bool) -> Found:
    """Two files. The one that somebody else may have written is measured first."""
    here = pl.read_parquet(ours, glob=False)
    try:
        check_file(theirs, rows=here.height)
        there = pl.read_parquet(theirs, glob=False)
    except (NotParquet, PolarsError, OSError) as error:
        return Found(False, f"it cannot be compared: {error}")
    if not known_only and there.schema != here.schema:
        odd = [name for name in {**there.schema, **here.schema} if there.schema.get(name) != here.schema.get(name)]
        kinds = f"{short(odd[0])} is {there.schema.get(odd[0])} instead of {here.schema.get(odd[0])}" if odd else ""
        return Found(False, f"the columns differ: {kinds or 'their order'}")
    found = [_column(there, here, name) for name in here.columns if name in there.columns]
    places = [one for one in found if one]
    if not places:
        return Found(True, "the same values, packed otherwise")
    more = len(places) - SHOWN
    return Found(False, "; ".join(places[:SHOWN]) + (f"; and {more:,} more columns" if more > 0 else ""))


def _column(there: pl.DataFrame, here: pl.DataFrame, name: str) -> str:
    """The first row at which a column differs; empty if none does."""
    one, other = there[name], here[name]
    if one.dtype != other.dtype:
        return f"column {name} is {one.dtype} instead of {other.dtype}"
    row = one.ne_missing(other).arg_max()
    if row is None or not one.ne_missing(other)[row]:
        return ""
    values = [each.to_list() if isinstance(each, pl.Series) else each for each in (one[row], other[row])]
    return f"column {name}, row {row + 1:,}: {instead(*values)}"
