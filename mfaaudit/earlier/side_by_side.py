"""The accounts of several audits in one order, so that the verdicts of each stand side by side without a join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from mfaaudit.earlier.audit import Audit, JudgedRule
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

PLACES = {verdict: place for place, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Everybody of the present audit, in its order, and after them whoever is in the previous one alone."""

    ids: pl.Series
    """In lower case."""
    present: int
    """How many of them the present audit lists."""
    audits: tuple[Audit, ...]
    """The oldest first, the present one last."""
    _rows: tuple[pl.Series, ...]
    """For each audit the row of each account in it; null where it does not list the account."""

    def verdicts(self, audit: int, rule: JudgedRule) -> pl.Series:
        """The verdict of each account as its place in Verdict, null where it was not listed; one for the tenant."""
        if rule.scope is Scope.TENANT:
            return pl.Series([PLACES[rule.counts.worst]], dtype=pl.UInt8())
        return self.column(audit, rule.verdict_column).to_physical()

    def severities(self, audit: int, rule: JudgedRule) -> pl.Series | None:
        """The severity of each failure, where it differs from account to account."""
        has_own = rule.severity_column in self.audits[audit].users.columns
        return self.column(audit, rule.severity_column) if has_own else None

    def column(self, audit: int, name: str) -> pl.Series:
        """What stands of each account in a column of an audit; null where it was not listed."""
        return self.audits[audit].users[name].gather(self._rows[audit])

    def listed(self, audit: int) -> pl.Series:
        """Whether an audit lists each account."""
        return self._rows[audit].is_not_null()

    def rows(self, audit: int) -> pl.Series:
        """The row of each account in an audit; null where it does not list the account."""
        return self._rows[audit]


def side_by_side(audits: Sequence[Audit]) -> SideBySide:
    """The audits, the oldest first and the present one last; at least two."""
    previous, now = audits[-2].users["user_id"], audits[-1].users["user_id"]
    left = previous.filter(~previous.is_in(now.implode()))
    ids = pl.concat([now, left])
    everybody = ids.to_frame("user_id")
    return SideBySide(
        ids=ids,
        present=len(now),
        audits=tuple(audits),
        _rows=tuple(
            everybody.join(
                one.users.select("user_id").with_row_index("row"), on="user_id", how="left", maintain_order="left"
            )["row"]
            for one in audits
        ),
    )
