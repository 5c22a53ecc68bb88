"""From which of the policies that ask everybody for MFA a user is excluded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mfaaudit.facts.all_users_mfa_policies import asks_everybody, name_of
from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.roles import roles_from
from mfaaudit.sources.field import STRANGE, Field, Kind, Value
from mfaaudit.sources.options import POLICY_GROUPS
from mfaaudit.words import Reason, Unknown

FIELD = Field(
    name="derived.excludedFromMfaPolicies", title="Excluded from policies that ask all users for MFA", kind=Kind.LIST
)

GUESTS = "GuestsOrExternalUsers"
"""Among the users of a policy: the older way to name all guests and external users."""
INSIDE, OUTSIDE, MEMBER = "internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember"
ABSENT = frozenset({"none", "b2bDirectConnectUser", "otherExternalUser", "serviceProvider"})
"""Kinds of people who have no account in the tenant."""
FOREIGN = "#ext#"
"""In lower case: part of the user principal name of an account whose home is another tenant."""

Truth = bool | Unknown


def policy_groups(policies: Iterable[Mapping[str, Any]]) -> set[str]:
    """The object ids, in lower case, of the groups that Conditional Access policies include or exclude."""
    named = (_names(_users(policy), key) for policy in policies for key in ("includeGroups", "excludeGroups"))
    return {group.lower() for groups in named if not isinstance(groups, Unknown) for group in groups}


def excluded_from_mfa_policies(given: Given) -> Sequence[Value | Unknown]:
    """The names of the policies that leave each user out; unknown as soon as that is unknown of one of them.

    Looked at are the policies that surely ask everybody. Where there are only some that may, a user whom none of them
    leaves out is excluded from nothing, and the others are open.
    """
    policies = given.objects("conditionalAccessPolicies")
    if isinstance(policies, Unknown):
        return [policies] * len(given.user_ids)
    answers = [(policy, asks_everybody(policy)) for policy in policies]
    sure = [policy for policy, asks in answers if asks]
    looked_at = sorted(sure or [policy for policy, asks in answers if asks is None], key=name_of)
    if not looked_at:
        return [()] * len(given.user_ids)
    names = [name_of(policy) for policy in looked_at]
    columns = [_left_out(_users(policy), given) for policy in looked_at]
    return [_listed(names, truths, sure=bool(sure)) for truths in zip(*columns, strict=True)]


def _listed(names: Sequence[str], truths: Sequence[Truth], *, sure: bool) -> Value | Unknown:
    for truth in truths:
        if isinstance(truth, Unknown):
            return truth
    found = tuple(name for name, truth in zip(names, truths, strict=True) if truth)
    return found if sure or not found else STRANGE


def _left_out(users: Mapping[str, Any], given: Given) -> Sequence[Truth]:
    """Whether one policy leaves each user out: in one of its ways, or in none of them."""
    ways = list(_ways(users, given))
    if not ways:
        return [False] * len(given.user_ids)
    return [_either(truths) for truths in zip(*ways, strict=True)]


def _either(truths: Sequence[Truth]) -> Truth:
    gap: Unknown | None = None
    for truth in truths:
        if isinstance(truth, Unknown):
            gap = truth
        elif truth:
            return True
    return False if gap is None else gap


def _ways(users: Mapping[str, Any], given: Given) -> Iterator[Sequence[Truth]]:
    """For each way in which the policy leaves users out, whether it does each of them."""
    people, groups, roles = (_names(users, key) for key in ("excludeUsers", "excludeGroups", "excludeRoles"))
    if isinstance(people, Unknown) or isinstance(groups, Unknown) or isinstance(roles, Unknown):
        yield [STRANGE] * len(given.user_ids)
        return
    if people:
        named = {one.lower() for one in people}
        yield [user.lower() in named for user in given.user_ids]
    if groups:
        yield _by_group(groups, given)
    if roles:
        yield _by_role(frozenset(role.lower() for role in roles), given)
    if GUESTS in people:
        yield _by_kind(frozenset({INSIDE, OUTSIDE, MEMBER}), given, any_home=True)
    newer = users.get("excludeGuestsOrExternalUsers")
    if newer is not None:
        kinds = _kinds(newer)
        if kinds is None:
            yield [STRANGE] * len(given.user_ids)
        elif kinds:
            yield _by_kind(kinds, given, any_home=_any_home(newer))


def _by_group(groups: Iterable[str], given: Given) -> Sequence[Truth]:
    inside: set[str] = set()
    otherwise: Truth = False
    for group in groups:
        members = given.members(group)
        if not isinstance(members, Unknown):
            inside.update(member.lower() for member in members)
        elif members.reason is not Reason.NOT_FOUND:
            # Of a group that is gone a policy keeps the id, and leaves nobody out for it.
            otherwise = members
    return [True if user.lower() in inside else otherwise for user in given.user_ids]


def _by_role(roles: frozenset[str], given: Given) -> Sequence[Truth]:
    held = roles_from(given, "roleAssignments", _in_the_whole_directory)
    return [one if isinstance(one, Unknown) else not roles.isdisjoint(role.lower() for role in one) for one in held]


def _in_the_whole_directory(assignment: Mapping[str, Any]) -> bool | None:
    # Conditional Access passes over a role that is held for a part of the directory alone.
    scope = assignment.get("directoryScopeId")
    return scope == "/" if isinstance(scope, str) else None


def _by_kind(kinds: frozenset[str], given: Given, *, any_home: bool) -> Sequence[Truth]:
    people = zip(given.column("user.userType"), given.column("user.userPrincipalName"), strict=True)
    return [_is_of(kinds, any_home, kind, name) for kind, name in people]


def _is_of(kinds: frozenset[str], any_home: bool, user_type: Value | Unknown, name: Value | Unknown) -> Truth:
    if isinstance(user_type, Unknown):
        return user_type
    if user_type == "Guest":
        # Whether a guest's home is here or elsewhere, and where, is not read.
        if kinds.isdisjoint((INSIDE, OUTSIDE)):
            return False
        return True if any_home and kinds.issuperset((INSIDE, OUTSIDE)) else STRANGE
    if MEMBER not in kinds:
        return False
    if isinstance(name, Unknown):
        return name
    return STRANGE if FOREIGN in str(name).lower() else False


def _kinds(condition: Any) -> frozenset[str] | None:
    """The kinds of accounts that the newer way names; None if it holds what is not known."""
    text = condition.get("guestOrExternalUserTypes") if isinstance(condition, dict) else None
    if not isinstance(text, str):
        return None
    kinds = frozenset(one.strip() for one in text.split(",")) - ABSENT
    return kinds if kinds <= {INSIDE, OUTSIDE, MEMBER} else None


def _any_home(condition: Mapping[str, Any]) -> bool:
    homes = condition.get("externalTenants")
    return homes is None or (isinstance(homes, dict) and homes.get("membershipKind") == "all")


def _users(policy: Mapping[str, Any]) -> Mapping[str, Any]:
    conditions = policy.get("conditions")
    users = conditions.get("users") if isinstance(conditions, dict) else None
    return users if isinstance(users, dict) else {}


def _names(users: Mapping[str, Any], key: str) -> Sequence[str] | Unknown:
    found = users.get(key) or []
    known = isinstance(found, list) and all(isinstance(one, str) for one in found)
    return found if known else STRANGE


FACT = Fact(
    field=FIELD,
    source="conditionalAccessPolicies",
    also=("groupMembers", "roleAssignments"),
    option=POLICY_GROUPS.name,
    of_user=excluded_from_mfa_policies,
)
