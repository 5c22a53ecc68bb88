"""Who is listed now and was not before, and the other way round."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mfaaudit.earlier.audit import NAME_COLUMNS
from mfaaudit.earlier.change import Change
from mfaaudit.earlier.side_by_side import SideBySide
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

MOVES = (Change.JOINED, Change.BACK, Change.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The accounts of the previous and the present audit: stayed + left were listed, stayed + joined + back are."""

    stayed: int
    moved: pl.DataFrame
    """A row for each of the others: `account`, a place in the ids of both; `change`, one of MOVES; `failures`, the
    rules that it fails now, or of one that left, failed before."""
    left: pl.DataFrame
    """user_id and NAME_COLUMNS of those that left, in the order in which they stand in the ids of both."""

    def count(self, change: Change) -> int:
        """How many joined, are back or left."""
        return int((self.moved["change"] == change.value).sum())

    def failing(self, change: Change) -> int:
        """How many of them fail a rule, or did before they left."""
        return int(((self.moved["change"] == change.value) & (self.moved["failures"] > 0)).sum())


def people_of(side: SideBySide) -> People:
    """Who joined, who is back, and who left."""
    last = len(side.audits) - 1
    before, now = side.listed(last - 1), side.listed(last)
    older = pl.repeat(False, len(side.ids), dtype=pl.Boolean(), eager=True)
    for place in range(last - 1):
        older = older | side.listed(place)
    frame = pl.DataFrame(
        {
            "before": before,
            "now": now,
            "older": older,
            "failures now": _failures(side, last),
            "failures before": _failures(side, last - 1),
        }
    ).with_row_index("account")
    moved = frame.filter(pl.col("before") != pl.col("now")).select(
        "account",
        change=pl.when(pl.col("before"))
        .then(pl.lit(Change.LEFT.value))
        .when(pl.col("older"))
        .then(pl.lit(Change.BACK.value))
        .otherwise(pl.lit(Change.JOINED.value)),
        failures=pl.when(pl.col("before")).then(pl.col("failures before")).otherwise(pl.col("failures now")),
    )
    rows = side.rows(last - 1).slice(side.present)
    return People(
        stayed=int((before & now).sum()),
        moved=moved,
        left=side.audits[last - 1].users.select("user_id", *NAME_COLUMNS)[rows],
    )


def _failures(side: SideBySide, place: int) -> pl.Series:
    """How many rules on the tenant's users each account fails."""
    audit = side.audits[place]
    rules = [one for one in audit.of_tenant if one.scope is Scope.USER]
    failed = ((pl.col(one.verdict_column) == Verdict.FAIL.value).cast(pl.UInt32()) for one in rules)
    count = pl.sum_horizontal(pl.lit(0, pl.UInt32()), *failed)
    # With literals alone a frame would have one row.
    counted = audit.users.with_columns(count.alias("failures"))["failures"]
    return counted.gather(side.rows(place))
