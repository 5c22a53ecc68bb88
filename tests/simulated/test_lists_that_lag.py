"""What the list of users and the registration report tell otherwise than an account's own endpoints, and where not."""

import pytest

from mfaaudit.simulated import MOODS

STATE = "perUserMfaState"
PREFERRED = "userPreferredMethodForSecondaryAuthentication"
SYSTEM = "isSystemPreferredAuthenticationMethodEnabled"
STATES = {"disabled", "enabled", "enforced"}
DETAILS = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
# Where lists are a moment's view of what the endpoints tell, and show it.
AWKWARD = {"drifting", "messy", "managed", "partnered", "real", "stormy", "half-forbidden", "basic"}
AGREEING = sorted(set(MOODS) - AWKWARD)


@pytest.fixture
def listed(rows):
    """The states on the list of users, by id."""

    def reading(tenant, version="v1.0"):
        return {row["id"]: row[STATE] for row in rows(tenant, f"/{version}/users?$select=id,{STATE}&$top=999")}

    return reading


@pytest.fixture
def own(get):
    """What the accounts' own endpoint tells, by id; asked again where it fails at first, and left out if it goes on."""

    def reading(tenant, part, ids):
        found = {}
        for user in ids:
            for _ in range(3):
                answer = get(tenant, f"/beta/users/{user}/authentication/{part}")
                if answer.status_code == 200:
                    found[user] = answer.json()
                    break
        return found

    return reading


@pytest.fixture
def differing(listed, own):
    """Accounts whose state on the list is not their own: id to both."""

    def finding(tenant):
        states = listed(tenant)
        told = own(tenant, "requirements", states)
        return {one: (states[one], told[one][STATE]) for one in told if states[one] != told[one][STATE]}

    return finding


@pytest.fixture
def behind(get, rows, own):
    """Accounts whose row in the report is not what their own preferences say: id to the names of what differs."""

    def finding(tenant):
        # The messy tenant denies its licence once.
        get(tenant, DETAILS)
        report = {row["id"]: row for row in rows(tenant, DETAILS)}
        told = own(tenant, "signInPreferences", report)
        found = {}
        for one, preferences in told.items():
            # Where the endpoint says null the report says nothing.
            pairs = {SYSTEM: preferences[SYSTEM], PREFERRED: preferences.get(PREFERRED) or ""}
            names = {name for name, value in pairs.items() if report[one][name] != value}
            if names:
                found[one] = names
        return found

    return finding


@pytest.mark.parametrize("mood", AGREEING)
def test_elsewhere_the_list_and_the_endpoints_tell_the_same_states(open_one, differing, mood):
    assert differing(open_one(mood=mood, users=150)) == {}


def test_elsewhere_the_report_and_the_endpoints_tell_the_same_preferences(open_one, behind):
    assert behind(open_one(users=150)) == {}


def test_the_messy_list_says_nothing_of_some_who_are_disabled_and_otherwise_the_truth(open_one, differing):
    tenant = open_one(mood="messy", users=1200)

    found = differing(tenant)

    assert set(found.values()) == {(None, "disabled")}
    disabled = sum(one.state == "disabled" for one in tenant.directory.accounts)
    assert disabled / 60 < len(found) < disabled / 15


@pytest.mark.parametrize(("users", "most"), [(100, 3), (120, 3), (400, 10)])
def test_the_drifting_list_has_another_state_for_a_few(open_one, differing, users, most):
    found = differing(open_one(mood="drifting", users=users))

    assert 3 <= len(found) <= most
    assert {state for pair in found.values() for state in pair} <= STATES


def test_the_drifting_list_errs_in_both_directions(open_one, differing):
    order = ("disabled", "enabled", "enforced")

    found = differing(open_one(mood="drifting", users=400))

    assert {order.index(told) > order.index(true) for told, true in found.values()} == {True, False}


def test_the_drifting_report_is_behind_in_one_property_or_the_other_for_others(open_one, differing, behind):
    tenant = open_one(mood="drifting", users=120)

    states, rows = differing(tenant), behind(tenant)

    assert len(rows) == 3
    assert {frozenset(names) for names in rows.values()} == {frozenset({PREFERRED}), frozenset({SYSTEM})}
    assert not set(states) & set(rows)


def test_nobody_is_behind_in_both_lists_however_many_there_are(open_one):
    lists = open_one(mood="drifting", users=5000).directory.lists

    assert (len(lists.states), len(lists.rows)) == (125, 125)
    assert not set(lists.states) & set(lists.rows)


def test_the_drifting_report_is_true_to_itself(open_one, behind, rows):
    tenant = open_one(mood="drifting", users=400)
    late = behind(tenant)

    report = [row for row in rows(tenant, DETAILS) if row["id"] in late]

    assert all(row["systemPreferredAuthenticationMethods"] == [row[PREFERRED]] for row in report if row[PREFERRED])
    on = {row["id"] for row in rows(tenant, f"{DETAILS}?$filter={SYSTEM} eq true")}
    assert on & set(late) == {row["id"] for row in report if row[SYSTEM]}


@pytest.mark.parametrize("mood", ["messy", "drifting"])
def test_both_versions_and_the_single_user_tell_what_the_list_tells(open_one, listed, get, mood):
    tenant = open_one(mood=mood)
    states = listed(tenant)

    single = {one: get(tenant, f"/v1.0/users/{one}?$select={STATE}").json()[STATE] for one in states}

    assert listed(tenant, "beta") == states == single


@pytest.mark.parametrize("users", [0, 1, 2, 10])
def test_the_smallest_drifting_tenants_list_themselves(open_one, rows, users):
    tenant = open_one(mood="drifting", users=users)

    assert len(rows(tenant, f"/v1.0/users?$select=id,{STATE}")) == users
    assert len(rows(tenant, DETAILS)) <= users


def test_a_drifting_tenant_is_but_for_that_the_tidy_one(open_one, rows):
    tidy, drifting = open_one(), open_one(mood="drifting")

    everything = "id,displayName,userPrincipalName,accountEnabled,userType,createdDateTime"
    assert rows(tidy, f"/v1.0/users?$select={everything}") == rows(drifting, f"/v1.0/users?$select={everything}")
    assert [one.state for one in tidy.directory.accounts] == [one.state for one in drifting.directory.accounts]
