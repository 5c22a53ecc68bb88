"""One rule in the previous audit and in the present one: what became of everybody under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl

from mfaaudit.earlier.audit import JudgedRule
from mfaaudit.earlier.cause import Cause, causes_in
from mfaaudit.earlier.causes import BITS
from mfaaudit.earlier.change import FAILED_BEFORE, FAILS_NOW, Change, Comparison, Standing, change_of
from mfaaudit.earlier.side_by_side import PLACES, SideBySide
from mfaaudit.earlier.since import first_failed
from mfaaudit.earlier.why import why
from mfaaudit.findings.results import SEVERITIES, VERDICTS
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

T = TypeVar("T")
CHANGES = pl.Enum([one.value for one in Change])
STANDINGS: tuple[Standing, ...] = (*Verdict, None)
ABSENT = STANDINGS.index(None)
KINDS = pl.Series([change_of(before, now) for before in STANDINGS for now in STANDINGS], dtype=CHANGES)
"""By the place of what was, times their number, plus the place of what is."""
ROWS = {
    "rule": pl.UInt16(),
    "change": CHANGES,
    "causes": BITS,
    "account": pl.UInt32(),
    "before": VERDICTS,
    "now": VERDICTS,
    "severity": SEVERITIES,
    "since": pl.UInt16(),
    "what": pl.String(),
    "read before": pl.Datetime("us", "UTC"),
    "read now": pl.Datetime("us", "UTC"),
}
"""The columns of a list of changes, and their kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One rule in the previous audit and in the present one."""

    before: JudgedRule | None
    now: JudgedRule | None
    comparison: Comparison
    pairs: Mapping[tuple[Standing, Standing], int]
    """How many accounts had which verdict before, and have which now; empty unless both audits have the rule."""
    counts: Mapping[Change, int]
    """How many of each change; a change that nobody has may be missing."""
    causes: Mapping[tuple[Change, Cause], int]
    """How many of each change have a cause; one with several causes counts under each of them."""
    main: Mapping[Cause, int]
    """How many changes have each cause as their main one: together all changes but what still fails."""

    @property
    def rule(self) -> JudgedRule:
        """As it is now; as it was, if it is gone."""
        return _one_of(self.now, self.before)

    @property
    def failed_before(self) -> int:
        """How many failed it in the previous audit."""
        return 0 if self.before is None else self.before.counts.fail

    @property
    def fail_now(self) -> int:
        """How many fail it now."""
        return 0 if self.now is None else self.now.counts.fail


def compared(
    side: SideBySide, before: JudgedRule | None, now: JudgedRule | None, comparison: Comparison, back: pl.Series
) -> tuple[RuleChange, pl.DataFrame]:
    """One rule and its rows."""
    last = len(side.audits) - 1
    of_users = _one_of(now, before).scope is Scope.USER
    height = len(side.ids) if of_users else 1
    was = _standings(side, last - 1, before, height)
    is_ = _standings(side, last, now, height)
    pair = was * len(STANDINGS) + is_
    frame = pl.DataFrame(
        {
            "was": was,
            "is": is_,
            "change": _changes(was, is_, comparison),
            "since": _since(side, before, now, comparison),
            "severity": _severities(side, before, now, is_),
        }
    )
    if of_users:
        again = (frame["change"] == Change.JOINED.value).fill_null(value=False) & back
        frame = frame.with_columns(
            change=pl.when(again).then(pl.lit(Change.BACK.value, CHANGES)).otherwise(pl.col("change")),
            account=pl.int_range(height, dtype=pl.UInt32()),
        )
    else:
        frame = frame.with_columns(account=pl.lit(None, pl.UInt32()))
    rows = why(side, before, now, frame)
    if comparison in (Comparison.NEW, Comparison.GONE):
        pairs: dict[tuple[Standing, Standing], int] = {}
    else:
        pairs = {(STANDINGS[code // len(STANDINGS)], STANDINGS[code % len(STANDINGS)]): n for code, n in _counted(pair)}
    counts = {Change(word): n for word, n in _counted(rows["change"])}
    causes, main = _causes(rows)
    made = RuleChange(
        before=before,
        now=now,
        comparison=comparison,
        pairs={key: pairs[key] for key in sorted(pairs, key=_place) if key != (None, None)},
        counts={change: counts[change] for change in Change if change in counts},
        causes=causes,
        main=main,
    )
    _check(made)
    return made, rows.with_columns(before=_verdicts("was"), now=_verdicts("is"))


def _one_of(first: T | None, second: T | None) -> T:
    found = second if first is None else first
    if found is None:
        raise AssertionError("a rule of neither audit")
    return found


def _standings(side: SideBySide, audit: int, rule: JudgedRule | None, height: int) -> pl.Series:
    if rule is None:
        return pl.repeat(ABSENT, height, dtype=pl.UInt8(), eager=True)
    return side.verdicts(audit, rule).fill_null(ABSENT)


def _changes(was: pl.Series, is_: pl.Series, comparison: Comparison) -> pl.Series:
    if comparison is Comparison.NEW:
        return _only(Change.NEW_RULE, is_)
    if comparison is Comparison.GONE:
        return _only(Change.RULE_GONE, was)
    return KINDS.gather(was * len(STANDINGS) + is_)


def _only(change: Change, verdicts: pl.Series) -> pl.Series:
    words = pl.Series([change.value if one is Verdict.FAIL else None for one in STANDINGS], dtype=CHANGES)
    return words.gather(verdicts)


def _since(side: SideBySide, before: JudgedRule | None, now: JudgedRule | None, comparison: Comparison) -> pl.Series:
    """Where the rule changed or is gone, a failure that is no more is that of the rule as it was."""
    last = len(side.audits) - 1
    found = None if now is None else first_failed(side, now, last)
    past = None if before is None or comparison is Comparison.SAME else first_failed(side, before, last - 1)
    if now is None or found is None or past is None:
        return _one_of(found, past)
    fails = (side.verdicts(last, now) == PLACES[Verdict.FAIL]).fill_null(value=False)
    return found.zip_with(fails, past)


def _counted(values: pl.Series) -> Iterator[tuple[Any, int]]:
    return values.value_counts().iter_rows()


def _place(pair: tuple[Standing, Standing]) -> int:
    return STANDINGS.index(pair[0]) * len(STANDINGS) + STANDINGS.index(pair[1])


def _verdicts(column: str) -> pl.Expr:
    words = pl.Series([*(one.value for one in Verdict), None], dtype=VERDICTS)
    return pl.col(column).map_batches(words.gather, return_dtype=VERDICTS)


def _severities(side: SideBySide, before: JudgedRule | None, now: JudgedRule | None, is_: pl.Series) -> pl.Series:
    """That of the failure now; of one that is gone, that of the failure before."""
    last = len(side.audits) - 1
    then, today = (
        None if rule is None else _severity_of(side, audit, rule, len(is_))
        for audit, rule in ((last - 1, before), (last, now))
    )
    if then is None or today is None:
        return _one_of(today, then)
    return today.zip_with(is_ == PLACES[Verdict.FAIL], then)


def _severity_of(side: SideBySide, audit: int, rule: JudgedRule, height: int) -> pl.Series:
    own = side.severities(audit, rule) if rule.scope is Scope.USER else None
    return pl.repeat(rule.severity.value, height, dtype=SEVERITIES, eager=True) if own is None else own


def _causes(rows: pl.DataFrame) -> tuple[dict[tuple[Change, Cause], int], dict[Cause, int]]:
    """How many changes have each cause, and how many have it as their main one."""
    each: Counter[tuple[Change, Cause]] = Counter()
    main: Counter[Cause] = Counter()
    for word, bits, number in rows.group_by("change", "causes").len().iter_rows():
        causes = causes_in(bits)
        for one in causes:
            each[Change(word), one] += number
        for one in causes[:1]:
            main[one] += number
    return (
        {(change, cause): each[change, cause] for change in Change for cause in Cause if each[change, cause]},
        {cause: main[cause] for cause in Cause if main[cause]},
    )


def _check(made: RuleChange) -> None:
    """Whatever failed before, and whatever fails now, has to stand somewhere; and what changed has a cause."""
    for parts, total in ((FAILED_BEFORE, made.failed_before), (FAILS_NOW, made.fail_now)):
        found = sum(made.counts.get(one, 0) for one in parts)
        if found != total:
            raise AssertionError(f"{made.rule.id}: the changes add up to {found}, not to {total}")
    changed = sum(number for change, number in made.counts.items() if change is not Change.STILL_FAILING)
    if sum(made.main.values()) != changed:
        raise AssertionError(f"{made.rule.id}: {changed} changes have {sum(made.main.values())} main causes")
