"""Whom an audit flagged: the findings about users that are worth reading those users again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from mfaaudit.errors import UsageProblem
from mfaaudit.findings import Rule
from mfaaudit.rechecking.outcome import FLAGS
from mfaaudit.reports.conclusion import rules_on_data
from mfaaudit.reports.material import FindingRow, Material, finding_rows
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity, Unknown, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Which findings are meant; without anything, all of them."""

    rules: tuple[str, ...] = ()
    """By id; empty for every rule."""
    least: Severity = Severity.INFO
    with_waived: bool = False

    @property
    def words(self) -> str:
        """As it was typed; empty where nothing was."""
        parts = [f"--rule {rule}" for rule in self.rules]
        parts += [f"--severity {self.least.value}"] if self.least is not Severity.INFO else []
        return " ".join([*parts, *(["--with-waived"] if self.with_waived else [])])


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that one user did not clearly meet."""

    rule: Rule
    user_id: str
    name: str | Unknown
    display_name: str | Unknown
    verdict: Verdict
    reason: str
    severity: Severity
    observed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """The findings that are meant, and whom they are about."""

    findings: tuple[Finding, ...]
    users: tuple[str, ...]
    """Object ids, each once, in the order of the listing."""
    rules: tuple[Rule, ...]
    """All rules about users: those that can be judged from some users alone."""
    left_out: tuple[Rule, ...]
    """Rules about the tenant, its totals or the data, which cannot."""
    narrowing: Narrowing

    @property
    def by_verdict(self) -> Mapping[Verdict, int]:
        """How many findings of each verdict."""
        return Counter(one.verdict for one in self.findings)

    @property
    def words(self) -> str:
        """How many of what."""
        counts = self.by_verdict
        failed = counts.get(Verdict.FAIL, 0)
        waived = counts.get(Verdict.WAIVED, 0)
        unjudged = len(self.findings) - failed - waived
        parts = [f"{failed:,} failed", f"{unjudged:,} could not be judged"]
        parts += [f"{waived:,} waived"] if self.narrowing.with_waived else []
        verdicts = "verdict" if len(self.findings) == 1 else "verdicts"
        users = "user" if len(self.users) == 1 else "users"
        return f"{len(self.users):,} {users} with {len(self.findings):,} {verdicts} ({', '.join(parts)})"


def flagged(before: Material, narrowing: Narrowing) -> Flagged:
    """Everybody whom a rule about users fails or leaves open. Raises UsageProblem for a rule that is not one."""
    about_data = rules_on_data(before.findings.packs)
    rules = [one.rule for one in before.findings.results]
    of_users = [one for one in rules if one.scope is Scope.USER and one.id not in about_data]
    _check(narrowing, rules, of_users)
    verdicts = (*FLAGS, Verdict.WAIVED) if narrowing.with_waived else FLAGS
    known = {one.id for one in of_users}
    found = [
        _finding(row)
        for row in finding_rows(before)
        if row.result.rule.id in known
        and row.status in verdicts
        and row.severity.rank >= narrowing.least.rank
        and (not narrowing.rules or row.result.rule.id in narrowing.rules)
    ]
    wanted = {one.user_id for one in found}
    return Flagged(
        findings=tuple(found),
        users=tuple(user for user in before.users["user_id"] if user in wanted),
        rules=tuple(of_users),
        left_out=tuple(one for one in rules if one.id not in known),
        narrowing=narrowing,
    )


def _finding(row: FindingRow) -> Finding:
    if row.user is None:
        raise AssertionError(row.result.rule.id)
    return Finding(
        rule=row.result.rule,
        user_id=row.user["user_id"],
        name=row.of_user("user.userPrincipalName"),
        display_name=row.of_user("user.displayName"),
        verdict=row.status,
        reason=row.reason,
        severity=row.severity,
        observed=row.observed,
    )


def _check(narrowing: Narrowing, rules: list[Rule], of_users: list[Rule]) -> None:
    judged, usable = {one.id for one in rules}, {one.id for one in of_users}
    for rule in narrowing.rules:
        if rule not in judged:
            raise UsageProblem(
                f"--rule {rule}: the bundle was not judged with such a rule",
                hint=f"Choose from {', '.join(sorted(usable))}.",
            )
        if rule not in usable:
            raise UsageProblem(
                f"--rule {rule}: it is about the tenant or the data, and some users alone say nothing of it",
                hint="Audit again to judge it.",
            )
