"""A walk whose link has expired is begun again, and one that an earlier session began is gone on with."""

import httpx
import pytest

from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.past import Past
from mfaaudit.snapshot.objects import walk
from mfaaudit.sources import group_members, security_defaults, user_count, users
from mfaaudit.tenant.reader import EXPIRED, RESTARTS, Reader

ROOT = "https://graph.microsoft.com"
SOURCE = users.SOURCE
ROWS = {"": "ab", "1": "cd", "2": "ef"}
NEXT = {"": "1", "1": "2"}


def book(answer):
    """A service of three pages; `answer(token, time)` may say something else, by how often the page was asked for."""
    asked = []

    def service(request):
        token = request.url.params.get("$skiptoken", "")
        asked.append(token)
        assert len(asked) < 60, "the walk does not end"
        other = answer(token, asked.count(token))
        if other is not None:
            return other
        body = {"value": [{"id": one} for one in ROWS[token]]}
        link = {"@odata.nextLink": f"{ROOT}/v1.0/users?$skiptoken={NEXT[token]}"} if token in NEXT else {}
        return httpx.Response(200, json=body | link)

    return service, asked


def expired(code="Directory_ExpiredPageToken", status=400):
    return httpx.Response(status, json={"error": {"code": code, "message": "x"}})


async def all_pages(reader):
    return [one async for one in reader.pages(SOURCE, reader.url(SOURCE))]


def later(folder, work=all_pages):
    """The same work by a session that knows what is in the folder."""

    async def go(reader):
        return await work(Reader(reader.graph, reader.journal, reader.paces, Past(folder)))

    return go


def ids(pages):
    return "".join(row["id"] for one in pages for row in one.json()["value"])


@pytest.mark.parametrize("code", sorted(EXPIRED))
def test_an_expired_link_begins_the_walk_again_and_it_comes_to_its_end(code, on, tmp_path):
    service, asked = book(lambda token, time: expired(code) if (token, time) == ("2", 1) else None)

    pages = on(service, all_pages)

    assert asked == ["", "1", "2", "", "1", "2"]
    assert ids(pages) == "abcdabcdef"
    found = walk(tmp_path, SOURCE.name)
    assert found.whole
    assert "".join(row.raw["id"] for row in found.rows) == "abcdef"


def test_a_walk_whose_links_always_expire_ends_and_is_not_whole(on, tmp_path):
    service, asked = book(lambda token, _: expired() if token == "1" else None)

    pages = on(service, all_pages)

    assert asked.count("") == RESTARTS + 1
    assert pages[-1].status == 400
    assert not walk(tmp_path, SOURCE.name).whole


def test_another_refusal_of_a_page_does_not_begin_the_walk_again(on):
    service, asked = book(lambda token, _: expired("Request_BadRequest") if token == "1" else None)

    on(service, all_pages)

    assert asked == ["", "1"]


def test_a_first_page_that_is_refused_as_expired_is_a_refusal(on):
    service, asked = book(lambda *_: expired())

    on(service, all_pages)

    assert asked == [""]


def test_a_later_session_goes_on_where_the_last_page_led(on, tmp_path):
    service, _ = book(lambda token, _: expired("x") if token == "2" else None)
    on(service, all_pages)
    service, asked = book(lambda *_: None)

    pages = on(service, later(tmp_path))

    assert asked == ["2"]
    assert ids(pages) == "abcdef"
    assert "".join(row.raw["id"] for row in walk(tmp_path, SOURCE.name).rows) == "abcdef"


def test_a_later_session_with_an_expired_link_begins_again_and_keeps_what_was_read(on, tmp_path):
    service, _ = book(lambda token, _: expired("x") if token == "1" else None)
    on(service, all_pages)
    service, asked = book(lambda token, time: expired() if (token, time) == ("1", 1) else None)

    pages = on(service, later(tmp_path))

    assert asked == ["1", "", "1", "2"]
    assert ids(pages) == "ababcdef"
    assert walk(tmp_path, SOURCE.name).whole


def test_a_later_session_asks_nothing_of_a_walk_that_came_to_its_end(on, tmp_path):
    service, _ = book(lambda *_: None)
    on(service, all_pages)
    before = list(read_journal(tmp_path, SOURCE.name))
    service, asked = book(lambda *_: None)

    assert ids(on(service, later(tmp_path))) == "abcdef"
    assert asked == []
    assert list(read_journal(tmp_path, SOURCE.name)) == before


def test_links_need_not_look_like_the_page_that_they_came_from(on, tmp_path):
    def service(request):
        # As OData writes a function or a cast: another path, and no query that could be recognised.
        if request.url.path.endswith("/p2"):
            return httpx.Response(503, headers={"retry-after": "0"})
        return httpx.Response(200, json={"value": [{"id": "a"}], "@odata.nextLink": f"{ROOT}/v1.0/x('y')/p2"})

    on(service, all_pages)
    asked = []

    def well(request):
        asked.append(request.url.path)
        return httpx.Response(200, json={"value": [{"id": "b"}]})

    assert ids(on(well, later(tmp_path))) == "ab"
    assert asked == ["/v1.0/x('y')/p2"]
    assert Past(tmp_path).goes_on(SOURCE, f"{ROOT}/v1.0{SOURCE.path}") is None


def test_each_group_has_a_walk_of_its_own(on, tmp_path):
    def service(request):
        status = 200 if "/g1/" in request.url.path else 403
        return httpx.Response(status, json={"value": [{"id": "a"}]} if status == 200 else {"error": {"code": "x"}})

    async def both(reader):
        for group in ("g1", "g2"):
            url = reader.url(group_members.SOURCE, id=group)
            yield_ = [one async for one in reader.pages(group_members.SOURCE, url)]
            assert yield_

    on(service, both)
    asked = []

    def well(request):
        asked.append(request.url.path.split("/")[3])
        return httpx.Response(200, json={"value": []})

    on(well, later(tmp_path, both))

    # What was refused may have been granted since; what was read is not read again.
    assert asked == ["g2"]


@pytest.mark.parametrize(
    ("source", "body"), [(security_defaults.SOURCE, b'{"isEnabled": true}'), (user_count.SOURCE, b"12")]
)
def test_one_answer_that_was_read_well_is_not_asked_for_again(source, body, on, tmp_path):
    async def read(reader):
        return await reader.read(source, reader.url(source))

    on(lambda _: httpx.Response(403, json={}), read)
    on(lambda _: httpx.Response(200, content=body), later(tmp_path, read))

    def nobody(_):
        raise AssertionError("asked again")

    assert on(nobody, later(tmp_path, read)).body == body
    assert [one.attempt for one in read_journal(tmp_path, source.name)] == [1, 2]
