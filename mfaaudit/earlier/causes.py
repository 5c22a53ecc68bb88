"""Finds the causes of a changed verdict: every step between two audits that makes a difference names one."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mfaaudit.earlier.audit import JudgedRule
from mfaaudit.earlier.cause import Cause
from mfaaudit.earlier.change import OPEN
from mfaaudit.earlier.side_by_side import PLACES, SideBySide
from mfaaudit.earlier.steps import Arrived, Replayed, Step, undated_column
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

BITS = pl.UInt16()
_PAIR = {PLACES[Verdict.FAIL], PLACES[Verdict.WAIVED]}
_NOT_READ = [PLACES[one] for one in OPEN]
_OUT = PLACES[Verdict.NOT_APPLICABLE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The verdict of everybody under one rule after each step, from the previous audit to the present one.

    Null for an account that is not listed in both.
    """

    before: pl.Series | None
    """None for a rule that the previous audit was not judged with."""
    rules: pl.Series
    dates: pl.Series
    declared: pl.Series
    tenant: pl.Series
    """And what was read of the tenant; for a rule about the tenant the step before once more."""
    users: pl.Series
    """And what was read of the users: everything but the day."""
    now: pl.Series
    may_waive: bool
    """Whether an exception for a group that was not read might excuse somebody, in one of the audits."""
    of_users: bool

    def causes(self) -> pl.Series:
        """For each account its causes as bits: every step that made a difference; 0 where none did."""
        if self.before is None:
            found = pl.repeat(Cause.RULE.bit, len(self.now), dtype=BITS, eager=True)
        else:
            found = _differ(self.before, self.rules, Cause.RULE)
        found = found | _waiving(self.rules, self.dates, Cause.WAIVER_DATE, Cause.TIME)
        found = found | _waiving(self.dates, self.declared, Cause.WAIVER_CHANGED, Cause.DECLARED)
        found = found | _read(self.declared, self.tenant, Cause.TENANT, Cause.TENANT)
        if self.of_users:
            lost = Cause.DATA if self.may_waive else Cause.USER
            found = found | _read(self.tenant, self.users, Cause.USER, Cause.SCOPE, waiving=lost)
        else:
            found = found | _read(self.tenant, self.users, Cause.TENANT, Cause.TENANT)
        return found | _differ(self.users, self.now, Cause.TIME)


def chain_of(
    side: SideBySide, before: JudgedRule | None, now: JudgedRule, replayed: Replayed, arrived: Arrived
) -> Chain:
    """The steps of one rule of the present audit."""
    last = len(side.audits) - 1
    may_waive = replayed.may_waive or arrived.may_waive
    was = None if before is None else side.verdicts(last - 1, before)
    is_ = side.verdicts(last, now)
    if now.scope is Scope.TENANT:
        steps = {step: _one(replayed.verdicts[step]) for step in Step}
        return Chain(
            before=was,
            rules=steps[Step.RULES],
            dates=steps[Step.DATES],
            declared=steps[Step.DECLARED],
            tenant=steps[Step.DECLARED],
            users=is_ if arrived.undated is None else _one(arrived.undated),
            now=is_,
            may_waive=may_waive,
            of_users=False,
        )
    steps = {step: side.column(last - 1, step.column(now.id)).to_physical() for step in Step}
    undated = undated_column(now.id)
    return Chain(
        before=was,
        rules=steps[Step.RULES],
        dates=steps[Step.DATES],
        declared=_through(steps[Step.DECLARED], replayed.gate),
        tenant=_through(steps[Step.DECLARED], arrived.gate),
        users=side.column(last, undated).to_physical() if undated in side.audits[last].users.columns else is_,
        now=is_,
        may_waive=may_waive,
        of_users=True,
    )


def _one(verdict: Verdict) -> pl.Series:
    return pl.Series([PLACES[verdict]], dtype=pl.UInt8())


def _through(verdicts: pl.Series, gate: bool | None) -> pl.Series:
    """What verdicts come to where the rule can be asked, cannot, or nobody knows."""
    if gate:
        return verdicts
    word = PLACES[Verdict.NOT_APPLICABLE if gate is False else Verdict.NOT_EVALUATED]
    closed = pl.repeat(word, len(verdicts), dtype=verdicts.dtype, eager=True)
    # Whoever is out of scope is so whether or not the rule applies to the tenant.
    return closed.zip_with((verdicts != _OUT).fill_null(value=False), verdicts)


def _differ(one: pl.Series, other: pl.Series, cause: Cause) -> pl.Series:
    return _where((one != other), cause)


def _waiving(one: pl.Series, other: pl.Series, waiver: Cause, else_: Cause) -> pl.Series:
    """Steps at which nothing is read: what turns a failure into a waived one is told from all else."""
    differ, waived = one != other, _both_fail(one, other)
    return _where(differ & waived, waiver) | _where(differ & ~waived, else_)


def _read(one: pl.Series, other: pl.Series, value: Cause, scope: Cause, waiving: Cause | None = None) -> pl.Series:
    """Steps at which something else was read: a gap on either side is named as such, and so is being out of scope."""
    differ = one != other
    gap = one.is_in(_NOT_READ) | other.is_in(_NOT_READ)
    out = (one == _OUT) | (other == _OUT)
    waived = _both_fail(one, other)
    found = _where(differ & gap, Cause.DATA) | _where(differ & ~gap & out, scope)
    found = found | _where(differ & waived, value if waiving is None else waiving)
    return found | _where(differ & ~gap & ~out & ~waived, value)


def _both_fail(one: pl.Series, other: pl.Series) -> pl.Series:
    return one.is_in(list(_PAIR)) & other.is_in(list(_PAIR))


def _where(holds: pl.Series, cause: Cause) -> pl.Series:
    return holds.fill_null(value=False).cast(BITS) * cause.bit
