"""What the bundle says of the rows in which somebody wrote: nothing in a workbook is believed that differs from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from mfaaudit.declared.standing import RuleFacts
from mfaaudit.reports.material import Material, finding_rows
from mfaaudit.reports.register_numbers import until
from mfaaudit.sources.field import Scope
from mfaaudit.words import Unknown, Verdict

Key = tuple[str, str]
"""The id of a rule, and the object id of a user in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that one user does not clearly meet."""

    rule: str
    title: str
    severity: str
    """For this user."""
    remediation: str
    blocked_by: tuple[str, ...]
    """Rules that come first: until they pass, nobody should do what the remediation says."""
    user_id: str
    user: str
    """The name to sign in with, or why it is not known."""
    status: Verdict
    reason: str
    observed: str
    covered_until: date | None
    """The last day on which an exception covers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What decisions are held against."""

    run_id: str
    today: date
    rules: Mapping[str, RuleFacts]
    users: frozenset[str]
    """The object ids, in lower case, of those users who were asked for and are listed."""
    findings: Mapping[Key, Finding]
    """Those that were asked for."""


def known_of(material: Material, wanted: Collection[Key], today: date) -> Known:
    """The facts about certain rows."""
    asked = frozenset(wanted)
    ids = material.users["user_id"].str.to_lowercase()
    listed = ids.filter(ids.is_in(pl.Series(sorted({user for _, user in asked}), dtype=pl.String()).implode()))
    days = until(material)
    findings = {}
    for row in finding_rows(material) if asked else ():
        if row.user is None:
            continue
        key = (row.result.rule.id, row.user["user_id"].lower())
        if key not in asked:
            continue
        name = row.of_user("user.userPrincipalName")
        findings[key] = Finding(
            rule=key[0],
            title=row.result.rule.title,
            severity=row.severity.value,
            remediation=row.result.rule.remediation,
            blocked_by=tuple(row.result.blocked_by),
            user_id=row.user["user_id"],
            user=f"NOT READ ({name.reason})" if isinstance(name, Unknown) else str(name),
            status=row.status,
            reason=row.reason,
            observed=row.observed,
            covered_until=days.get((row.exception, key[0])) if row.exception else None,
        )
    return Known(
        run_id=material.snapshot.run.id,
        today=today,
        rules={
            one.rule.id: RuleFacts(
                one.rule.severity, about_tenant=one.rule.scope is Scope.TENANT, waivable=one.rule.waivable
            )
            for one in material.findings.results
        },
        users=frozenset(listed),
        findings=findings,
    )
