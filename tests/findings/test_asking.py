"""What asks whom, in numbers: they add up to everybody, and are those of a slow count."""

from depth import examples
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.findings.asking import ASKING, Asking, Users, administrators_not_asked, answered, resting, total
from mfaaudit.findings.examples import frame
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Unknown

POLICIES = ("A (1)", "B (2)", "C (3)")


def some(*values):
    return st.sampled_from([*values, Unknown(Reason.NO_PERMISSION), Unknown(Reason.TIMEOUT)])


USER = st.fixed_dictionaries(
    {
        "user.accountEnabled": some(True, False),
        "user.userType": some("Member", "Guest", "none"),
        "derived.roles": some((), ("r",)),
        "registration.isAdmin": some(True, False),
        "derived.enforcedBy": some(*(one.value for one in Enforcer)),
        "derived.enforcingPolicies": some((), POLICIES[:1], POLICIES[1:], POLICIES),
    }
)


def is_administrator(user):
    """True, False or None."""
    roles, said = user["derived.roles"], user["registration.isAdmin"]
    if roles == ("r",) or said is True:
        return True
    return None if isinstance(roles, Unknown) or isinstance(said, Unknown) else False


def is_guest(user):
    return None if isinstance(user["user.userType"], Unknown) else user["user.userType"] == "Guest"


@examples(60)
@given(st.lists(USER, max_size=30))
def test_every_number_is_that_of_a_slow_count_and_all_add_up(users):
    rows = answered(frame(users, Scope.USER))

    assert [one.answer for one in rows][: len(Enforcer)] == list(Enforcer)
    for one in rows:
        wanted = one.answer.value if one.answer is not None else Unknown(one.reason)
        own = [user for user in users if user["derived.enforcedBy"] == wanted]
        enabled = [user for user in own if user["user.accountEnabled"] is True]
        assert one.counts == Users(
            users=len(own),
            enabled=len(enabled),
            members=sum(is_guest(user) is False for user in enabled),
            guests=sum(is_guest(user) is True for user in enabled),
            untyped=sum(is_guest(user) is None for user in enabled),
            administrators=sum(is_administrator(user) is True for user in enabled),
            perhaps_administrators=sum(is_administrator(user) is None for user in enabled),
            disabled=sum(user["user.accountEnabled"] is False for user in own),
            unclear=sum(isinstance(user["user.accountEnabled"], Unknown) for user in own),
        )
        assert one.counts.users == one.counts.enabled + one.counts.disabled + one.counts.unclear
        assert one.counts.enabled == one.counts.members + one.counts.guests + one.counts.untyped
    assert total(rows).users == len(users)
    # Only reasons that somebody has are told.
    assert all(one.counts.users for one in rows if one.answer is None)


@examples(60)
@given(st.lists(USER, max_size=30))
def test_a_policy_has_the_users_whose_answer_rests_on_it(users):
    found = {
        (policy, answer): (count, enabled)
        for policy, answer, count, enabled in resting(frame(users, Scope.USER)).rows()
    }

    expected = {}
    for user in users:
        policies, answer = user["derived.enforcingPolicies"], user["derived.enforcedBy"]
        for policy in () if isinstance(policies, Unknown) else policies:
            key = (policy, None if isinstance(answer, Unknown) else answer)
            count, enabled = expected.get(key, (0, 0))
            expected[key] = (count + 1, enabled + (user["user.accountEnabled"] is True))
    assert found == expected


@examples(60)
@given(st.lists(USER, max_size=30))
def test_the_administrators_who_are_not_surely_asked_are_listed_the_weakest_first(users):
    listed = administrators_not_asked(frame(users, Scope.USER))

    def is_open(user):
        answer = user["derived.enforcedBy"]
        return isinstance(answer, Unknown) or ASKING[Enforcer(answer)] is not Asking.EVERYWHERE

    expected = {
        f"user-{number}"
        for number, user in enumerate(users)
        if user["user.accountEnabled"] is True and is_administrator(user) is True and is_open(user)
    }
    assert set(listed["user_id"]) == expected
    assert listed.height == len(expected)
    order = [one.value for one in reversed(Enforcer)] + [None]
    places = [order.index(answer) for answer in listed["derived_enforcedBy"]]
    assert places == sorted(places)


def test_what_each_answer_comes_to():
    assert {one.value: ASKING[one].value for one in Enforcer} == {
        "securityDefaults": "onEveryResource",
        "conditionalAccessAllResources": "onEveryResource",
        "perUserMfa": "onEveryResource",
        "thirdParty": "atTimes",
        "conditionalAccessSomeResources": "atTimes",
        "conditionalAccessUnderConditions": "atTimes",
        "excluded": "notAsked",
        "reportOnly": "notAsked",
        "none": "notAsked",
    }


def test_policies_stand_by_name_and_their_answers_by_strength():
    users = [
        {"derived.enforcedBy": answer, "derived.enforcingPolicies": ("B", "A"), "user.accountEnabled": True}
        for answer in ("none", "excluded", "conditionalAccessAllResources", "excluded")
    ]
    assert [row[:3] for row in resting(frame(users, Scope.USER)).rows()] == [
        (policy, answer, count)
        for policy in "AB"
        for answer, count in (("conditionalAccessAllResources", 1), ("excluded", 2), ("none", 1))
    ]
