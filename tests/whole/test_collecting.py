"""A tenant is read whole: everybody once for each source, while the listing still goes on, and nothing is written."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx
import pytest

from mfaaudit.bundle import EVIDENCE
from mfaaudit.evidence.batch import BATCH, outcomes
from mfaaudit.evidence.journal import Journal, read_journal
from mfaaudit.evidence.run import Order
from mfaaudit.simulated import open_tenant
from mfaaudit.snapshot.objects import Evidence
from mfaaudit.sources import BY_NAME, SOURCES
from mfaaudit.sources.source import Bucket, Shape
from mfaaudit.tenant.collect import Collection
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.reader import Reader
from mfaaudit.tenant.sign_in import GivenToken

ROOT = "https://graph.microsoft.com"
NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
# Enough for a group that holds a role.
USERS = 200
PER_USER = [source.name for source in SOURCES if source.shape is Shape.PER_USER]


def is_batch(request):
    return request.url.path.endswith("/$batch")


def is_listing(request):
    return request.url.path == "/v1.0/users"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A tidy tenant, read as it lists twenty users a page.

    It keeps the last page back until somebody's own state has been asked.
    """
    folder = tmp_path_factory.mktemp("evidence")
    tenant = open_tenant(users=USERS, seed=7, mood="tidy", now=NOW, quota=False)
    inside = httpx.ASGITransport(app=tenant.app)
    asked, seen, order, told = asyncio.Event(), [], [], []

    async def service(request):
        seen.append(request)
        if is_batch(request):
            order.append("batch")
            asked.set()
        if not is_listing(request):
            return await inside.handle_async_request(request)
        request.url = request.url.copy_set_param("$top", 20)
        answer = await inside.handle_async_request(request)
        await answer.aread()
        if "@odata.nextLink" not in answer.json():
            await asyncio.wait_for(asked.wait(), 10)
        order.append("page")
        return answer

    async def read():
        credential, transport = GivenToken(tenant.access_token()), httpx.MockTransport(service)
        graph = Graph(ROOT, credential, [f"{ROOT}/.default"], transport=transport)
        try:
            with Journal(folder) as journal:
                reader = Reader(graph, journal, {bucket: Pace(Controller(ceiling=1e6)) for bucket in Bucket})
                collection = Collection(
                    reader, Order(), started_at=NOW, now=NOW, progress=lambda *step: told.append(step)
                )
                await collection.lists()
                await collection.count()
                return reader.requests
        finally:
            await graph.close()

    requests = asyncio.run(read())
    return SimpleNamespace(folder=folder, seen=seen, order=order, told=told, tenant=tenant, requests=requests)


def final_answers(folder):
    """How often each read of each user was asked, and what became of it in the end."""
    asked, final = Counter(), {}
    for response in read_journal(folder, BATCH):
        for item, outcome in outcomes(response):
            assert item not in final or not final[item].ok, f"{item} was asked again after it had answered"
            asked[item] += 1
            final[item] = outcome
    return asked, final


def listed(folder):
    return {row["id"] for row in Evidence(folder).objects("users") if row.get("id")}


def test_every_user_has_exactly_one_final_answer_for_each_source(whole):
    asked, final = final_answers(whole.folder)

    assert listed(whole.folder) == {one.id for one in whole.tenant.directory.accounts}
    assert {(item.source, item.user_id) for item in final} == {
        (source, user) for source in PER_USER for user in listed(whole.folder)
    }
    assert set(asked.values()) == {1}
    assert all(outcome.ok for outcome in final.values())


def test_in_every_mood_every_user_has_a_final_answer_or_a_reason(job):
    _, final = final_answers(job.bundle / EVIDENCE)

    assert {(item.source, item.user_id) for item in final} == {
        (source, user) for source in PER_USER for user in listed(job.bundle / EVIDENCE)
    }
    assert all(outcome.ok or outcome.status >= 400 for outcome in final.values())


def test_the_states_that_were_read_are_those_of_the_directory(whole):
    _, final = final_answers(whole.folder)
    states = {item.user_id: outcome.body for item, outcome in final.items() if item.source == "requirements"}

    assert {user: body["perUserMfaState"] for user, body in states.items()} == {
        one.id: one.state for one in whole.tenant.directory.accounts
    }


def test_reads_travel_twenty_to_a_batch(whole):
    batches = [json.loads(one.content)["requests"] for one in whole.seen if is_batch(one)]

    assert [len(batch) for batch in batches] == [20] * (2 * USERS // 20)


def test_users_are_read_while_the_listing_goes_on(whole):
    assert whole.order.count("page") == USERS // 20
    assert "page" in whole.order[whole.order.index("batch") :]


def test_nothing_is_sent_but_reads(whole):
    sent = {(one.method, is_batch(one)) for one in whole.seen}
    items = [item for one in whole.seen if is_batch(one) for item in json.loads(one.content)["requests"]]

    assert sent == {("GET", False), ("POST", True)}
    assert {item["method"] for item in items} == {"GET"}
    assert not [item for item in items if "body" in item or "://" in item["url"]]
    assert not [one for one in whole.seen if one.method == "GET" and one.content]


def test_the_token_goes_to_graph_and_nowhere_else(whole):
    assert {(one.url.scheme, one.url.host) for one in whole.seen} == {("https", "graph.microsoft.com")}
    assert {one.headers["authorization"].partition(" ")[0] for one in whole.seen} == {"Bearer"}
    assert "authorization" not in json.dumps([json.loads(one.content) for one in whole.seen if is_batch(one)])


def test_every_request_has_its_answer_in_the_evidence(whole):
    names = [*(source.name for source in SOURCES if source.name not in PER_USER), BATCH]
    kept = {name: list(read_journal(whole.folder, name)) for name in names}

    assert sum(map(len, kept.values())) == len(whole.seen) == whole.requests
    # The tenant is asked its name before the collection begins, and nobody wished for the others.
    unasked = {one.name for one in SOURCES if one.option or one.collect}
    # Without a plan there are no rules of one.
    none = {"organization", "conditionalAccessPlanRules"}
    assert {name for name, answers in kept.items() if not answers} == none | unasked
    assert all(one.request_id for answers in kept.values() for one in answers)


def test_every_source_is_asked_at_its_documented_version(whole):
    asked = {one.url.path.split("/")[1] for one in whole.seen if is_batch(one)}

    assert asked == {BY_NAME["requirements"].version} == {"beta"}
    for name in ("users", "userRegistrationDetails", "getCredentialUserRegistrationCount", "groupMembers"):
        assert all(f"/{BY_NAME[name].version}/" in one.url for one in read_journal(whole.folder, name))


def test_the_users_are_counted_before_and_after(whole):
    places = [number for number, one in enumerate(whole.seen) if one.url.path.endswith("/users/$count")]

    assert places == [0, len(whole.seen) - 1]


def test_progress_ends_where_everything_is_done(whole):
    last = {what: (done, total) for what, done, total in whole.told}

    assert last["Users"] == (USERS, USERS)
    assert last["Per-user reads"] == (2 * USERS, 2 * USERS)
