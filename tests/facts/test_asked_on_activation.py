"""Whether anything asks for MFA once a role is activated: an excluded role ends it, an included one begins it."""

import pytest
from policies_by_hand import FORBIDDEN, GLOBAL_ADMINISTRATOR, NOT_READ, OUTSIDE, PEOPLE, Case, only, policy
from tenants_by_hand import given_of

from mfaaudit.facts.asked_everywhere import is_asked_everywhere
from mfaaudit.facts.asked_on_activation import asked_on_activation
from mfaaudit.words import Unknown

READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
USER = {"@odata.type": "#microsoft.graph.user"}


def eligible(user, role=GLOBAL_ADMINISTRATOR, **more):
    known = {"directoryScopeId": "/", "status": "Provisioned", "principal": USER}
    return {"principalId": user, "roleDefinitionId": role} | known | more


def then(policies, *schedules, states=None):
    """For each of the people, whether they are asked when each of their roles is active."""
    found = schedules[0] if schedules and isinstance(schedules[0], Unknown) else schedules
    case = Case(name="", policies=policies, expected={}, source="", states=states or {}, eligible=found)
    given = given_of(case)
    return dict(zip(PEOPLE, asked_on_activation(given), strict=True)), dict(
        zip(PEOPLE, is_asked_everywhere(given), strict=True)
    )


def test_a_role_that_the_policy_excludes_ends_the_protection():
    found, now = then([policy(users={"excludeRoles": [GLOBAL_ADMINISTRATOR.upper()]})], eligible("ANN"))

    assert now == dict.fromkeys(PEOPLE, True)
    assert found == now | {"ann": False}


def test_a_role_that_a_policy_of_its_own_includes_begins_it():
    found, now = then([policy(users=only(includeRoles=[GLOBAL_ADMINISTRATOR]))], eligible("ann"))

    assert now == dict.fromkeys(PEOPLE, False)
    assert found == now | {"ann": True}


def test_excluded_from_one_policy_and_included_in_another_is_still_asked():
    excluded = policy("A", users={"excludeRoles": [GLOBAL_ADMINISTRATOR]})
    own = policy("B", users=only(includeRoles=[GLOBAL_ADMINISTRATOR]))

    assert then([excluded, own], eligible("ann"))[0] == dict.fromkeys(PEOPLE, True)
    assert then([excluded, own | {"state": "disabled"}], eligible("ann"))[0]["ann"] is False
    outside = policy("B", users=only(includeRoles=[GLOBAL_ADMINISTRATOR]), locations=OUTSIDE)
    assert then([excluded, outside], eligible("ann"))[0]["ann"] is False


@pytest.mark.parametrize(
    "schedule",
    [
        eligible("ann", role=READER),
        eligible("ann", status="Revoked"),
        # Conditional Access passes over a role for a part of the directory.
        eligible("ann", directoryScopeId="/administrativeUnits/7f36eb2f-5de5-4b1c-8d2a-b66cd3a08a3b"),
    ],
    ids=["another role", "revoked", "an administrative unit"],
)
def test_what_no_policy_names_changes_nothing(schedule):
    found, now = then([policy(users={"excludeRoles": [GLOBAL_ADMINISTRATOR]})], schedule)

    assert found == now == dict.fromkeys(PEOPLE, True)


def test_each_role_counts_by_itself():
    excluded = policy(users={"excludeRoles": [GLOBAL_ADMINISTRATOR]})

    assert then([excluded], eligible("ann", role=READER), eligible("ann"))[0]["ann"] is False


def test_per_user_mfa_asks_whatever_is_activated():
    excluded = policy(users={"excludeRoles": [GLOBAL_ADMINISTRATOR]})

    assert then([excluded], eligible("ann"), states={"ann": "enforced"})[0]["ann"] is True


@pytest.mark.parametrize("gap", [FORBIDDEN, NOT_READ])
def test_roles_that_were_not_read_leave_everybody_open(gap):
    assert then([policy()], gap)[0] == dict.fromkeys(PEOPLE, gap)
