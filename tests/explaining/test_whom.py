"""Who is meant: an id, a name, or nobody; and who is like it."""

import polars as pl
import pytest

from mfaaudit.errors import UsageProblem
from mfaaudit.explaining.whom import row_of

USERS = pl.DataFrame(
    {
        "user_id": ["AAAA-1", "bbbb-2", "cccc-3", "dddd-4", "eeee-5"],
        "user_userPrincipalName": ["Ann@x.example", "bob@x.example", "twin@x.example", "TWIN@x.example", None],
        "user_displayName": ["Ann Lee", "Bob", "Twin One", "Twin Two", "Nameless"],
    }
)


@pytest.mark.parametrize(
    ("wanted", "row"),
    [("aaaa-1", 0), (" AAAA-1 ", 0), ("ann@X.EXAMPLE", 0), ("BOB@x.example", 1), ("EEEE-5", 4), ("dddd-4", 3)],
)
def test_an_id_or_a_name_in_any_case(wanted, row):
    assert row_of(USERS, wanted) == row


def refused(wanted):
    with pytest.raises(UsageProblem) as raised:
        row_of(USERS, wanted)
    return raised.value


def test_a_name_that_two_have_lists_both():
    problem = refused("twin@x.example")
    assert "2 accounts" in problem.message
    assert "cccc-3" in problem.hint
    assert "dddd-4" in problem.hint
    assert problem.exit_code == 2


@pytest.mark.parametrize(
    ("wanted", "near"),
    [("an@x.example", "AAAA-1"), ("Ann Lee", "AAAA-1"), ("bob", "bbbb-2"), ("bobb", "bbbb-2"), ("eee", "eeee-5")],
)
def test_who_is_like_it_is_named(wanted, near):
    assert near in refused(wanted).hint


@pytest.mark.parametrize("wanted", ["", "  ", "zzzzzz", "%", "*"])
def test_where_nobody_is_like_it_the_hint_says_what_to_give(wanted):
    assert refused(wanted).hint.startswith("Give an object id")


def test_at_most_five_are_listed():
    many = pl.DataFrame(
        {
            "user_id": [f"id-{n}" for n in range(50)],
            "user_userPrincipalName": [f"person{n}@x.example" for n in range(50)],
            "user_displayName": ["Person"] * 50,
        }
    )
    with pytest.raises(UsageProblem) as raised:
        row_of(many, "person")
    assert raised.value.hint.count("@x.example") == 5
