"""What judging gives: for each rule a verdict a user, and counts that add up to everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import polars as pl

from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity, Verdict

VERDICTS = pl.Enum([one.value for one in Verdict])
SEVERITIES = pl.Enum([one.value for one in Severity])
WORST = (Verdict.FAIL, Verdict.ERROR, Verdict.NOT_EVALUATED, Verdict.WAIVED, Verdict.PASS, Verdict.NOT_APPLICABLE)
"""Of several verdicts the first of these speaks for all."""
RANKED = pl.Enum([one.value for one in WORST])


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of each verdict."""

    pass_: int = 0
    fail: int = 0
    waived: int = 0
    not_applicable: int = 0
    not_evaluated: int = 0
    error: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.judged + self.not_applicable + self.not_evaluated + self.error

    @property
    def judged(self) -> int:
        """Passed, failed or waived."""
        return self.pass_ + self.fail + self.waived

    @property
    def in_scope(self) -> int:
        """Whoever the rule is about, judged or not."""
        return self.judged + self.not_evaluated + self.error

    @property
    def strict(self) -> Fraction | None:
        """The share of those judged that passes; a waived failure is a failure. None where nobody was judged."""
        return Fraction(self.pass_, self.judged) if self.judged else None

    @property
    def net(self) -> Fraction | None:
        """The same with waived failures taken as passed."""
        return Fraction(self.pass_ + self.waived, self.judged) if self.judged else None

    @property
    def coverage(self) -> Fraction | None:
        """The share of those in scope that could be judged; None where nobody is in scope."""
        return Fraction(self.judged, self.in_scope) if self.in_scope else None

    @property
    def worst(self) -> Verdict:
        """The verdict that speaks for all."""
        numbers = by_verdict(self)
        return next((verdict for verdict in WORST if numbers[verdict]), Verdict.NOT_APPLICABLE)

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            pass_=self.pass_ + other.pass_,
            fail=self.fail + other.fail,
            waived=self.waived + other.waived,
            not_applicable=self.not_applicable + other.not_applicable,
            not_evaluated=self.not_evaluated + other.not_evaluated,
            error=self.error + other.error,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """One rule, judged."""

    rule: Rule
    counts: Counts
    frame: pl.DataFrame
    """user_id, verdict, reason: one row a user in the order of the snapshot, or one without a user_id for a rule
    about the tenant. With `severity` where it differs from user to user, and `exception`, the id of the entry of the
    register, where a failure was waived."""
    observed: str
    """For a rule about the tenant, what was seen; empty for one about users."""
    failures: Mapping[Severity, int] = field(default_factory=dict)
    """How many fail, by severity."""
    blocked_by: tuple[str, ...] = ()
    """The rules that must pass first, and do not: until then nobody should do what the remediation says."""

    @property
    def status(self) -> Verdict:
        """The worst verdict that occurs."""
        return self.counts.worst

    def fails_at(self, least: Severity) -> int:
        """How many fail at a severity or above it."""
        return fails_at(self.failures, least)


def fails_at(failures: Mapping[Severity, int], least: Severity) -> int:
    """How many of the failures are of a severity or above it."""
    return sum(count for severity, count in failures.items() if severity.rank >= least.rank)


def by_verdict(counts: Counts) -> Mapping[Verdict, int]:
    """The same counts by their word."""
    return {
        Verdict.PASS: counts.pass_,
        Verdict.FAIL: counts.fail,
        Verdict.WAIVED: counts.waived,
        Verdict.NOT_APPLICABLE: counts.not_applicable,
        Verdict.NOT_EVALUATED: counts.not_evaluated,
        Verdict.ERROR: counts.error,
    }


def counts_of(numbers: Mapping[Verdict, int]) -> Counts:
    """The counts by their word as one; a verdict that nobody has may be missing."""
    passed, failed, waived, not_applicable, not_evaluated, error = (numbers.get(one, 0) for one in Verdict)
    return Counts(
        pass_=passed,
        fail=failed,
        waived=waived,
        not_applicable=not_applicable,
        not_evaluated=not_evaluated,
        error=error,
    )


def count(places: pl.Series) -> Counts:
    """The counts of a column of verdicts, each as its place among all verdicts."""
    verdicts = tuple(Verdict)
    return counts_of({verdicts[place]: number for place, number in places.value_counts().iter_rows()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All rules, judged."""

    packs: tuple[Pack, ...]
    results: tuple[RuleResult, ...]
    """Each rule once, however many packs hold it."""
    user_count: int
    unfit: tuple[Pack, ...] = ()
    """Packs that do not fit the posture of the tenant, and so say nothing of it."""

    def of_pack(self, pack: Pack) -> tuple[RuleResult, ...]:
        """The results of one pack's rules, in its order."""
        found = {one.rule.id: one for one in self.results}
        return tuple(found[rule.id] for rule in pack.rules)

    def exceptions(self) -> Mapping[str, int]:
        """How many failures each entry of the exceptions register waived, by its id."""
        found: Counter[str] = Counter()
        for one in self.results:
            if "exception" in one.frame.columns:
                found.update(dict(one.frame["exception"].drop_nulls().value_counts().iter_rows()))
        return found

    def users_with(self, verdict: Verdict) -> int:
        """How many users have this verdict under at least one rule."""
        found = pl.repeat(False, self.user_count, dtype=pl.Boolean(), eager=True)
        for verdicts in self._verdicts_of_users():
            found |= verdicts == verdict.value
        return int(found.sum())

    def worst_of_users(self) -> pl.Series:
        """The verdict that speaks for each user under all rules about users, in the order of the users."""
        ranks = pl.Series([WORST.index(verdict) for verdict in Verdict], dtype=pl.UInt8())
        best = WORST.index(Verdict.NOT_APPLICABLE)
        worst = pl.repeat(best, self.user_count, dtype=pl.UInt8(), eager=True)
        for verdicts in self._verdicts_of_users():
            rank = ranks.gather(verdicts.to_physical())
            worst = rank.zip_with(rank < worst, worst)
        return pl.Series([one.value for one in WORST], dtype=RANKED).gather(worst)

    def _verdicts_of_users(self) -> Iterator[pl.Series]:
        return (one.frame["verdict"] for one in self.results if one.rule.scope is Scope.USER)
