"""One requirement on Conditional Access policies: which policy meets it by itself, and whom that one leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mfaaudit.facts.conditional_access.conditions import Applies, times
from mfaaudit.facts.conditional_access.covering import Covers, policies_in
from mfaaudit.facts.conditional_access.criteria import Criterion, every, on_all_resources
from mfaaudit.facts.conditional_access.listed import ALSO, further
from mfaaudit.facts.conditional_access.policy import MALFORMED, Policy, State
from mfaaudit.facts.conditional_access.users import asks_all
from mfaaudit.facts.conditional_access.values import is_empty, words
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown

SOURCE = "conditionalAccessPolicies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What at least one enabled policy must do by itself."""

    key: str
    """In the names of its fields: `derived.<key>Policies` and `declared.<key>Exclusions`."""
    title: str
    """The policies that meet it, for the head of a column."""
    exclusions: str
    """Those whom they leave out, for the head of a column."""
    criteria: tuple[Criterion, ...]
    resources: Criterion = on_all_resources
    covers: Covers = asks_all
    narrowed_by: frozenset[str] = frozenset()
    """Conditions that a criterion looks at, or that do not matter here; any other one leaves a way round."""
    may_exclude_roles: bool = False
    """Whether a policy counts that excludes a directory role. A block that does has a way round for whoever gets it."""

    @property
    def policies_field(self) -> Field:
        """The names of the policies that surely meet it."""
        return Field(name=f"derived.{self.key}Policies", title=self.title, kind=Kind.LIST, scope=Scope.TENANT)

    @property
    def exclusions_field(self) -> Field:
        """The accounts that the best of these policies leaves out and no exception accounts for."""
        return Field(name=f"declared.{self.key}Exclusions", title=self.exclusions, kind=Kind.LIST, scope=Scope.TENANT)


def meets(policy: Policy, control: Control) -> bool | None:
    """Whether an enabled policy meets a control by itself, whichever accounts it leaves out; None if not known."""
    return every(
        [
            None if policy.state is None else policy.state is State.ENABLED,
            control.covers(policy.users),
            True if control.may_exclude_roles else _excludes_no_role(policy),
            control.resources(policy),
            *(criterion(policy) for criterion in control.criteria),
            _is_not_narrowed(policy, control),
        ]
    )


def names_of(policies: Iterable[Policy]) -> list[tuple[Policy, str]]:
    """Each policy with its name, and with the id behind it where two have one name."""
    listed = list(policies)
    names = [policy.name for policy in listed]
    return [(policy, policy.label if names.count(policy.name) > 1 else policy.name) for policy in listed]


def policies_that_meet(given: Given, control: Control) -> Value | Unknown:
    """The names of the policies that surely meet a control; unknown if others may."""
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return policies
    answers = [(name, meets(policy, control)) for policy, name in names_of(policies)]
    names = sorted(name for name, sure in answers if sure)
    if not names and any(sure is None for _, sure in answers):
        return STRANGE
    return tuple(names) or further(given) or ()


def fact_of(control: Control) -> Fact:
    """The fact that names the policies which meet a control."""
    return Fact(
        field=control.policies_field, source=SOURCE, also=ALSO, of_tenant=partial(policies_that_meet, control=control)
    )


SELDOM = ("userRiskLevels", "signInRiskLevels", "insiderRiskLevels", "authenticationFlows")
"""Conditions that never hold at every sign-in: what is at risk, and a flow that few use."""


def _excludes_no_role(policy: Policy) -> bool | None:
    roles = words(policy.users, "excludeRoles")
    return None if roles is None else not roles


def _is_not_narrowed(policy: Policy, control: Control) -> bool | None:
    left = {key: value for key, value in _conditions(policy).items() if key not in control.narrowed_by}
    if any(not is_empty(left.get(key)) for key in SELDOM):
        return False
    applies = times(left)
    # A condition that is met at times only may be met each time.
    return True if applies == {Applies.ALWAYS} else False if applies == {Applies.NEVER} else None


def _conditions(policy: Policy) -> Mapping[str, Any]:
    found = policy.raw.get("conditions")
    return found if isinstance(found, dict) else MALFORMED
