"""What one verdict says of a whole rule, for formats that give a rule one result: never more than was judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import polars as pl

from mfaaudit.findings import RuleResult
from mfaaudit.reports.material import Material
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Verdict

NOT_PROVED = "It could not be proved that every user was listed."


def verdict_of(material: Material, result: RuleResult) -> Verdict:
    """The worst verdict that occurs; NOT_EVALUATED where it is good, and somebody may not have been listed."""
    if needs_everybody(material, result) and result.status not in (Verdict.FAIL, Verdict.ERROR):
        return Verdict.NOT_EVALUATED
    return result.status


def needs_everybody(material: Material, result: RuleResult) -> bool:
    """Whether a rule looks at users, and not all of them are known to have been listed."""
    looks_at_users = result.rule.scope is Scope.USER or result.rule.aggregate is not None
    return looks_at_users and not material.snapshot.population.complete


def reasons_of(result: RuleResult) -> Mapping[Reason, int]:
    """Why a rule could not be judged, and for how many, the commonest first."""
    if not result.counts.not_evaluated:
        return {}
    unread = result.frame.filter(pl.col("verdict") == Verdict.NOT_EVALUATED.value)["reason"].drop_nulls()
    found = Counter({Reason(word): count for word, count in unread.cast(pl.String()).value_counts().iter_rows()})
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
