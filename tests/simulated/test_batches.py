"""Batches: at most twenty requests in one, each answered by itself, in any order and exactly once."""

import base64

import pytest

HEADERS = {"ConsistencyLevel": "eventual"}


@pytest.fixture
def post(send):
    """Posts requests as one batch."""

    def posting(tenant, requests, version="beta", **how):
        return send(tenant, "POST", f"/{version}/$batch", json={"requests": requests}, **how)

    return posting


@pytest.fixture
def answers(post):
    """The items of a batch's answer by their ids."""

    def answering(tenant, requests, **how):
        answer = post(tenant, requests, **how)
        assert answer.status_code == 200, answer.text
        found = answer.json()["responses"]
        assert len({one["id"] for one in found}) == len(found)
        return {one["id"]: one for one in found}

    return answering


def item(name, url, **more):
    return {"id": name, "method": "GET", "url": url} | more


def state_of(name, user):
    return item(name, f"/users/{user}/authentication/requirements")


def test_twenty_requests_are_answered_each_id_once_and_each_with_its_own_user(open_one, answers):
    tenant = open_one()
    accounts = {f"read-{number}": one for number, one in enumerate(tenant.directory.accounts[:20])}

    found = answers(tenant, [state_of(name, one.id) for name, one in accounts.items()])

    assert set(found) == set(accounts)
    for name, one in accounts.items():
        assert found[name]["status"] == 200
        assert found[name]["body"]["@odata.context"].endswith(f"#users('{one.id}')/authentication/requirements")
        assert found[name]["body"]["perUserMfaState"] == one.state


def test_the_answers_come_in_another_order_than_the_questions(open_one, post):
    tenant = open_one()
    names = [str(number) for number in range(20)]
    requests = [state_of(name, tenant.directory.accounts[int(name)].id) for name in names]

    order = [one["id"] for one in post(tenant, requests).json()["responses"]]

    assert sorted(order) == sorted(names)
    assert order != names


def test_twenty_one_requests_are_refused_as_a_whole(open_one, post, code):
    tenant = open_one(users=10)

    answer = post(tenant, [item(str(number), "/users") for number in range(21)])

    assert (answer.status_code, code(answer)) == (400, "MaximumValueExceeded")


@pytest.mark.parametrize("ids", [("a", "a"), ("a", "A"), ("A", "a")])
def test_an_id_that_comes_twice_is_refused_whatever_its_case(open_one, post, ids):
    assert post(open_one(users=10), [item(name, "/users") for name in ids]).status_code == 400


@pytest.mark.parametrize(
    "requests",
    [
        [],
        {},
        "none",
        [1],
        [{"id": "1", "url": "/users"}],
        [{"id": "1", "method": "GET"}],
        [{"method": "GET", "url": "/users"}],
        [{"id": 1, "method": "GET", "url": "/users"}],
        [{"id": "1", "method": "GET", "url": "/users", "headers": ["ConsistencyLevel"]}],
        [{"id": "1", "method": "GET", "url": "/users", "dependsOn": 7}],
        [{"id": "1", "method": "GET", "url": "/users", "dependsOn": [{}]}],
    ],
)
def test_a_malformed_batch_is_refused_as_a_whole(open_one, post, requests):
    assert post(open_one(users=10), requests).status_code == 400


@pytest.mark.parametrize("body", [[], "text", None, {"request": []}])
def test_a_body_that_is_no_batch_is_refused(open_one, send, body):
    assert send(open_one(users=10), "POST", "/v1.0/$batch", json=body).status_code == 400


def test_a_batch_is_posted(open_one, get):
    assert get(open_one(users=10), "/v1.0/$batch").status_code == 405


@pytest.mark.parametrize("url", ["https://graph.microsoft.com/beta/users", "http://127.0.0.1/beta/users", ""])
def test_an_address_that_is_not_relative_is_refused_and_its_neighbours_are_not(open_one, answers, url):
    found = answers(open_one(users=10), [item("bad", url), item("good", "/users")])

    assert (found["bad"]["status"], found["good"]["status"]) == (400, 200)


def test_every_item_has_its_own_status_headers_and_body(open_one, post):
    tenant = open_one(mood="messy")
    by_fault = {one.fault: one.id for one in tenant.directory.accounts}

    batch = post(
        tenant,
        [
            state_of("fine", by_fault[""]),
            state_of("gone", by_fault["vanishes"]),
            state_of("guarded", by_fault["forbidden"]),
            state_of("broken", by_fault["broken"]),
            state_of("busy", by_fault["busy"]),
            item("nonsense", "/nonsense"),
        ],
    )
    found = {one["id"]: one for one in batch.json()["responses"]}

    statuses = {"fine": 200, "gone": 404, "guarded": 403, "broken": 500, "busy": 429, "nonsense": 400}
    assert {name: one["status"] for name, one in found.items()} == statuses
    assert all(one["headers"]["Content-Type"] == "application/json" for one in found.values())
    errors = {name: one["body"]["error"] for name, one in found.items() if "error" in one["body"]}
    assert set(errors) == set(statuses) - {"fine"}
    inner = [error.get("innerError") or error["innererror"] for error in errors.values()]
    assert {one["request-id"] for one in inner} == {batch.headers["request-id"]}
    assert found["fine"]["headers"]["x-ms-resource-unit"] == "1"


def test_a_throttled_item_says_how_long_to_wait_and_the_batch_itself_is_well(open_one, answers, post):
    tenant = open_one(mood="messy")
    busy = next(one.id for one in tenant.directory.accounts if one.fault == "busy")

    first = post(tenant, [state_of("x", busy)])
    item_answer = first.json()["responses"][0]

    assert (first.status_code, "retry-after" in first.headers) == (200, False)
    assert (item_answer["status"], item_answer["headers"]["Retry-After"]) == (429, "1")
    assert item_answer["body"]["error"]["code"] == "TooManyRequests"
    assert answers(tenant, [state_of("x", busy)])["x"]["status"] == 200


def test_items_are_metered_one_by_one(open_one, answers):
    # A quota of 3,500 units, cut to seven: of twenty reads seven are answered, the others are throttled.
    tenant = open_one(users=40, quota=True, quota_scale=0.002, clock=lambda: 0.0)
    requests = [state_of(str(number), one.id) for number, one in enumerate(tenant.directory.accounts[:20])]

    found = answers(tenant, requests).values()

    throttled = [one for one in found if one["status"] == 429]
    assert len(throttled) == 13
    assert all(int(one["headers"]["Retry-After"]) >= 1 for one in throttled)
    assert {one["headers"]["x-ms-throttle-information"] for one in throttled} == {"ResourceUnitLimitExceeded"}
    assert all(tenant.tenant_id in one["headers"]["x-ms-throttle-scope"] for one in throttled)


def test_the_whole_batch_is_of_one_version(open_one, answers):
    tenant = open_one(users=10)
    user = tenant.directory.accounts[0].id

    assert answers(tenant, [state_of("x", user)], version="beta")["x"]["status"] == 200
    assert answers(tenant, [state_of("x", user)], version="v1.0")["x"]["status"] == 405


def test_headers_of_an_item_are_its_own(open_one, answers):
    found = answers(
        open_one(users=10), [item("with", "/users/$count", headers=HEADERS), item("without", "/users/$count")]
    )

    assert (found["with"]["status"], found["without"]["status"]) == (200, 400)
    assert base64.b64decode(found["with"]["body"]) == b"10"


@pytest.mark.parametrize("url", ["/users?$select=id&$top=3", "users?$select=id&$top=3"])
def test_an_item_can_be_a_page_with_a_query(open_one, answers, url):
    found = answers(open_one(users=10), [item("x", url)], version="v1.0")

    assert len(found["x"]["body"]["value"]) == 3
    assert found["x"]["body"]["@odata.nextLink"].startswith("https://graph.microsoft.com/v1.0/users?")


def test_a_principal_name_is_escaped_in_an_item(open_one, answers):
    tenant = open_one()
    guest = next(one for one in tenant.directory.accounts if one.user_type == "Guest")

    found = answers(tenant, [state_of("x", guest.user_principal_name.replace("#", "%23"))])

    assert found["x"]["body"]["perUserMfaState"] == guest.state


def test_what_depends_on_a_failure_fails_and_what_depends_on_a_success_does_not(open_one, answers):
    found = answers(
        open_one(users=10),
        [
            item("good", "/users"),
            item("bad", "/nonsense"),
            item("after-good", "/users", dependsOn=["good"]),
            item("after-bad", "/users", dependsOn=["good", "bad"]),
        ],
    )

    assert {name: one["status"] for name, one in found.items()} == {
        "good": 200,
        "bad": 400,
        "after-good": 200,
        "after-bad": 424,
    }


def test_a_permission_that_is_missing_is_missing_in_a_batch(open_one, answers):
    tenant = open_one(users=10)
    token = tenant.access_token(permissions=["UserAuthenticationMethod.Read.All"])
    user = tenant.directory.accounts[0].id

    found = answers(
        tenant,
        [state_of("state", user), item("factor", f"/users/{user}/authentication/signInPreferences")],
        token=token,
    )

    assert (found["state"]["status"], found["state"]["body"]["error"]["code"]) == (403, "accessDenied")
    assert found["factor"]["status"] == 200
