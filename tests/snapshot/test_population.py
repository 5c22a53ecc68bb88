"""Everybody was seen only if the list, read to its end, agrees with the directory's own count before and after."""

import pytest
from evidence_by_hand import answer, batch, count, page, refusal, silence, user

from mfaaudit.words import Reason


def people(*ids, **odd):
    return page("users", [user(one) for one in ids], **odd)


def test_a_tenant_that_was_read_whole_is_complete(tidy):
    tenant, snapshot = tidy

    assert snapshot.population.complete
    assert snapshot.population.enumerated == tenant.user_count == snapshot.users.height == 120
    assert snapshot.population.statement == (
        "Complete: 120 users were listed; the directory counted 120 before and 120 after."
    )


@pytest.mark.parametrize(
    ("before", "after", "complete"),
    [
        (3, 3, True),
        # Accounts come and go while the audit runs: the list lies between the two counts.
        (3, 5, True),
        (2, 3, True),
        (4, 2, True),
        (4, 4, False),
        (2, 2, False),
        (4, 9, False),
        (0, 0, False),
    ],
)
def test_the_list_agrees_with_the_count(taken, before, after, complete):
    population = taken(count(before), people("a", "b", "c"), count(after)).population

    assert population.complete is complete
    assert (population.enumerated, population.count_before, population.count_after) == (3, before, after)
    assert population.statement.startswith("Complete: 3 users" if complete else "INCOMPLETE: the list does not agree")
    assert f"counted {before} before and {after} after" in population.statement


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ([], [], (None, None)),
        ([count(3)], [], (3, None)),
        ([refusal("userCount", 403)], [count(3)], (None, 3)),
        ([count(3)], [silence("userCount")], (3, None)),
        ([count("many")], [count(3)], (None, 3)),
        ([answer("userCount", b"-3")], [count(3)], (None, 3)),
        ([answer("userCount", "³".encode())], [count(3)], (None, 3)),
        # Tried twice in vain before, once after: one count is missing, not the other.
        ([refusal("userCount", 503), refusal("userCount", 503, attempt=2)], [count(3)], (None, 3)),
    ],
)
def test_without_both_counts_nothing_was_proven(taken, before, after, counts):
    population = taken(*before, people("a", "b", "c"), *after).population

    assert (population.count_before, population.count_after) == counts
    assert not population.complete
    assert "could not be checked" in population.statement


def test_a_count_that_was_had_at_the_second_try_is_a_count(taken):
    population = taken(refusal("userCount", 503), count(1, attempt=2), people("a"), count(1)).population

    assert (population.complete, population.count_before, population.count_after) == (True, 1, 1)


@pytest.mark.parametrize(
    "last",
    [
        people("b", more=True),
        refusal("users", 500),
        silence("users"),
        page("users", None),
        answer("users", b'{"value": [{"id": "b"'),
    ],
    ids=["promises more", "error", "silence", "no rows", "cut off"],
)
def test_a_list_that_breaks_off_is_never_complete(taken, last):
    snapshot = taken(count(2), people("a", more=True), last, count(2))

    assert not snapshot.population.complete
    assert "not read to its end" in snapshot.population.statement
    # Whoever was seen is kept.
    assert snapshot.users["user_id"].to_list()[0] == "a"


def test_a_page_that_came_at_the_second_try_is_a_page(taken):
    snapshot = taken(count(2), people("a", more=True), refusal("users", 503), people("b", attempt=2), count(2))

    assert snapshot.population.complete
    assert snapshot.users["user_id"].to_list() == ["a", "b"]


def test_a_user_that_comes_twice_counts_once(taken):
    first = page("users", [user("a", displayName="First"), user("b")], more=True)
    snapshot = taken(count(3), first, page("users", [user("A", displayName="Second"), user("c")]), count(3))

    assert snapshot.population.complete
    assert (snapshot.population.enumerated, snapshot.population.duplicates) == (3, 1)
    assert snapshot.duplicates == ("A",)
    assert snapshot.users["user_displayName"].to_list() == ["First", "User b", "User c"]
    assert "1 came twice and was counted once" in snapshot.population.statement


@pytest.mark.parametrize("row", [{"displayName": "Nobody"}, user(""), user(None), user(7), "a", None])
def test_a_row_without_an_id_is_somebody_who_cannot_be_judged(taken, row):
    population = taken(count(2), page("users", [user("a"), user("b"), row]), count(2)).population

    assert (population.enumerated, population.nameless, population.complete) == (2, 1, False)
    assert "1 row of the list names nobody" in population.statement


def test_a_tenant_without_users_was_not_read(taken):
    population = taken(count(0), people(), count(0)).population

    assert not population.complete
    assert "no user was found" in population.statement


def test_a_user_deleted_mid_run_is_kept_with_the_reason(taken):
    reads = batch(
        {
            ("requirements", "a"): {"perUserMfaState": "enforced"},
            ("requirements", "b"): (404, "Request_ResourceNotFound"),
            ("signInPreferences", "b"): (404, "Request_ResourceNotFound"),
        }
    )
    snapshot = taken(count(2), people("a", "b"), reads, count(1))

    assert snapshot.population.complete
    # Two reads found nobody, but it is one user who is gone.
    assert snapshot.population.gone == 1
    assert "1 was gone when it was read" in snapshot.population.statement
    assert snapshot.users["user_id"].to_list() == ["a", "b"]
    assert snapshot.users["requirements_perUserMfaState_reason"].to_list() == [None, Reason.NOT_FOUND]
