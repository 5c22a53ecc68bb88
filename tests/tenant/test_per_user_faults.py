"""Whatever goes wrong in a batch, every user gets their own last answer, or the reason why there is none."""

import asyncio
import random
import time

import httpx
import pytest
from batch_service import NOW, SOURCES, assert_all_well, fault, lost, only, people, read_back, reading, serving, well

from mfaaudit.evidence.batch import BATCH, reads_of
from mfaaudit.evidence.journal import read_journal
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.attempts import EVEN_ODDS
from mfaaudit.tenant.per_user import PerUserPass
from mfaaudit.words import Reason


def test_an_item_that_is_missing_from_the_answer_is_asked_again_alone(on, tmp_path):
    name = f"requirements.{people(9)[4]}"
    answer, batches = serving(only(name, 1, lost))

    on(answer, reading(people(9)))

    assert [[item["id"] for item in batch] for batch in batches[1:]] == [[name]]
    assert_all_well(tmp_path, people(9))


@pytest.mark.parametrize(
    ("fate", "reason", "times"),
    [
        (lost, Reason.SERVER_ERROR, 5),
        (fault(500, code=""), Reason.SERVER_ERROR, 5),
        (fault(503, NOW), Reason.SERVER_ERROR, 5),
        (fault(429, NOW), Reason.THROTTLED, 10),
        # The other source knows the user, who is then not gone.
        (fault(404, code="Request_ResourceNotFound"), Reason.NO_ROW, 1),
        (fault(403, code="accessDenied"), Reason.NO_PERMISSION, 1),
        (fault(401), Reason.NO_PERMISSION, 2),
        (fault(400), Reason.SERVER_ERROR, 1),
        (lambda item: well(item) | {"body": "eyJ4IjoxfQ=="}, Reason.SERVER_ERROR, 5),
        (lambda item: well(item) | {"status": "200"}, Reason.SERVER_ERROR, 5),
    ],
)
def test_an_item_that_gives_nothing_is_kept_with_its_reason(fate, reason, times, on, tmp_path):
    users = people(30)
    name = f"requirements.{users[12]}"
    answer, batches = serving(only(name, 99, fate))

    assert on(answer, reading(users)) == 60
    found = read_back(tmp_path, users)

    assert found["requirements"].reasons == [reason if n == 12 else None for n in range(30)]
    assert found["requirements"].failures[12].user_id == users[12]
    assert set(found["signInPreferences"].reasons) == {None}
    assert [item["id"] for batch in batches for item in batch].count(name) == times


def test_a_throttled_item_is_read_again_alone(on, tmp_path):
    users = people(10)
    name = f"signInPreferences.{users[3]}"
    answer, batches = serving(only(name, 2, fault(429, NOW)))

    on(answer, reading(users))

    assert [[item["id"] for item in batch] for batch in batches[1:]] == [[name], [name]]
    assert_all_well(tmp_path, users)


def test_items_that_were_throttled_together_wait_for_the_longest_pause_asked_for(on):
    pauses = iter(["2", "60", "5"])
    answer, batches = serving(lambda *_: fault(429, {"Retry-After": next(pauses, "1")}))

    async def work(reader):
        passing = PerUserPass(reader, SOURCES, lambda _: None)
        passing.add(reads_of(people(10), SOURCES))
        task = asyncio.create_task(passing.run())
        for _ in range(50):
            await asyncio.sleep(0)
        task.cancel()
        return reader.paces[Bucket.IDENTITY]._held_until - time.monotonic(), reader.throttled

    held, throttled = on(answer, work)

    assert 55 < held <= 60
    assert (len(batches), throttled) == (1, 20)


def test_items_that_failed_wait_as_long_as_the_server_says_and_travel_together(on, tmp_path):
    answer, batches = serving(lambda _, number: fault(503, {"Retry-After": "7"}) if number == 1 else well)

    async def work(reader):
        await reading(people(10))(reader)
        return asyncio.get_running_loop().time()

    assert on(answer, work) == pytest.approx(7)
    assert [len(batch) for batch in batches] == [20, 20]
    assert_all_well(tmp_path, people(10))


@pytest.mark.parametrize(
    "refusal",
    [
        httpx.Response(429, headers=NOW),
        httpx.Response(503, headers=NOW),
        httpx.Response(504, content=b"<html>"),
        httpx.Response(401),
        httpx.Response(200, content=b'{"responses": [{"id"'),
        httpx.Response(200, json={"responses": "none"}),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
    ],
    ids=str,
)
def test_a_batch_that_was_refused_whole_is_read_again_whole(refusal, on, tmp_path):
    answer, batches = serving()
    refused = []

    def once(request):
        if refused:
            return answer(request)
        refused.append(request)
        if isinstance(refusal, Exception):
            raise refusal
        return refusal

    assert on(once, reading(people(10))) == 20
    assert [len(batch) for batch in batches] == [20]
    assert_all_well(tmp_path, people(10))


@pytest.mark.parametrize(
    ("fate", "reason", "times"),
    [
        ((400, b"{}"), Reason.SERVER_ERROR, 1),
        ((403, b"{}"), Reason.NO_PERMISSION, 1),
        ((503, b""), Reason.SERVER_ERROR, EVEN_ODDS),
        (httpx.ReadTimeout("slow"), Reason.TIMEOUT, 5),
    ],
)
def test_a_batch_that_stays_refused_leaves_the_reason_with_each_of_its_users(fate, reason, times, on, script, tmp_path):
    refuse, seen = script(fate)

    assert on(refuse, reading(people(10))) == 20

    assert len(seen) == times
    assert {one for found in read_back(tmp_path, people(10)).values() for one in found.reasons} == {reason}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_on_a_bad_day_everybody_still_gets_their_own_answer(seed, on, tmp_path):
    chance = random.Random(seed)
    fates = (
        well,
        well,
        well,
        lost,
        fault(429, NOW),
        fault(500),
        fault(503, NOW),
        lambda item: well(item) | {"body": []},
    )
    answer, _ = serving(
        lambda _, number: well if number > 4 else chance.choice(fates),
        lambda entries: chance.sample(entries, len(entries)),
    )

    assert on(answer, reading(people(120))) == 240

    assert_all_well(tmp_path, people(120))
    assert all(one.request and one.method == "POST" for one in read_journal(tmp_path, BATCH))
