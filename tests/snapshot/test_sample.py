"""A sample is what its seed says, and nothing else: anybody can draw it again, from the list in any order."""

import random
from hashlib import sha256

import pytest

from mfaaudit.snapshot.sample import BOUND, SIZE, bound, draw

PEOPLE = [f"user-{number}" for number in range(1_000)]


def test_the_sample_is_the_users_with_the_smallest_hashes():
    def place(user):
        return sha256(f"a run:{user}".encode()).hexdigest()

    assert draw("a run", PEOPLE) == sorted(PEOPLE, key=place)[:300]


def test_the_order_of_the_list_does_not_matter():
    shuffled = random.Random(5).sample(PEOPLE, len(PEOPLE))
    assert shuffled != PEOPLE
    assert draw("a run", shuffled) == draw("a run", PEOPLE)


def test_the_case_of_an_id_does_not_matter():
    assert draw("a run", [one.upper() for one in PEOPLE]) == [one.upper() for one in draw("a run", PEOPLE)]


def test_another_seed_draws_others():
    assert set(draw("a run", PEOPLE)) != set(draw("another", PEOPLE))


def test_chance_that_python_has_of_its_own_plays_no_part():
    random.seed(1)
    first = draw("a run", PEOPLE)
    random.seed(2)
    assert draw("a run", PEOPLE) == first


@pytest.mark.parametrize(("users", "drawn"), [(0, 0), (1, 1), (299, 299), (300, 300), (301, 300), (1_000, 300)])
def test_three_hundred_are_drawn_or_all_where_there_are_no_more(users, drawn):
    sample = draw("a run", PEOPLE[:users])
    assert len(sample) == len(set(sample)) == drawn
    assert set(sample) <= set(PEOPLE[:users])


def test_a_sample_of_full_size_without_a_mismatch_gives_the_bound_that_was_asked_for():
    assert bound(SIZE) <= BOUND < bound(SIZE - 1)


def test_few_or_none_say_nothing_at_all():
    assert (bound(0), bound(1), bound(3), bound(6)) == (1, 1, 1, 0.5)
