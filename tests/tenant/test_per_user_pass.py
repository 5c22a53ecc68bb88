"""Every read of every user travels with nineteen others, and its answer comes home to that user."""

import asyncio
import random

import pytest
from batch_service import SOURCES, assert_all_well, people, read_back, reading, serving, well

from mfaaudit.evidence.batch import reads_of
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.per_user import PerUserPass
from mfaaudit.words import Reason


@pytest.mark.parametrize(("users", "sizes"), [(0, []), (1, [2]), (7, [14]), (10, [20]), (25, [20, 20, 10])])
def test_twenty_reads_travel_together(users, sizes, on):
    answer, batches = serving()

    assert on(answer, reading(people(users))) == 2 * users
    assert sorted(map(len, batches), reverse=True) == sizes


def test_reads_that_wait_for_their_turn_travel_together(on):
    answer, batches = serving()

    async def work(reader):
        reader.paces = {Bucket.IDENTITY: Pace(Controller(ceiling=1000, rate=1000), window=0.02)}
        await reader.paces[Bucket.IDENTITY].permit()
        await reading(people(10))(reader)

    on(answer, work)

    assert [len(batch) for batch in batches] == [20]


def test_both_reads_of_each_user_are_asked_once_by_a_relative_address(on):
    answer, batches = serving()
    on(answer, reading(people(33)))

    items = [item for batch in batches for item in batch]
    assert sorted(item["url"] for item in items) == sorted(
        f"/users/{user}/authentication/{what}" for user in people(33) for what in ("requirements", "signInPreferences")
    )
    assert {item["method"] for item in items} == {"GET"}
    assert len({item["id"].lower() for item in items}) == len(items)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_answers_in_any_order_reach_their_own_users(seed, on, tmp_path):
    chance = random.Random(seed)
    answer, _ = serving(order=lambda entries: chance.sample(entries, len(entries)))

    on(answer, reading(people(45)))

    assert_all_well(tmp_path, people(45))


def test_an_answer_that_nobody_asked_for_reaches_nobody(on, tmp_path):
    stray = [well({"id": f"requirements.{user}", "url": f"/users/{user}/x/requirements"}) for user in people(99)[60:]]
    swapped = [one | {"body": {"perUserMfaState": "enforced"}} for one in stray]
    answer, _ = serving(order=lambda entries: swapped + entries)

    on(answer, reading(people(3)))

    assert_all_well(tmp_path, people(3))
    assert set(read_back(tmp_path, people(99))["requirements"].reasons[3:]) == {Reason.NOT_REQUESTED}


def test_users_may_come_while_others_are_being_read(on, tmp_path):
    users = people(50)
    answer, _ = serving()

    async def work(reader):
        passing = PerUserPass(reader, SOURCES, lambda _: None)
        task = asyncio.create_task(passing.run())
        for start in range(0, 50, 10):
            passing.add(reads_of(users[start : start + 10], SOURCES))
            await asyncio.sleep(1)
        assert not task.done()
        passing.no_more()
        await task

    on(answer, work)

    assert_all_well(tmp_path, users)
