"""From which of the policies that meet a control a user is left out, and which policies stop or slow a user at all."""

from __future__ import annotations

from collections.abc import Sequence

from mfaaudit.facts import (
    blocked_flows,
    managed_device_policies,
    reauthentication_policies,
    registration_policies,
    risk_policies,
)
from mfaaudit.facts.conditional_access.control import SOURCE, Control, meets, names_of
from mfaaudit.facts.conditional_access.covering import policies_in
from mfaaudit.facts.conditional_access.criteria import blocks
from mfaaudit.facts.conditional_access.crowd import Crowd, lists_of, without
from mfaaudit.facts.conditional_access.listed import ALSO, further
from mfaaudit.facts.conditional_access.people import People
from mfaaudit.facts.conditional_access.policy import Policy, State, Strength
from mfaaudit.facts.conditional_access.users import excluded, included
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import STRANGE, Field, Kind, Value
from mfaaudit.sources.options import POLICY_GROUPS
from mfaaudit.words import Unknown

CONTROLS: tuple[Control, ...] = (
    *blocked_flows.CONTROLS,
    *registration_policies.CONTROLS,
    *managed_device_policies.CONTROLS,
    *risk_policies.CONTROLS,
    *reauthentication_policies.CONTROLS,
)
"""All of them; a test looks whether a file beside was forgotten."""

EXCLUDED = Field(
    name="derived.excludedFromControlPolicies", title="Excluded from policies that a control rests on", kind=Kind.LIST
)
REACHING = Field(
    name="derived.reachingPolicies", title="Enabled policies that block the user or require MFA", kind=Kind.LIST
)


def excluded_from_control_policies(given: Given) -> Sequence[Value | Unknown]:
    """The names of the policies that meet a control and leave each user out; unknown if that is unknown of one."""
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return [policies] * len(given.user_ids)
    people = People(given)
    named = [
        (name, excluded(policy.users, people))
        for policy, name in names_of(policies)
        if any(meets(policy, control) for control in CONTROLS)
    ]
    return lists_of(sorted(named, key=lambda pair: pair[0]), people.size)


def reaching_policies(given: Given) -> Sequence[Value | Unknown]:
    """The names of the enabled policies that block each user or require MFA of them, whenever and for whatever.

    An account for emergencies that none of them reaches gets in when a policy is wrong. Unknown as soon as that is
    unknown of one policy; whom none reaches is open as well where there may be policies that were not read.
    """
    policies = policies_in(given)
    if isinstance(policies, Unknown):
        return [policies] * len(given.user_ids)
    people = People(given)
    named = [(name, crowd) for policy, name in names_of(policies) if (crowd := _reached(policy, people)) is not None]
    found = lists_of(sorted(named, key=lambda pair: pair[0]), people.size)
    beyond = further(given)
    return found if beyond is None else [beyond if names == () else names for names in found]


def _reached(policy: Policy, people: People) -> Crowd | None:
    if policy.state in (State.DISABLED, State.REPORT_ONLY):
        return None
    blocking, asking = blocks(policy), policy.strengths != {Strength.NOTHING}
    if blocking is False and not asking:
        return None
    meant = without(included(policy.users, people), excluded(policy.users, people))
    sure = policy.state is State.ENABLED and (blocking is True or Strength.NOTHING not in policy.strengths)
    return meant if sure else meant.doubted(STRANGE)


_ALSO = ("groupMembers", "roleAssignments", *ALSO)

FACTS = (
    Fact(field=EXCLUDED, source=SOURCE, also=_ALSO, option=POLICY_GROUPS.name, of_user=excluded_from_control_policies),
    Fact(field=REACHING, source=SOURCE, also=_ALSO, option=POLICY_GROUPS.name, of_user=reaching_policies),
)
