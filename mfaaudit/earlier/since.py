"""Since when an account fails a rule, as far as the audits tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from mfaaudit.earlier.audit import JudgedRule
from mfaaudit.earlier.side_by_side import PLACES, SideBySide
from mfaaudit.words import Verdict

GOES_ON = [PLACES[one] for one in (Verdict.FAIL, Verdict.WAIVED, Verdict.NOT_EVALUATED, Verdict.ERROR)]
"""What does not show that a failure was ever cured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The audit in which a failure was seen first."""

    run_id: str
    at: datetime
    """When that audit began."""
    age_days: int
    """Whole days from then until the present audit began."""


def first_failed(side: SideBySide, rule: JudgedRule, last: int) -> pl.Series:
    """For each account the place of the audit in which its failure of a rule was seen first; null without one.

    `last` is the place of the audit that judged with the rule as it is given. The failure is that of this audit or,
    where there is none, of the one before. It is followed back to the last audit that shows it cured: one in which
    the account passed, was out of scope or, if the population is proved complete, was not there. A waiver cures
    nothing, and neither does a value that was not read or a rule that was not judged. Beyond a change of the rule
    nothing is known.
    """
    failed = _fails(side.verdicts(last, rule))
    since = _everywhere(None, len(failed)).zip_with(~failed, _everywhere(last, len(failed)))
    alive = pl.repeat(True, len(failed), dtype=pl.Boolean(), eager=True)
    for place in range(last - 1, -1, -1):
        other = side.audits[place].rule(rule.id)
        if other is None:
            continue
        if other.fingerprint != rule.fingerprint:
            break
        verdicts = side.verdicts(place, other)
        since = _everywhere(place, len(failed)).zip_with(alive & _fails(verdicts), since)
        alive = alive & verdicts.is_in(GOES_ON).fill_null(value=not side.audits[place].complete)
    return since


def _fails(verdicts: pl.Series) -> pl.Series:
    return (verdicts == PLACES[Verdict.FAIL]).fill_null(value=False)


def _everywhere(place: int | None, count: int) -> pl.Series:
    return pl.repeat(place, count, dtype=pl.UInt16(), eager=True)
