"""A word that nobody knows opens what a policy says of the whole tenant, exactly as it opens what it says of users."""

import pytest
from policies_by_hand import GLOBAL_ADMINISTRATOR, SOMEBODY, STRANGE, Case, kinds, only, policy
from tenants_by_hand import given_of

from mfaaudit.facts.administrators_mfa_policies import administrators_mfa_policies
from mfaaudit.facts.all_users_mfa_policies import all_users_mfa_policies
from mfaaudit.facts.guests_mfa_policies import guests_mfa_policies
from mfaaudit.facts.has_all_users_mfa_policy import has_all_users_mfa_policy
from mfaaudit.facts.mfa_policies import mfa_policies

WORDS = {
    "users": policy(users=only(includeUsers=["AllContractors"])),
    "groups": policy(users=only(includeGroups=["All"])),
    "roles": policy(users=only(includeRoles=["All"])),
    "applications": policy(applications={"includeApplications": ["AllOfThem"]}),
    "platforms": policy(platforms={"includePlatforms": ["everything"], "excludePlatforms": []}),
    "locations": policy(locations={"includeLocations": ["AllUntrusted"], "excludeLocations": []}),
    "clients": policy(clientAppTypes=["unknownFutureValue"]),
    "grant": policy(grant={"builtInControls": ["unknownFutureValue"]}),
    "levels of risk": policy(signInRiskLevels=["unknownFutureValue"]),
    "flows": policy(authenticationFlows={"transferMethods": "unknownFutureValue"}),
}
FOR_EVERYBODY = (all_users_mfa_policies, has_all_users_mfa_policy, administrators_mfa_policies, guests_mfa_policies)


def fact(of, *policies):
    return of(given_of(Case(name="", policies=list(policies), expected={}, source="")))


@pytest.mark.parametrize("of", FOR_EVERYBODY)
@pytest.mark.parametrize("place", WORDS)
def test_a_word_that_nobody_knows_opens_the_fact(place, of):
    assert fact(of, WORDS[place]) == STRANGE


@pytest.mark.parametrize("place", ["Users", "Groups", "Roles"])
def test_a_word_among_the_excluded_may_leave_out_administrators_and_guests(place):
    one = policy(users={f"exclude{place}": ["AllContractors"]})

    assert fact(administrators_mfa_policies, one) == fact(guests_mfa_policies, one) == STRANGE
    # Whoever is excluded, the policy includes all users.
    assert fact(all_users_mfa_policies, one) == ("P",)


@pytest.mark.parametrize(
    "users",
    [
        only(includeUsers=["AllAgentIdUsers"]),
        only(includeUsers=["None"]),
        only(),
    ],
    ids=["agents", "none", "nobody"],
)
def test_a_policy_for_no_person_is_known_and_asks_nobody(users):
    for of in (all_users_mfa_policies, administrators_mfa_policies, guests_mfa_policies, mfa_policies):
        assert fact(of, policy(users=users)) == ()
    assert fact(has_all_users_mfa_policy, policy(users=users)) is False


def test_agents_among_the_excluded_change_nothing_for_people():
    one = policy(users={"excludeUsers": ["AllAgentIdUsers"]})

    for of in (all_users_mfa_policies, administrators_mfa_policies, guests_mfa_policies, mfa_policies):
        assert fact(of, one) == ("P",)


@pytest.mark.parametrize(
    ("users", "answer"),
    [
        (only(includeUsers=[SOMEBODY]), ("P",)),
        (only(includeRoles=[GLOBAL_ADMINISTRATOR]), ("P",)),
        (only(includeGuestsOrExternalUsers=kinds("internalGuest")), ("P",)),
        (only(includeGroups=["All"]), STRANGE),
    ],
)
def test_whether_a_policy_asks_anybody(users, answer):
    assert fact(mfa_policies, policy(users=users)) == answer


def test_guests_of_tenants_in_a_word_that_nobody_knows():
    homes = {"membershipKind": "unknownFutureValue"}
    both = "internalGuest,b2bCollaborationGuest"

    assert fact(guests_mfa_policies, policy(users=only(includeGuestsOrExternalUsers=kinds(both, homes)))) == STRANGE
