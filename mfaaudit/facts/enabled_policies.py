"""Which Conditional Access policies are on."""

from __future__ import annotations

from mfaaudit.facts.conditional_access.covering import policies_in
from mfaaudit.facts.conditional_access.listed import ALSO, further
from mfaaudit.facts.conditional_access.policy import State
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown

FIELD = Field(
    name="derived.enabledPolicies",
    title="Conditional Access policies that are on",
    kind=Kind.LIST,
    scope=Scope.TENANT,
)


def enabled_policies(given: Given) -> Value | Unknown:
    """The names of those that are surely on; unknown if one is in a state that is not known.

    Also unknown where none is on and others may exist.
    """
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return policies
    if any(policy.state is None for policy in policies):
        return STRANGE
    return tuple(sorted(policy.name for policy in policies if policy.state is State.ENABLED)) or further(given) or ()


FACT = Fact(field=FIELD, source="conditionalAccessPolicies", also=ALSO, of_tenant=enabled_policies)
