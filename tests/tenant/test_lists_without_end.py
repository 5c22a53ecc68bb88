"""A list ends where the directory's own count says it must, and a page that leads nowhere is read again on --resume."""

import json

import httpx
import pytest

from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.past import Past
from mfaaudit.snapshot.objects import walk
from mfaaudit.sources import security_defaults, users
from mfaaudit.tenant import bounds, trail
from mfaaudit.tenant.bounds import SPARE_ROWS, most_rows
from mfaaudit.tenant.reader import Reader

ROOT = "https://graph.microsoft.com"
SOURCE = users.SOURCE
SIZE = 999


def pages_without_end(size=SIZE, *, counted=40):
    """A service whose list of users never ends: each page has other users and another link."""
    seen = []

    def service(request):
        seen.append(request)
        if request.url.path.endswith("$count"):
            return httpx.Response(200, text=str(counted))
        number = len(seen)
        rows = [{"id": f"{number}-{row}"} for row in range(size)]
        return httpx.Response(200, json={"value": rows, "@odata.nextLink": f"{ROOT}/v1.0/users?$skiptoken={number}"})

    return service, seen


def counting(counted):
    async def work(reader):
        reader.counted = counted
        return [page async for page in reader.pages(SOURCE, reader.url(SOURCE))]

    return work


def later(folder, work):
    """The same work by a session that knows what is in the folder."""

    async def go(reader):
        return await work(Reader(reader.graph, reader.journal, reader.paces, Past(folder)))

    return go


def test_a_list_far_longer_than_the_count_is_cut_off_and_says_so(on, tmp_path):
    service, seen = pages_without_end()

    *pages, last = on(service, counting(40))

    assert most_rows(40) < SIZE * len(pages) <= most_rows(40) + SIZE
    assert (last.ok, last.status, last.attempt) == (False, 0, 0)
    assert "far more than the directory has users (40 by its own count)" in last.problem
    assert sum(request.url.path.endswith("$count") for request in seen) == 1
    assert not walk(tmp_path, SOURCE.name).whole


def test_where_the_count_is_not_known_there_is_a_bound_as_well(on, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_ROWS", 5_000)
    service, _ = pages_without_end(counted="x")

    *pages, last = on(service, counting(None))

    assert len(pages) == 6
    assert "its count is not known" in last.problem


def test_a_count_that_was_wrong_does_not_cut_off_an_honest_list(on):
    def service(request):
        if request.url.path.endswith("$count"):
            return httpx.Response(200, text="30000")
        place = int(request.url.params.get("$skiptoken", "0"))
        link = {"@odata.nextLink": f"{ROOT}/v1.0/users?$skiptoken={place + 1}"} if place < 29 else {}
        return httpx.Response(200, json={"value": [{"id": f"{place}-{row}"} for row in range(1_000)]} | link)

    pages = on(service, counting(7))

    assert [page.ok for page in pages] == [True] * 30


def test_pages_without_rows_come_to_an_end(on, monkeypatch):
    monkeypatch.setattr(trail, "EMPTY_PAGES", 20)
    service, _ = pages_without_end(size=0)

    *pages, last = on(service, counting(40))

    assert len(pages) == 21
    assert "21 pages without a row" in last.problem


def test_a_small_tenant_may_have_a_long_list():
    assert most_rows(1) > SPARE_ROWS
    assert most_rows(1_000_000) >= 2_000_000


@pytest.mark.parametrize(("link", "whole"), [(None, True), ("", False), (7, False), ([], False), ({}, False)])
def test_a_link_that_is_null_is_the_end_and_any_other_is_not(link, whole, on, tmp_path):
    def service(_):
        return httpx.Response(200, json={"value": [{"id": "a"}], "@odata.nextLink": link})

    pages = on(service, counting(1))

    found = walk(tmp_path, SOURCE.name)
    assert found.whole is whole
    assert len(pages) == (1 if whole else 2)
    assert whole or "leads to another host, or nowhere" in pages[-1].problem


BAD_LINKS = ["https://evil.example/v1.0/users?page=2", "/users", "", 7, [1], f"{ROOT}/v1.0/users?$top=999", "\ud800"]
DEAD_LINKS = [f"{ROOT}/v1.0/users?$skiptoken=garbled", f"{ROOT}/v1.0/users?\x01", f"{ROOT}/v1.0/users?{'x' * 70_000}"]


@pytest.mark.parametrize("link", BAD_LINKS + DEAD_LINKS, ids=lambda link: repr(link)[:45])
def test_a_page_whose_link_leads_nowhere_is_read_again_by_the_next_session(link, on, tmp_path):
    garbled, asked = [True], []
    first = str(httpx.URL(f"{ROOT}/v1.0{SOURCE.path}"))

    def service(request):
        asked.append(request.url)
        token = request.url.params.get("$skiptoken", "")
        if "garbled" in str(request.url):
            return httpx.Response(400, json={"error": {"code": "Request_BadRequest", "message": "x"}})
        rows = {"": "ab", "1": "cd", "2": "ef"}[token]
        body = {"value": [{"id": one} for one in rows]}
        if token == "1" and garbled[0]:
            body["@odata.nextLink"] = first if link == BAD_LINKS[5] else link
        elif token != "2":
            body["@odata.nextLink"] = f"{ROOT}/v1.0/users?$skiptoken={1 if token == '' else 2}"
        return httpx.Response(200, content=json.dumps(body))

    pages = on(service, counting(6))
    assert not pages[-1].ok
    assert on(service, later(tmp_path, counting(6)))[-1].ok is False

    garbled[0] = False
    assert all(page.ok for page in on(service, later(tmp_path, counting(6))))

    found = walk(tmp_path, SOURCE.name)
    assert found.whole
    assert "".join(row.raw["id"] for row in found.rows) == "abcdef"
    assert {url.host for url in asked} == {"graph.microsoft.com"}


def test_a_list_that_was_cut_off_is_read_again_by_the_next_session(on, tmp_path):
    service, _ = pages_without_end()
    assert not on(service, counting(40))[-1].ok

    body = {"value": [{"id": "a"}]}

    def healthy(request):
        return httpx.Response(200, text="40") if "$count" in request.url.path else httpx.Response(200, json=body)

    assert on(healthy, later(tmp_path, counting(40)))[-1].json() == body
    found = walk(tmp_path, SOURCE.name)
    assert found.whole
    assert [row.raw for row in found.rows] == body["value"]


@pytest.mark.parametrize("body", ["[]", "5", '"x"', "true", "null", "[" * 500 + "]" * 500])
def test_an_object_that_is_none_is_asked_for_again_at_once_and_by_the_next_session(body, on, tmp_path):
    source = security_defaults.SOURCE
    given = [body] * 5

    def service(_):
        return httpx.Response(200, content=given.pop() if given else '{"isEnabled": true}')

    async def read(reader):
        return await reader.read(source, reader.url(source))

    assert not isinstance(on(service, read).json(), dict)
    assert given == []
    assert on(service, later(tmp_path, read)).json() == {"isEnabled": True}
    assert len(list(read_journal(tmp_path, source.name))) == 6
