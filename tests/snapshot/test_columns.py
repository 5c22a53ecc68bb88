"""A field as columns; beside a partial list, what is known of it: the same for everybody, or all."""

import polars as pl
import pytest

from mfaaudit.columns import columns_of
from mfaaudit.findings.examples import frame
from mfaaudit.snapshot.frames import Column, columns_of_many, frame_of_users
from mfaaudit.sources.field import Field, Kind, Scope
from mfaaudit.words import Reason, Unknown

GROUPS = Field(name="derived.groups", title="", kind=Kind.LIST, partial=True)
ROLES = Field(name="derived.roles", title="", kind=Kind.LIST)
THROTTLED = Unknown(Reason.THROTTLED)


@pytest.mark.parametrize(("known", "value"), [(None, None), ((), []), (["g", "h"], ["g", "h"])])
@pytest.mark.parametrize("entries", [[], [("g",)], [("g",), (), THROTTLED]])
def test_what_is_known_of_a_partial_list_is_the_same_for_everybody(known, value, entries):
    made = columns_of(GROUPS, entries, known)

    assert list(made) == ["derived_groups", "derived_groups_reason", "derived_groups_known"]
    assert made["derived_groups_known"].to_list() == [value] * len(entries)
    assert made["derived_groups_known"].dtype == pl.List(pl.String)
    assert pl.DataFrame(made).width == 3


def test_for_many_users_what_is_known_is_added_to_the_frame_and_made_for_nobody():
    assert list(columns_of_many(GROUPS, [()])) == ["derived_groups", "derived_groups_reason"]


def test_a_list_that_is_whole_needs_no_such_column():
    assert list(columns_of(ROLES, [()])) == ["derived_roles", "derived_roles_reason"]


@pytest.mark.parametrize("known", [None, (), ("g", "h")])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_frame_of_users_has_the_same_columns(known, count):
    ids, entries = [str(number) for number in range(count)], [("g",), (), THROTTLED][:count]
    users = frame_of_users(ids, [], [Column(field=GROUPS, entries=entries, known=known)])

    assert users.columns == ["user_id", "derived_groups", "derived_groups_reason", "derived_groups_known"]
    plain = pl.DataFrame(columns_of(GROUPS, entries, known))
    assert users["derived_groups_known"].equals(plain["derived_groups_known"])
    assert users["derived_groups"].equals(plain["derived_groups"])


def test_a_hundred_groups_are_held_once_and_not_for_each_user():
    known = [f"{number:036}" for number in range(100)]
    users = frame_of_users(["a"] * 50_000, [], [Column(field=GROUPS, entries=[()] * 50_000, known=known)])

    assert users.estimated_size() < 100 * 50_000


def test_in_examples_of_rules_every_group_is_known():
    users = frame([{"derived.groups": ("g",)}, {}], Scope.USER)

    assert users["derived_groups"].to_list() == [["g"], None]
    assert users["derived_groups_known"].to_list() == [None, None]
