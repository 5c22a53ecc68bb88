"""Sign-in activity: what it costs, who may read it, and what it leaves out."""

from datetime import UTC, datetime

import pytest

NAMES = ("lastSignIn", "lastNonInteractiveSignIn", "lastSuccessfulSignIn")
ALL = {f"{name}{what}" for name in NAMES for what in ("DateTime", "RequestId")}
URL = "/v1.0/users?$select=id,userPrincipalName,createdDateTime,signInActivity&$top=500"
SINCE = datetime(2023, 12, 1, tzinfo=UTC)
PERMISSIONS = ("User.Read.All", "AuditLog.Read.All")


@pytest.fixture
def users(get, rows):
    """The users with their activity, by id."""

    def reading(tenant):
        # The messy tenant denies its licence once.
        get(tenant, URL)
        return {row["id"]: row for row in rows(tenant, URL)}

    return reading


@pytest.fixture
def activities(users):
    """The activity of those who have any."""

    def reading(tenant):
        return [row["signInActivity"] for row in users(tenant).values() if "signInActivity" in row]

    return reading


def moment(text):
    return None if text in (None, "", "0001-01-01T00:00:00Z") else datetime.fromisoformat(text)


@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_whoever_signed_in_has_all_six_properties_and_whoever_never_did_has_none(open_one, users, mood):
    rows = users(open_one(mood=mood))

    have = [row["signInActivity"] for row in rows.values() if "signInActivity" in row]
    assert 0 < len(rows) - len(have) < len(rows) / 4
    assert all(set(one) == ALL for one in have)
    assert all(moment(one["lastSignInDateTime"]) or moment(one["lastNonInteractiveSignInDateTime"]) for one in have)


@pytest.mark.parametrize("name", NAMES)
def test_each_of_the_three_is_missing_for_some_with_its_request(open_one, activities, name):
    found = activities(open_one())

    missing = [one for one in found if one[f"{name}DateTime"] is None]
    assert 0 < len(missing) < len(found) / 2
    assert all((one[f"{name}DateTime"] is None) == (one[f"{name}RequestId"] is None) for one in found)


def test_the_messy_tenant_writes_some_of_what_is_missing_as_an_example_of_the_page(open_one, activities):
    found = activities(open_one(mood="messy"))

    odd = {(name, one[f"{name}DateTime"]) for one in found for name in NAMES if one[f"{name}RequestId"] == ""}
    never = "0001-01-01T00:00:00Z"
    assert odd == {("lastSignIn", never), ("lastNonInteractiveSignIn", never), ("lastSuccessfulSignIn", "")}
    assert any(one["lastNonInteractiveSignInDateTime"] is None for one in found)


def test_nobody_signed_in_before_there_was_an_account_or_in_the_future(open_one, users):
    tenant = open_one()

    for row in users(tenant).values():
        created = datetime.fromisoformat(row["createdDateTime"])
        times = [moment(row["signInActivity"][f"{name}DateTime"]) for name in NAMES] if "signInActivity" in row else []
        assert all(created <= time <= tenant.directory.now for time in times if time is not None)


def test_no_success_is_known_of_before_successes_were_kept(open_one, activities):
    found = activities(open_one())
    last = [max(filter(None, (moment(one[f"{name}DateTime"]) for name in NAMES[:2]))) for one in found]
    good = [moment(one["lastSuccessfulSignInDateTime"]) for one in found]

    early = [success for time, success in zip(last, good, strict=True) if time < SINCE]
    assert early
    assert set(early) == {None}
    assert all(success is None or SINCE <= success <= time for time, success in zip(last, good, strict=True))


def test_the_last_attempt_was_mostly_the_last_success_and_then_the_same_request(open_one, activities):
    found = activities(open_one())

    requests = [{one[f"{name}RequestId"] for name in NAMES[:2]} for one in found]
    same = [one for one, last in zip(found, requests, strict=True) if one["lastSuccessfulSignInRequestId"] in last]
    failed = [one for one in found if moment(one["lastSuccessfulSignInDateTime"]) and one not in same]
    assert len(same) > 4 * len(failed) > 0
    assert all(
        one["lastSuccessfulSignInDateTime"] in (one["lastSignInDateTime"], one["lastNonInteractiveSignInDateTime"])
        for one in same
    )


def test_one_user_has_what_the_list_has(open_one, users, get):
    tenant = open_one(users=40)

    for user, row in users(tenant).items():
        single = get(tenant, f"/v1.0/users/{user}?$select=signInActivity").json()
        assert single.get("signInActivity") == row.get("signInActivity")


def test_by_its_name_a_user_has_no_activity_even_one_who_is_not_there(open_one, get, code):
    tenant = open_one(users=40)
    name = next(one.user_principal_name for one in tenant.directory.accounts if "#" not in one.user_principal_name)

    for asked in (name, "nobody@northharbour.example"):
        answer = get(tenant, f"/v1.0/users/{asked}?$select=id,signInActivity")
        assert (answer.status_code, code(answer)) == (400, "400")
    assert get(tenant, f"/v1.0/users/{name}?$select=id").status_code == 200
    unknown = get(tenant, f"/v1.0/users/{tenant.tenant_id}?$select=signInActivity")
    assert (unknown.status_code, code(unknown)) == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize("path", ["", "/{user}"])
@pytest.mark.parametrize(
    ("permissions", "refusal"),
    [
        (PERMISSIONS[:1], "Authentication_MSGraphPermissionMissing"),
        (PERMISSIONS[1:], "Authorization_RequestDenied"),
        (PERMISSIONS, None),
    ],
)
def test_it_needs_the_users_and_the_audit_log(open_one, get, code, path, permissions, refusal):
    tenant = open_one(users=10)
    url = "/v1.0/users" + path.format(user=tenant.directory.accounts[0].id) + "?$select=id,signInActivity"

    answer = get(tenant, url, token=tenant.access_token(permissions=permissions))

    assert answer.status_code == (200 if refusal is None else 403)
    assert refusal is None or code(answer) == refusal


@pytest.mark.parametrize("path", ["", "/{user}"])
def test_without_a_licence_it_is_refused_and_the_users_are_not(open_one, get, code, path):
    tenant = open_one(users=10, mood="unlicensed")
    url = "/v1.0/users" + path.format(user=tenant.directory.accounts[0].id)

    answer = get(tenant, f"{url}?$select=id,signInActivity")

    assert (answer.status_code, code(answer)) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    assert get(tenant, f"{url}?$select=id").status_code == 200


def test_ten_requests_a_minute_of_lists_and_users_together_and_other_lists_do_not_count(open_one, get):
    clock = [1000.0]
    tenant = open_one(quota=True, clock=lambda: clock[0])
    single = f"/v1.0/users/{tenant.directory.accounts[0].id}?$select=signInActivity"

    first = [get(tenant, url).status_code for url in (URL, single) for _ in range(5)]
    refused = get(tenant, URL)

    assert first == [200] * 10
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "6")
    assert get(tenant, single).status_code == 429
    assert get(tenant, "/v1.0/users?$select=id").status_code == 200
    clock[0] += 6
    assert [get(tenant, URL).status_code for _ in range(2)] == [200, 429]


def test_it_is_counted_with_the_users_as_well(open_one, get):
    tenant = open_one(users=49, quota=True, quota_scale=0.01, clock=lambda: 1000.0)
    one_unit = "/v1.0/users?$select=id&$top=1"

    assert get(tenant, URL).status_code == 200

    # A hundredth of 3,500 units, less the one.
    assert [get(tenant, one_unit).status_code for _ in range(35)] == [200] * 34 + [429]


def test_the_same_tenant_tells_the_same_again(open_one, users):
    assert users(open_one()) == users(open_one())
