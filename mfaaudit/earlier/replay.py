"""Judges the evidence of one audit with the rules of another; pure, as all judging is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mfaaudit.declared.declare import Declared
from mfaaudit.declared.fields import FIELDS as DECLARED_FIELDS
from mfaaudit.declared.fields import POSTURE
from mfaaudit.declared.words import ANY
from mfaaudit.earlier.audit import Audit
from mfaaudit.earlier.steps import Arrival, Arrived, Grounds, Replay, Replayed, Step, undated_column
from mfaaudit.earlier.values import dated_fields, fields_of_rule, value_column, values_of_tenant, values_of_users
from mfaaudit.findings import Findings, Pack, Rule, RuleResult, judge
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.circumstances import Circumstances
from mfaaudit.findings.declarations import Declarations
from mfaaudit.findings.judge import gate_of
from mfaaudit.sources.field import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    declared: Declared
    circumstances: Circumstances
    findings: Findings

    def result(self, rule: Rule) -> RuleResult:
        return next(one for one in self.findings.results if one.rule.id == rule.id)


def replay(audit: Audit, packs: Sequence[Pack], declarations: Declarations, day: datetime) -> Audit:
    """An audit that has its grounds, with what becomes of them under other rules, and what is declared on a later day.

    What it looks at of each user goes with it; its grounds are no more needed.
    """
    grounds = audit.grounds
    if grounds is None:
        raise AssertionError(f"{audit.run_id} has nothing to be judged on")
    by_rules = _judge(grounds, packs, grounds.declarations, grounds.now)
    # Without a register there is nothing that has a date.
    by_dates = by_rules if grounds.declarations.register is None else _judge(grounds, packs, grounds.declarations, day)
    declared = _judge(grounds, _opened(packs), declarations, day)
    steps = {Step.RULES: by_rules, Step.DATES: by_dates, Step.DECLARED: declared}
    tenant = Atoms(declared.declared.tenant, grounds.now)
    columns, rules = [], {}
    for rule in _rules(packs):
        found = {step: one.result(rule) for step, one in steps.items()}
        of_users = rule.scope is Scope.USER
        if of_users:
            columns += [one.frame["verdict"].alias(step.column(rule.id)) for step, one in found.items()]
        rules[rule.id] = Replayed(
            gate=gate_of(rule, tenant, declared.circumstances).open,
            seen=found[Step.DECLARED].observed,
            may_waive=declared.declared.may_waive(rule.id),
            verdicts={} if of_users else {step: one.status for step, one in found.items()},
        )
    return replace(
        audit,
        users=audit.users.hstack([*columns, *values_of_users(grounds.users, packs)]),
        replay=Replay(rules=rules, tenant=values_of_tenant(grounds.tenant, packs)),
        grounds=None,
    )


def arrive(
    audit: Audit, findings: Findings, declarations: Declarations, declared: Declared, previous: datetime
) -> Audit:
    """The present audit with all that an earlier one, which began at `previous`, is held against."""
    packs, circumstances = findings.packs, declarations.circumstances(declared)
    seen = {one.rule.id: one.observed for one in findings.results}
    dated = tuple(replace(pack, rules=tuple(rule for rule in pack.rules if dated_fields(rule))) for pack in packs)
    undated = judge(dated, users=declared.users, tenant=declared.tenant, now=previous, circumstances=circumstances)
    found = {one.rule.id: one for one in undated.results}
    tenant = Atoms(declared.tenant, previous)
    rules = {
        rule.id: Arrived(
            gate=gate_of(rule, tenant, circumstances).open,
            seen=seen[rule.id],
            may_waive=declared.may_waive(rule.id),
            undated=found[rule.id].status if rule.id in found and rule.scope is Scope.TENANT else None,
            of_users=tuple(field.name for field in fields_of_rule(rule, Scope.USER)),
            of_tenant=(*(field.name for field in fields_of_rule(rule, Scope.TENANT)), *_posture(rule)),
            dated=dated_fields(rule),
            is_number=rule.aggregate is not None,
        )
        for rule in _rules(packs)
    }
    columns = [
        one.frame["verdict"].alias(undated_column(name)) for name, one in found.items() if one.rule.scope is Scope.USER
    ]
    return replace(
        audit,
        users=audit.users.hstack([*columns, *values_of_users(declared.users, packs)]),
        arrival=Arrival(rules=rules, tenant=values_of_tenant(declared.tenant, packs)),
    )


def is_replayed(audit: Audit, packs: Sequence[Pack]) -> bool:
    """Whether an audit that a bundle keeps has all that a comparison under these rules needs."""
    found = audit.replay
    if found is None:
        return False
    for rule in _rules(packs):
        one = found.rules.get(rule.id)
        columns = {value_column(field.name) for field in fields_of_rule(rule, Scope.USER)}
        of_tenant = {field.name for field in fields_of_rule(rule, Scope.TENANT)} | {POSTURE.name}
        if one is None or bool(one.verdicts) is (rule.scope is Scope.USER):
            return False
        if not columns <= set(audit.users.columns) or not of_tenant <= set(found.tenant):
            return False
    return True


def _judge(grounds: Grounds, packs: Sequence[Pack], declarations: Declarations, day: datetime) -> _Judged:
    # What was declared stands beside what was read, and is looked up anew.
    old = [name for field in DECLARED_FIELDS for name in _columns_of(field.column) if name in grounds.users.columns]
    declared = declarations.look_up(
        packs, users=grounds.users.drop(old), tenant=grounds.tenant, groups=grounds.groups, day=day
    )
    circumstances = declarations.circumstances(declared)
    findings = judge(packs, users=declared.users, tenant=declared.tenant, now=grounds.now, circumstances=circumstances)
    return _Judged(declared=declared, circumstances=circumstances, findings=findings)


def _columns_of(column: str) -> tuple[str, ...]:
    return column, f"{column}_reason", f"{column}_unclassified"


def _opened(packs: Sequence[Pack]) -> tuple[Pack, ...]:
    """The same packs, with rules about users that can be asked of any tenant."""
    return tuple(
        replace(
            pack,
            rules=tuple(
                replace(rule, preconditions=None, postures=()) if rule.scope is Scope.USER else rule
                for rule in pack.rules
            ),
        )
        for pack in packs
    )


def _posture(rule: Rule) -> tuple[str, ...]:
    """What else opens and closes a rule that is not for every tenant."""
    return (POSTURE.name,) if any(one != ANY for one in rule.postures) else ()


def _rules(packs: Sequence[Pack]) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for pack in packs:
        for rule in pack.rules:
            found.setdefault(rule.id, rule)
    return tuple(found.values())
