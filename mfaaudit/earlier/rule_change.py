"""One rule in the previous audit and in the present one: what became of everybody under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from mfaaudit.earlier.audit import JudgedRule
from mfaaudit.earlier.change import FAILED_BEFORE, FAILS_NOW, Change, Comparison, Standing, change_of
from mfaaudit.earlier.side_by_side import PLACES, SideBySide
from mfaaudit.findings.results import SEVERITIES, VERDICTS
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

CHANGES = pl.Enum([one.value for one in Change])
STANDINGS: tuple[Standing, ...] = (*Verdict, None)
ABSENT = STANDINGS.index(None)
KINDS = pl.Series([change_of(before, now) for before in STANDINGS for now in STANDINGS], dtype=CHANGES)
"""By the place of what was, times their number, plus the place of what is."""
ROWS = {
    "rule": pl.UInt16(),
    "change": CHANGES,
    "account": pl.UInt32(),
    "before": VERDICTS,
    "now": VERDICTS,
    "severity": SEVERITIES,
    "since": pl.UInt16(),
}
"""The columns of a list of changes, and their kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One rule in the previous audit and in the present one."""

    before: JudgedRule | None
    now: JudgedRule | None
    comparison: Comparison
    pairs: Mapping[tuple[Standing, Standing], int]
    """How many accounts had which verdict before, and have which now; empty unless the two can be compared."""
    counts: Mapping[Change, int]
    """How many of each change; a change that nobody has may be missing."""

    @property
    def rule(self) -> JudgedRule:
        """As it is now; as it was, if it is gone."""
        found = self.now or self.before
        if found is None:
            raise AssertionError("a rule of neither audit")
        return found

    @property
    def failed_before(self) -> int:
        """How many failed it in the previous audit."""
        return 0 if self.before is None else self.before.counts.fail

    @property
    def fail_now(self) -> int:
        """How many fail it now."""
        return 0 if self.now is None else self.now.counts.fail


def compared(
    side: SideBySide, before: JudgedRule, now: JudgedRule, since: pl.Series, back: pl.Series
) -> tuple[RuleChange, pl.DataFrame]:
    """One rule that asks the same in both audits, and its rows."""
    last = len(side.audits) - 1
    was, is_ = (one.fill_null(ABSENT) for one in (side.verdicts(last - 1, before), side.verdicts(last, now)))
    pair = was * len(STANDINGS) + is_
    frame = pl.DataFrame({"was": was, "is": is_, "change": KINDS.gather(pair), "since": since})
    if now.scope is Scope.USER:
        again = (frame["change"] == Change.JOINED.value).fill_null(value=False) & back
        frame = frame.with_columns(
            change=pl.when(again).then(pl.lit(Change.BACK.value, CHANGES)).otherwise(pl.col("change")),
            severity=_severities(side, before, now, is_),
        )
        accounts = pl.int_range(len(was), dtype=pl.UInt32(), eager=True)
    else:
        severity = now.severity if now.counts.fail else before.severity
        frame = frame.with_columns(severity=pl.lit(severity.value, SEVERITIES))
        accounts = pl.Series([None], dtype=pl.UInt32())
    frame = frame.with_columns(account=accounts)
    pairs = {(STANDINGS[code // len(STANDINGS)], STANDINGS[code % len(STANDINGS)]): n for code, n in _counted(pair)}
    rows = frame.drop_nulls("change")
    counts = {Change(word): n for word, n in _counted(rows["change"])}
    made = RuleChange(
        before=before,
        now=now,
        comparison=Comparison.SAME,
        pairs={key: pairs[key] for key in sorted(pairs, key=_place) if key != (None, None)},
        counts={change: counts[change] for change in Change if change in counts},
    )
    _check(made)
    return made, rows.with_columns(before=_verdicts("was"), now=_verdicts("is"))


def _counted(values: pl.Series) -> Iterator[tuple[Any, int]]:
    return values.value_counts().iter_rows()


def _place(pair: tuple[Standing, Standing]) -> int:
    return STANDINGS.index(pair[0]) * len(STANDINGS) + STANDINGS.index(pair[1])


def _verdicts(column: str) -> pl.Expr:
    words = pl.Series([*(one.value for one in Verdict), None], dtype=VERDICTS)
    return pl.col(column).map_batches(words.gather, return_dtype=VERDICTS)


def _severities(side: SideBySide, before: JudgedRule, now: JudgedRule, is_: pl.Series) -> pl.Series:
    """That of the failure now; of one that is gone, that of the failure before."""
    last = len(side.audits) - 1
    then, today = (
        pl.repeat(rule.severity.value, len(is_), dtype=SEVERITIES, eager=True) if found is None else found
        for rule, found in ((before, side.severities(last - 1, before)), (now, side.severities(last, now)))
    )
    return today.zip_with(is_ == PLACES[Verdict.FAIL], then)


def _check(made: RuleChange) -> None:
    """Whatever failed before, and whatever fails now, has to stand somewhere."""
    for parts, total in ((FAILED_BEFORE, made.failed_before), (FAILS_NOW, made.fail_now)):
        found = sum(made.counts.get(one, 0) for one in parts)
        if found != total:
            raise AssertionError(f"{made.rule.id}: the changes add up to {found}, not to {total}")
