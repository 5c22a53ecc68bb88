"""From which of the policies that name administrators' roles, and require MFA of them, a user is excluded."""

from __future__ import annotations

from collections.abc import Sequence

from mfaaudit.facts.conditional_access.covering import policies_in
from mfaaudit.facts.conditional_access.crowd import lists_of
from mfaaudit.facts.conditional_access.listed import ALSO, further
from mfaaudit.facts.conditional_access.people import People
from mfaaudit.facts.conditional_access.targets import Target, meets
from mfaaudit.facts.conditional_access.users import excluded
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.sources.options import POLICY_GROUPS
from mfaaudit.words import Unknown

FIELD = Field(
    name="derived.excludedFromAdministratorPolicies",
    title="Excluded from policies that require MFA of administrators",
    kind=Kind.LIST,
)
OF_ROLES = (Target.ADMINISTRATORS_MFA, Target.PRIVILEGED_RESISTANT)


def excluded_from_administrator_policies(given: Given) -> Sequence[Value | Unknown]:
    """The names of the policies that leave each user out; unknown as soon as that is unknown of one of them.

    Policies for all users are not among them, though they reach administrators as well. Who is left out of none is open
    where there may be other policies than those that were read.
    """
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return [policies] * len(given.user_ids)
    people = People(given)
    named = [
        (policy.name, excluded(policy.users, people))
        for policy in policies
        if any(meets(policy, target) for target in OF_ROLES) and not meets(policy, Target.ALL_MFA)
    ]
    found = lists_of(sorted(named, key=lambda pair: pair[0]), people.size)
    beyond = further(given)
    return found if beyond is None else [beyond if names == () else names for names in found]


FACT = Fact(
    field=FIELD,
    source="conditionalAccessPolicies",
    also=("groupMembers", "roleAssignments", *ALSO),
    option=POLICY_GROUPS.name,
    of_user=excluded_from_administrator_policies,
)
