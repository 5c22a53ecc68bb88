"""An item's answer goes to its own user or to nobody."""

import json
from datetime import UTC, datetime

import pytest

from mfaaudit.evidence.batch import Item, outcomes, request_body
from mfaaudit.evidence.response import Response
from mfaaudit.sources import OWN_READS

ITEMS = [Item("requirements", "AAA-1"), Item("signInPreferences", "AAA-1"), Item("requirements", "bbb-2")]
SOURCES = {source.name: source for source in OWN_READS}


def answer(responses: object, status: int = 200, body: bytes | None = None) -> Response:
    return Response(
        source="$batch",
        method="POST",
        url="https://graph.microsoft.com/beta/$batch",
        read_at=datetime(2026, 1, 1, tzinfo=UTC),
        status=status,
        request=request_body(ITEMS, SOURCES),
        body=json.dumps({"responses": responses}).encode() if body is None else body,
        headers={"retry-after": "7"},
    )


def test_urls_are_relative_and_ids_are_unique_whatever_the_case():
    requests = json.loads(request_body(ITEMS, SOURCES))["requests"]

    assert all(one["url"].startswith("/users/") for one in requests)
    # The headers of the batch do not reach what is in it.
    assert {one["headers"]["Prefer"] for one in requests} == {"include-unknown-enum-members"}
    assert len({one["id"].lower() for one in requests}) == len(ITEMS)


def test_answers_in_any_order_and_any_case_reach_their_users():
    entries = [
        {"id": "REQUIREMENTS.BBB-2", "status": 200, "body": {"perUserMfaState": "enforced"}},
        {"id": "signInPreferences.AAA-1", "status": 404, "headers": {"X": "1"}, "body": {"error": {"code": "x"}}},
        {"id": "requirements.AAA-1", "status": 200, "body": {"perUserMfaState": "disabled"}},
    ]

    found = dict(outcomes(answer(entries)))

    assert found[ITEMS[0]].body == {"perUserMfaState": "disabled"}
    assert found[ITEMS[1]].status == 404
    assert found[ITEMS[2]].body == {"perUserMfaState": "enforced"}


def test_a_missing_item_is_no_answer_and_not_a_neighbours():
    entries = [{"id": "requirements.AAA-1", "status": 200, "body": {"perUserMfaState": "disabled"}}]

    found = dict(outcomes(answer(entries)))

    assert [found[item].ok for item in ITEMS] == [True, False, False]
    assert found[ITEMS[2]].status == 0


def test_an_answer_nobody_asked_for_is_nobodys():
    entries = [{"id": "requirements.somebody-else", "status": 200, "body": {"perUserMfaState": "enforced"}}]

    assert not any(outcome.ok for _, outcome in outcomes(answer(entries)))


@pytest.mark.parametrize("other", [{"body": {"perUserMfaState": "enforced"}}, {"status": 500}], ids=["body", "status"])
def test_of_two_answers_under_one_id_that_differ_neither_is_believed(other):
    first = {"id": "requirements.AAA-1", "status": 200, "body": {"perUserMfaState": "disabled"}}

    for entries in ([first, first | other], [first | other, first]):
        outcome = dict(outcomes(answer(entries)))[ITEMS[0]]
        assert not outcome.ok
        assert (outcome.status, outcome.body) == (0, None)
        assert "differ" in outcome.problem


def test_the_same_answer_twice_is_one_answer():
    first = {"id": "requirements.AAA-1", "status": 200, "body": {"perUserMfaState": "disabled"}}

    outcome = dict(outcomes(answer([first, first | {"headers": {"request-id": "2"}}])))[ITEMS[0]]
    assert outcome.body == {"perUserMfaState": "disabled"}


@pytest.mark.parametrize("status", [400, 401, 429, 503])
def test_a_refused_batch_is_refused_for_each_of_its_items(status):
    found = list(outcomes(answer([], status=status, body=b'{"error": {"code": "TooManyRequests"}}')))

    assert [item for item, _ in found] == ITEMS
    assert {outcome.status for _, outcome in found} == {status}
    assert {outcome.headers["retry-after"] for _, outcome in found} == {"7"}


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"responses": 1}', b'{"responses": [1, null, {}]}', b'{"resp']
)
def test_a_garbled_batch_gives_nothing_to_anybody(body):
    assert not any(outcome.ok for _, outcome in outcomes(answer([], body=body)))


def test_a_success_without_an_object_is_no_success():
    entries = [{"id": "requirements.AAA-1", "status": 200, "body": "eyJ4IjoxfQ=="}]

    assert not dict(outcomes(answer(entries)))[ITEMS[0]].ok
