"""Whether a Conditional Access policy asks every user for MFA on every resource, however users are excluded from it.

What is surely narrowed, by a place, a device, some resources or a time, is not such a policy: it leaves a way round.
"""

from __future__ import annotations

from mfaaudit.facts.conditional_access.covering import asks, policies_in
from mfaaudit.facts.conditional_access.listed import ALSO, further
from mfaaudit.facts.conditional_access.policy import Policy, State, Strength
from mfaaudit.facts.conditional_access.users import asks_all
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Reason, Unknown

FIELD = Field(
    name="derived.hasAllUsersMfaPolicy",
    title="A policy asks all users for MFA on all resources",
    kind=Kind.BOOLEAN,
    scope=Scope.TENANT,
)


def has_all_users_mfa_policy(given: Given) -> Value | Unknown:
    """True if a policy surely does; False if none can; unknown where one is not understood, or others may exist."""
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return policies
    found = {_is_one(policy) for policy in policies}
    if True in found:
        return True
    if None in found:
        return Unknown(Reason.UNKNOWN_VALUE)
    return further(given) or False


def _is_one(policy: Policy) -> bool | None:
    if policy.state not in (State.ENABLED, None) or policy.is_for_risks:
        return False
    if asks_all(policy.users) is False or Strength.ALL_RESOURCES not in policy.strengths:
        return False
    return asks(policy)


FACT = Fact(field=FIELD, source="conditionalAccessPolicies", also=ALSO, of_tenant=has_all_users_mfa_policy)
