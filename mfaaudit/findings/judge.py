"""Every rule against every user: pure, so that the same snapshot and rules give the same verdicts at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import narwhals as nw
import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.findings.aggregate import judge_aggregate
from mfaaudit.findings.circumstances import Circumstances
from mfaaudit.findings.compiling import holds, why_open
from mfaaudit.findings.describe import observed
from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.findings.results import SEVERITIES, VERDICTS, Findings, RuleResult, count
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Severity, Verdict

PLAIN = Circumstances()


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a rule can be asked of this tenant at all: true, false, or None and why."""

    open: bool | None
    reason: str | None


def judge(
    packs: Sequence[Pack],
    *,
    users: pl.DataFrame,
    tenant: pl.DataFrame,
    now: datetime,
    circumstances: Circumstances = PLAIN,
) -> Findings:
    """The verdict of each rule for each user, and for the tenant; a rule that several packs hold is judged once.

    `users` has a row a user and `tenant` one row; each field's column has a column of reasons beside it, filled where
    the value is null. Ages are measured from `now`.
    """
    results: dict[str, RuleResult] = {}
    for rule in (rule for pack in packs for rule in pack.rules):
        if rule.id in results:
            continue
        gate = gate_of(rule, tenant, now, circumstances)
        if rule.scope is Scope.USER:
            result = _judge_users(rule, gate, users, now, circumstances)
        else:
            result = _judge_tenant(rule, gate, users, tenant, now)
        expected = users.height if rule.scope is Scope.USER else 1
        if result.counts.total != expected:
            raise AssertionError(f"{rule.id}: the counts add up to {result.counts.total}, not to {expected}")
        results[rule.id] = result
    passed = {name for name, one in results.items() if one.status is Verdict.PASS}
    return Findings(
        packs=tuple(packs),
        results=tuple(
            replace(one, blocked_by=tuple(name for name in one.rule.blocked_by if name not in passed))
            for one in results.values()
        ),
        user_count=users.height,
        unfit=tuple(pack for pack in packs if circumstances.unfit(pack)),
    )


def gate_of(rule: Rule, tenant: pl.DataFrame, now: datetime, circumstances: Circumstances = PLAIN) -> Gate:
    """Whether the tenant is in the posture that the rule is for, and meets its preconditions."""
    fit = circumstances.open_to(rule)
    if fit is False or rule.preconditions is None:
        return Gate(fit, None if fit is not None else circumstances.posture_reason.value)
    row = (
        nw.from_native(tenant, eager_only=True)
        .select(open=holds(rule.preconditions, now), reason=why_open(rule.preconditions, now))
        .row(0)
    )
    if row[0] is True and fit is None:
        return Gate(None, circumstances.posture_reason.value)
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


def severity_expression(rule: Rule, now: datetime) -> nw.Expr:
    """The severity of a failure: that of the first condition that holds; of what may hold, the worst."""
    severities = list(Severity)
    # By its place among the severities, the worst first, so that the worse of two is the smaller.
    place: nw.Expr = nw.lit(severities.index(rule.severity))
    for one in reversed(rule.severity_when):
        truth, own = holds(one.condition, now), nw.lit(severities.index(one.severity))
        place = nw.when(truth).then(own).otherwise(nw.when(~truth).then(place).otherwise(nw.min_horizontal(own, place)))
    return place


def _judge_users(
    rule: Rule, gate: Gate, users: pl.DataFrame, now: datetime, circumstances: Circumstances
) -> RuleResult:
    verdict, reason = verdict_expressions(rule, gate, now)
    judged = nw.from_native(users, eager_only=True).with_columns(verdict=verdict, reason=reason)
    frame = judged.to_native().select("user_id", pl.col("verdict").cast(VERDICTS), pl.col("reason").cast(REASONS))
    if rule.severity_when:
        places = nw.from_native(users, eager_only=True).select(severity=severity_expression(rule, now)).to_native()
        names = pl.Series([one.value for one in Severity], dtype=SEVERITIES)
        frame = frame.with_columns(names.gather(places["severity"]).alias("severity"))
    waivers = circumstances.waivers(rule) if rule.waivable else None
    if waivers is not None:
        waived = (frame["verdict"] == Verdict.FAIL.value) & waivers.is_not_null()
        words = pl.Series([Verdict.WAIVED.value], dtype=VERDICTS).new_from_index(0, frame.height)
        frame = frame.with_columns(
            words.zip_with(waived, frame["verdict"]).alias("verdict"),
            waivers.zip_with(waived, pl.repeat(None, frame.height, dtype=pl.String(), eager=True)).alias("exception"),
        )
    counts = count(frame["verdict"])
    failures = {rule.severity: counts.fail} if counts.fail else {}
    if rule.severity_when:
        failing = frame.filter(pl.col("verdict") == Verdict.FAIL.value)["severity"].cast(pl.String)
        failures = {Severity(name): number for name, number in failing.value_counts().iter_rows()}
    return RuleResult(rule=rule, counts=counts, frame=frame, observed="", failures=failures)


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
    return RuleResult(
        rule=rule,
        counts=count(frame["verdict"]),
        frame=frame,
        observed=seen,
        failures={rule.severity: 1} if verdict is Verdict.FAIL else {},
    )
