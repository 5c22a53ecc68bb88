"""Who is judged otherwise under other rules: two judgements of the same users, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from mfaaudit.findings.policy import Rule
from mfaaudit.findings.results import Findings, RuleResult
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Those who go from one verdict to another under a rule."""

    before: Verdict
    after: Verdict
    count: int
    user_ids: tuple[str, ...]
    """In the order of the users; empty for a rule about the tenant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFlips:
    """One rule of both judgements."""

    before: Rule
    after: Rule
    flips: tuple[Flip, ...]
    same: int
    """How many keep their verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """Everything that differs between two judgements."""

    rules: tuple[RuleFlips, ...]
    """Of the rules of both, in the order of the second."""
    new: tuple[RuleResult, ...]
    gone: tuple[RuleResult, ...]

    @property
    def changed(self) -> tuple[RuleFlips, ...]:
        """The rules under which somebody flips, or whose failures weigh otherwise."""
        return tuple(one for one in self.rules if one.flips or one.before.severity is not one.after.severity)


def flips_between(before: Findings, after: Findings) -> Flips:
    """What becomes of each verdict. Both judgements are of the same snapshot, so that their users are in one order."""
    if before.user_count != after.user_count:
        raise AssertionError(f"{before.user_count} users before and {after.user_count} after are not the same users")
    old, new = _by_id(before), _by_id(after)
    return Flips(
        rules=tuple(_compared(old[name], one) for name, one in new.items() if _comparable(old.get(name), one)),
        new=tuple(one for name, one in new.items() if not _comparable(old.get(name), one)),
        gone=tuple(one for name, one in old.items() if not _comparable(new.get(name), one)),
    )


def _by_id(findings: Findings) -> Mapping[str, RuleResult]:
    return {one.rule.id: one for one in findings.results}


def _comparable(one: RuleResult | None, other: RuleResult) -> bool:
    # A rule that was about users and is about the tenant now is another rule.
    return one is not None and one.rule.scope is other.rule.scope


def _compared(before: RuleResult, after: RuleResult) -> RuleFlips:
    pairs = pl.DataFrame(
        {
            "user_id": after.frame["user_id"],
            "before": before.frame["verdict"].cast(pl.String),
            "after": after.frame["verdict"].cast(pl.String),
        }
    )
    others = pairs.filter(pl.col("before") != pl.col("after"))
    groups = others.group_by("before", "after", maintain_order=True).agg("user_id")
    of_users = after.rule.scope is Scope.USER
    flips = [
        Flip(before=Verdict(old), after=Verdict(new), count=len(ids), user_ids=tuple(ids) if of_users else ())
        for old, new, ids in groups.iter_rows()
    ]
    order = list(Verdict)
    return RuleFlips(
        before=before.rule,
        after=after.rule,
        flips=tuple(sorted(flips, key=lambda one: (order.index(one.before), order.index(one.after)))),
        same=pairs.height - others.height,
    )
