"""What judging gives: for each rule a verdict a user, and counts that add up to everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

VERDICTS = pl.Enum([one.value for one in Verdict])
WORST = (Verdict.FAIL, Verdict.ERROR, Verdict.NOT_EVALUATED, Verdict.WAIVED, Verdict.PASS, Verdict.NOT_APPLICABLE)
"""Of several verdicts the first of these speaks for all."""
RANKED = pl.Enum([one.value for one in WORST])


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of each verdict."""

    pass_: int
    fail: int
    waived: int
    not_applicable: int
    not_evaluated: int
    error: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.pass_ + self.fail + self.waived + self.not_applicable + self.not_evaluated + self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """One rule, judged."""

    rule: Rule
    counts: Counts
    frame: pl.DataFrame
    """user_id, verdict, reason: one row a user in the order of the snapshot, or one without a user_id for a rule
    about the tenant."""
    observed: str
    """For a rule about the tenant, what was seen; empty for one about users."""

    @property
    def status(self) -> Verdict:
        """The worst verdict that occurs."""
        counts = by_verdict(self.counts)
        return next((verdict for verdict in WORST if counts[verdict]), Verdict.NOT_APPLICABLE)


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


def count(verdicts: pl.Series) -> Counts:
    """The counts of a column of verdicts."""
    found = dict(verdicts.cast(pl.String).value_counts().iter_rows())
    return Counts(
        pass_=found.pop(Verdict.PASS, 0),
        fail=found.pop(Verdict.FAIL, 0),
        waived=found.pop(Verdict.WAIVED, 0),
        not_applicable=found.pop(Verdict.NOT_APPLICABLE, 0),
        not_evaluated=found.pop(Verdict.NOT_EVALUATED, 0),
        error=found.pop(Verdict.ERROR, 0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All rules, judged."""

    packs: tuple[Pack, ...]
    results: tuple[RuleResult, ...]
    user_count: int

    def users_with(self, verdict: Verdict) -> int:
        """How many users have this verdict under at least one rule."""
        found = pl.repeat(False, self.user_count, dtype=pl.Boolean(), eager=True)
        for verdicts in self._verdicts_of_users():
            found |= verdicts == verdict.value
        return int(found.sum())

    def worst_of_users(self) -> pl.Series:
        """The verdict that speaks for each user under all rules about users, in the order of the users."""
        worst = pl.repeat(Verdict.NOT_APPLICABLE.value, self.user_count, dtype=RANKED, eager=True)
        for verdicts in self._verdicts_of_users():
            ranked = verdicts.cast(pl.String).cast(RANKED)
            worst = ranked.zip_with(ranked.to_physical() < worst.to_physical(), worst)
        return worst

    def _verdicts_of_users(self) -> Iterator[pl.Series]:
        return (one.frame["verdict"] for one in self.results if one.rule.scope is Scope.USER)
