"""What is to be done: each action, and each user once under it, with the rules that it cures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import polars as pl

from mfaaudit.actions.action import Action
from mfaaudit.actions.assign import PAIRS, Assigned, assign
from mfaaudit.actions.catalogue import Catalogue
from mfaaudit.actions.due import due
from mfaaudit.actions.hold import held
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.results import SEVERITIES, Findings
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity


class State(StrEnum):
    """Whether an action can be done for a user now."""

    READY = "ready"
    NOT_YET = "not yet"
    BY_HAND = "by hand"
    """A person has to decide."""


STATES = pl.Enum([one.value for one in State])
ITEMS = {
    "action": pl.UInt16(),
    "subject": pl.UInt32(),
    "severity": SEVERITIES,
    "rules": pl.String(),
    "state": STATES,
    "why": pl.String(),
    "due": pl.Date(),
    "users": pl.UInt32(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action of one audit, with for how many it is."""

    action: Action
    severity: Severity
    """The worst of what it cures."""
    ready: int
    not_yet: int
    by_hand: int
    """Users; for what is done once for the tenant, one."""
    users: int
    """How many different users it is about; none for what is about the tenant alone."""
    failures: int
    """How many failures it cures: users times rules."""
    gaps: int
    """How many verdicts it would fill in."""
    rules: tuple[str, ...]
    waits_for: tuple[str, ...]
    due: date

    @property
    def items(self) -> int:
        """How often it has to be done."""
        return self.ready + self.not_yet + self.by_hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All actions of one audit, the most pressing first."""

    steps: tuple[Step, ...]
    items: pl.DataFrame
    """A row each time that an action has to be done, by action and severity: `action`, its place in `steps`;
    `subject`, the place of the user, or null for the tenant; `rules`, the ids of those it cures; `state` and `why`,
    what it waits for or why a person has to decide; `due`; `users`, how many users a row for the tenant is about."""
    of_findings: pl.DataFrame
    """A row a finding: `rule`, the place of its rule; `user`, that of the user, or null for the tenant; `action`."""

    def cures(self, rule: int, users: int) -> pl.Series:
        """For each of so many users the title of the action that cures the finding under a rule; null without one."""
        titles = pl.Series([one.action.title for one in self.steps], dtype=pl.String())
        found = self.of_findings.filter((pl.col("rule") == rule) & pl.col("user").is_not_null())
        everybody = pl.select(user=pl.int_range(users, dtype=pl.UInt32()))
        return titles.gather(everybody.join(found, on="user", how="left", maintain_order="left")["action"])

    def cure_of_tenant(self, rule: int) -> str:
        """The same of a finding about the tenant; empty without one."""
        found = self.of_findings.filter((pl.col("rule") == rule) & pl.col("user").is_null())["action"]
        return self.steps[found[0]].action.title if len(found) else ""

    def of(self, place: int) -> pl.DataFrame:
        """The items of one action."""
        return self.items.filter(pl.col("action") == place)


OF_FINDINGS = {name: PAIRS[name] for name in ("rule", "user", "action")}
NO_PLAN = Plan(steps=(), items=pl.DataFrame(schema=ITEMS), of_findings=pl.DataFrame(schema=OF_FINDINGS))


def plan_of(findings: Findings, users: pl.DataFrame, tenant: pl.DataFrame, catalogue: Catalogue, now: datetime) -> Plan:
    """What is to be done about the findings of an audit that began at `now`."""
    atoms = {Scope.USER: Atoms(users, now), Scope.TENANT: Atoms(tenant, now)}
    assigned = assign(findings, catalogue, atoms)
    items = held(_items(assigned, findings, now), assigned.actions, users, atoms)
    return _in_order(_steps(assigned, items, findings, now), items, assigned.pairs)


def _items(assigned: Assigned, findings: Findings, now: datetime) -> pl.DataFrame:
    names = pl.Series([one.rule.id for one in findings.results], dtype=pl.String())
    # The worst severity comes first, and so is the least.
    own = pl.col("subject").is_not_null()
    grouped = [
        assigned.pairs.filter(own)
        .group_by("action", "subject")
        .agg(pl.col("severity").min(), "rule", pl.lit(1, pl.UInt32()).alias("users")),
        assigned.pairs.filter(~own)
        .group_by("action", "subject")
        .agg(
            pl.col("severity").min(),
            pl.col("rule").unique().sort(),
            pl.col("user").drop_nulls().n_unique().cast(pl.UInt32()).alias("users"),
        ),
    ]
    items = pl.concat(grouped)
    days = pl.DataFrame(
        {"severity": [one.value for one in Severity], "due": [due(one, now) for one in Severity]},
        schema={"severity": SEVERITIES, "due": pl.Date()},
    )
    waits = _waits(assigned.pairs, findings)
    return (
        # Few sets of rules are different: each is named once.
        items.join(_named(items["rule"], names), on="rule", how="left")
        .join(days, on="severity", how="left")
        .join(waits, on=["action", "subject"], how="left", nulls_equal=True)
        .with_columns(state=pl.when(pl.col("why").is_null()).then(pl.lit("ready")).otherwise(pl.lit("not yet")))
        .select(pl.col(name).cast(kind) for name, kind in ITEMS.items())
    )


def _named(sets: pl.Series, names: pl.Series) -> pl.DataFrame:
    different = sets.unique(maintain_order=True)
    texts = [", ".join(names.gather(one).to_list()) for one in different.to_list()]
    return pl.DataFrame({"rule": different, "rules": pl.Series(texts, dtype=pl.String())})


def _waits(pairs: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    rows = [(place, name) for place, one in enumerate(findings.results) for name in one.blocked_by]
    blocked = pl.DataFrame(rows, schema={"rule": PAIRS["rule"], "name": pl.String()}, orient="row")
    return (
        pairs.filter("failed")
        .select("action", "subject", "rule")
        .join(blocked, on="rule", how="inner")
        .group_by("action", "subject")
        .agg(pl.col("name").unique().sort())
        .select("action", "subject", why=pl.lit("waits for ") + pl.col("name").list.join(", "))
    )


def _steps(assigned: Assigned, items: pl.DataFrame, findings: Findings, now: datetime) -> list[Step]:
    said = assigned.pairs.group_by("action").agg(
        pl.col("severity").min(),
        pl.col("failed").sum().alias("failures"),
        (~pl.col("failed")).sum().alias("gaps"),
        pl.col("rule").unique().sort(),
        pl.col("rule").filter("failed").unique().alias("failed_rules"),
        pl.col("user").drop_nulls().n_unique().alias("users"),
    )
    states = {(action, state): number for action, state, number in items.group_by("action", "state").len().iter_rows()}
    made = []
    for row in said.sort("action").iter_rows(named=True):
        severity = Severity(row["severity"])
        waits = {name for place in row["failed_rules"] for name in findings.results[place].blocked_by}
        ready, not_yet, by_hand = (states.get((row["action"], one.value), 0) for one in State)
        made.append(
            Step(
                action=assigned.actions[row["action"]],
                severity=severity,
                ready=ready,
                not_yet=not_yet,
                by_hand=by_hand,
                users=row["users"],
                failures=row["failures"],
                gaps=row["gaps"],
                rules=tuple(findings.results[place].rule.id for place in row["rule"]),
                waits_for=tuple(sorted(waits)),
                due=due(severity, now),
            )
        )
    return made


def _in_order(steps: Sequence[Step], items: pl.DataFrame, pairs: pl.DataFrame) -> Plan:
    order = sorted(range(len(steps)), key=lambda place: _pressing(steps[place]))
    places = pl.Series([order.index(place) for place in range(len(steps))], dtype=pl.UInt16())
    return Plan(
        steps=tuple(steps[place] for place in order),
        items=items.with_columns(action=places.gather(items["action"])).sort(
            "action", "severity", "subject", nulls_last=False
        ),
        of_findings=pairs.select("rule", "user", places.gather(pairs["action"]).alias("action")),
    )


def _pressing(step: Step) -> tuple[int, bool, int, str]:
    # What fails comes before what is open, and what helps many before what helps few.
    return (-step.severity.rank, not step.failures, -(step.failures + step.gaps), step.action.id)
