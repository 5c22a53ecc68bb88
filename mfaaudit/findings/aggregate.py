"""A number over many users, some of whom are not known: a verdict only if it holds however those turn out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

import narwhals as nw

from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.compiling import Leaves, holds, why_open
from mfaaudit.findings.operators import COMPARISONS
from mfaaudit.findings.policy import Aggregate
from mfaaudit.words import Reason, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Users by what is known: in the population or perhaps, and counted, not counted or perhaps."""

    yes: int
    no: int
    open: int
    maybe_yes: int
    maybe_no: int
    maybe_open: int
    reason: Reason | None
    """The commonest reason why a user is open."""

    @property
    def judged(self) -> int:
        """Users about whom everything is known."""
        return self.yes + self.no

    @property
    def wanted(self) -> int:
        """Users who are in the population, or may be."""
        return self.judged + self.open + self.maybe_yes + self.maybe_no + self.maybe_open


def judge_aggregate(rule: Aggregate, users: Atoms) -> tuple[Verdict, Reason | None, str]:
    """The verdict, the reason if it is open, and what was seen."""
    return judge_tally(rule, take_tally(rule, users))


def judge_tally(rule: Aggregate, tally: Tally) -> tuple[Verdict, Reason | None, str]:
    """The same of users that have been counted."""
    if tally.wanted == 0:
        return Verdict.NOT_APPLICABLE, None, "nobody is in the population"
    low, high = bounds(rule, tally)
    covered = Fraction(100 * tally.judged, tally.wanted)
    seen = _seen(rule, tally)
    enough = covered >= rule.min_coverage_percent
    # Where nobody is in the population for certain, the rule may turn out not to apply.
    if tally.judged or tally.open:
        # A share of too few is no figure to put one's name to, not even a bad one; a number that is too high stays so.
        if not _possible(rule, low, high) and (enough or not rule.percent):
            return Verdict.FAIL, None, seen
        if _keeps(rule, low) and _keeps(rule, high) and enough:
            return Verdict.PASS, None, seen
    return Verdict.NOT_EVALUATED, tally.reason or Reason.UNKNOWN_VALUE, seen


def take_tally(rule: Aggregate, users: Atoms) -> Tally:
    """Counts the users."""
    return tally_of(users.over(**tally_expressions(rule, users)).group_by("over", "hit", "why").len().iter_rows())


def tally_expressions(rule: Aggregate, leaves: Leaves) -> dict[str, nw.Expr]:
    """Whether a user is in the population and counts, and the place of the reason where either is open."""
    return {
        "over": holds(rule.over, leaves),
        "hit": holds(rule.count, leaves),
        "why": nw.coalesce(why_open(rule.over, leaves), why_open(rule.count, leaves)),
    }


def tally_of(rows: Iterable[tuple[bool | None, bool | None, int | None, int]]) -> Tally:
    """The tally of users who were grouped by those three."""
    groups: Counter[tuple[bool | None, bool | None]] = Counter()
    reasons: Counter[int] = Counter()
    for over, hit, why, size in rows:
        groups[over, hit] += size
        if why is not None and over is not False:
            reasons[why] += size
    common = min(reasons, key=lambda one: (-reasons[one], one)) if reasons else None
    return Tally(
        yes=groups[True, True],
        no=groups[True, False],
        open=groups[True, None],
        maybe_yes=groups[None, True],
        maybe_no=groups[None, False],
        maybe_open=groups[None, None],
        reason=None if common is None else tuple(Reason)[common],
    )


def bounds(rule: Aggregate, tally: Tally) -> tuple[Fraction, Fraction]:
    """The least and the most that the number can be, however the unknowns turn out."""
    most = tally.yes + tally.open + tally.maybe_yes + tally.maybe_open
    if not rule.percent:
        return Fraction(tally.yes), Fraction(most)
    worst_out_of = tally.yes + tally.no + tally.open + tally.maybe_no + tally.maybe_open
    best_out_of = most + tally.no
    # Nobody in the population for certain: the share can be anything.
    low = Fraction(100 * tally.yes, worst_out_of) if worst_out_of else Fraction(0 if tally.maybe_yes == 0 else 100)
    high = Fraction(100 * most, best_out_of) if best_out_of else Fraction(0)
    return low, high


def _keeps(rule: Aggregate, value: Fraction) -> bool:
    if rule.comparison == "between":
        return rule.bound[0] <= value <= rule.bound[1]
    compare: Callable[[Fraction, int], bool] = COMPARISONS[rule.comparison][0]
    return compare(value, rule.bound[0])


def _possible(rule: Aggregate, low: Fraction, high: Fraction) -> bool:
    # The allowed values are an interval, and so are the possible ones: they meet or they do not.
    first, last = rule.bound[0], rule.bound[-1]
    match rule.comparison:
        case "gte" | "gt":
            return _keeps(rule, high)
        case "lte" | "lt":
            return _keeps(rule, low)
        case _:
            return low <= last and high >= first


def _seen(rule: Aggregate, tally: Tally) -> str:
    text = f"{tally.yes:,} of {tally.judged:,} judged"
    if rule.percent and tally.judged:
        # Rounded down: 100 % means all.
        tenths = 1000 * tally.yes // tally.judged
        text = f"{tenths // 10}.{tenths % 10} % ({text})"
    rest = tally.wanted - tally.judged
    return f"{text}; {rest:,} could not be judged" if rest else text
