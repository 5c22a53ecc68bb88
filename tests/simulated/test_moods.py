"""Each mood does what it is called, and the same arguments give the same tenant, byte for byte."""

import os
import subprocess
import sys
from dataclasses import fields

import pytest

from mfaaudit.cli import options
from mfaaudit.cli.options import MOODS as OFFERED
from mfaaudit.simulated import MOODS, open_tenant
from mfaaudit.simulated.mood import ODDITIES, Mood

NOT_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
REPORTS = "/v1.0/reports/authenticationMethods"
USE = "/beta/reports/authenticationMethods"
PREMIUM = (
    f"{REPORTS}/userRegistrationDetails",
    f"{REPORTS}/usersRegisteredByFeature",
    f"{REPORTS}/usersRegisteredByMethod",
    "/beta/reports/getCredentialUserRegistrationCount",
    f"{USE}/userRegistrationActivity(period='d30')",
    f"{USE}/userSignInsByAuthMethodSummary(period='d30')",
    f"{USE}/userMfaSignInSummary",
    "/v1.0/identity/conditionalAccess/policies",
    "/v1.0/users?$select=id,signInActivity",
)
ELIGIBLE = "/v1.0/roleManagement/directory/roleEligibilitySchedules"
WINDOW = "inclusiveIntervalStartDateTime=2026-02-27T00:00:00Z,exclusiveIntervalEndDateTime=2026-03-02T00:00:00Z"
FREE = (
    "/v1.0/users",
    "/v1.0/organization",
    f"/beta/reports/serviceActivity/getMetricsForMfaSignInSuccess({WINDOW})",
    f"/beta/reports/serviceActivity/getMetricsForMfaSignInFailure({WINDOW})",
    "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
    "/v1.0/policies/authenticationMethodsPolicy",
    "/beta/policies/authenticationMethodsPolicy",
    "/v1.0/policies/crossTenantAccessPolicy/default",
    "/v1.0/policies/crossTenantAccessPolicy/partners",
    "/v1.0/directoryRoles",
    "/v1.0/roleManagement/directory/roleAssignments?$expand=principal",
    "/v1.0/roleManagement/directory/roleDefinitions",
)


@pytest.fixture
def states(get):
    """The statuses of one per-user part, user by user, at the first attempt."""

    def reading(tenant, part):
        ids = [one.id for one in tenant.directory.accounts]
        return [get(tenant, f"/beta/users/{user}/authentication/{part}") for user in ids]

    return reading


def test_every_mood_has_a_name_and_a_sentence():
    assert set(MOODS) == {
        "tidy",
        "drifting",
        "messy",
        "managed",
        "partnered",
        "basic",
        "throttled",
        "refusing",
        "unlicensed",
        "half-forbidden",
        "real",
        "stormy",
    }
    assert all(title.endswith(".") for title in MOODS.values())


def test_a_refusing_service_refuses_a_fifth_of_the_reads_the_second_time_as_the_first(open_one, states):
    tenant = open_one(mood="refusing", users=500)
    first, second = states(tenant, "requirements"), states(tenant, "requirements")

    refused = [[answer.status_code == 429 for answer in answers] for answers in (first, second)]
    assert all(80 <= sum(times) <= 120 for times in refused)
    assert refused[0] != refused[1]
    assert {answer.headers["retry-after"] for answer in first if answer.status_code == 429} == {"1"}


def test_the_command_line_offers_every_mood_and_oddity():
    assert sorted(OFFERED) == sorted(MOODS)
    assert sorted(options.ODDITIES) == sorted(ODDITIES)


def test_every_oddity_changes_the_mood_and_several_add_up(open_one):
    tidy = open_one(mood="tidy").directory.mood
    alone = {name: open_one(mood="tidy", oddities=[name]).directory.mood for name in ODDITIES}
    assert tidy not in alone.values()
    assert len({repr(mood) for mood in alone.values()}) == len(ODDITIES)
    both = open_one(mood="tidy", oddities=["partner", "b2c"]).directory.mood
    assert (both.partner, both.tenant_type, both.messy) == (True, "AAD B2C", False)


def test_every_field_that_is_an_oddity_can_be_asked_for():
    of_moods = {"title", "messy", "managed", "premium", "p2", "quota", "faults", "refused", "forbidden", "stormy"}
    of_moods |= {"expiring", "drifting", "authenticator_for"}
    named = {field for changes in ODDITIES.values() for field in changes}
    assert {field.name for field in fields(Mood)} == of_moods | named


def test_an_unknown_mood_is_an_error(open_one):
    with pytest.raises(KeyError):
        open_one(mood="cheerful")


@pytest.mark.parametrize("mood", ["tidy", "throttled", "drifting"])
def test_a_licensed_tenant_answers_everything(open_one, get, mood):
    tenant, everything = open_one(mood=mood), (*PREMIUM, *FREE, ELIGIBLE)

    assert {url: get(tenant, url).status_code for url in everything} == dict.fromkeys(everything, 200)


def test_the_unlicensed_tenant_refuses_premium_reports_for_good_and_in_the_documented_words(open_one, get, code):
    tenant = open_one(mood="unlicensed")

    for url in PREMIUM:
        for answer in [get(tenant, url) for _ in range(3)]:
            assert (answer.status_code, code(answer)) == (403, NOT_PREMIUM)
    assert {get(tenant, url).status_code for url in FREE} == {200}


def test_a_missing_permission_is_not_called_a_missing_licence(open_one, get, code):
    tenant = open_one(mood="unlicensed")

    answer = get(tenant, PREMIUM[0], token=tenant.access_token(permissions=["Reports.Read.All"]))

    assert (answer.status_code, code(answer)) == (403, "Authentication_MSGraphPermissionMissing")
    assert "AuditLog.Read.All" in answer.json()["error"]["message"]


@pytest.mark.parametrize(("mood", "expected"), [("tidy", True), ("messy", True), ("unlicensed", False)])
def test_the_organization_shows_whether_there_is_a_premium_plan(open_one, get, mood, expected):
    plans = get(open_one(mood=mood), "/v1.0/organization").json()["value"][0]["assignedPlans"]

    enabled = {plan["service"] for plan in plans if plan["capabilityStatus"] == "Enabled"}
    assert ("AADPremiumService" in enabled) == expected


def test_the_messy_tenant_denies_its_licence_once_and_then_answers(open_one, get, code):
    tenant = open_one(mood="messy")

    first = get(tenant, PREMIUM[0])

    assert (first.status_code, code(first)) == (403, NOT_PREMIUM)
    assert {get(tenant, url).status_code for url in PREMIUM} == {200}


def test_the_half_forbidden_application_reads_what_it_was_granted_and_nothing_else(open_one, get):
    tenant = open_one(mood="half-forbidden")

    statuses = {url: get(tenant, url).status_code for url in (*PREMIUM, *FREE, ELIGIBLE)}

    granted = {f"{REPORTS}/userRegistrationDetails", "/v1.0/users", "/v1.0/organization", PREMIUM[-1]}
    granted.add(f"{USE}/userMfaSignInSummary")
    assert {url for url, status in statuses.items() if status == 200} == granted
    assert set(statuses.values()) == {200, 403}


def test_the_half_forbidden_application_may_not_read_some_users(open_one, states, code):
    tenant = open_one(mood="half-forbidden")

    requirements, preferences = states(tenant, "requirements"), states(tenant, "signInPreferences")

    assert {answer.status_code for answer in requirements} == {403}
    refused = [answer for answer in preferences if answer.status_code == 403]
    assert 0 < len(refused) < 30
    assert {code(answer) for answer in refused} == {"accessDenied"}
    assert {answer.status_code for answer in preferences} == {200, 403}


def test_the_throttled_tenant_fails_at_times_and_answers_the_second_time(open_one, states):
    tenant = open_one(mood="throttled", users=600)

    first, second = states(tenant, "requirements"), states(tenant, "requirements")

    failed = [answer for answer in first if answer.status_code != 200]
    assert 0 < len(failed) < 60
    assert {answer.status_code for answer in failed} == {429, 503}
    # Whole seconds, and the fraction that an older page shows.
    assert {answer.headers["retry-after"] for answer in failed} == {"1", "0.5"}
    assert {answer.status_code for answer in second} == {200}


def test_the_tidy_tenant_never_fails(open_one, states):
    assert {answer.status_code for answer in states(open_one(), "requirements")} == {200}


def test_in_the_tidy_organisation_every_enabled_member_is_enabled_or_enforced(open_one):
    accounts = open_one().directory.accounts

    members = {one.state for one in accounts if one.enabled and one.user_type == "Member"}
    assert members == {"enabled", "enforced"}
    assert {one.state for one in accounts if one.is_admin} == {"enforced"}


def test_in_the_messy_organisation_some_administrators_and_members_are_not_protected(open_one):
    accounts = [one for one in open_one(mood="messy").directory.accounts if one.enabled]

    assert any(one.state == "disabled" for one in accounts if one.user_type == "Member")
    assert any(not one.methods for one in accounts if one.user_type == "Member")
    assert any(one.user_type == "Guest" for one in accounts if one.is_admin)
    assert any(one.registered and not one.capable for one in accounts)


@pytest.mark.parametrize("mood", MOODS)
def test_the_same_arguments_give_the_same_bytes(open_one, get, states, mood):
    def everything():
        tenant = open_one(mood=mood, users=120)
        answers = [get(tenant, url) for url in (*PREMIUM, *FREE, ELIGIBLE)]
        answers += states(tenant, "requirements") + states(tenant, "signInPreferences")
        return [(answer.status_code, answer.content, answer.headers.get("request-id")) for answer in answers]

    assert everything() == everything()


def test_the_tenant_does_not_depend_on_how_python_orders_its_sets():
    told = (
        "from datetime import datetime, UTC; from mfaaudit.simulated import open_tenant;"
        "t = open_tenant(users=200, now=datetime(2026, 3, 2, tzinfo=UTC)).directory;"
        "print([(a.id, a.user_principal_name, a.state, a.roles) for a in t.accounts], t.assignments())"
    )

    def tenant(hash_seed):
        surroundings = os.environ | {"PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", told]
        return subprocess.run(command, env=surroundings, capture_output=True, check=True).stdout

    assert tenant("1") == tenant("2") != b""


def test_another_seed_is_another_organisation(open_one):
    one, other = open_one(seed=1), open_one(seed=2)

    assert one.tenant_id != other.tenant_id
    assert one.directory.group != other.directory.group
    assert not {a.id for a in one.directory.accounts} & {b.id for b in other.directory.accounts}
    assert [a.display_name for a in one.directory.accounts] != [b.display_name for b in other.directory.accounts]


@pytest.mark.parametrize("mood", ["tidy", "messy"])
@pytest.mark.parametrize("users", [0, 1, 2, 3, 10, 61, 501])
def test_a_tenant_has_as_many_users_as_were_asked_for_each_under_a_name_of_its_own(open_one, mood, users):
    tenant = open_one(mood=mood, users=users)

    accounts = tenant.directory.accounts
    assert tenant.user_count == len(accounts) == users
    assert len({one.id for one in accounts}) == users
    assert len({one.user_principal_name.lower() for one in accounts}) == users


def test_the_defaults_are_the_messy_tenant(open_one):
    now = open_one().directory.now

    assert (open_tenant(now=now).mood, open_tenant(now=now).user_count) == ("messy", 1200)


@pytest.mark.parametrize(("mood", "kind"), [("tidy", "delegated"), ("half-forbidden", "application")])
def test_the_token_is_of_the_kind_of_its_mood_unless_another_is_asked_for(open_one, get, mood, kind):
    # Only a delegated token may read the counts by feature.
    tenant = open_one(mood=mood)
    own = get(tenant, PREMIUM[1]).status_code
    read = ["AuditLog.Read.All"]

    assert own == (200 if kind == "delegated" else 403)
    for other, status in (("delegated", 200), ("application", 403)):
        token = tenant.access_token(kind=other, permissions=read)
        assert get(tenant, PREMIUM[1], token=token).status_code == status
