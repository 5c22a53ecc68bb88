"""From which of the policies that ask everybody for MFA a user is excluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mfaaudit.facts.conditional_access.covering import asks, policies_in
from mfaaudit.facts.conditional_access.crowd import lists_of
from mfaaudit.facts.conditional_access.listed import ALSO, further
from mfaaudit.facts.conditional_access.people import People
from mfaaudit.facts.conditional_access.policy import Policy
from mfaaudit.facts.conditional_access.users import excluded
from mfaaudit.facts.conditional_access.values import is_id, words
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import STRANGE, Field, Kind, Value
from mfaaudit.sources.options import POLICY_GROUPS
from mfaaudit.words import Unknown

FIELD = Field(
    name="derived.excludedFromMfaPolicies", title="Excluded from policies that ask all users for MFA", kind=Kind.LIST
)


def policy_groups(policies: Iterable[Mapping[str, Any]]) -> set[str]:
    """The object ids, in lower case, of the groups that Conditional Access policies include or exclude."""
    named = (words(Policy(one).users, key) or [] for one in policies for key in ("includeGroups", "excludeGroups"))
    # A word in the place of an id names no group that could be asked for.
    return {group.lower() for groups in named for group in groups if is_id(group)}


def excluded_from_mfa_policies(given: Given) -> Sequence[Value | Unknown]:
    """The names of the policies that leave each user out; unknown as soon as that is unknown of one of them.

    Looked at are the policies that surely ask everybody. Where there are only some that may, a user whom none of them
    leaves out is excluded from nothing, and the others are open. Who is left out of none is open as well where there
    may be other policies than those that were read.
    """
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return [policies] * len(given.user_ids)
    answers = [(policy, asks(policy, but_for_applications=True)) for policy in policies]
    sure = [policy for policy, asking in answers if asking]
    looked_at = sure or [policy for policy, asking in answers if asking is None]
    people = People(given)
    named = sorted(((policy.name, excluded(policy.users, people)) for policy in looked_at), key=lambda one: one[0])
    found = lists_of(named, people.size)
    beyond = further(given)
    if beyond is not None:
        # Who is left out of a policy that was read is so in any case.
        found = [beyond if one == () else one for one in found]
    return found if sure else [one and STRANGE if beyond is None or one != beyond else one for one in found]


FACT = Fact(
    field=FIELD,
    source="conditionalAccessPolicies",
    also=("groupMembers", "roleAssignments", *ALSO),
    option=POLICY_GROUPS.name,
    of_user=excluded_from_mfa_policies,
)
