"""The same organisation some quarters later: what happened is drawn from its seed, and nothing else is different."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from mfaaudit.simulated import MOODS, open_tenant
from mfaaudit.simulated.account import KNOWN, user_json
from mfaaudit.simulated.ageing import QUARTER, Happening
from mfaaudit.simulated.conditional_access import policies
from mfaaudit.simulated.faults import FORBIDDEN
from mfaaudit.simulated.registration import NEVER, preferences, row

MADE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AWAY = (Happening.LEFT,)
HERE = (Happening.JOINED, Happening.BACK)


def after(quarter, *, users=200, seed=7, mood="messy"):
    now = MADE + quarter * QUARTER
    return open_tenant(users=users, seed=seed, mood=mood, now=now, quota=False, quarter=quarter).directory


def told(account):
    """Everything that the endpoints say of an account that does not depend on the moment at which they are asked."""
    return {
        "user": user_json(account, tuple(sorted(KNOWN - {"signInActivity"}))),
        "state": account.state,
        "preferences": preferences(account),
        "row": row(account, NEVER) if account.enabled and account.in_report else None,
        "refused": account.fault == FORBIDDEN,
    }


def everybody(directory):
    return {one.id: told(one) for one in directory.accounts}


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_whoever_nothing_happened_to_answers_as_before(mood):
    before, after_it = everybody(after(1, mood=mood)), after(2, mood=mood)
    happened = {one.user_id for one in after_it.events if one.quarter == 2}
    now = everybody(after_it)
    assert {user for user in before.keys() | now.keys() if before.get(user) != now.get(user)} <= happened
    assert len(before.keys() - happened) > 150


@pytest.mark.parametrize("seed", [1, 7, 12])
def test_what_happened_is_what_differs(seed):
    earlier, later = after(0, seed=seed), after(3, seed=seed)
    before, now = everybody(earlier), everybody(later)
    stories = defaultdict(list)
    for event in later.events:
        stories[event.user_id].append(event.what)
    for user, story in stories.items():
        moves = [what for what in story if what in (*AWAY, *HERE)]
        if moves:
            assert (user in now) == (moves[-1] in HERE)
            assert (user in before) == (moves[0] is not Happening.JOINED)
    assert now.keys() - before.keys() == {user for user in stories if user in now and user not in before}
    assert before.keys() - now.keys() == {user for user in stories if user in before and user not in now}


SEEN = {
    Happening.DISABLED: lambda one: one["user"]["accountEnabled"] is False and one["row"] is None,
    Happening.ENABLED: lambda one: one["user"]["accountEnabled"] is True and one["row"] is not None,
    Happening.REGISTERED: lambda one: one["row"]["isMfaRegistered"],
    Happening.LOST_METHODS: lambda one: not one["row"]["isMfaRegistered"],
    Happening.BECAME_ADMIN: lambda one: one["row"]["isAdmin"],
    Happening.NO_LONGER_ADMIN: lambda one: not one["row"]["isAdmin"],
    Happening.REFUSED: lambda one: one["refused"],
    Happening.READABLE: lambda one: not one["refused"],
    Happening.REPORTED: lambda one: one["row"] is not None,
}
"""What holds of an account after an event, and did not before."""


def test_each_event_is_seen_in_the_answers():
    seen = Counter()
    by_quarter = [everybody(after(quarter)) for quarter in range(4)]
    for event in after(3).events:
        was, is_ = (by_quarter[number].get(event.user_id) for number in (event.quarter - 1, event.quarter))
        seen[event.what] += 1
        assert (was is None) == (event.what in HERE)
        assert (is_ is None) == (event.what in AWAY)
        if event.what in SEEN:
            assert (SEEN[event.what](was), SEEN[event.what](is_)) == (False, True)
        if event.what is Happening.STATE_CHANGED:
            assert was["state"] != is_["state"]
        if event.what is Happening.BACK:
            assert event.user_id in by_quarter[event.quarter - 2]
        if event.what is Happening.JOINED:
            assert event.user_id not in by_quarter[0]
    assert set(seen) == set(Happening), "three quarters show everything that can happen"


def test_a_quarter_goes_on_from_the_one_before():
    for quarter in (1, 2, 3):
        earlier, later = after(quarter - 1).events, after(quarter).events
        assert later[: len(earlier)] == earlier
        assert {one.quarter for one in later[len(earlier) :]} == {quarter}


def test_nothing_happens_to_anybody_twice_in_a_quarter():
    events = after(4).events
    assert max(Counter((one.quarter, one.user_id) for one in events).values()) == 1


def test_the_same_seed_and_quarter_give_the_same_and_another_seed_gives_others():
    assert everybody(after(2)) == everybody(after(2))
    assert after(2).events == after(2).events
    assert after(2, seed=8).events != after(2).events


def test_the_quarter_before_is_as_it_was_without_any():
    plain = open_tenant(users=200, now=MADE, quota=False).directory
    assert everybody(plain) == everybody(after(0))
    assert plain.events == ()
    assert plain.tenant == after(3).tenant


def test_newcomers_were_made_in_the_quarter_in_which_they_came():
    for event in after(2).events:
        if event.what is Happening.JOINED:
            created = next(one.created for one in after(event.quarter).accounts if one.id == event.user_id)
            start = MADE + (event.quarter - 1) * QUARTER
            assert start < created < start + QUARTER


@pytest.mark.parametrize("mood", ["tidy", "messy", "managed"])
def test_a_policy_is_edited_each_quarter_and_no_other(mood):
    by_quarter = [{one["id"]: one for one in policies(after(quarter, mood=mood))} for quarter in range(6)]
    for quarter in range(1, 6):
        before, now = by_quarter[quarter - 1], by_quarter[quarter]
        assert before.keys() == now.keys()
        edited = [one for one in now if before[one] != now[one]]
        assert len(edited) == 1
        stamp = datetime.fromisoformat(now[edited[0]]["modifiedDateTime"])
        assert MADE + (quarter - 1) * QUARTER < stamp < MADE + quarter * QUARTER
    unstamped = [{**one, "modifiedDateTime": None} for one in by_quarter[4].values()]
    assert unstamped == list(by_quarter[0].values())


def test_who_left_holds_no_role_is_in_no_group_and_leads_nobody():
    directory = after(3)
    here = {one.id for one in directory.accounts}
    for group in directory.groups.values():
        inside = directory.inside(group, transitive=True)
        assert {one.id for one in inside if one.id not in directory.groups} <= here
    holders = {one["principalId"] for one in (*directory.assignments(), *directory.schedules)}
    assert holders <= here | directory.groups.keys()
    leaders = {one.id for one in directory.managers.values() if one.id in directory.index}
    assert directory.managers.keys() <= here
    assert leaders <= here
    came = {one.user_id for one in directory.events if one.what is Happening.JOINED}
    assert came & directory.managers.keys()


def test_the_sign_ins_of_a_day_are_the_same_in_a_later_quarter(open_one, get):
    start = MADE.replace(minute=0) - timedelta(days=2)
    address = (
        f"https://graph.microsoft.com/beta/reports/serviceActivity/getMetricsForMfaSignInSuccess("
        f"inclusiveIntervalStartDateTime={start:%Y-%m-%dT%H:%M:%SZ},"
        f"exclusiveIntervalEndDateTime={start + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ},aggregationIntervalInMinutes=30)"
    )
    first, second = (get(open_one(now=MADE, quarter=quarter), address).json()["value"] for quarter in (0, 1))
    assert len(first) == 48
    assert first == second


@pytest.mark.parametrize("users", [0, 1, 5])
def test_an_organisation_of_hardly_anybody_ages_too(users):
    directory = after(3, users=users)
    assert len(directory.accounts) >= users
    assert len(directory.index) == len(directory.accounts)
