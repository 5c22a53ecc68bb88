"""One audit, judged, as far as another is compared with it: its counts, its rules, and the verdict of everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from mfaaudit.earlier.fingerprint import fingerprint
from mfaaudit.earlier.steps import WORDS, Arrival, Grounds, Replay, waiver_column
from mfaaudit.findings import Counts, Findings, RuleResult
from mfaaudit.findings.results import SEVERITIES
from mfaaudit.snapshot import Snapshot
from mfaaudit.snapshot.metrics import SignInMetrics
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity, Unknown, Verdict

NAMES = ("user_userPrincipalName", "user_displayName")
NAME_COLUMNS = tuple(column for name in NAMES for column in (name, f"{name}_reason"))


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRule:
    """One rule as it was judged."""

    id: str
    pack: str
    title: str
    severity: Severity
    scope: Scope
    about_data: bool
    """Whether it asks if the data may be relied on; such rules count apart."""
    fingerprint: str
    counts: Counts

    @property
    def verdict_column(self) -> str:
        """Where the verdicts of users stand."""
        return f"verdict {self.id}"

    @property
    def severity_column(self) -> str:
        """Where the severity of each user's failure stands, if the rule has more than one."""
        return f"severity {self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One audit, judged."""

    run_id: str
    tenant_id: str
    started_at: datetime
    finished_at: datetime
    tool_version: str
    simulated: bool
    manifest_sha256: str
    """Of the manifest of its bundle; empty for the audit that is being judged, which has none yet."""
    enumerated: int
    complete: bool
    """Whether the population was proved complete."""
    statement: str
    failed_users: int
    open_users: int
    """Users for whom at least one rule could not be judged."""
    rules: tuple[JudgedRule, ...]
    registration_source: str
    registered: int | Unknown
    """The users in the registration report."""
    by_feature: Mapping[str, int]
    by_method: Mapping[str, int]
    sign_ins: SignInMetrics
    """Day by day, in the window that was read."""
    users: pl.DataFrame
    """user_id in lower case, NAME_COLUMNS, and for each rule about users its verdict_column, with a severity_column
    where that differs from user to user, and a waiver_column where exceptions excuse some. Of the previous audit the
    verdicts after each Step, and of it and the present one what rules look at, stand beside them."""
    grounds: Grounds | None = None
    """What the previous audit was judged on, until its replay is made of that."""
    replay: Replay | None = None
    """Of the previous audit alone: what its evidence says under the present audit's rules."""
    arrival: Arrival | None = None
    """Of the present audit alone: what the replay is held against."""

    @property
    def day(self) -> date:
        """The day on which it began, in UTC."""
        return self.started_at.date()

    @property
    def of_tenant(self) -> tuple[JudgedRule, ...]:
        """The rules on the tenant and its users, without those on the data."""
        return tuple(one for one in self.rules if not one.about_data)

    @property
    def totals(self) -> Counts:
        """All verdicts about users together."""
        return sum((one.counts for one in self.of_tenant if one.scope is Scope.USER), Counts())

    @property
    def failures(self) -> int:
        """Every failure: of users, and of the tenant."""
        return sum(one.counts.fail for one in self.of_tenant)

    def rule(self, rule_id: str) -> JudgedRule | None:
        """One rule by its id; None if the audit was not judged with it."""
        return next((one for one in self.rules if one.id == rule_id), None)

    def named(self, ids: pl.Series) -> Audit:
        """The same, with names only of these users: of all others no more is needed than what they are."""
        wanted = pl.col("user_id").is_in(ids.implode())
        kept = [pl.when(wanted).then(pl.col(name)).alias(name) for name in NAME_COLUMNS]
        return replace(self, users=self.users.with_columns(kept))

    @property
    def bare(self) -> Audit:
        """The same with nothing but verdicts, without names: all that an audit before the previous one is asked for."""
        kept = [pl.lit(None, pl.String()).alias(name) for name in NAME_COLUMNS]
        for one in self.rules:
            if one.scope is Scope.USER:
                kept += [pl.col(name) for name in (one.verdict_column, one.severity_column) if name in self.users]
        return replace(self, users=self.users.select("user_id", *kept), grounds=None, replay=None)


def audit_of(
    snapshot: Snapshot, findings: Findings, *, manifest_sha256: str = "", grounds: Grounds | None = None
) -> Audit:
    """What has to be known of an audit to compare another with it."""
    run, population = snapshot.run, snapshot.population
    about_data = {rule.id for pack in findings.packs if pack.judges == "data" for rule in pack.rules}
    return Audit(
        run_id=run.id,
        tenant_id=run.tenant_id,
        started_at=run.started_at,
        finished_at=run.finished_at,
        tool_version=run.tool_version,
        simulated=run.simulated,
        manifest_sha256=manifest_sha256,
        enumerated=population.enumerated,
        complete=population.complete,
        statement=population.statement,
        failed_users=findings.users_with(Verdict.FAIL),
        open_users=findings.users_with(Verdict.NOT_EVALUATED),
        rules=tuple(_judged(one, about_data=one.rule.id in about_data) for one in findings.results),
        registration_source=snapshot.registration.source,
        registered=snapshot.registration.total,
        by_feature=dict(snapshot.registration.by_feature),
        by_method=dict(snapshot.registration.by_method),
        sign_ins=snapshot.metrics,
        users=pl.DataFrame(list(_columns(snapshot.users, findings))),
        grounds=grounds,
    )


def _judged(result: RuleResult, *, about_data: bool) -> JudgedRule:
    rule = result.rule
    return JudgedRule(
        id=rule.id,
        pack=rule.pack,
        title=rule.title,
        severity=rule.severity,
        scope=rule.scope,
        about_data=about_data,
        fingerprint=fingerprint(rule),
        counts=result.counts,
    )


def _columns(users: pl.DataFrame, findings: Findings) -> Iterator[pl.Series]:
    yield users["user_id"].str.to_lowercase()
    for name in NAME_COLUMNS:
        yield users[name].cast(pl.String()).alias(name)
    for one in findings.results:
        if one.rule.scope is not Scope.USER:
            continue
        yield one.frame["verdict"].alias(f"verdict {one.rule.id}")
        if "severity" in one.frame.columns:
            failed = one.frame["verdict"] == Verdict.FAIL.value
            nothing = pl.repeat(None, len(failed), dtype=SEVERITIES, eager=True)
            yield one.frame["severity"].zip_with(failed, nothing).alias(f"severity {one.rule.id}")
        if "exception" in one.frame.columns:
            yield one.frame["exception"].cast(pl.String()).cast(WORDS).alias(waiver_column(one.rule.id))
