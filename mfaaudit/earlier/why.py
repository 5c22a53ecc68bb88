"""The causes of each change of one rule: by who is listed, by the rule itself, and by every step between two audits."""

from __future__ import annotations

import polars as pl

from mfaaudit.earlier.audit import JudgedRule
from mfaaudit.earlier.cause import Cause
from mfaaudit.earlier.causes import BITS, chain_of
from mfaaudit.earlier.change import Change
from mfaaudit.earlier.side_by_side import SideBySide
from mfaaudit.earlier.telling import TOLD, tell


def why(side: SideBySide, before: JudgedRule | None, now: JudgedRule | None, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a rule under which an account failed or fails, with `causes`, what differs, and when it was read.

    `frame` holds everybody, with `account`, null for the tenant, and `change`, null where nothing is to be said. What
    still fails has not changed, and has no cause.
    """
    replay, arrival = side.audits[-2].replay, side.audits[-1].arrival
    if replay is None or arrival is None:
        raise AssertionError("the previous audit was not judged with the present rules")
    causes = _by_listing(side, frame["account"])
    if now is not None:
        chain = chain_of(side, before, now, replay.rules[now.id], arrival.rules[now.id])
        causes = causes.zip_with(causes != 0, chain.causes())
    if before is None or now is None:
        causes = causes | pl.repeat(Cause.RULE.bit, len(causes), dtype=BITS, eager=True)
    goes_on = pl.col("change") == Change.STILL_FAILING.value
    rows = frame.with_columns(causes.alias("causes")).drop_nulls("change")
    rows = rows.with_columns(causes=pl.when(goes_on).then(pl.lit(0, BITS)).otherwise(pl.col("causes")))
    quiet = rows.filter(pl.col("causes") == 0).with_columns(
        pl.lit(None, kind).alias(name) for name, kind in TOLD.items()
    )
    loud = tell(side, before, now, rows.filter(pl.col("causes") != 0))
    return pl.concat([quiet, loud.select(quiet.columns)]).sort("account")


def _by_listing(side: SideBySide, accounts: pl.Series) -> pl.Series:
    """The causes of those who are not listed in both audits; 0 for everybody else, and for the tenant."""
    last = len(side.audits) - 1
    found = pl.repeat(0, len(accounts), dtype=BITS, eager=True)
    if accounts.null_count():
        return found
    for place in (last - 1, last):
        # Who was not listed may have been there all the same, unless the population was proved complete.
        causes = Cause.LISTED.bit | (0 if side.audits[place].complete else Cause.DATA.bit)
        found = found | (~side.listed(place)).cast(BITS) * causes
    return found.cast(BITS)
