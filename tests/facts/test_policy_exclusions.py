"""Who is left out of the policies that ask everybody for MFA: surely, surely not, or nobody can say."""

import pytest

from mfaaudit.facts.given import Given
from mfaaudit.facts.policy_exclusions import excluded_from_mfa_policies, policy_groups
from mfaaudit.words import Reason, Unknown

NOT_ASKED, FORBIDDEN, STRANGE, GONE = map(
    Unknown, (Reason.NOT_REQUESTED, Reason.NO_PERMISSION, Reason.UNKNOWN_VALUE, Reason.NOT_FOUND)
)
ROLE = "62e90394-69f5-4237-9190-012177145e10"
ALL_KINDS = (
    "internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider"
)
# Ann is an administrator, Gus a guest, Eve a member whose home is another tenant, Old has no type.
A_GROUP = "0e5b3f0a-41c7-4d3a-9d5e-7a3c1b2f4d60"
SOMEBODY = "5a7d1c3e-9f20-4b86-8c11-2e6d4f7a9b03"
PEOPLE = {
    "Ann": ("Member", "ann@contoso.example"),
    "gus": ("Guest", "gus_other.example#EXT#@contoso.example"),
    "eve": ("Member", "eve_other.example#EXT#@contoso.example"),
    "old": ("none", "old@contoso.example"),
}
NOBODY = {"Ann": (), "gus": (), "eve": (), "old": ()}


def policy(name="MFA for all", state="enabled", locations=None, **users):
    """A policy that asks everybody for MFA everywhere, but for those whom `users` leaves out."""
    return {
        "displayName": name,
        "state": state,
        "conditions": {
            "clientAppTypes": ["all"],
            "locations": locations,
            "applications": {"includeApplications": ["All"]},
            "users": {"includeUsers": ["All"]} | users,
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }


def holds(principal, role=ROLE, scope="/", kind="user"):
    return {
        "roleDefinitionId": role,
        "principalId": principal,
        "directoryScopeId": scope,
        "principal": {"@odata.type": f"#microsoft.graph.{kind}"},
    }


def left_out(*policies, groups=None, roles=(), people=PEOPLE):
    """For each user the policies that leave the user out."""
    found = policies[0] if isinstance(policies[0], Unknown) else policies
    columns = {
        "user.userType": [kind for kind, _ in people.values()],
        "user.userPrincipalName": [name for _, name in people.values()],
    }
    given = Given(
        objects={
            "conditionalAccessPolicies": found,
            "conditionalAccessPoliciesBeta": found,
            "conditionalAccessPlans": (),
            "roleAssignments": roles,
        }.__getitem__,
        members=lambda group: (groups or {}).get(group, NOT_ASKED),
        user_ids=tuple(people),
        column=lambda name: columns.get(name, [NOT_ASKED] * len(people)),
    )
    return dict(zip(people, excluded_from_mfa_policies(given), strict=True))


def test_where_no_policy_asks_everybody_nobody_is_excluded_from_one():
    assert left_out(policy(state="disabled", excludeUsers=["ann"])) == NOBODY
    assert left_out(policy(includeUsers=[SOMEBODY], excludeGroups=["g"])) == NOBODY


def test_a_policy_without_exclusions_leaves_nobody_out_and_asks_for_nothing_else():
    assert left_out(policy(), roles=FORBIDDEN, people=PEOPLE | {"x": (FORBIDDEN, FORBIDDEN)}) == NOBODY | {"x": ()}


def test_policies_that_were_not_read_leave_everybody_open():
    assert left_out(FORBIDDEN) == dict.fromkeys(PEOPLE, FORBIDDEN)


def test_users_are_left_out_by_name_whatever_the_case_and_by_each_policy_in_order():
    found = left_out(policy("b", excludeUsers=["ANN"]), policy("a", excludeUsers=["ann", "old"]), policy("c"))

    assert found == NOBODY | {"Ann": ("a", "b"), "old": ("a",)}


def test_users_are_left_out_by_a_group():
    assert left_out(policy(excludeGroups=["g"]), groups={"g": ["ANN", "stranger"]}) == NOBODY | {
        "Ann": ("MFA for all",)
    }


@pytest.mark.parametrize("why", [NOT_ASKED, FORBIDDEN])
def test_a_group_that_was_not_read_leaves_all_open_but_those_who_are_surely_left_out(why):
    one = policy(excludeUsers=["ann"], excludeGroups=["g", A_GROUP])

    found = left_out(one, groups={"g": ["gus"], A_GROUP: why})

    assert found == {"Ann": ("MFA for all",), "gus": ("MFA for all",), "eve": why, "old": why}


def test_one_policy_that_is_open_leaves_the_list_open_beside_another_that_is_not():
    found = left_out(policy("a", excludeUsers=["ann"]), policy("b", excludeGroups=[A_GROUP]))

    assert found == dict.fromkeys(PEOPLE, NOT_ASKED)


def test_a_group_that_is_gone_leaves_nobody_out():
    assert left_out(policy(excludeGroups=["g", "h"]), groups={"g": GONE, "h": ["old"]}) == NOBODY | {
        "old": ("MFA for all",)
    }


def test_users_are_left_out_by_a_role_that_they_hold_for_the_whole_directory():
    roles = [
        holds("ANN"),
        holds("g", kind="group"),
        holds("eve", role="another"),
        holds("old", scope="/administrativeUnits/u"),
    ]

    found = left_out(policy(excludeRoles=[ROLE.upper()]), roles=roles, groups={"g": ["gus"]})

    assert found == NOBODY | {"Ann": ("MFA for all",), "gus": ("MFA for all",)}


@pytest.mark.parametrize(
    ("roles", "open_to"),
    [
        (FORBIDDEN, {"Ann": FORBIDDEN, "gus": FORBIDDEN, "eve": FORBIDDEN}),
        # Whoever is in the group may hold the role; Ann does in any case.
        ([holds("ann"), holds("g", kind="group")], {"Ann": ("MFA for all",), "gus": NOT_ASKED, "eve": NOT_ASKED}),
        ([holds("g", role="another", kind="group")], {}),
        ([holds("ann", scope=None)], {"Ann": STRANGE}),
        ([holds("ann", role=None)], {"Ann": STRANGE}),
        ([holds(None)], {"Ann": STRANGE, "gus": STRANGE, "eve": STRANGE}),
    ],
    ids=["not read", "a group not read", "a group of another role", "no scope", "no role", "no holder"],
)
def test_roles_that_are_not_known_leave_those_open_whom_they_may_concern(roles, open_to):
    found = left_out(policy(excludeRoles=[ROLE], excludeUsers=["old"]), roles=roles)

    assert found == NOBODY | {"old": ("MFA for all",)} | open_to


OUT, IN = ("MFA for all",), ()


@pytest.mark.parametrize(
    ("condition", "guest", "foreigner"),
    [
        ({"excludeUsers": ["GuestsOrExternalUsers"]}, OUT, STRANGE),
        ({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": ALL_KINDS}}, OUT, STRANGE),
        (
            {
                "excludeGuestsOrExternalUsers": {
                    "guestOrExternalUserTypes": "internalGuest, b2bCollaborationGuest",
                    "externalTenants": {"membershipKind": "all"},
                }
            },
            OUT,
            IN,
        ),
        # Narrower than what is read of a guest.
        ({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest"}}, STRANGE, IN),
        (
            {
                "excludeGuestsOrExternalUsers": {
                    "guestOrExternalUserTypes": ALL_KINDS,
                    "externalTenants": {"membershipKind": "enumerated", "members": ["t"]},
                }
            },
            STRANGE,
            STRANGE,
        ),
        ({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationMember"}}, IN, STRANGE),
        # People without an account in the tenant.
        ({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "serviceProvider"}}, IN, IN),
        ({"excludeGuestsOrExternalUsers": None}, IN, IN),
    ],
)
def test_guests_are_left_out_as_far_as_their_kind_is_known_and_members_are_not(condition, guest, foreigner):
    assert left_out(policy(**condition)) == {"Ann": IN, "gus": guest, "eve": foreigner, "old": IN}


@pytest.mark.parametrize(
    "condition",
    [
        {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "unknownFutureValue"}},
        {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": None}},
        {"excludeGuestsOrExternalUsers": "all"},
        {"excludeUsers": "ann"},
        {"excludeGroups": [None]},
        {"excludeUsers": ["AllAgents"]},
        # A word for those who are included; as an exclusion it is on no page.
        {"excludeUsers": ["All"]},
        {"excludeRoles": ["AllRoles"]},
        {"excludeAgents": ["a"]},
    ],
)
def test_an_exclusion_that_cannot_be_read_leaves_everybody_open(condition):
    assert left_out(policy(**condition)) == dict.fromkeys(PEOPLE, STRANGE)


def test_a_user_whose_type_was_not_read_is_open_where_guests_are_left_out():
    people = {"x": (FORBIDDEN, "x@contoso.example"), "y": ("Member", FORBIDDEN)}

    assert left_out(policy(excludeUsers=["GuestsOrExternalUsers"]), people=people) == {"x": FORBIDDEN, "y": FORBIDDEN}


def test_where_only_a_policy_may_ask_everybody_those_whom_it_leaves_out_are_open():
    outside = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    may = policy("Outside the office", locations=outside, excludeUsers=["ann"])

    assert left_out(may) == NOBODY | {"Ann": STRANGE}
    # Beside one that surely asks it no longer matters.
    assert left_out(may, policy("Sure", excludeUsers=["old"])) == NOBODY | {"old": ("Sure",)}


def test_the_groups_to_ask_for_are_those_that_any_policy_includes_or_excludes():
    first, second, third, fourth = (f"{number}e5b3f0a-41c7-4d3a-9d5e-7a3c1b2f4d60" for number in "abcd")
    policies = [
        policy(excludeGroups=[first.upper(), second], includeGroups=[third.upper()]),
        policy(state="disabled", excludeGroups=[fourth, first]),
        # A word is no id: there is no such group to ask for.
        policy(includeGroups=["All"], excludeGroups=["AllContractors"]),
        policy(includeGroups=None, excludeGroups="e"),
        {"conditions": None},
        {},
    ]

    assert policy_groups(policies) == {first, second, third, fourth}
