"""Sets of users in three-valued logic, against the same logic user by user."""

import itertools

from depth import examples
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.facts.conditional_access.crowd import NOBODY, Crowd, both, either, lists_of, rows_of, users_of, without
from mfaaudit.words import Reason, Unknown

SIZE = 7
FIRST, LATER = Unknown(Reason.NO_PERMISSION), Unknown(Reason.UNKNOWN_VALUE)
TRUTHS = st.lists(st.sampled_from([True, False, FIRST, LATER]), min_size=SIZE, max_size=SIZE)


def crowd(truths):
    def rows(wanted):
        return users_of((row for row, truth in enumerate(truths) if truth is wanted or truth == wanted), SIZE)

    gaps = ((why, rows(why)) for why in (FIRST, LATER) if why in truths)
    return Crowd(rows(True), tuple(gaps))


def truths_of(found):
    told = [False] * SIZE
    for row in rows_of(found.yes):
        told[row] = True
    for why, users in found.gaps:
        for row in rows_of(users):
            assert told[row] is False
            told[row] = why
    return told


def joined(truths, decisive):
    gaps = [one for one in truths if isinstance(one, Unknown)]
    if decisive in truths:
        return decisive
    return (FIRST if FIRST in gaps else LATER) if gaps else not decisive


@given(one=TRUTHS, other=TRUTHS, third=TRUTHS)
@examples(100)
def test_sets_are_joined_as_truths_are(one, other, third):
    first, second = crowd(one), crowd(other)
    pairs = list(zip(one, other, strict=True))

    assert truths_of(first) == one
    assert truths_of(either([first, second, crowd(third)])) == [
        joined(three, True) for three in zip(one, other, third, strict=True)
    ]
    assert truths_of(both(first, second)) == [joined(pair, False) for pair in pairs]
    turned = [(a, b if isinstance(b, Unknown) else not b) for a, b in pairs]
    assert truths_of(without(first, second)) == [joined(pair, False) for pair in turned]


@given(one=TRUTHS, users=st.sets(st.integers(0, SIZE - 1)))
@examples(100)
def test_a_part_of_a_set_and_a_doubted_one(one, users):
    found = crowd(one)

    assert truths_of(found.within(users_of(users, SIZE))) == [row in users and one[row] for row in range(SIZE)]
    assert truths_of(found.doubted(LATER)) == [LATER if truth is True else truth for truth in one]
    assert found.maybe == users_of((row for row, truth in enumerate(one) if truth is not False), SIZE)


@given(columns=st.lists(TRUTHS, max_size=3))
@examples(100)
def test_lists_name_the_sets_in_their_order_and_are_open_where_one_is(columns):
    named = list(zip("abc", columns, strict=False))

    found = lists_of([(name, crowd(truths)) for name, truths in named], SIZE)

    for row, told in enumerate(found):
        gaps = [truths[row] for _, truths in named if isinstance(truths[row], Unknown)]
        sure = tuple(name for name, truths in named if truths[row] is True)
        assert told == ((FIRST if FIRST in gaps else LATER) if gaps else sure)


def test_rows_and_sets_are_two_ways_to_write_the_same():
    for size in (0, 1, 5):
        for chosen in itertools.chain.from_iterable(itertools.combinations(range(size), n) for n in range(size + 1)):
            assert tuple(rows_of(users_of(chosen, size))) == chosen


def test_nobody_is_in_no_set_and_no_names_are_no_list():
    assert lists_of([], 2) == [(), ()]
    assert lists_of([("a", NOBODY)], 0) == []
    assert either([]) == NOBODY
