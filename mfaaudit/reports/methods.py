"""Whether a user holds a method that cannot be phished: yes, no, or not known and why."""

from __future__ import annotations

from functools import cache

import polars as pl

from mfaaudit.findings import load_pack
from mfaaudit.findings.lists_used import lists_used
from mfaaudit.reports.document import Cell
from mfaaudit.words import Reason, Unknown

PACK, LIST = "phishing-resistant", "phishing_resistant"
METHODS = "registration_methodsRegistered"


@cache
def phishing_resistant_methods() -> tuple[str, ...]:
    """The registered methods that cannot be phished, as the shipped pack names them."""
    return lists_used(load_pack(PACK))[LIST]


def phishing_resistant(users: pl.DataFrame) -> pl.Series:
    """For each user whether such a method is registered; null where that is not known."""
    held = pl.col(METHODS)
    has = held.list.set_intersection(list(phishing_resistant_methods())).list.len() > 0
    # A method that nobody has classified may be one of them.
    strange = pl.col(f"{METHODS}_unclassified")
    answer = pl.when(has).then(pl.lit(value=True)).when(strange).then(None).otherwise(has)
    return users.select(answer.alias("phishingResistant"))["phishingResistant"]


def phishing_resistant_cells(users: pl.DataFrame) -> list[Cell]:
    """The same as cells of a table."""
    pairs = zip(phishing_resistant(users).to_list(), users[f"{METHODS}_reason"].to_list(), strict=True)
    return [
        Unknown(Reason.UNKNOWN_VALUE if reason is None else Reason(reason)) if answer is None else answer
        for answer, reason in pairs
    ]
