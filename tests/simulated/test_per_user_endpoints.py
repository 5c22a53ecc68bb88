"""The two reads of one user: beta only, in the documented shape, and refused in the service's own words."""

import pytest

PARTS = ("requirements", "signInPreferences")
PERMISSION = {"requirements": "Policy.Read.All", "signInPreferences": "UserAuthenticationMethod.Read.All"}


@pytest.fixture
def read(get):
    """Reads one part of one user."""

    def reading(tenant, user, part, version="beta", **how):
        return get(tenant, f"/{version}/users/{user}/authentication/{part}", **how)

    return reading


@pytest.fixture
def with_fault():
    """The ids of the accounts that make one kind of trouble."""

    def finding(tenant, fault):
        return [one.id for one in tenant.directory.accounts if one.fault == fault]

    return finding


@pytest.mark.parametrize("part", PARTS)
def test_the_part_exists_in_beta_and_not_in_v1(open_one, read, code, part):
    tenant = open_one(users=10)
    user = tenant.directory.accounts[0].id

    assert read(tenant, user, part).status_code == 200
    refused = read(tenant, user, part, version="v1.0")
    assert (refused.status_code, code(refused)) == (405, "Request_BadRequest")


def test_requirements_hold_the_state_and_say_whose_it_is(open_one, read):
    tenant = open_one(users=10)
    account = tenant.directory.accounts[0]

    body = read(tenant, account.id, "requirements").json()

    context = f"https://graph.microsoft.com/beta/$metadata#users('{account.id}')/authentication/requirements"
    assert body == {"@odata.context": context, "perUserMfaState": account.state}


def test_preferences_hold_both_documented_properties_and_the_one_that_no_schema_has(open_one, read):
    tenant = open_one()
    account = next(one for one in tenant.directory.accounts if one.preferred == "push")

    body = read(tenant, account.id, "signInPreferences").json()

    assert body.pop("@odata.context").endswith(f"#users('{account.id}')/authentication/signInPreferences")
    assert body == {
        "isSystemPreferredAuthenticationMethodEnabled": True,
        "userPreferredMethodForSecondaryAuthentication": "push",
        "systemPreferredAuthenticationMethod": "PhoneAppNotification",
    }


def test_a_user_without_a_preference_has_null_and_not_a_default(open_one, read):
    tenant = open_one()
    account = next(one for one in tenant.directory.accounts if one.preferred is None)

    body = read(tenant, account.id, "signInPreferences").json()

    assert body["userPreferredMethodForSecondaryAuthentication"] is None
    assert body["systemPreferredAuthenticationMethod"] is None


def test_a_tidy_tenant_sends_documented_values_only(open_one, read):
    tenant = open_one()
    factors = {"push", "oath", "voiceMobile", "voiceAlternateMobile", "voiceOffice", "sms"}

    sent = {part: [read(tenant, one.id, part).json() for one in tenant.directory.accounts] for part in PARTS}
    preferences = sent["signInPreferences"]

    assert {body["perUserMfaState"] for body in sent["requirements"]} == {"disabled", "enabled", "enforced"}
    assert {body["isSystemPreferredAuthenticationMethodEnabled"] for body in preferences} == {True}
    preferred = {body["userPreferredMethodForSecondaryAuthentication"] for body in preferences}
    assert {"push", None} < preferred <= factors | {None}


def test_a_messy_tenant_sends_what_nobody_documented(open_one, read):
    tenant = open_one(mood="messy")

    def bodies(part):
        answers = [read(tenant, one.id, part) for one in tenant.directory.accounts]
        return [answer.json() for answer in answers if answer.status_code == 200]

    states = {body["perUserMfaState"] for body in bodies("requirements")}
    preferences = bodies("signInPreferences")

    key = "userPreferredMethodForSecondaryAuthentication"
    assert {"unknownFutureValue", "postponed", None} < states
    assert {"", None, "none", "unknownFutureValue"} < {body[key] for body in preferences if key in body}
    assert any(key not in body for body in preferences)
    setting = {body["isSystemPreferredAuthenticationMethodEnabled"] for body in preferences}
    assert setting == {True, False, None}


@pytest.mark.parametrize("part", PARTS)
def test_the_user_is_found_by_principal_name_too(open_one, read, part):
    tenant = open_one()
    guest = next(one for one in tenant.directory.accounts if one.user_type == "Guest")

    by_id = read(tenant, guest.id, part).json()

    assert read(tenant, guest.user_principal_name.replace("#", "%23"), part).json() == by_id


@pytest.mark.parametrize("part", PARTS)
def test_a_user_deleted_after_the_listing_is_not_found_any_more(open_one, get, read, with_fault, code, part):
    tenant = open_one(mood="messy")
    user = with_fault(tenant, "vanishes")[0]
    assert get(tenant, f"/v1.0/users/{user}").status_code == 200

    answer = read(tenant, user, part)

    assert (answer.status_code, code(answer)) == (404, "Request_ResourceNotFound")
    assert get(tenant, f"/v1.0/users/{user}").status_code == 404
    assert tenant.user_count == 299


@pytest.mark.parametrize("part", PARTS)
def test_a_user_who_never_was_is_not_found(open_one, read, code, part):
    answer = read(open_one(users=10), "11111111-2222-4333-8444-555555555555", part)

    assert (answer.status_code, code(answer)) == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", ["delegated", "application"])
def test_each_part_needs_its_own_permission_and_no_other(open_one, read, code, part, kind):
    tenant = open_one(users=10)
    user = tenant.directory.accounts[0].id
    others = [name for name in (*PERMISSION.values(), "User.Read.All") if name != PERMISSION[part]]

    allowed = read(tenant, user, part, token=tenant.access_token(kind=kind, permissions=[PERMISSION[part]]))
    refused = read(tenant, user, part, token=tenant.access_token(kind=kind, permissions=others))

    assert allowed.status_code == 200
    assert (refused.status_code, code(refused)) == (403, "accessDenied")


def test_a_refusal_tells_nothing_of_whether_the_user_exists(open_one, read):
    tenant = open_one(users=10)
    blind = tenant.access_token(permissions=["User.Read.All"])

    for user in (tenant.directory.accounts[0].id, "11111111-2222-4333-8444-555555555555"):
        assert read(tenant, user, "requirements", token=blind).status_code == 403


def test_a_guarded_user_stays_refused_while_the_others_are_read(open_one, read, with_fault, code):
    tenant = open_one(mood="messy")
    guarded = with_fault(tenant, "forbidden")
    ordinary = with_fault(tenant, "")[0]

    answers = [read(tenant, guarded[0], "requirements") for _ in range(3)]

    assert {(answer.status_code, code(answer)) for answer in answers} == {(403, "accessDenied")}
    assert read(tenant, ordinary, "requirements").status_code == 200


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [("broken", [500, 500, 500, 500]), ("shaky", [500, 503, 200, 200]), ("busy", [429, 200, 200, 200])],
)
def test_a_fault_passes_or_does_not_for_each_part_by_itself(open_one, read, with_fault, fault, statuses):
    tenant = open_one(mood="messy")
    user = with_fault(tenant, fault)[0]

    for part in PARTS:
        answers = [read(tenant, user, part) for _ in statuses]
        assert [answer.status_code for answer in answers] == statuses
        assert [answer.headers.get("retry-after") for answer in answers] == [
            "1" if status == 429 else None for status in statuses
        ]


@pytest.mark.parametrize("method", ["PATCH", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("part", PARTS)
def test_nothing_can_be_written(open_one, read, send, part, method):
    tenant = open_one(users=10)
    user = tenant.directory.accounts[0].id
    before = read(tenant, user, part).json()

    url = f"/beta/users/{user}/authentication/{part}"
    answer = send(tenant, method, url, json={"perUserMfaState": "disabled"})

    assert answer.status_code == 405
    assert read(tenant, user, part).json() == before
