"""A collection is followed to its end, within its own service, and a walk that ends early says so."""

import json

import httpx
import pytest

from mfaaudit.errors import SignInFailed
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import reason_of
from mfaaudit.snapshot.objects import walk
from mfaaudit.sources import group_members, users
from mfaaudit.words import Reason

ROOT = "https://graph.microsoft.com"
SOURCE = users.SOURCE


def book(pages):
    """A service that has a page for each query, and the requests that it was sent."""
    seen = []

    def service(request):
        seen.append(request)
        assert len(seen) < 20, "the walk does not end"
        body = pages[request.url.params.get("$skiptoken", "")]
        return body if isinstance(body, httpx.Response) else httpx.Response(200, json=body)

    return service, seen


def page(*ids, to=None):
    body = {"value": [{"id": one} for one in ids]}
    return body if to is None else body | {"@odata.nextLink": f"{ROOT}/v1.0/users?$skiptoken={to}"}


def all_pages(source=SOURCE, **values):
    async def work(reader):
        return [one async for one in reader.pages(source, reader.url(source, **values))]

    return work


def test_pages_are_followed_to_the_last(on, tmp_path):
    service, _ = book({"": page("a", to=1), "1": page("b", to=2), "2": page("c")})

    pages = on(service, all_pages())

    assert [row["id"] for one in pages for row in one.json()["value"]] == ["a", "b", "c"]
    assert walk(tmp_path, SOURCE.name).whole


def test_an_empty_page_with_a_link_is_not_the_end(on, tmp_path):
    service, _ = book({"": page("a", to=1), "1": page(to=2), "2": page("c")})

    on(service, all_pages())

    assert [row.raw["id"] for row in walk(tmp_path, SOURCE.name).rows] == ["a", "c"]


@pytest.mark.parametrize(
    "query",
    ["$skiptoken=X%274453707%27&$top=5", "%24skiptoken=RFNwdAIAAQ%3D%3D", "$skiptoken='a'+b%2Bc%20d|e&x={id}"],
)
def test_a_link_is_followed_to_the_letter(query, on, script):
    link = f"{ROOT}/v1.0/users?{query}"
    service, seen = script((200, {"value": [], "@odata.nextLink": link}), (200, {"value": []}))

    pages = on(service, all_pages())

    assert pages[-1].url == link
    # The SDK decodes names of parameters, which changes nothing; the token itself must stay as it came.
    token = query.split("skiptoken=")[1]
    assert seen[1].url.raw_path.decode().endswith(f"$skiptoken={token}")


@pytest.mark.parametrize(
    "link",
    [
        "https://graph.microsoft.com.evil.example/v1.0/users",
        "https://evil.example/v1.0/users?$skiptoken=1",
        "https://graph.microsoft.com@evil.example/v1.0/users",
        "https://evil.example\\@graph.microsoft.com.evil.example/",
        "http://graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com:8443/v1.0/users",
        "https://graph.microsoft.com:99999/v1.0/users",
        "https://[graph.microsoft.com/v1.0/users",
        "//evil.example/v1.0/users",
        "/v1.0/users?$skiptoken=1",
        "file:///etc/passwd",
        "",
        7,
        {"href": "https://evil.example"},
    ],
)
def test_a_link_that_leads_elsewhere_is_refused_and_gets_no_token(link, on, script, tmp_path):
    service, seen = script((200, {"value": [{"id": "a"}], "@odata.nextLink": link}), (200, {"value": []}))

    pages = on(service, all_pages())
    found = walk(tmp_path, SOURCE.name)

    assert {one.url.host for one in seen} == {"graph.microsoft.com"}
    assert len(seen) == 1
    assert (pages[-1].status, pages[-1].url) == (0, str(link))
    assert "was not followed" in pages[-1].problem
    # What was read stays, is not taken for everything, and the evidence says why.
    assert [one.problem for one in read_journal(tmp_path, SOURCE.name)] == ["", pages[-1].problem]
    assert [row.raw["id"] for row in found.rows] == ["a"]
    assert not found.whole


@pytest.mark.parametrize("start", ["", "1", "2"])
def test_a_circle_of_links_ends(start, on, tmp_path):
    service, seen = book({"": page("a", to=1), "1": page("b", to=2), "2": page("c", to=start)})

    pages = on(service, all_pages())

    assert len(seen) <= 6
    assert "already read" in pages[-1].problem
    assert not walk(tmp_path, SOURCE.name).whole


def test_a_page_that_stays_broken_ends_the_walk_with_its_reason(on, tmp_path):
    cut = httpx.Response(200, content=json.dumps(page("b", to=2)).encode()[:-3])
    service, seen = book({"": page("a", to=1), "1": cut, "2": page("c")})

    pages = on(service, all_pages())

    assert [one.ok and one.json() is not None for one in pages] == [True, False]
    assert "2" not in [one.url.params.get("$skiptoken") for one in seen]
    assert walk(tmp_path, SOURCE.name).gap.reason is Reason.SERVER_ERROR


def test_a_token_that_is_refused_mid_way_is_renewed_and_the_walk_goes_on(on, script, tmp_path):
    service, seen = script(
        (200, page("a", to=1)), (401, {"error": {"code": "InvalidAuthenticationToken"}}), (200, page("b"))
    )

    pages = on(service, all_pages())

    assert [row["id"] for one in pages for row in one.json()["value"]] == ["a", "b"]
    assert len(seen) == 3
    assert [one.status for one in read_journal(tmp_path, SOURCE.name)] == [200, 401, 200]


def test_a_token_that_stays_refused_stops_the_audit(on, script):
    service, seen = script((200, page("a", to=1)), (401, {"error": {"code": "InvalidAuthenticationToken"}}))

    with pytest.raises(SignInFailed, match="no longer accepts the token"):
        on(service, all_pages())

    assert len(seen) == 3


def test_a_page_that_stays_refused_to_this_token_alone_ends_the_walk_with_the_reason(on, script):
    service, seen = script((200, page("a", to=1)), (401, {"error": {"code": "Unauthorized"}}))

    pages = on(service, all_pages())

    assert reason_of(pages[-1].status, pages[-1].json()) is Reason.NO_PERMISSION
    assert len(seen) == 3


def test_each_page_is_asked_with_the_headers_of_its_source(on):
    service, seen = book({"": page("a", to=1), "1": page("b")})

    on(service, all_pages(group_members.SOURCE, id="g"))

    # Graph's links do not carry ConsistencyLevel; without it the next page is refused.
    assert [one.headers["consistencylevel"] for one in seen] == ["eventual", "eventual"]
