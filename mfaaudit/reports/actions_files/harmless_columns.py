"""Whole columns of text that no spreadsheet computes, and the CSV files that they are written to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from mfaaudit.bundle import private_file
from mfaaudit.reports.findings_csv import harmless
from mfaaudit.sources.field import Field, Kind

ODD = r'(^|[,;|])[\s"]*[=+\-@]|[^\x20-\x7e]'
"""What `harmless` could change: a sign at its front or after a separator, or anything but plain ASCII."""


def made_harmless(texts: pl.Series) -> pl.Series:
    """The same texts as `harmless` gives them; only the odd ones are looked at one by one."""
    is_odd = texts.str.contains(ODD)
    if not is_odd.any():
        return texts
    odd = texts.filter(is_odd).unique()
    return texts.replace(odd, pl.Series([harmless(one) for one in odd.to_list()], dtype=pl.String()))


def shown(users: pl.DataFrame, field: Field) -> pl.Series:
    """A field's values as text; NOT READ with the reason where there is none."""
    value = pl.col(field.column)
    match field.kind:
        case Kind.TIME:
            text = value.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        case Kind.LIST:
            text = pl.when(value.list.len() == 0).then(pl.lit("none")).otherwise(value.list.join(", "))
        case _:
            text = value.cast(pl.String())
    reason = pl.col(f"{field.column}_reason").cast(pl.String())
    unread = pl.concat_str(pl.lit("NOT READ ("), reason, pl.lit(")"))
    return users.select(pl.when(reason.is_null()).then(text).otherwise(unread).alias(field.name)).to_series()


def observed(users: pl.DataFrame, fields: Sequence[Field]) -> pl.Series:
    """What was seen of several fields, in a line."""
    if not fields:
        return pl.Series([""] * users.height, dtype=pl.String())
    texts = pl.DataFrame([shown(users, field) for field in fields])
    named = [pl.concat_str(pl.lit(f"{one.name} = "), pl.col(one.name).fill_null("")) for one in fields]
    return texts.select(pl.concat_str(*named, separator="; ").alias("evidence")).to_series()


def write_csv(path: Path, rows: pl.DataFrame) -> None:
    """A file of columns of text, each made harmless, with a byte order mark, as Excel needs it.

    Raises OutputProblem if it cannot be written.
    """
    safe = pl.DataFrame([made_harmless(rows[name].cast(pl.String())) for name in rows.columns])
    with private_file(path) as file:
        safe.write_csv(file, include_bom=True, line_terminator="\r\n")
