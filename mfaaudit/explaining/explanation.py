"""All that an audit says of one user: the values, the rules, and for each rule what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from mfaaudit.declared.declare import EntryRow
from mfaaudit.explaining.answers import Answer, answers_about, standing
from mfaaudit.findings import Circumstances, RuleResult, expected
from mfaaudit.findings.condition import fields_of
from mfaaudit.findings.lists_used import lists_of
from mfaaudit.findings.outlook import Outlook, outlook_of
from mfaaudit.findings.results import WORST
from mfaaudit.findings.values import LONG
from mfaaudit.findings.would_change import Seen
from mfaaudit.reports.change_numbers import first_failed
from mfaaudit.reports.document import Cell
from mfaaudit.reports.material import Material, cell
from mfaaudit.reports.profiles import READ, Judged, Profile, Profiles, Value
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import SOURCE_OF
from mfaaudit.words import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One rule on the user."""

    judged: Judged
    outlook: Outlook
    named: Mapping[str, Any]
    """The user's row of the frame, by column."""
    entry: EntryRow | None
    """The entry of the register that waives it, or would waive a failure."""
    since: datetime | None
    """When the audit began in which the failure was seen first; None if no earlier audit tells."""
    action: str
    """The title of the action that cures it; empty without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutTenant:
    """One rule about the tenant."""

    result: RuleResult
    reason: str
    expected: str
    action: str

    @property
    def verdict(self) -> Verdict:
        """Of the tenant."""
        return self.result.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One value, and the answer that it stands in."""

    value: Value
    answer: Answer | None
    """None for what is worked out or declared, and where there is no answer about the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One user of one audit."""

    material: Material
    profile: Profile
    values: tuple[Shown, ...]
    """All values of the user."""
    rules: tuple[Explained, ...]
    """The worst verdict first, in each the worst severity."""
    of_tenant: tuple[AboutTenant, ...]
    tenant_values: Mapping[str, Cell]
    """The values of the tenant that decide whether a rule applies to it, by name."""
    lists: Mapping[str, tuple[str, ...]]
    """The lists that a sentence gives by name alone, as they are long."""
    narrowed: bool
    """Whether it is about some rules alone."""

    def value(self, name: str) -> Cell:
        """A value of the user; unknown with its reason."""
        return next(one.value.value for one in self.values if one.value.field.name == name)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The values that are told of: all, or those that the rules look at, where it is about some alone."""
        if not self.narrowed:
            return self.values
        conditions = (condition for one in self.rules for condition in one.judged.result.rule.conditions)
        names = {field.name for condition in conditions for field in fields_of(condition)}
        return tuple(one for one in self.values if one.value.field.name in names)


def explain(
    made: Material, row: int, circumstances: Circumstances, answers: Sequence[Answer], rules: Sequence[str] = ()
) -> Explanation:
    """The explanation of the user in one row; of these rules alone, by their ids, if any are named."""
    profile = Profiles(made).of(row)
    explained = [one for one in _rules(made, row, profile, circumstances) if _asked(one.judged.result, rules)]
    order = list(_worst_first(explained))
    preconditions = (one.judged.result.rule.preconditions for one in order)
    used = dict.fromkeys(field.name for condition in preconditions for field in fields_of(condition))
    tenant = made.declared.tenant.row(0, named=True)
    about_tenant = tuple(_about_tenant(made, rules))
    # The others of those about the tenant are not shown with what they ask.
    shown = [one.judged.result.rule for one in order] + [one.result.rule for one in about_tenant if rules]
    return Explanation(
        material=made,
        profile=profile,
        values=tuple(_shown(made.users.slice(row, 1), profile, answers)),
        rules=tuple(order),
        of_tenant=about_tenant,
        tenant_values={name: cell(tenant, name) for name in used},
        lists={name: values for name, values in lists_of(shown).items() if len(values) > LONG},
        narrowed=bool(rules),
    )


def look_up(bundle: Path, made: Material, row: int) -> tuple[Answer, ...]:
    """The answers about the user, in the evidence of the bundle. Raises BundleProblem if it is damaged."""
    profile = Profiles(made).of(row)
    read = [one for one in profile.values if one.origin.how == READ]
    # Also the source that should have been read, where another stood in for it.
    names = {one.origin.source.name for one in read} | {SOURCE_OF[one.field.name] for one in read}
    return answers_about(bundle, profile.user_id, sorted(names))


def _rules(made: Material, row: int, profile: Profile, circumstances: Circumstances) -> Iterator[Explained]:
    now = made.snapshot.run.started_at
    user, tenant = Seen(made.users.slice(row, 1), now), Seen(made.declared.tenant, now)
    (named,) = user.row.iter_rows(named=True)
    entries = {one.entry.id: one for one in made.exceptions}
    places = {one.rule.id: place for place, one in enumerate(made.findings.results)}
    for judged in profile.rules:
        rule = judged.result.rule
        waivers = circumstances.waivers(rule) if rule.waivable else None
        exception = (None if waivers is None else waivers[row]) or ""
        since = first_failed(made, rule.id).get(profile.user_id.lower())
        yield Explained(
            judged=judged,
            named=named,
            outlook=outlook_of(rule, user, tenant, circumstances, exception),
            entry=entries.get(exception),
            since=None if since is None else since.at,
            action=made.actions.cures(places[rule.id], made.users.height)[row] or "",
        )


def _asked(result: RuleResult, rules: Sequence[str]) -> bool:
    return not rules or result.rule.id in rules


def _worst_first(rules: Sequence[Explained]) -> Iterator[Explained]:
    order = list(WORST)
    yield from sorted(rules, key=lambda one: (order.index(one.judged.verdict), -one.judged.severity.rank))


def _about_tenant(made: Material, rules: Sequence[str]) -> Iterator[AboutTenant]:
    for place, result in enumerate(made.findings.results):
        if result.rule.scope is Scope.TENANT and _asked(result, rules):
            yield AboutTenant(
                result=result,
                reason=result.frame.row(0, named=True)["reason"] or "",
                expected=expected(result.rule),
                action=made.actions.cure_of_tenant(place),
            )


def _shown(user: pl.DataFrame, profile: Profile, answers: Sequence[Answer]) -> Iterator[Shown]:
    (named,) = user.iter_rows(named=True)
    for value in profile.values:
        answer = None
        if value.origin.how == READ:
            place, source = value.origin.place, value.origin.source.name
            answer = standing(answers, source, named.get(f"{place}_requestId"), value.read_at)
        yield Shown(value=value, answer=answer)
