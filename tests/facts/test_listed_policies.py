"""The two versions of the list of Conditional Access policies, joined, and what may stand beside them."""

import pytest
from policies_by_hand import FORBIDDEN, NOT_READ, PEOPLE, STRANGE, Case, everybody, policy
from tenants_by_hand import given_of

from mfaaudit.facts.conditional_access.listed import further, policies_of
from mfaaudit.facts.enforced_by import enforced_by
from mfaaudit.words import Unknown

ALL = "conditionalAccessAllResources"


def tenant(older, newer, **more):
    return given_of(Case(name="", policies=older, expected={}, source="", beta=newer, **more))


def answers(older, newer, **more):
    return dict(zip(PEOPLE, enforced_by(tenant(older, newer, **more)), strict=True))


def test_alike_in_both_they_are_as_they_were():
    one = policy(users={"excludeUsers": ["bob"]})

    assert answers([one], [one]) == everybody(ALL) | {"bob": "excluded"}
    assert not policies_of(tenant([one], [one]))[0].beta_only


@pytest.mark.parametrize("known", ["ID OF P", "id of P"])
def test_what_beta_alone_knows_of_a_policy_counts(known):
    narrowed = policy(weather={"rain": True}) | {"id": known}

    assert answers([policy()], [narrowed]) == everybody(STRANGE)


def test_what_v1_alone_says_counts_too():
    bare = policy()
    del bare["conditions"]["locations"]
    outside = policy(locations={"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]})

    assert answers([outside], [bare]) == everybody("conditionalAccessUnderConditions")


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (policy(), policy(state="disabled")),
        (policy(users={"excludeUsers": ["ann"]}), policy(users={"excludeUsers": ["bob"]})),
        (policy(users={"excludeUsers": ["ann"]}), policy()),
        (policy(), policy(grant={"operator": "AND", "builtInControls": ["block"]})),
        (policy(clientAppTypes=["browser"]), policy()),
    ],
)
def test_what_the_two_lists_contradict_each_other_about_is_open(older, newer):
    assert STRANGE in answers([older], [newer]).values()


@pytest.mark.parametrize("word", ["unknownFutureValue"])
def test_a_word_that_v1_does_not_know_is_taken_from_beta(word):
    older = policy(grant={"builtInControls": [word]})

    assert answers([older], [policy()]) == everybody(ALL)


def test_policies_of_one_id_are_not_joined():
    twice = [policy(), policy(users={"excludeUsers": ["ann"]})]

    assert answers(twice, twice) == everybody(ALL)
    assert len(policies_of(tenant(twice, twice))) == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"plans": ()}, None),
        ({"plans": [{"state": "disabled"}]}, None),
        ({"plans": [{"state": "enabled"}], "rules": []}, None),
        ({"plans": [{"state": "enabled"}], "rules": [{}]}, STRANGE),
        ({"plans": [{}], "rules": [{}]}, STRANGE),
        ({"plans": [{"state": "enabled"}], "rules": FORBIDDEN}, FORBIDDEN),
        ({"plans": FORBIDDEN}, FORBIDDEN),
    ],
)
def test_why_there_may_be_more(given, why):
    assert further(tenant([], [], **given)) == why


def test_who_is_asked_everywhere_by_what_was_read_is_so_whatever_else_there_is():
    known = policy(users={"excludeUsers": ["bob"]})

    assert answers([known], NOT_READ) == everybody(ALL) | {"bob": NOT_READ}
    assert answers([], NOT_READ) == everybody(NOT_READ)
    assert isinstance(policies_of(tenant(FORBIDDEN, NOT_READ)), Unknown)
