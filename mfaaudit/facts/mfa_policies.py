"""Which Conditional Access policies ask somebody for MFA, for whatever resources and under whatever conditions."""

from __future__ import annotations

from mfaaudit.facts.conditional_access.covering import policies_in
from mfaaudit.facts.conditional_access.listed import ALSO, further
from mfaaudit.facts.conditional_access.policy import Policy, State, Strength
from mfaaudit.facts.conditional_access.users import asks_somebody
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Reason, Unknown

FIELD = Field(
    name="derived.mfaPolicies", title="Enabled policies that ask somebody for MFA", kind=Kind.LIST, scope=Scope.TENANT
)


def mfa_policies(given: Given) -> Value | Unknown:
    """The names of the policies that surely ask; unknown if there are only policies that may, or others may exist."""
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return policies
    answers = [(policy.name, _asks(policy)) for policy in policies]
    names = sorted(name for name, sure in answers if sure)
    if not names and any(sure is None for _, sure in answers):
        return Unknown(Reason.UNKNOWN_VALUE)
    return tuple(names) or further(given) or ()


def _asks(policy: Policy) -> bool | None:
    people = asks_somebody(policy.users)
    if policy.state not in (State.ENABLED, None) or policy.strengths == {Strength.NOTHING} or people is False:
        return False
    return None if policy.state is None or Strength.NOTHING in policy.strengths else people


FACT = Fact(field=FIELD, source="conditionalAccessPolicies", also=ALSO, of_tenant=mfa_policies)
