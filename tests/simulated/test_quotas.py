"""The documented quotas, under a clock that stands still until it is moved."""

import pytest

DETAILS = "/v1.0/reports/authenticationMethods/userRegistrationDetails?$top=1"
FEATURES = "/v1.0/reports/authenticationMethods/usersRegisteredByFeature"
POLICIES = "/v1.0/identity/conditionalAccess/policies"
ONE_UNIT = "/v1.0/users?$select=id&$top=1"


@pytest.fixture
def clock():
    """A clock to be moved by hand: the seconds are its only element."""
    return [1000.0]


@pytest.fixture
def metered(open_one, clock):
    """Opens a tenant with quotas under that clock."""

    def opening(**given):
        return open_one(quota=True, clock=lambda: clock[0], **given)

    return opening


@pytest.fixture
def until_refused(get):
    """How often an address answers before it is refused, and the refusal."""

    def asking(tenant, url):
        for number in range(200):
            answer = get(tenant, url)
            if answer.status_code == 429:
                return number, answer
            assert answer.status_code == 200
        raise AssertionError("never refused")

    return asking


@pytest.mark.parametrize(("users", "units"), [(49, 35), (50, 50), (500, 50), (501, 80)])
def test_the_units_in_ten_seconds_follow_the_size_of_the_tenant(metered, until_refused, users, units):
    # A hundredth of 3,500, 5,000 and 8,000.
    number, _ = until_refused(metered(users=users, quota_scale=0.01), ONE_UNIT)

    assert number == units


@pytest.mark.parametrize(
    ("path", "units"),
    [
        ("/users", 2),
        ("/Users", 2),
        ("/users?$select=id", 1),
        ("/users?$top=19", 1),
        ("/users?$top=20", 2),
        ("/users?$select=id&$top=5", 1),
        ("/users/{user}", 1),
        ("/users/{user}?$select=id", 1),
        ("/organization", 1),
        ("/roleManagement/directory/roleAssignments", 1),
        ("/roleManagement/directory/roleAssignments?$expand=principal", 2),
        ("/groups/{group}", 1),
        ("/groups/{group}/members", 3),
        ("/groups/{group}/members/microsoft.graph.user?$count=true", 3),
        ("/groups/{group}/transitiveMembers", 5),
        ("/groups/{group}/transitiveMembers/microsoft.graph.user?$count=true&$select=id", 4),
    ],
)
def test_what_each_request_costs(metered, get, path, units):
    tenant = metered()
    user, group = tenant.directory.accounts[0].id, tenant.directory.group

    url = "/v1.0" + path.format(user=user, group=group)
    answer = get(tenant, url, headers={"ConsistencyLevel": "eventual"})

    assert answer.status_code == 200
    assert answer.headers["x-ms-resource-unit"] == str(units)


def test_a_dear_request_empties_the_quota_sooner(metered, until_refused):
    number, _ = until_refused(metered(users=49, quota_scale=0.01), "/v1.0/users")

    assert number == 17


def test_a_refusal_says_how_long_whose_and_which_limit(metered, until_refused, code):
    tenant = metered(users=49, quota_scale=0.001)

    _, refused = until_refused(tenant, ONE_UNIT)

    assert code(refused) == "TooManyRequests"
    # 3.5 units in 10 s: after three, half a unit is missing, and fills in 1.4 s.
    assert refused.headers["retry-after"] == "2"
    scope, limit, application, whose = refused.headers["x-ms-throttle-scope"].split("/")
    assert (scope, limit, whose) == ("Tenant_Application", "ReadWrite", tenant.tenant_id)
    assert len(application) == 36
    assert refused.headers["x-ms-throttle-information"] == "ResourceUnitLimitExceeded"
    assert "x-ms-resource-unit" not in refused.headers


@pytest.mark.parametrize("url", [ONE_UNIT, DETAILS])
def test_who_waits_as_long_as_was_asked_is_answered_and_who_does_not_is_not(metered, get, until_refused, clock, url):
    tenant = metered(users=49, quota_scale=0.01)
    _, refused = until_refused(tenant, url)
    asked = int(refused.headers["retry-after"])

    clock[0] += asked - 0.999
    early = get(tenant, url).status_code
    clock[0] += 0.999

    assert (early, get(tenant, url).status_code) == (429, 200)


def test_the_quota_is_full_again_after_its_period_and_never_more_than_full(metered, until_refused, clock):
    tenant = metered(users=49, quota_scale=0.01)
    until_refused(tenant, ONE_UNIT)

    clock[0] += 3600

    assert until_refused(tenant, ONE_UNIT)[0] == 35


def test_how_much_is_used_is_said_from_four_fifths_on(metered, get):
    tenant = metered(users=49, quota_scale=0.01)

    used = [get(tenant, ONE_UNIT).headers.get("x-ms-throttle-limit-percentage") for _ in range(35)]

    assert used[:28] == [None] * 28
    assert [float(one) for one in used[28:]] == [pytest.approx(n / 35, abs=0.01) for n in range(29, 36)]


def test_reports_are_five_in_ten_seconds_all_of_them_together(metered, get, until_refused):
    tenant = metered()
    assert [get(tenant, FEATURES).status_code for _ in range(3)] == [200] * 3

    number, refused = until_refused(tenant, DETAILS)

    assert number == 2
    assert refused.headers["retry-after"] == "2"
    assert refused.headers["x-ms-throttle-information"] == "CPULimitExceeded"


def test_reports_in_capital_letters_are_reports(metered, get):
    tenant = metered()

    statuses = [get(tenant, DETAILS.replace("/reports", "/Reports")).status_code for _ in range(6)]

    assert statuses == [200] * 5 + [429]


def test_conditional_access_is_one_a_second_and_says_nothing_of_waiting(metered, get, clock):
    tenant = metered()

    first, second = get(tenant, POLICIES), get(tenant, POLICIES)
    clock[0] += 1.0

    assert (first.status_code, second.status_code) == (200, 429)
    assert "retry-after" not in second.headers
    assert get(tenant, POLICIES).status_code == 200


def test_each_quota_is_its_own(metered, get, until_refused):
    tenant = metered(users=49, quota_scale=0.01)
    for url in (ONE_UNIT, DETAILS):
        until_refused(tenant, url)

    assert get(tenant, POLICIES).status_code == 200
    assert {get(tenant, url).status_code for url in (ONE_UNIT, DETAILS, POLICIES)} == {429}


def test_a_refused_permission_costs_nothing(metered, get, until_refused):
    tenant = metered(users=49, quota_scale=0.01)
    blind = tenant.access_token(permissions=[])

    assert {get(tenant, ONE_UNIT, token=blind).status_code for _ in range(40)} == {403}

    assert until_refused(tenant, ONE_UNIT)[0] == 35


@pytest.mark.parametrize(("scale", "reports"), [(0.01, 1), (0.6, 3), (2.0, 10)])
def test_the_scale_goes_for_reports_too(metered, until_refused, scale, reports):
    assert until_refused(metered(quota_scale=scale), DETAILS)[0] == reports


def test_the_throttled_tenant_has_half_of_every_quota(metered, until_refused):
    tenant = metered(users=49, quota_scale=0.02, mood="throttled")

    assert until_refused(tenant, ONE_UNIT)[0] == 35


def test_without_quotas_nobody_is_refused(open_one, get, clock):
    tenant = open_one(quota=False, quota_scale=0.001, clock=lambda: clock[0])

    for url in (ONE_UNIT, DETAILS, POLICIES):
        answers = [get(tenant, url) for _ in range(30)]
        assert {answer.status_code for answer in answers} == {200}
        assert not any("x-ms-throttle-limit-percentage" in answer.headers for answer in answers)
