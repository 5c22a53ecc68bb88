"""Registration reports: who is in them, who may read them, and counts that agree with their rows."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

DETAILS = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
SUMMARY = "/v1.0/reports/authenticationMethods/usersRegisteredBy"
OLDER = "/beta/reports/getCredentialUserRegistrationCount"
FEATURES = {
    "ssprRegistered": "isSsprRegistered",
    "ssprEnabled": "isSsprEnabled",
    "ssprCapable": "isSsprCapable",
    "passwordlessCapable": "isPasswordlessCapable",
    "mfaCapable": "isMfaCapable",
}


@pytest.fixture
def unsettled(open_one, get):
    """The messy tenant, after the one false word about its licence."""
    tenant = open_one(mood="messy")
    get(tenant, DETAILS)
    return tenant


@pytest.fixture
def by_feature(get):
    """The counts by feature."""

    def counting(tenant, arguments="(includedUserTypes='all',includedUserRoles='all')"):
        body = get(tenant, f"{SUMMARY}Feature{arguments}").json()
        counts = {one["feature"]: one["userCount"] for one in body["userRegistrationFeatureCounts"]}
        return body["totalUserCount"], counts

    return counting


def test_the_report_has_a_row_for_each_enabled_account_and_none_for_a_disabled_one(open_one, rows):
    tenant = open_one()

    found = Counter(row["id"] for row in rows(tenant, DETAILS))

    assert found == Counter(one.id for one in tenant.directory.accounts if one.enabled)
    assert len(found) < tenant.user_count


def test_the_messy_report_lacks_new_accounts_and_holds_accounts_that_nobody_lists(unsettled, rows):
    listed = {row["id"]: row for row in rows(unsettled, "/v1.0/users?$select=id,accountEnabled")}
    reported = {row["id"] for row in rows(unsettled, DETAILS)}

    assert len(reported - set(listed)) == 2
    assert [one for one in listed if listed[one]["accountEnabled"] and one not in reported]
    assert not [one for one in reported & set(listed) if not listed[one]["accountEnabled"]]


@pytest.mark.parametrize("top", [1, 50, 1000])
def test_pages_of_the_report_lose_nobody_and_repeat_nobody(open_one, rows, top):
    tenant = open_one(users=70)

    ids = [row["id"] for row in rows(tenant, f"{DETAILS}?$top={top}")]

    assert Counter(ids) == Counter(row["id"] for row in rows(tenant, DETAILS))


def test_a_row_is_true_to_the_account_and_to_itself(open_one, rows):
    tenant = open_one()

    for row in rows(tenant, DETAILS):
        account = tenant.directory.find(row["id"])
        assert row["userPrincipalName"] == account.user_principal_name
        assert row["methodsRegistered"] == list(account.methods)
        assert row["userType"] == account.user_type.lower()
        assert row["isMfaRegistered"] or not row["isMfaCapable"]
        assert row["isSsprRegistered"] or not row["isSsprCapable"]
        assert row["isMfaRegistered"] == bool(set(row["methodsRegistered"]) - {"email", "securityQuestion"})
        # The sample on the page sends "" where there is no preference.
        assert row["userPreferredMethodForSecondaryAuthentication"] == (account.preferred or "")


def test_a_method_that_is_registered_and_not_allowed_does_not_make_capable(unsettled, rows):
    capable = {one.id: one.capable for one in unsettled.directory.accounts}
    registered = [row for row in rows(unsettled, DETAILS) if row["isMfaRegistered"] and row["id"] in capable]

    assert {row["isMfaCapable"] for row in registered} == {True, False}
    assert all(row["isMfaCapable"] == capable[row["id"]] for row in registered)


def test_the_report_lags_by_hours_and_writes_seven_digits(open_one, rows):
    tenant = open_one()

    stamps = {row["lastUpdatedDateTime"] for row in rows(tenant, DETAILS)}

    assert len(stamps) == 1
    stamp = stamps.pop()
    assert len(stamp.partition(".")[2]) == len("1234567Z")
    lag = tenant.directory.now - datetime.fromisoformat(stamp)
    assert timedelta(hours=1) < lag < timedelta(hours=24)


@pytest.mark.parametrize("wanted", ["true", "false"])
@pytest.mark.parametrize("name", ["isAdmin", "isMfaRegistered", "isMfaCapable", "isPasswordlessCapable"])
def test_the_report_can_be_filtered(unsettled, rows, name, wanted):
    expected = [row for row in rows(unsettled, DETAILS) if row[name] == (wanted == "true")]

    assert rows(unsettled, f"{DETAILS}?$filter={name} eq {wanted}") == expected
    assert expected


@pytest.mark.parametrize(
    "query", ["isHappy eq true", "isAdmin", "isAdmin eq 1", "userType eq 'guest'", "isAdmin ne true"]
)
def test_a_filter_that_the_report_does_not_know_is_refused(open_one, get, query):
    assert get(open_one(users=10), f"{DETAILS}?$filter={query}").status_code == 400


@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_counts_by_feature_are_those_of_the_rows(open_one, get, rows, by_feature, mood):
    tenant = open_one(mood=mood)
    get(tenant, DETAILS)
    listed = {row["id"] for row in rows(tenant, "/v1.0/users?$select=id")}
    # The rows of accounts that are gone are in the report and in no count.
    reported = [row for row in rows(tenant, DETAILS) if row["id"] in listed]

    total, counts = by_feature(tenant)

    assert total == len(reported)
    assert counts == {name: sum(row[key] for row in reported) for name, key in FEATURES.items()}


@pytest.mark.parametrize("types", ["all", "member", "guest"])
@pytest.mark.parametrize("roles", ["all", "admin", "user"])
def test_counts_are_of_the_users_asked_for(unsettled, rows, by_feature, types, roles):
    listed = {row["id"] for row in rows(unsettled, "/v1.0/users?$select=id")}
    chosen = [
        row
        for row in rows(unsettled, DETAILS)
        if row["id"] in listed
        and types in ("all", row["userType"])
        and roles in ("all", "admin" if row["isAdmin"] else "user")
    ]

    total, counts = by_feature(unsettled, f"(includedUserTypes='{types}',includedUserRoles='{roles}')")

    assert total == len(chosen)
    assert counts == {name: sum(row[key] for row in chosen) for name, key in FEATURES.items()}


def test_privileged_administrators_are_some_of_the_administrators(open_one, by_feature):
    tenant = open_one()
    every = "(includedUserTypes='all',includedUserRoles='{}')"

    privileged, admins, users, everybody = (
        by_feature(tenant, every.format(roles))[0] for roles in ("privilegedAdmin", "admin", "user", "all")
    )

    assert 0 < privileged < admins
    assert admins + users == everybody


def test_counts_by_method_are_those_of_the_rows_and_of_the_password_that_everybody_has(open_one, get, rows):
    tenant = open_one()
    reported = rows(tenant, DETAILS)

    body = get(tenant, f"{SUMMARY}Method").json()

    counts = {one["authenticationMethod"]: one["userCount"] for one in body["userRegistrationMethodCounts"]}
    assert counts.pop("password") == body["totalUserCount"] == len(reported)
    assert counts == Counter(method for row in reported for method in row["methodsRegistered"])


@pytest.mark.parametrize("kind", ["Feature", "Method"])
def test_a_summary_is_a_bare_object_with_or_without_arguments_in_any_case(open_one, get, kind):
    tenant = open_one(users=60)
    whole = get(tenant, f"{SUMMARY}{kind}(includedUserTypes='all',includedUserRoles='all')").json()

    assert whole["@odata.type"] == f"#microsoft.graph.userRegistration{kind}Summary"
    assert "value" not in whole
    assert get(tenant, f"{SUMMARY}{kind}").json() == whole
    assert get(tenant, f"{SUMMARY}{kind}".lower()).json() == whole


@pytest.mark.parametrize(
    "arguments",
    ["(includedUserTypes='aliens')", "(includedUserRoles='cooks')", "(includedUserColours='red')"],
)
def test_a_summary_of_what_does_not_exist_is_refused(open_one, get, arguments):
    assert get(open_one(users=10), f"{SUMMARY}Feature{arguments}").status_code == 400


@pytest.mark.parametrize("kind", ["Feature", "Method"])
@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_no_application_may_read_the_summaries(open_one, get, kind, version):
    tenant = open_one(users=60)
    url = f"{SUMMARY}{kind}".replace("v1.0", version)

    tokens = {who: tenant.access_token(kind=who) for who in ("delegated", "application")}
    statuses = {who: get(tenant, url, token=token).status_code for who, token in tokens.items()}

    assert statuses == {"delegated": 200, "application": 403}


@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_the_older_count_agrees_with_the_rows_under_either_spelling(open_one, get, rows, by_feature, mood):
    tenant = open_one(mood=mood)
    get(tenant, DETAILS)
    total, features = by_feature(tenant)
    listed = {row["id"] for row in rows(tenant, "/v1.0/users?$select=id")}
    registered = sum(row["isMfaRegistered"] for row in rows(tenant, DETAILS) if row["id"] in listed)

    (body,) = get(tenant, OLDER, token=tenant.access_token(kind="application")).json()["value"]

    spelling = {
        "tidy": ("registrationStatus", "registrationCount"),
        "messy": ("userRegistrationStatus", "userRegistationCount"),
    }
    name, number = spelling[mood]
    assert body["totalUserCount"] == total
    assert {row[name]: row[number] for row in body["userRegistrationCounts"]} == {
        "registered": features["ssprRegistered"],
        "enabled": features["ssprEnabled"],
        "capable": features["ssprCapable"],
        "mfaRegistered": registered,
    }


def test_the_older_count_is_in_beta_only_with_or_without_parentheses(open_one, get):
    tenant = open_one(users=10)

    assert get(tenant, OLDER.replace("beta", "v1.0")).status_code == 405
    assert get(tenant, f"{OLDER}()").json() == get(tenant, OLDER).json()
