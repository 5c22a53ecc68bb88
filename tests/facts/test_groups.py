"""Which groups hold a user, and of which groups that is known at all."""

import pytest

from mfaaudit.facts.given import Given
from mfaaudit.facts.groups import groups_of_users, known_groups
from mfaaudit.words import Reason, Unknown

FORBIDDEN, GONE, UNASKED = (Unknown(Reason(one)) for one in ("NO_PERMISSION", "NOT_FOUND", "NOT_REQUESTED"))


def given(**groups):
    """Three users, and groups with their members or why those are not known."""
    return Given(
        objects=lambda _: UNASKED,
        members=lambda group: groups.get(group, UNASKED),
        user_ids=("Ann", "bob", "cy"),
        column=lambda _: (),
        groups=tuple(groups),
    )


def test_a_user_is_in_each_group_that_names_him_in_any_case_and_in_order():
    some = given(h=["ANN"], g=["ann", "Bob"], empty=[])

    assert groups_of_users(some) == [("g", "h"), ("g",), ()]
    assert known_groups(some) == ("empty", "g", "h")


def test_a_member_whom_a_group_names_twice_is_in_it_once():
    assert groups_of_users(given(g=["ann", "Ann"])) == [("g",), (), ()]


@pytest.mark.parametrize(("found", "known"), [(FORBIDDEN, ("g",)), (UNASKED, ("g",)), (GONE, ("g", "h"))])
def test_a_group_that_was_not_read_is_not_known_and_one_that_is_gone_holds_nobody(found, known):
    some = given(g=["bob"], h=found)

    assert groups_of_users(some) == [(), ("g",), ()]
    assert known_groups(some) == known


def test_where_no_group_was_asked_for_nothing_is_known():
    assert (groups_of_users(given()), known_groups(given())) == ([()] * 3, ())
