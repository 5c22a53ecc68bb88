"""The completeness ledger: every user who was listed stands in exactly one bucket, and the buckets add up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.findings.results import VERDICTS, Findings
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Verdict


class Bucket(StrEnum):
    """What became of one user under all rules about users, in the order in which it is shown."""

    EVALUATED = "evaluated"
    WAIVED = "waived"
    OUT_OF_SCOPE = "outOfScope"
    UNREADABLE = "unreadable"
    ERROR = "error"

    @property
    def words(self) -> str:
        """What is said of the users in it: 12 are *out of scope*."""
        return {Bucket.OUT_OF_SCOPE: "out of scope", Bucket.ERROR: "in error"}.get(self, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """The users of one bucket; of the unreadable ones those with one reason."""

    bucket: Bucket
    reason: Reason | None
    """None unless the bucket is `unreadable`, and then too if nobody is in it."""
    users: int
    failing: int
    """How many of them have a FAIL under at least one rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Every bucket, also an empty one; the unreadable by reason, the commonest first."""

    rows: tuple[LedgerRow, ...]

    @property
    def users(self) -> int:
        """Everybody: the users enumerated."""
        return sum(one.users for one in self.rows)

    @property
    def failing(self) -> int:
        """Whoever has a FAIL, in whichever bucket."""
        return sum(one.failing for one in self.rows)

    def of(self, bucket: Bucket) -> tuple[LedgerRow, ...]:
        """The rows of one bucket."""
        return tuple(one for one in self.rows if one.bucket is bucket)


def ledger_of(findings: Findings) -> Ledger:
    """Puts every user into the first bucket that fits.

    - `unreadable`: a rule is NOT_EVALUATED for the user. Of several reasons the one counts that stands first in
      `Reason`, whichever rule had it: what somebody could grant comes before what nobody can help.
    - `error`: a rule ended in an ERROR.
    - `waived`: nothing failed, and a failure was waived.
    - `evaluated`: something passed or failed.
    - `outOfScope`: no rule is about the user, or no rule is about users at all.

    Rules about the tenant have no say. The rows add up to the users enumerated.
    """
    found = [
        LedgerRow(
            bucket=Bucket(bucket), reason=None if code is None else tuple(Reason)[code], users=users, failing=failing
        )
        for bucket, code, users, failing in _counted(findings).iter_rows()
    ]
    return Ledger(rows=tuple(row for bucket in Bucket for row in _rows_of(bucket, found)))


def _rows_of(bucket: Bucket, found: list[LedgerRow]) -> list[LedgerRow]:
    own = [one for one in found if one.bucket is bucket]
    return sorted(own, key=lambda one: (-one.users, one.reason or "")) or [
        LedgerRow(bucket=bucket, reason=None, users=0, failing=0)
    ]


def _counted(findings: Findings) -> pl.DataFrame:
    """How many users, and how many of them fail, by bucket and the place of the reason among all reasons."""
    frame = _all_rules(findings)
    verdicts, codes = pl.col("^verdict .*$"), pl.col("^code .*$")

    def some(verdict: Verdict) -> pl.Expr:
        return pl.any_horizontal(verdicts == verdict.value)

    bucket = (
        pl.when(some(Verdict.NOT_EVALUATED))
        .then(pl.lit(Bucket.UNREADABLE.value))
        .when(some(Verdict.ERROR))
        .then(pl.lit(Bucket.ERROR.value))
        .when(some(Verdict.WAIVED) & ~some(Verdict.FAIL))
        .then(pl.lit(Bucket.WAIVED.value))
        .when(some(Verdict.PASS) | some(Verdict.FAIL))
        .then(pl.lit(Bucket.EVALUATED.value))
        .otherwise(pl.lit(Bucket.OUT_OF_SCOPE.value))
    )
    return (
        frame.select(bucket=bucket, code=pl.min_horizontal(codes), failing=some(Verdict.FAIL))
        .group_by("bucket", "code")
        .agg(users=pl.len(), failing=pl.col("failing").sum())
    )


def _all_rules(findings: Findings) -> pl.DataFrame:
    """The verdict of each rule about users, and the place of its reason, side by side."""
    # Where there is no rule about users, nobody is in the scope of one.
    verdict = pl.repeat(Verdict.NOT_APPLICABLE.value, findings.user_count, dtype=VERDICTS, eager=True)
    reason = pl.repeat(None, findings.user_count, dtype=REASONS, eager=True)
    judged = [pl.DataFrame({"verdict": verdict, "reason": reason})]
    judged += [one.frame for one in findings.results if one.rule.scope is Scope.USER]
    unread = pl.col("verdict") == Verdict.NOT_EVALUATED.value
    code = pl.when(unread).then(pl.col("reason").to_physical())
    return pl.concat(
        [
            one.select(pl.col("verdict").alias(f"verdict {number}"), code.alias(f"code {number}"))
            for number, one in enumerate(judged)
        ],
        how="horizontal",
    )
