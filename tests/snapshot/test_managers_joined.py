"""Managers are joined to the users by id; a list that was not read whole leaves nobody without one."""

import pytest
from evidence_by_hand import page, refusal, silence, user

from mfaaudit.words import Reason

EVERYBODY = page("users", [user("a"), user("b"), user("c")])
FIELDS = ("id", "displayName", "userPrincipalName", "mail")
ANN = {
    "@odata.type": "#microsoft.graph.user",
    "id": "c",
    "displayName": "Ann",
    "userPrincipalName": "ann@x.example",
    "mail": None,
}
OPTIONS = ("managers",)


def values(snapshot, name):
    return snapshot.users[f"manager_{name}"].to_list()


def reasons(snapshot, name):
    return snapshot.users[f"manager_{name}_reason"].to_list()


def coverage(snapshot):
    return next((one for one in snapshot.coverage if one.source == "managers"), None)


def test_without_the_option_the_values_are_there_and_say_that_nobody_asked(taken):
    snapshot = taken(EVERYBODY)

    for name in FIELDS:
        assert values(snapshot, name) == [None] * 3
        assert reasons(snapshot, name) == [Reason.NOT_REQUESTED] * 3
    assert coverage(snapshot) is None


def test_whoever_has_none_is_told_from_whoever_was_not_listed(taken):
    snapshot = taken(EVERYBODY, page("managers", [{"id": "A", "manager": ANN}, {"id": "c"}]), options=OPTIONS)

    assert values(snapshot, "displayName") == ["Ann", None, ""]
    assert values(snapshot, "mail") == ["", None, ""]
    assert [reasons(snapshot, name) for name in FIELDS] == [[None, Reason.NO_ROW, None]] * 4
    assert snapshot.users["manager_readAt"].is_null().to_list() == [False, True, False]
    found = coverage(snapshot)
    assert (found.wanted, found.read, found.reasons) == (3, 2, {Reason.NO_ROW: 1})


def test_a_list_that_broke_off_leaves_the_rest_unread(taken):
    first = page("managers", [{"id": "a", "manager": ANN}], more=True)
    snapshot = taken(EVERYBODY, first, silence("managers", attempt=2), options=OPTIONS)

    assert values(snapshot, "id") == ["c", None, None]
    assert reasons(snapshot, "id") == [None, Reason.TIMEOUT, Reason.TIMEOUT]
    assert [(one.source, one.reason) for one in snapshot.failures] == [("managers", Reason.TIMEOUT)]


def test_a_list_that_was_refused_is_a_gap_for_everybody_and_spares_the_rest(taken):
    snapshot = taken(EVERYBODY, refusal("managers", 403, "Authorization_RequestDenied"), options=OPTIONS)

    for name in FIELDS:
        assert values(snapshot, name) == [None] * 3
        assert reasons(snapshot, name) == [Reason.NO_PERMISSION] * 3
    assert snapshot.users["user_displayName_reason"].null_count() == 3


@pytest.mark.parametrize("again", [{"id": "a"}, {"id": "a", "manager": ANN | {"displayName": "Bo"}}])
def test_of_a_user_who_comes_twice_the_first_row_stands(taken, again):
    snapshot = taken(EVERYBODY, page("managers", [{"id": "a", "manager": ANN}, again]), options=OPTIONS)

    assert values(snapshot, "displayName") == ["Ann", None, None]
    assert coverage(snapshot).read == 1
