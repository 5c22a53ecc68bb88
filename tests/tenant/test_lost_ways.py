"""A network that is gone for a while costs nobody an attempt, and one that stays away stops the audit."""

import json

import httpx
import pytest
from batch_service import SOURCES, assert_all_well, people, serving

from mfaaudit.errors import SignInFailed, Unreachable
from mfaaudit.evidence.batch import reads_of
from mfaaudit.evidence.journal import read_journal
from mfaaudit.sources import security_defaults, users
from mfaaudit.tenant.attempts import ATTEMPTS
from mfaaudit.tenant.per_user import PerUserPass

SOURCE = security_defaults.SOURCE


async def ask(reader, source=SOURCE):
    return await reader.ask(source, reader.url(source))


async def ask_twice(reader):
    await ask(reader, users.SOURCE)
    return await ask(reader)


def failing(times, problem=httpx.ConnectError, after=1):
    """A service that answers `after` requests, then fails `times` times, then answers again."""
    seen = []

    def service(request):
        seen.append(request)
        if after < len(seen) <= after + times:
            raise problem("no route")
        return httpx.Response(200, json={"value": [], "isEnabled": True})

    return service, seen


@pytest.mark.parametrize("problem", [httpx.ConnectError, httpx.ConnectTimeout])
def test_a_way_that_comes_back_has_cost_no_attempt(problem, on, tmp_path):
    service, seen = failing(20, problem)

    assert on(service, ask_twice).ok

    assert len(seen) == 22
    assert [one.status for one in read_journal(tmp_path, SOURCE.name)] == [0] * 20 + [200]


def test_where_there_never_was_a_way_the_audit_does_not_wait_for_one(on):
    service, seen = failing(10**9, after=0)

    assert on(service, ask).status == 0
    assert len(seen) == ATTEMPTS


def test_a_connection_that_breaks_is_a_fault_like_any_other(on):
    service, seen = failing(10**9, httpx.ReadError)

    assert on(service, ask_twice).status == 0
    assert len(seen) == 1 + ATTEMPTS


def test_a_way_that_stays_lost_stops_the_audit_with_a_hint(on, monkeypatch):
    monkeypatch.setattr("mfaaudit.tenant.reader.OUTAGE", 0.0)
    service, _ = failing(10**9)

    with pytest.raises(Unreachable, match="no connection") as problem:
        on(service, ask_twice)

    assert "--resume" in problem.value.hint


def reading(names):
    async def work(reader):
        passing = PerUserPass(reader, SOURCES, lambda _: None)
        await ask(reader, users.SOURCE)
        passing.add(reads_of(names, SOURCES))
        passing.no_more()
        await passing.run()

    return work


def test_batches_that_find_no_way_are_sent_again_and_nobody_is_given_up(on, tmp_path):
    answer, batches = serving()
    lost = 3 * ATTEMPTS

    def service(request):
        nonlocal lost
        if request.method == "GET":
            return httpx.Response(200, json={"value": []})
        if lost:
            lost -= 1
            raise httpx.ConnectError("no route")
        return answer(request)

    on(service, reading(people(30)))

    assert_all_well(tmp_path, people(30))
    assert sum(map(len, batches)) == 60


def in_whole(request):
    return httpx.Response(401, json={})


def item_by_item(request):
    error = {"status": 401, "body": {"error": {"code": "InvalidAuthenticationToken", "message": "x"}}}
    return httpx.Response(
        200, json={"responses": [{"id": one["id"]} | error for one in json.loads(request.content)["requests"]]}
    )


@pytest.mark.parametrize("refused", [in_whole, item_by_item])
def test_a_token_that_batches_no_longer_accept_stops_the_audit_with_a_hint(refused, on):
    asked = []

    def service(request):
        asked.append(request)
        return httpx.Response(200, json={"value": []}) if request.method == "GET" else refused(request)

    with pytest.raises(ExceptionGroup) as problems:
        on(service, reading(people(30)))

    told, others = problems.value.split(SignInFailed)
    assert others is None
    assert "no longer accepts the token" in str(told.exceptions[0])
    assert "--resume" in told.exceptions[0].hint
    # Once more, with a new token, and then no more.
    assert len([one for one in asked if one.method == "POST"]) <= 6
