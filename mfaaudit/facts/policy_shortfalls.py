"""What policies that require MFA exclude: applications, roles, kinds of guests, empty groups, and whether users."""

from __future__ import annotations

from collections.abc import Iterator

from mfaaudit.facts.conditional_access.covering import policies_in
from mfaaudit.facts.conditional_access.listed import ALSO, further
from mfaaudit.facts.conditional_access.policy import Policy
from mfaaudit.facts.conditional_access.targets import Target, meets
from mfaaudit.facts.conditional_access.users import GUESTS, strange_keys
from mfaaudit.facts.conditional_access.values import is_empty, words
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Unknown

EXCEPT_APPLICATIONS = Field(
    name="derived.policiesExceptApplications",
    title="Policies that would count if they excluded no application",
    kind=Kind.LIST,
    scope=Scope.TENANT,
)
EXCLUSIONS = Field(
    name="derived.policyExclusions",
    title="What MFA policies exclude",
    kind=Kind.LIST,
    scope=Scope.TENANT,
)
APPLICATION, ROLE, GROUP, KINDS_OF_GUESTS = "application", "role", "group", "guests or external users"
PEOPLE = "users or groups"
"""Stands for whatever is excluded by id, or by a property that is not known."""


def policies_except_applications(given: Given) -> Value | Unknown:
    """Entries like `allUsersMfa: Name of the policy`, for each target that it meets but for named applications."""
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return policies
    short = [policy for policy in policies if policy.excludes_applications]
    found = sorted(f"{target}: {policy.name}" for policy in short for target in Target if meets(policy, target))
    return tuple(found) or further(given) or ()


def policy_exclusions(given: Given) -> Value | Unknown:
    """Entries like `Name of the policy: application 0000...`, of the policies that meet a target."""
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return policies
    counted = [policy for policy in policies if any(meets(policy, target) for target in Target)]
    return tuple(sorted({f"{policy.name}: {item}" for policy in counted for item in _items(policy, given)}))


def _items(policy: Policy, given: Given) -> Iterator[str]:
    yield from (f"{APPLICATION} {one}" for one in policy.excluded_applications)
    yield from (f"{ROLE} {one.lower()}" for one in words(policy.users, "excludeRoles") or ())
    named = [words(policy.users, key) for key in ("excludeUsers", "excludeGroups", "excludeRoles")]
    if any(ids is None or ids for ids in named) or strange_keys(policy.users, "exclude"):
        yield PEOPLE
    for group in words(policy.users, "excludeGroups") or ():
        members = given.members(group)
        # Whoever is in a group is named; of one that holds nobody today only its id can be.
        if not isinstance(members, Unknown) and not members:
            yield f"{GROUP} {group.lower()}"
    older = GUESTS in (words(policy.users, "excludeUsers") or ())
    if older or not is_empty(policy.users.get("excludeGuestsOrExternalUsers")):
        yield KINDS_OF_GUESTS


FACTS = (
    Fact(
        field=EXCEPT_APPLICATIONS, source="conditionalAccessPolicies", also=ALSO, of_tenant=policies_except_applications
    ),
    # A group that was not read is no reason for it to be unknown: whoever may be in it is unknown then, user by user.
    Fact(field=EXCLUSIONS, source="conditionalAccessPolicies", also=ALSO, of_tenant=policy_exclusions),
)
