"""What asks each user for MFA: a table of policies that are easily misread, and what must hold of any of them."""

import copy
import random
from dataclasses import replace

import pytest
from depth import examples
from hypothesis import given as over
from hypothesis import strategies as st
from policies_by_hand import (
    A_GROUP,
    FORBIDDEN,
    GLOBAL_ADMINISTRATOR,
    NO_LICENSE,
    NOT_READ,
    OR_DEVICE,
    OUTSIDE,
    PEOPLE,
    STRANGE,
    Case,
    everybody,
    holds,
    kinds,
    only,
    policy,
)
from tenants_by_hand import given_of
from tricky_policies import CASES

from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.facts.enforced_by import FIELD, enforced_by
from mfaaudit.facts.enforcing_policies import enforcing_policies
from mfaaudit.words import Unknown

RANK = {answer: len(Enforcer) - place for place, answer in enumerate(FIELD.values)}


def answers(case):
    return dict(zip(PEOPLE, enforced_by(given_of(case)), strict=True))


def named(case):
    return dict(zip(PEOPLE, enforcing_policies(given_of(case)), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_who_is_asked_by_what(case):
    assert answers(case) == case.expected
    # Once more with the users turned round: nobody has the answer of another row.
    turned = dict(reversed(PEOPLE.items()))
    assert dict(zip(turned, enforced_by(given_of(case, turned)), strict=True)) == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_policies_are_named_where_the_answer_rests_on_them_and_there_only(case):
    for user, found in named(case).items():
        answer = case.named or case.expected[user]
        if isinstance(answer, Unknown):
            assert found == answer
        elif answer in ("securityDefaults", "perUserMfa", "none"):
            assert found == ()
        else:
            assert found != ()
            assert set(found) <= {f"{one['displayName']} (id of {one['displayName']})" for one in case.policies}


def test_the_table_is_long_and_every_entry_names_its_source_and_all_users():
    assert len(CASES) >= 45
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.source and set(case.expected) == set(PEOPLE) for case in CASES)
    met = {answer for case in CASES for answer in case.expected.values() if isinstance(answer, str)}
    assert met == set(FIELD.values)


def tenant(*policies, **more):
    return Case(name="", policies=list(policies), expected={}, source="", **more)


def test_all_policies_that_give_the_answer_are_named_and_no_other():
    case = tenant(
        policy("B", users={"excludeUsers": ["bob"]}),
        policy("A"),
        policy("C", locations=OUTSIDE),
        policy("D", state="disabled"),
        policy("E", users={"includeUsers": ["None"]}),
    )

    assert named(case) == everybody(("A (id of A)", "B (id of B)")) | {"bob": ("A (id of A)",)}


def test_those_who_are_left_out_learn_of_what():
    case = tenant(policy("A", users={"excludeUsers": ["ann"]}), policy("B", locations=OUTSIDE, users=only()))

    assert named(case) == everybody(("A (id of A)",))
    assert answers(case)["ann"] == "excluded"


def test_a_policy_more_that_may_give_the_same_answer_leaves_the_list_open_and_not_the_answer():
    case = tenant(policy("A"), policy("B", users=only(includeGroups=[A_GROUP])))

    assert answers(case) == everybody("conditionalAccessAllResources")
    assert named(case) == everybody(NOT_READ)


def test_policies_of_one_name_and_id_and_without_either_are_told_once():
    twice = policy("A")
    nameless = policy(None) | {"id": "7"}

    assert named(tenant(twice, copy.deepcopy(twice), nameless)) == everybody(("7", "A (id of A)"))


def test_what_is_not_known_is_told_by_the_same_reason_in_any_order():
    one = policy("A", users=only(includeGroups=["g"]))
    other = policy("B", weather={"rain": True})

    for policies in ([one, other], [other, one]):
        assert answers(tenant(*policies, groups={"g": FORBIDDEN})) == everybody(FORBIDDEN)


def test_policies_that_were_not_read_say_why():
    assert named(replace(tenant(), policies=NO_LICENSE)) == everybody(NO_LICENSE)


def test_security_defaults_that_do_not_say_leave_everybody_open():
    assert answers(tenant(policy(), defaults=None)) == everybody(STRANGE)


def test_nobody_at_all_is_no_trouble():
    case = tenant(policy(users={"excludeGroups": ["g"]}))

    assert list(enforced_by(given_of(case, {}))) == []
    assert list(enforcing_policies(given_of(case, {}))) == []


SOME_USERS = st.lists(st.sampled_from(sorted(PEOPLE)), max_size=2)
SOME_GROUPS = st.lists(st.sampled_from(["g", "h"]), max_size=1)
SOME_ROLES = st.sampled_from([[], [], [GLOBAL_ADMINISTRATOR]])
SOME_GUESTS = st.sampled_from(
    [None, None, kinds("internalGuest,b2bCollaborationGuest"), kinds("b2bCollaborationMember")]
)


@st.composite
def some_policy(draw):
    users = {
        "includeUsers": draw(st.sampled_from([["All"], ["All"], ["ann"], ["None"], ["GuestsOrExternalUsers"]])),
        "includeGroups": draw(SOME_GROUPS),
        "includeRoles": draw(SOME_ROLES),
        "excludeUsers": draw(SOME_USERS),
        "excludeGroups": draw(SOME_GROUPS),
        "excludeRoles": draw(SOME_ROLES),
        "excludeGuestsOrExternalUsers": draw(SOME_GUESTS),
    }
    narrow = draw(st.sampled_from([{}, {}, {"locations": OUTSIDE}, {"weather": {"rain": True}}]))
    grant = draw(st.sampled_from([{}, {}, OR_DEVICE, {"builtInControls": ["block"]}, {"builtInControls": ["new"]}]))
    resources = draw(st.sampled_from([{}, {}, {"includeApplications": ["Office365"]}]))
    state = draw(
        st.sampled_from(["enabled", "enabled", "enabledForReportingButNotEnforced", "disabled", "unknownFutureValue"])
    )
    name = draw(st.sampled_from("ABCDEFGHIJKLMNOP"))
    return policy(name, state=state, users=users, grant=grant, applications=resources, **narrow)


READ = st.lists(st.sampled_from(sorted(PEOPLE)), max_size=3)
ROLES = st.sampled_from([(), [holds("ann")], [holds("g", kind="group")], FORBIDDEN])
STATES = st.dictionaries(st.sampled_from(sorted(PEOPLE)), st.sampled_from(["enforced", FORBIDDEN]), max_size=1)


@st.composite
def some_tenant(draw):
    return tenant(
        *draw(st.lists(some_policy(), min_size=1, max_size=4)),
        groups={"g": draw(READ), "h": draw(READ)},
        roles=draw(ROLES),
        states=draw(STATES),
        defaults=draw(st.sampled_from([False, False, False, True, FORBIDDEN])),
    )


@over(case=some_tenant(), data=st.data())
@examples(150)
def test_an_exclusion_more_never_strengthens(case, data):
    before = answers(case)
    number = data.draw(st.integers(0, len(case.policies) - 1))
    users = case.policies[number]["conditions"]["users"]
    key, more = data.draw(
        st.sampled_from([("excludeUsers", "bob"), ("excludeGroups", "h"), ("excludeRoles", GLOBAL_ADMINISTRATOR)])
    )
    users[key] = [*users[key], more]

    for user, after in answers(case).items():
        if isinstance(after, str) and isinstance(before[user], str):
            assert RANK[after] <= RANK[before[user]]


@over(case=some_tenant(), data=st.data())
@examples(150)
def test_to_disable_a_policy_is_to_remove_it(case, data):
    number = data.draw(st.integers(0, len(case.policies) - 1))
    removed = replace(case, policies=case.policies[:number] + case.policies[number + 1 :])
    case.policies[number]["state"] = "disabled"

    assert (answers(case), named(case)) == (answers(removed), named(removed))


@over(case=some_tenant(), seed=st.integers(0, 9))
@examples(150)
def test_the_order_of_policies_changes_nothing(case, seed):
    turned = replace(case, policies=random.Random(seed).sample(case.policies, len(case.policies)))

    assert (answers(case), named(case)) == (answers(turned), named(turned))


@over(case=some_tenant(), group=st.sampled_from("gh"), why=st.sampled_from([FORBIDDEN, NOT_READ]))
@examples(150)
def test_a_group_less_read_only_takes_certainty_away(case, group, why):
    unread = replace(case, groups=case.groups | {group: why})

    for of in (answers, named):
        before = of(case)
        for user, after in of(unread).items():
            assert isinstance(after, Unknown) or after == before[user]


@over(case=some_tenant(), seed=st.integers(0, 9))
@examples(150)
def test_a_group_that_turns_out_to_be_anybodys_never_contradicts_what_was_certain_without_it(case, seed):
    # The other way round: what is certain with the group unread holds whoever is in it.
    certain = answers(replace(case, groups=case.groups | {"g": FORBIDDEN}))
    others = random.Random(seed).sample(sorted(PEOPLE), 2)

    found = answers(replace(case, groups=case.groups | {"g": others}))

    assert all(isinstance(answer, Unknown) or found[user] == answer for user, answer in certain.items())
