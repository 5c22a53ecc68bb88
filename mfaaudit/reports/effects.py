"""What it cost that a source was not read: the rules that it left open, and for how many users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from mfaaudit.findings import RuleResult
from mfaaudit.reports.material import Material
from mfaaudit.reports.traces import sources_of_rule
from mfaaudit.reports.unread import gave_nothing, is_about_users
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.field import Scope
from mfaaudit.sources.source import Source
from mfaaudit.words import Reason, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The rules that look at a source and are open for the reason that it was not read for."""

    rules: int
    """Rules about users."""
    users: int
    """Users for whom at least one of them is not evaluated."""
    of_tenant: int
    """Rules about the tenant."""

    @property
    def words(self) -> str:
        """In a line."""
        parts = []
        if self.rules:
            parts.append(f"{_many(self.rules, 'rule')} not evaluated for {_many(self.users, 'user')}")
        if self.of_tenant:
            parts.append(f"{_many(self.of_tenant, 'rule')} about the tenant not evaluated")
        return "; ".join(parts) or "none: no rule was left open by it"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def effect_of(material: Material, source: str, reason: Reason) -> Effect:
    """The effect of one source that was not read for one reason."""
    concerned = _concerned(material, BY_NAME[source], reason)
    of_users, of_tenant = [], 0
    for one in material.findings.results:
        if not one.counts.not_evaluated or source not in sources_of_rule(one.rule):
            continue
        is_open = _open_for(one, reason)
        if one.rule.scope is not Scope.USER:
            of_tenant += int(is_open.any())
        elif (is_open & concerned).any():
            of_users.append(is_open & concerned)
    return Effect(rules=len(of_users), users=_in_any(of_users), of_tenant=of_tenant)


def _concerned(material: Material, source: Source, reason: Reason) -> pl.Series:
    """The users for whom the source may be why: those of whom it gave nothing, or whose own reads are not why."""
    if is_about_users(source):
        return gave_nothing(material.users, source, reason)
    users = material.users
    explained = pl.repeat(value=False, n=users.height, dtype=pl.Boolean(), eager=True)
    for one in material.snapshot.coverage:
        if is_about_users(BY_NAME[one.source]) and reason in one.reasons:
            explained = explained | gave_nothing(users, BY_NAME[one.source], reason)
    return ~explained


def _open_for(one: RuleResult, reason: Reason) -> pl.Series:
    frame = one.frame.select(
        is_open=(pl.col("verdict") == Verdict.NOT_EVALUATED.value)
        & (pl.col("reason").cast(pl.String()) == reason.value).fill_null(value=False)
    )
    return frame["is_open"]


def _in_any(masks: Sequence[pl.Series]) -> int:
    if not masks:
        return 0
    found = masks[0]
    for one in masks[1:]:
        found = found | one
    return int(found.sum())
