"""Judges users who were read again by the audit's own rules, register, classes and posture; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from mfaaudit.brief import Brief
from mfaaudit.columns import columns_of
from mfaaudit.declared.declare import Declared
from mfaaudit.declared.fields import FIELDS as DECLARED
from mfaaudit.declared.fields import POSTURE
from mfaaudit.declared.posture import Posture
from mfaaudit.facts import per_user_mfa_in_use
from mfaaudit.findings import Findings, Pack, Rule, judge
from mfaaudit.snapshot.some_users import SomeUsers
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Unknown

STATE = "requirements_perUserMfaState"
IN_USE = per_user_mfa_in_use.FIELD
NOT_OF_SOME = Unknown(Reason.NOT_REQUESTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Some users, judged."""

    users: pl.DataFrame
    """With the columns of what was declared."""
    findings: Findings
    posture: Posture


def judge_some(read: SomeUsers, how: Brief, rules: Sequence[Rule], tenant: pl.DataFrame, now: datetime) -> Judged:
    """The verdicts of these rules about the users, as of `now`; `tenant` is the tenant's row of the audit.

    The posture is worked out from what was read now. Only whether per-user MFA is in use at all is taken from the
    audit, unless one of these users has it: that would have to be counted over everybody.
    """
    declared = how.declarations.look_up(
        how.packs, users=read.users, tenant=_with_in_use(read, tenant), groups=read.groups, day=now
    )
    findings = judge(
        tuple(_only(pack, rules) for pack in how.packs),
        users=declared.users,
        tenant=_of_some(declared),
        now=now,
        circumstances=how.declarations.circumstances(declared),
    )
    return Judged(users=declared.users, findings=findings, posture=declared.posture)


def _only(pack: Pack, rules: Sequence[Rule]) -> Pack:
    kept = {one.id for one in rules}
    return replace(pack, rules=tuple(rule for rule in pack.rules if rule.id in kept))


def _with_in_use(read: SomeUsers, tenant: pl.DataFrame) -> pl.DataFrame:
    if (read.users[STATE] != "disabled").any():
        return read.tenant.with_columns(**columns_of(IN_USE, [True]))
    return read.tenant.with_columns(tenant[name] for name in (IN_USE.column, f"{IN_USE.column}_reason"))


def _of_some(declared: Declared) -> pl.DataFrame:
    """The tenant's row without what was counted over some users alone, or over those of the audit."""
    counted = [field for field in DECLARED if field.scope is Scope.TENANT and field is not POSTURE]
    frame = declared.tenant
    for field in (IN_USE, *counted):
        frame = frame.with_columns(**columns_of(field, [NOT_OF_SOME]))
    return frame
