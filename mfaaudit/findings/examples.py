"""Runs the examples that a rule carries: each is judged as a tenant of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import polars as pl

from mfaaudit.columns import columns_of
from mfaaudit.findings.judge import judge
from mfaaudit.findings.policy import Example, Pack, Rule
from mfaaudit.findings.results import RuleResult
from mfaaudit.sources.field import Scope, Value
from mfaaudit.sources.users import USER
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Severity, Unknown, Verdict

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""What the ages in examples are measured from."""
USUAL: Mapping[str, Value] = {"user.odataType": USER}
"""What a user is of whom an example says nothing else."""

UNREAD = Unknown(Reason.NOT_REQUESTED)
REMEMBERED = 64
"""Frames without a value: an example gives a few values of some hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """An example that its rule does not bear out."""

    rule: Rule
    example: Example
    verdict: Verdict
    """What the rule says."""
    severity: Severity | None

    @property
    def expected(self) -> str:
        """What the example says."""
        return _said(self.example.verdict, self.example.severity)

    @property
    def found(self) -> str:
        """What the rule says, as exactly as the example does."""
        return _said(self.verdict, self.severity if self.example.severity is not None else None)


def _said(verdict: Verdict, severity: Severity | None) -> str:
    return verdict.value if severity is None else f"{verdict.value} ({severity.value})"


def mismatches(pack: Pack) -> Iterator[Mismatch]:
    """The examples of a pack that turn out otherwise than they say."""
    for rule in pack.rules:
        for example in rule.examples:
            result = result_of(pack, rule, example)
            other = example.severity is not None and example.severity not in result.failures
            if result.status is not example.verdict or other:
                yield Mismatch(
                    rule=rule, example=example, verdict=result.status, severity=next(iter(result.failures), None)
                )


def lacking(rule: Rule) -> tuple[Verdict, ...]:
    """Of pass, fail and unknown those that no example of the rule shows."""
    shown = {one.verdict for one in rule.examples}
    return tuple(one for one in (Verdict.PASS, Verdict.FAIL, Verdict.NOT_EVALUATED) if one not in shown)


def result_of(pack: Pack, rule: Rule, example: Example) -> RuleResult:
    """What the rule says of the example; fields that the example does not give were not read."""
    about_users = rule.scope is Scope.USER or rule.aggregate is not None
    users = frame(example.given if about_users else (), Scope.USER)
    tenant = frame(example.given[:1] or ({},), Scope.TENANT)
    alone = replace(pack, rules=(_alone(rule, example),))
    return judge([alone], users=users, tenant=tenant, now=NOW).results[0]


def frame(cases: Sequence[Mapping[str, Any]], scope: Scope) -> pl.DataFrame:
    """Cases as a frame of users, or as the tenant's row."""
    columns: dict[str, pl.Series] = {}
    for name in dict.fromkeys(name for case in cases for name in case):
        if name in FIELDS and FIELDS[name].scope is scope:
            columns |= columns_of(FIELDS[name], [case.get(name, USUAL.get(name, UNREAD)) for case in cases])
    return _unread(len(cases), scope).with_columns(**columns)


@lru_cache(maxsize=REMEMBERED)
def _unread(height: int, scope: Scope) -> pl.DataFrame:
    """So many users, or the tenant's row, of which nothing was read."""
    columns: dict[str, pl.Series] = {}
    if scope is Scope.USER:
        columns["user_id"] = pl.Series("user_id", [f"user-{n}" for n in range(height)], dtype=pl.String())
    for field in FIELDS.values():
        if field.scope is scope:
            columns |= columns_of(field, [USUAL.get(field.name, UNREAD)] * height)
    return pl.DataFrame(columns)


def _alone(rule: Rule, example: Example) -> Rule:
    # An example about a user says nothing of the tenant, unless it gives a value of it.
    of_tenant = any(FIELDS[name].scope is Scope.TENANT for case in example.given for name in case)
    return rule if of_tenant or rule.scope is Scope.TENANT else replace(rule, preconditions=None)
