"""An entry that nobody has approved: it loads, it is counted, and it changes no verdict."""

import pytest
from declared_by_hand import GONE, GROUP, days, declared, entry, fact, register, states, uid, users, waived

from mfaaudit.errors import PolicyProblem
from mfaaudit.words import Reason, Unknown

NOBODY = {"approved_by": None, "approved_on": None}


def proposal(**other):
    return entry(**NOBODY, **other)


def test_a_proposal_loads_without_who_approved_it_and_when():
    (one,) = register(proposal()).entries

    assert (one.approved_by, one.approved_on, one.is_proposed, one.is_self_approved) == (None, None, True, False)
    assert not register(entry()).entries[0].is_proposed


@pytest.mark.parametrize(("given", "missing"), [("approved_by", "approved_on"), ("approved_on", "approved_by")])
def test_half_an_approval_is_refused(given, missing):
    with pytest.raises(PolicyProblem, match=f"lacks the key '{missing}'") as refused:
        register(entry(**{missing: None}))

    assert refused.value.line == 3
    assert "proposal" in refused.value.hint
    assert given not in refused.value.message


def test_a_proposal_excuses_nobody_and_becomes_an_exception_by_its_approval():
    assert waived(declared(proposal()), "LOW") is None
    assert states(proposal()) == ["proposed"]
    assert declared(proposal()).entries({})[0].effective_until is None
    assert waived(declared(entry()), "LOW") == ["E-1", None, None]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"expires_on": days(-1)}, ["proposed"]),
        ({"expires_on": days(3000)}, ["proposed"]),
        ({"rules": "[CRIT]", "expires_on": days(300)}, ["proposed"]),
        ({"kind": "break_glass", "last_drill_on": None}, ["proposed"]),
        ({"requested_by": "ciso@contoso.example"}, ["proposed"]),
        ({"review_on": days(-400)}, ["proposed"]),
        ({"subject": f"{{userId: {GONE}}}"}, ["proposed", "orphaned"]),
        ({"rules": "[NEW]"}, ["proposed", "unknownRule"]),
        ({"rules": "[TENANT]"}, ["proposed", "tenantRule"]),
        ({"rules": "[DQ]"}, ["proposed", "notWaivable"]),
    ],
)
def test_what_is_asked_of_an_approval_is_not_asked_of_a_proposal(other, expected):
    assert states(proposal(**other)) == expected


def test_a_proposal_for_a_group_that_was_not_read_is_both():
    one = proposal(subject=f"{{groupId: {GROUP}}}")

    assert states(one, groups={GROUP: Unknown(Reason.NO_PERMISSION)}) == ["proposed", "unread"]


def test_review_of_a_proposal_lies_before_its_end():
    with pytest.raises(PolicyProblem, match="review_on"):
        register(proposal(review_on=days(101)))


@pytest.mark.parametrize(
    "name",
    [
        "declared.expiredExceptions",
        "declared.invalidExceptions",
        "declared.expiringExceptions",
        "declared.overdueDrills",
    ],
)
def test_the_rules_on_the_register_look_at_a_proposal_once_it_is_approved(name):
    ones = (
        proposal(name="E-1", rules="[DQ]", expires_on=days(5)),
        proposal(name="E-2", expires_on=days(-5)),
        proposal(name="E-3", kind="break_glass", last_drill_on=None),
    )

    assert fact(declared(*ones).tenant, name) == []


def test_a_proposal_for_nobody_is_named():
    assert fact(declared(proposal(subject=f"{{userId: {GONE}}}")).tenant, "declared.orphanedExceptions") == ["E-1"]


def test_to_propose_an_emergency_account_makes_none():
    one = {"kind": "break_glass", "subject": f"{{userId: {uid(0)}}}"}
    made, approved = declared(proposal(**one)), declared(entry(**one))

    assert made.users["derived_accountClass"].to_list() == ["person"] * 3
    assert approved.users["derived_accountClass"].to_list() == ["breakGlass", "person", "person"]
    assert fact(made.tenant, "declared.breakGlassAccounts") == 0
    assert made.users["declared_exceptionKinds"].to_list() == [[], [], []]


def test_a_proposal_accounts_for_no_exclusion():
    people = [{"derived.excludedFromMfaPolicies": ("All users",)}]

    for one, expected in ((proposal(), ["ada@contoso.example"]), (entry(), [])):
        made = declared(one, people=users(*people))
        assert fact(made.tenant, "declared.unregisteredExclusions") == expected


def test_a_proposal_overlaps_with_nothing():
    made = declared(entry("E-1"), proposal(name="E-2"))

    assert [[str(one) for one in row.states] for row in made.entries({"E-1": 1})] == [["active"], ["proposed"]]
