"""Every rule against every user: pure, so that the same snapshot and rules give the same verdicts at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import narwhals as nw
import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.findings.aggregate import judge_aggregate
from mfaaudit.findings.compiling import holds, why_open
from mfaaudit.findings.describe import observed
from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.findings.results import VERDICTS, Findings, RuleResult, count
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Verdict


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the preconditions of a pack hold in this tenant: true, false, or None and why."""

    open: bool | None
    reason: str | None


def judge(packs: Sequence[Pack], *, users: pl.DataFrame, tenant: pl.DataFrame, now: datetime) -> Findings:
    """The verdict of each rule for each user, and for the tenant.

    `users` has a row a user and `tenant` one row; each field's column has a column of reasons beside it, filled where
    the value is null. Ages are measured from `now`.
    """
    results = []
    for pack in packs:
        gate = _gate(pack, tenant, now)
        for rule in pack.rules:
            if rule.scope is Scope.USER:
                result = _judge_users(rule, gate, users, now)
            else:
                result = _judge_tenant(rule, gate, users, tenant, now)
            expected = users.height if rule.scope is Scope.USER else 1
            if result.counts.total != expected:
                raise AssertionError(f"{rule.id}: the counts add up to {result.counts.total}, not to {expected}")
            results.append(result)
    return Findings(packs=tuple(packs), results=tuple(results), user_count=users.height)


def _gate(pack: Pack, tenant: pl.DataFrame, now: datetime) -> Gate:
    if pack.preconditions is None:
        return Gate(True, None)
    row = (
        nw.from_native(tenant, eager_only=True)
        .select(open=holds(pack.preconditions, now), reason=why_open(pack.preconditions, now))
        .row(0)
    )
    return Gate(row[0], row[1])


def verdict_expressions(rule: Rule, gate: Gate, now: datetime) -> tuple[nw.Expr, nw.Expr]:
    """The verdict and the reason of a rule as expressions over a frame of users, or over the tenant's row."""
    if gate.open is False:
        return nw.lit(Verdict.NOT_APPLICABLE.value), nw.lit(None, nw.String)
    scope, require = holds(rule.looks_at, now), holds(rule.require, now)
    if gate.open is None:
        # Whoever is out of scope is so whether or not the precondition holds.
        unread = (
            nw.when(~scope).then(nw.lit(Verdict.NOT_APPLICABLE.value)).otherwise(nw.lit(Verdict.NOT_EVALUATED.value))
        )
        return unread, nw.when(unread == Verdict.NOT_EVALUATED.value).then(nw.lit(gate.reason))
    verdict = (
        nw.when(~scope)
        .then(nw.lit(Verdict.NOT_APPLICABLE.value))
        .otherwise(
            nw.when(scope.is_null() | require.is_null())
            .then(nw.lit(Verdict.NOT_EVALUATED.value))
            .otherwise(nw.when(require).then(nw.lit(Verdict.PASS.value)).otherwise(nw.lit(Verdict.FAIL.value)))
        )
    )
    why = nw.coalesce(why_open(rule.looks_at, now), why_open(rule.require, now))
    reason = nw.when(verdict == Verdict.NOT_EVALUATED.value).then(nw.coalesce(why, nw.lit(Reason.UNKNOWN_VALUE.value)))
    return verdict, reason


def _judge_users(rule: Rule, gate: Gate, users: pl.DataFrame, now: datetime) -> RuleResult:
    verdict, reason = verdict_expressions(rule, gate, now)
    judged = nw.from_native(users, eager_only=True).with_columns(verdict=verdict, reason=reason)
    frame = judged.to_native().select("user_id", pl.col("verdict").cast(VERDICTS), pl.col("reason").cast(REASONS))
    return RuleResult(rule=rule, counts=count(frame["verdict"]), frame=frame, observed="")


def _judge_tenant(rule: Rule, gate: Gate, users: pl.DataFrame, tenant: pl.DataFrame, now: datetime) -> RuleResult:
    expressions = verdict_expressions(rule, gate, now)
    verdict_text, reason = (
        nw.from_native(tenant, eager_only=True)
        .with_columns(verdict=expressions[0], reason=expressions[1])
        .select("verdict", "reason")
        .row(0)
    )
    verdict, seen = Verdict(verdict_text), observed(rule, tenant.row(0, named=True))
    if rule.aggregate is not None and verdict is Verdict.PASS:
        # The rule is about this tenant: now its number decides.
        verdict, reason, seen = judge_aggregate(rule.aggregate, users, now)
    frame = pl.DataFrame(
        {"user_id": [None], "verdict": [verdict.value], "reason": [reason]},
        schema={"user_id": pl.String, "verdict": VERDICTS, "reason": REASONS},
    )
    return RuleResult(rule=rule, counts=count(frame["verdict"]), frame=frame, observed=seen)
