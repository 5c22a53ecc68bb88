"""Every rule against every user: pure, so that the same snapshot and rules give the same verdicts at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import narwhals as nw
import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.findings.aggregate import judge_aggregate
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.circumstances import Circumstances
from mfaaudit.findings.compiling import Leaves, holds, say, why_open
from mfaaudit.findings.describe import observed
from mfaaudit.findings.persons import about_persons, are_all_persons
from mfaaudit.findings.policy import Pack, Rule
from mfaaudit.findings.results import SEVERITIES, VERDICTS, Findings, RuleResult, count
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Severity, Verdict

PLAIN = Circumstances()
ORDER = tuple(Verdict)
"""A verdict travels as its place in here."""
VERDICT_WORDS = pl.Series([one.value for one in Verdict], dtype=VERDICTS)
SEVERITY_WORDS = pl.Series([one.value for one in Severity], dtype=SEVERITIES)
REASON_WORDS = pl.Series([one.value for one in Reason], dtype=REASONS)

NO_REASON = pl.Series([None], dtype=REASONS)


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a rule can be asked of this tenant at all: true, false, or None and why."""

    open: bool | None
    reason: Reason | None


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
    of_users, of_tenant = Atoms(users, now), Atoms(tenant, now)
    all_persons = are_all_persons(users)
    for rule in (rule for pack in packs for rule in pack.rules):
        if rule.id in results:
            continue
        gate = gate_of(rule, of_tenant, circumstances)
        asked = rule if all_persons else about_persons(rule)
        if rule.scope is Scope.USER:
            result = _judge_users(asked, gate, users["user_id"], of_users, circumstances)
        else:
            result = _judge_tenant(asked, gate, of_users, of_tenant, tenant)
        result = replace(result, rule=rule)
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


def gate_of(rule: Rule, tenant: Atoms, circumstances: Circumstances = PLAIN) -> Gate:
    """Whether the tenant is in the posture that the rule is for, and meets its preconditions."""
    fit = circumstances.open_to(rule)
    if fit is False or rule.preconditions is None:
        return Gate(fit, None if fit is not None else circumstances.posture_reason)
    holding, why = holds(rule.preconditions, tenant), why_open(rule.preconditions, tenant)
    is_open, place = tenant.over(open=holding, why=why).row(0)
    if is_open is True and fit is None:
        return Gate(None, circumstances.posture_reason)
    return Gate(is_open, None if is_open is not None else tuple(Reason)[place])


def verdict_expression(rule: Rule, gate: Gate, leaves: Leaves) -> nw.Expr:
    """The place of the verdict among all verdicts, over a frame of users or over the tenant's row."""
    if gate.open is False:
        return _place(Verdict.NOT_APPLICABLE)
    scope = holds(rule.looks_at, leaves)
    # Whoever is out of scope is so whether or not the rule applies to the tenant.
    require = holds(rule.require, leaves) if gate.open else nw.lit(None, nw.Boolean)
    return (
        nw.when(~scope)
        .then(_place(Verdict.NOT_APPLICABLE))
        .otherwise(
            nw.when(scope.is_null() | require.is_null())
            .then(_place(Verdict.NOT_EVALUATED))
            .otherwise(nw.when(require).then(_place(Verdict.PASS)).otherwise(_place(Verdict.FAIL)))
        )
    )


def reason_expression(rule: Rule, gate: Gate, leaves: Leaves) -> nw.Expr:
    """The place of the reason among all reasons, where the rule is not evaluated."""
    if gate.open is None:
        return say(gate.reason or Reason.UNKNOWN_VALUE)
    opens = (why_open(rule.looks_at, leaves), why_open(rule.require, leaves))
    return nw.coalesce(*opens, say(Reason.UNKNOWN_VALUE))


def severity_expression(rule: Rule, leaves: Leaves) -> nw.Expr:
    """The severity of a failure: that of the first condition that holds; of what may hold, the worst."""
    severities = list(Severity)

    def place_of(severity: Severity) -> nw.Expr:
        return nw.lit(severities.index(severity), nw.UInt8)

    place = place_of(rule.severity)
    for one in reversed(rule.severity_when):
        truth, own = holds(one.condition, leaves), place_of(one.severity)
        # The worst severity comes first, so that the worse of two has the smaller place.
        place = nw.when(truth).then(own).otherwise(nw.when(~truth).then(place).otherwise(nw.min_horizontal(own, place)))
    return place


def _place(verdict: Verdict) -> nw.Expr:
    return nw.lit(ORDER.index(verdict), nw.UInt8)


def _judge_users(rule: Rule, gate: Gate, ids: pl.Series, users: Atoms, circumstances: Circumstances) -> RuleResult:
    places = users.over(place=verdict_expression(rule, gate, users))["place"]
    waivers = circumstances.waivers(rule) if rule.waivable else None
    waived = None if waivers is None else (places == ORDER.index(Verdict.FAIL)) & waivers.is_not_null()
    if waived is not None:
        covered = pl.repeat(ORDER.index(Verdict.WAIVED), len(ids), dtype=pl.UInt8(), eager=True)
        places = covered.zip_with(waived, places)
    counts = count(places)
    columns = {"user_id": ids, "verdict": VERDICT_WORDS.gather(places), "reason": NO_REASON.new_from_index(0, len(ids))}
    if counts.not_evaluated:
        found = users.over(reason=reason_expression(rule, gate, users))["reason"]
        columns["reason"] = _only(REASON_WORDS.gather(found), places == ORDER.index(Verdict.NOT_EVALUATED))
    failures = {rule.severity: counts.fail} if counts.fail else {}
    if rule.severity_when:
        found = users.over(severity=severity_expression(rule, users))["severity"]
        columns["severity"] = SEVERITY_WORDS.gather(found)
        numbers = found.filter(places == ORDER.index(Verdict.FAIL)).value_counts()
        failures = {tuple(Severity)[place]: number for place, number in numbers.iter_rows()}
    if waivers is not None and waived is not None:
        columns["exception"] = _only(waivers, waived)
    return RuleResult(rule=rule, counts=counts, frame=pl.DataFrame(columns), observed="", failures=failures)


def _only(column: pl.Series, where: pl.Series) -> pl.Series:
    return column.zip_with(where, pl.repeat(None, len(column), dtype=column.dtype, eager=True))


def _judge_tenant(rule: Rule, gate: Gate, users: Atoms, tenant: Atoms, row: pl.DataFrame) -> RuleResult:
    expressions = {
        "verdict": verdict_expression(rule, gate, tenant),
        "reason": reason_expression(rule, gate, tenant),
    }
    place, reason_place = tenant.over(**expressions).row(0)
    verdict, seen = ORDER[place], observed(rule, row.row(0, named=True))
    reason = tuple(Reason)[reason_place] if verdict is Verdict.NOT_EVALUATED else None
    if rule.aggregate is not None and verdict is Verdict.PASS:
        # The rule is about this tenant: now its number decides.
        verdict, reason, seen = judge_aggregate(rule.aggregate, users)
    frame = pl.DataFrame(
        {"user_id": [None], "verdict": [verdict.value], "reason": [reason]},
        schema={"user_id": pl.String, "verdict": VERDICTS, "reason": REASONS},
    )
    return RuleResult(
        rule=rule,
        counts=count(frame["verdict"].to_physical()),
        frame=frame,
        observed=seen,
        failures={rule.severity: 1} if verdict is Verdict.FAIL else {},
    )
