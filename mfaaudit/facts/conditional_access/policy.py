"""One Conditional Access policy, read: whether it is on, what it asks for, where, when, and of whom."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from mfaaudit.facts.conditional_access.conditions import Applies, Scope, resources, strange_levels, times
from mfaaudit.facts.conditional_access.grant import Asked, asked, blocks, phishing_resistant
from mfaaudit.facts.conditional_access.reach import Reach, reach
from mfaaudit.facts.conditional_access.values import is_empty, is_id, words


class State(StrEnum):
    """As Graph spells it (conditionalAccessPolicy)."""

    ENABLED = "enabled"
    REPORT_ONLY = "enabledForReportingButNotEnforced"
    DISABLED = "disabled"


class Strength(StrEnum):
    """What a policy that is on does for a user in its scope, strongest first."""

    ALL_RESOURCES = "conditionalAccessAllResources"
    THIRD_PARTY = "thirdParty"
    SOME_RESOURCES = "conditionalAccessSomeResources"
    UNDER_CONDITIONS = "conditionalAccessUnderConditions"
    NOTHING = "nothing"


BETA_ONLY = "listed by beta only"
"""How a policy is marked that v1.0 leaves out."""
MALFORMED: Mapping[str, Any] = {"": "not an object"}
"""In the place of a part that is no object: it has a property that nobody knows."""
RISKS = ("signInRiskLevels", "userRiskLevels", "servicePrincipalRiskLevels")


@dataclass(frozen=True)
class Policy:
    """A policy as Graph sent it, and what follows from it; whatever is not known leaves more than one possibility."""

    raw: Mapping[str, Any]
    beta_only: bool = False
    """Whether the list of v1.0 leaves it out, or could not be read."""

    @property
    def name(self) -> str:
        """What it is called; one without a name goes by its id, and one that only beta lists says so."""
        name = str(self.raw.get("displayName") or self.raw.get("id"))
        return f"{name} [{BETA_ONLY}]" if self.beta_only else name

    @property
    def label(self) -> str:
        """Its name with the id, since two policies may have one name."""
        name, known_by = self.raw.get("displayName"), self.raw.get("id")
        if not name or not known_by:
            return self.name
        return f"{name} ({known_by})" + (f" [{BETA_ONLY}]" if self.beta_only else "")

    @cached_property
    def state(self) -> State | None:
        """None if it is a state that is not known."""
        found = self.raw.get("state")
        return State(found) if found in list(State) else None

    @cached_property
    def users(self) -> Mapping[str, Any]:
        """The part that says whom it is for; empty if there is none."""
        return _part(self._conditions, "users")

    @cached_property
    def strengths(self) -> frozenset[Strength]:
        """What it may do for a user in its scope, if it is on."""
        return frozenset(_strength(*case) for case in itertools.product(self.asked, self.scope, self.times))

    @cached_property
    def asked(self) -> frozenset[Asked]:
        """What it asks for."""
        return asked(self.raw.get("grantControls"))

    @cached_property
    def blocks(self) -> bool:
        """Whether it surely lets nobody in."""
        return blocks(self.raw.get("grantControls"))

    @cached_property
    def reach(self) -> Reach | None:
        """The sign-ins that it is for, if they can be joined with those of other policies."""
        return reach(self._conditions, _part(self._conditions, "applications"))

    @cached_property
    def resists(self) -> bool | None:
        """Whether it asks for phishing-resistant MFA."""
        return phishing_resistant(self.raw.get("grantControls"))

    @cached_property
    def scope(self) -> frozenset[Scope]:
        """The resources that it is for."""
        return resources(_part(self._conditions, "applications"))

    @cached_property
    def names_all_resources(self) -> bool:
        """Whether all resources are included, whatever is left out."""
        return "All" in (words(_part(self._conditions, "applications"), "includeApplications") or [])

    @cached_property
    def excluded_applications(self) -> tuple[str, ...]:
        """The ids of the applications that it leaves out, and the words for suites of them, in order."""
        left_out = words(_part(self._conditions, "applications"), "excludeApplications") or []
        return tuple(sorted({one.lower() if is_id(one) else one for one in left_out}))

    @cached_property
    def excludes_applications(self) -> bool:
        """Whether it surely is for all resources but for applications that it excludes by name."""
        filtered = not is_empty(_part(self._conditions, "applications").get("applicationFilter"))
        return self.names_all_resources and self.scope == {Scope.SOME} and not filtered

    @cached_property
    def times(self) -> frozenset[Applies]:
        """The sign-ins that it is for."""
        return times(self._conditions)

    @cached_property
    def is_for_risks(self) -> bool | None:
        """Whether it is for sign-ins or users at risk only; None if it names a level that is not known."""
        levels = [self._conditions.get(key) for key in RISKS if not is_empty(self._conditions.get(key))]
        return None if levels and all(map(strange_levels, levels)) else bool(levels)

    @property
    def _conditions(self) -> Mapping[str, Any]:
        return _part(self.raw, "conditions")


def _part(whole: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = whole.get(key)
    if found is None and whole is not MALFORMED:
        return {}
    return found if isinstance(found, dict) else MALFORMED


def _strength(asks: Asked, scope: Scope, applies: Applies) -> Strength:
    if asks is Asked.NOTHING or scope is Scope.NONE or applies is Applies.NEVER:
        return Strength.NOTHING
    if asks is Asked.REPLACEABLE or applies is Applies.AT_TIMES:
        # MFA that something else may replace is asked only of those who lack that.
        return Strength.UNDER_CONDITIONS
    if scope is Scope.SOME:
        return Strength.SOME_RESOURCES
    return Strength.THIRD_PARTY if asks is Asked.CUSTOM else Strength.ALL_RESOURCES
