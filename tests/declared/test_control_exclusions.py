"""Whom the policies behind a control leave out: an exception in force accounts for it, and one good policy suffices."""

import pytest
from declared_by_hand import GROUP, days, declared, entry, fact, tenant, uid, users

from mfaaudit.words import Reason, Unknown

EXCLUDED, NAME = "derived.excludedFromControlPolicies", "user.userPrincipalName"
POLICIES, FOUND = "derived.legacyAuthenticationPolicies", "declared.legacyAuthenticationExclusions"
ZOE = {EXCLUDED: ("Block",), NAME: "zoe@contoso.example"}
UNREAD = {GROUP: Unknown(Reason.NO_PERMISSION)}


def left_out(*entries, people=(ZOE, {}), policies=("Block",), groups=None, name=FOUND):
    row = tenant(**{POLICIES.replace(".", "__"): policies})
    made = declared(*(entries or (None,)), people=users(*people), of_tenant=row, groups=groups or {})
    return fact(made.tenant, name)


@pytest.mark.parametrize(
    ("other", "accounted"),
    [
        ({}, True),
        ({"kind": "service_account"}, True),
        ({"kind": "false_positive"}, False),
        ({"expires_on": days(-1)}, False),
        ({"subject": f"{{userId: {uid(1)}}}"}, False),
    ],
)
def test_an_exception_in_force_accounts_for_an_exclusion(other, accounted):
    assert left_out(entry(**other)) == ([] if accounted else ["zoe@contoso.example"])


def test_without_a_register_whoever_is_left_out_is_named_and_only_for_that_control():
    assert left_out() == ["zoe@contoso.example"]
    assert left_out(name="declared.deviceCodeExclusions") == []


def test_one_policy_that_leaves_out_nobody_suffices():
    other = {EXCLUDED: ("Block", "Second"), NAME: "yan@contoso.example"}

    assert left_out(policies=("Block", "Third")) == []
    # Of two that leave somebody out, the one that leaves out fewer counts.
    assert left_out(people=(ZOE, other), policies=("Block", "Second")) == ["yan@contoso.example"]


def test_where_no_policy_meets_the_control_the_list_is_empty_and_where_that_is_not_known_it_is_open():
    assert left_out(policies=()) == []
    assert left_out(policies=Unknown(Reason.NO_LICENSE)) is Reason.NO_LICENSE


def test_exclusions_that_are_not_known_leave_the_list_open():
    people = ({EXCLUDED: Unknown(Reason.NOT_REQUESTED)}, {})

    assert left_out(people=people) is Reason.NOT_REQUESTED
    assert left_out(people=people, policies=()) == []


def test_a_group_of_the_register_that_was_not_read_leaves_open_only_what_it_could_account_for():
    grouped = entry(subject=f"{{groupId: {GROUP}}}")

    assert left_out(grouped, groups=UNREAD) is Reason.NO_PERMISSION
    assert left_out(grouped, people=({},), groups=UNREAD) == []
