"""What is read only on request: without it every value says so and nothing is counted as missing; with it, it is."""

from datetime import UTC, datetime

import pytest
from evidence_by_hand import NOT_PREMIUM, page, policies, refusal, user

from mfaaudit.sources import SOURCES
from mfaaudit.words import Reason

EVERYBODY = page("users", [user("a"), user("b"), user("c")])
LAST = "signInActivity_lastSuccessfulSignInDateTime"
ACTIVITY = [
    {"id": "A", "signInActivity": {"lastSignInDateTime": "2026-03-02T08:00:00Z", "lastSuccessfulSignInDateTime": None}},
    {"id": "b"},
]
DEPUTY = {
    "roleDefinitionId": "r1",
    "principalId": "b",
    "status": "Provisioned",
    "principal": {"@odata.type": "#microsoft.graph.user"},
}
GROUP = "0e5b3f0a-41c7-4d3a-9d5e-7a3c1b2f4d60"


def reasons(snapshot, column):
    return snapshot.users[f"{column}_reason"].to_list()


def of(snapshot, source):
    return next((one for one in snapshot.coverage if one.source == source), None)


def test_without_the_options_every_value_is_there_and_says_that_nobody_asked(taken):
    snapshot = taken(EVERYBODY)

    for column in (LAST, "derived_hasSignedIn", "derived_eligibleRoles"):
        assert snapshot.users[column].to_list() == [None] * 3
        assert reasons(snapshot, column) == [Reason.NOT_REQUESTED] * 3
    assert all(of(snapshot, source.name) is None for source in SOURCES if source.option)


def test_sign_in_activity_is_joined_by_id_and_a_user_without_a_row_is_told_from_one_who_never_signed_in(taken):
    snapshot = taken(EVERYBODY, page("signInActivity", ACTIVITY), options=("signin-activity",))

    assert snapshot.users["signInActivity_lastSignInDateTime"][0] == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert reasons(snapshot, LAST) == [Reason.OUT_OF_SOURCE_WINDOW, Reason.OUT_OF_SOURCE_WINDOW, Reason.NO_ROW]
    assert snapshot.users["derived_hasSignedIn"].to_list() == [True, False, None]
    assert reasons(snapshot, "derived_hasSignedIn") == [None, None, Reason.NO_ROW]
    coverage = of(snapshot, "signInActivity")
    assert (coverage.wanted, coverage.read, coverage.reasons) == (3, 2, {Reason.NO_ROW: 1})


@pytest.mark.parametrize(("code", "reason"), [(NOT_PREMIUM, Reason.NO_LICENSE), ("x", Reason.NO_PERMISSION)])
def test_sign_in_activity_that_was_refused_is_a_gap_with_its_reason(taken, code, reason):
    snapshot = taken(EVERYBODY, refusal("signInActivity", 403, code), options=("signin-activity",))

    assert reasons(snapshot, LAST) == reasons(snapshot, "derived_hasSignedIn") == [reason] * 3
    assert of(snapshot, "signInActivity").reasons == {reason: 3}
    assert [(one.source, one.reason) for one in snapshot.failures] == [("signInActivity", reason)]


def test_eligible_roles_are_told_from_roles(taken):
    answers = EVERYBODY, page("roleEligibilitySchedules", [DEPUTY]), page("roleAssignments", [])
    snapshot = taken(*answers, options=("eligible-roles",))

    assert snapshot.users["derived_eligibleRoles"].to_list() == [[], ["r1"], []]
    assert snapshot.users["derived_roles"].to_list() == [[], [], []]
    assert (of(snapshot, "roleEligibilitySchedules").wanted, of(snapshot, "roleEligibilitySchedules").read) == (1, 1)


def test_a_group_that_a_policy_leaves_out_is_open_until_it_is_asked_for(taken):
    policy = {
        "displayName": "MFA for all",
        "state": "enabled",
        "conditions": {
            "applications": {"includeApplications": ["All"]},
            "users": {"includeUsers": ["All"], "excludeUsers": ["c"], "excludeGroups": [GROUP.upper()]},
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }
    both = policies(policy)
    column = "derived_excludedFromMfaPolicies"
    without = taken(EVERYBODY, *both)
    members = page("groupMembers", [{"id": "b"}], url=f"https://x/v1.0/groups/{GROUP}/transitiveMembers")
    asked = taken(EVERYBODY, *both, members)

    assert without.users[column].to_list() == [None, None, ["MFA for all"]]
    assert reasons(without, column) == [Reason.NOT_REQUESTED, Reason.NOT_REQUESTED, None]
    assert asked.users[column].to_list() == [[], ["MFA for all"], ["MFA for all"]]
