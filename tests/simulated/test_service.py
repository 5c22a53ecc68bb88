"""What is true of every answer: its headers, its ids, and what becomes of a request that cannot be understood."""

import asyncio
from uuid import UUID

import pytest


def test_every_answer_has_an_id_of_its_own_and_names_where_it_was_made(open_one, get):
    tenant = open_one(users=10)

    answers = [get(tenant, url) for url in ("/v1.0/users", "/v1.0/users", "/v1.0/users/nobody", "/v1.0/nothing")]

    ids = [answer.headers["request-id"] for answer in answers]
    assert len({UUID(one) for one in ids}) == len(answers)
    assert [answer.headers["client-request-id"] for answer in answers] == ids
    assert all("DataCenter" in answer.headers["x-ms-ags-diagnostic"] for answer in answers)
    assert all("date" in answer.headers for answer in answers)
    assert all(answer.headers["content-type"].startswith("application/json") for answer in answers)


@pytest.mark.parametrize("url", ["/v1.0/users", "/v1.0/users/nobody"])
def test_the_id_of_the_client_comes_back(open_one, get, url):
    mine = "5b1d3a52-8c1f-4b0f-9b7e-0a3f5a0e7f10"

    answer = get(open_one(users=10), url, headers={"client-request-id": mine})

    assert answer.headers["client-request-id"] == mine
    assert answer.headers["request-id"] != mine
    if answer.status_code == 404:
        assert answer.json()["error"]["innerError"]["client-request-id"] == mine


@pytest.mark.parametrize("url", ["/v1.0/nothing", "/v3.0/users", "/", "/v1.0", "/v1.0/users/a/b/c", "/v1.0/users('a')"])
def test_what_does_not_exist_is_a_bad_request(open_one, get, code, url):
    answer = get(open_one(users=10), url)

    assert (answer.status_code, code(answer)) == (400, "BadRequest")


@pytest.mark.parametrize("url", ["/v1.0//users", "/v1.0/users/", "/v1.0/USERS"])
def test_slashes_and_capitals_do_not_matter(open_one, get, url):
    tenant = open_one(users=10)

    assert get(tenant, url).json()["value"] == get(tenant, "/v1.0/users").json()["value"]


def test_a_request_beyond_four_megabytes_is_too_large(open_one, send):
    tenant = open_one(users=10)
    request = {"id": "1", "method": "GET", "url": "/users", "padding": "x" * (4 << 20)}

    assert send(tenant, "POST", "/v1.0/$batch", json={"requests": [request]}).status_code == 413


def test_a_server_may_start_and_stop_it(open_one):
    said = []

    async def live():
        messages = iter(["lifespan.startup", "lifespan.shutdown"])

        async def receive():
            return {"type": next(messages)}

        async def send(message):
            said.append(message["type"])

        await open_one(users=1).app({"type": "lifespan"}, receive, send)

    asyncio.run(live())

    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
