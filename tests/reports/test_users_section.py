"""The sheet of users: what an option would have read is left out with a word where nobody asked for it."""

from types import SimpleNamespace

import pytest

from mfaaudit.facts import WISHED
from mfaaudit.findings.examples import frame
from mfaaudit.reports.sections.users import section
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Unknown

PLAIN = {name: Unknown(Reason.NO_PERMISSION) for name in FIELDS if FIELDS[name].scope is Scope.USER}
OF_USERS = [name for name in WISHED if FIELDS[name].scope is Scope.USER]
NOT_ASKED = {name: Unknown(Reason.NOT_REQUESTED) for name in OF_USERS}


def drawn(*users):
    """The sheet for users with these values."""
    made = section(
        SimpleNamespace(
            users=frame(users, Scope.USER),
            snapshot=SimpleNamespace(role_names={}, run=SimpleNamespace(cloud="global")),
            findings=SimpleNamespace(worst_of_users=list),
        )
    )
    return {column.key for column in made.tables[0].columns}, " ".join(made.lead)


def test_what_was_not_asked_for_is_left_out_and_the_sheet_says_so():
    columns, lead = drawn(PLAIN | NOT_ASKED)

    assert columns.isdisjoint(WISHED)
    assert set(PLAIN) - set(WISHED) <= columns
    for flag in ("--with-signin-activity", "--with-eligible-roles", "--with-policy-groups", "--with-managers"):
        assert flag in lead


@pytest.mark.parametrize("name", OF_USERS)
def test_one_user_of_whom_it_was_asked_is_enough_to_show_it(name):
    columns, _ = drawn(PLAIN | NOT_ASKED, PLAIN | NOT_ASKED | {name: Unknown(Reason.NO_ROW)})

    assert columns & set(OF_USERS) == {name}


def test_with_every_option_nothing_is_left_out_and_nothing_is_said_of_it():
    columns, lead = drawn(PLAIN)

    assert set(PLAIN) <= columns
    assert "--with" not in lead


def test_what_is_always_asked_for_is_shown_even_if_nobody_was_read():
    columns, _ = drawn({name: Unknown(Reason.NOT_REQUESTED) for name in PLAIN})

    assert "requirements.perUserMfaState" in columns
