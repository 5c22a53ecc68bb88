"""Everything that a report is made from, and the rows that several parts of it share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from mfaaudit.actions import NO_PLAN, Plan
from mfaaudit.declared.declare import Declared, EntryRow
from mfaaudit.earlier import Earlier
from mfaaudit.findings import Findings, RuleResult, expected, observed
from mfaaudit.findings.results import by_verdict
from mfaaudit.reports.conclusion import Conclusion
from mfaaudit.reports.evidence_files import EvidenceFile
from mfaaudit.reports.judged_by import JudgedBy
from mfaaudit.reports.managers import NAME as MANAGER
from mfaaudit.reports.managers import were_asked_for
from mfaaudit.reports.role_words import role_words
from mfaaudit.reports.shared_copy import SharedCopy
from mfaaudit.snapshot import Snapshot
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Severity, Unknown, Verdict

SHOWN = (Verdict.FAIL, Verdict.WAIVED, Verdict.NOT_EVALUATED, Verdict.ERROR)
"""What a list of findings holds: all that is neither in order nor out of scope."""

SHOWN_WORDS = [one.value for one in SHOWN]

OF_USERS = (
    "user.userPrincipalName",
    "user.displayName",
    "user.accountEnabled",
    "user.userType",
    "user.department",
    "user.createdDateTime",
    "registration.isAdmin",
    "derived.accountClass",
    "derived.roles",
)
"""What a list of findings says of a user, beside what the rule looks at."""

ROLES = "roles"
"""The column of a finding's user that holds the directory roles by name."""

ACTION = "action"
"""The column that holds what cures the finding."""

COLUMNS = {name: (field.column, f"{field.column}_reason") for name, field in FIELDS.items()}
"""Where a field's value stands, and where its reason; looked up millions of times."""

BATCH_ROWS = 5_000
"""Rows that are turned into Python objects together; the rest stays in columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One audit, judged."""

    snapshot: Snapshot
    declared: Declared
    findings: Findings
    exceptions: tuple[EntryRow, ...]
    """The register with what became of each entry; empty without one."""
    conclusion: Conclusion
    evidence: tuple[EvidenceFile, ...] = ()
    """The files of the evidence with their hashes; empty where nobody has hashed them yet."""
    actions: Plan = NO_PLAN
    """What is to be done about the findings; nothing, unless it was worked out."""
    earlier: Earlier | None = None
    """Earlier audits beside this one; None if none were given."""
    judged_by: JudgedBy | None = None
    """What judged; None where only a snapshot was judged, without a bundle."""
    inputs_sha256: str = ""
    """The hash of all that was judged and judged with, as mfaaudit.inputs makes it; empty where nobody has."""
    share: SharedCopy | None = None
    """Which copy this is, where it may be passed on; None for the report in a bundle."""

    @property
    def users(self) -> pl.DataFrame:
        """The users with all columns, those of what was declared included."""
        return self.declared.users


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One rule that one user, or the tenant, does not clearly meet."""

    result: RuleResult
    status: Verdict
    reason: str
    user: Mapping[str, Any] | None
    """The user's id, OF_USERS and what the rule looks at, in columns; None for a rule about the tenant."""
    observed: str
    expected: str
    severity: Severity
    exception: str
    """The id of the entry of the exceptions register that covers it; empty without one."""
    action: str
    """The title of the action that cures it; empty without one."""

    def of_user(self, name: str) -> Any:
        """A value of the user, unknown with its reason; None for a rule about the tenant."""
        return None if self.user is None else cell(self.user, name)

    @property
    def roles(self) -> Any:
        """The directory roles that the user holds, by name; unknown with its reason."""
        if self.user is None:
            return None
        reason = self.user["derived_roles_reason"]
        return self.user[ROLES] if reason is None else Unknown(Reason(reason))


def cell(row: Mapping[str, Any], name: str) -> Any:
    """A field's value in a row, as a report shows it: unknown with its reason, a list as text."""
    column, column_of_reason = COLUMNS[name]
    reason = row[column_of_reason]
    if reason is not None:
        return Unknown(Reason(reason))
    return _shown(row[column])


def cells(users: pl.DataFrame, name: str) -> list[Any]:
    """The same for many rows: a column at a time takes a quarter of the time."""
    column = name.replace(".", "_")
    pairs = zip(users[column].to_list(), users[f"{column}_reason"].to_list(), strict=True)
    return [_shown(value) if reason is None else Unknown(Reason(reason)) for value, reason in pairs]


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(value) if value else "none"
    return value


def finding_rows(material: Material) -> Iterator[FindingRow]:
    """All findings, rule by rule, the worst severity first, then in the order of the listing."""
    roles = role_words(material.users, material.snapshot.role_names).alias(ROLES)
    asked = (MANAGER,) if were_asked_for(material.users) else ()
    for place, result in sorted(enumerate(material.findings.results), key=lambda one: -one[1].rule.severity.rank):
        extra = [name for name in ("severity", "exception") if name in result.frame.columns]
        wanted = expected(result.rule)
        if result.rule.scope is Scope.TENANT:
            yield from _of_tenant(material, result, wanted, material.actions.cure_of_tenant(place))
            continue
        numbers = by_verdict(result.counts)
        if not any(numbers[verdict] for verdict in SHOWN):
            continue
        names = {FIELDS[name].column for name in (*OF_USERS, *asked, *result.rule.observed_fields)}
        columns = ["user_id", *(column for name in sorted(names) for column in (name, f"{name}_reason"))]
        cures = material.actions.cures(place, material.users.height).alias(ACTION)
        users = material.users.select(*columns, roles, cures)
        # Verdicts stand in the order of the users: a slice of each belongs together, and nothing needs a join.
        for start in range(0, users.height, BATCH_ROWS):
            verdicts = result.frame.slice(start, BATCH_ROWS).select("verdict", "reason", *extra)
            rows = pl.concat([users.slice(start, BATCH_ROWS), verdicts], how="horizontal")
            for user in rows.filter(pl.col("verdict").is_in(SHOWN_WORDS)).iter_rows(named=True):
                yield FindingRow(
                    result=result,
                    status=Verdict(user["verdict"]),
                    reason=user["reason"] or "",
                    user=user,
                    observed=observed(result.rule, user),
                    expected=wanted,
                    severity=Severity(user.get("severity", result.rule.severity)),
                    exception=user.get("exception") or "",
                    action=user[ACTION] or "",
                )


def _of_tenant(material: Material, result: RuleResult, wanted: str, action: str) -> Iterator[FindingRow]:
    if result.status not in SHOWN:
        return
    yield FindingRow(
        result=result,
        status=result.status,
        reason=result.frame.row(0, named=True)["reason"] or "",
        user=None,
        observed=result.observed,
        expected=wanted,
        severity=result.rule.severity,
        exception="",
        action=action,
    )


def count_findings(material: Material) -> int:
    """How many rows `finding_rows` gives."""
    return sum(
        one.counts.fail + one.counts.waived + one.counts.not_evaluated + one.counts.error
        for one in material.findings.results
    )


def iso(time: datetime | None) -> str | None:
    """A time as text, in UTC, to the second."""
    return None if time is None else time.strftime("%Y-%m-%dT%H:%M:%SZ")
