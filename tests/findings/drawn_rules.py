"""Conditions and users of every sort, drawn at random."""

import random
from datetime import timedelta

from hypothesis import strategies as st
from packs_by_hand import CAPABLE, CREATED, METHODS, MFA, NAME, PREFERRED, ROLES, STATE

from mfaaudit.findings.examples import NOW
from mfaaudit.words import Reason, Unknown

NEW = "methodOfTheFuture"
SOME = ("mobilePhone", "email", "fido2SecurityKey")
WORDS = ("", "Ann", "ann b", "Bo")
OTHER_NAME = "user.department"
OTHER_TIME = "registration.lastUpdatedDateTime"
PREFERENCES = ("none", "push", "sms")

UNKNOWN = [Unknown(Reason.THROTTLED), Unknown(Reason.NO_ROW), Unknown(Reason.NOT_FOUND)]
STATES = ["disabled", "enabled", "enforced"]
DRAW = {
    CAPABLE: lambda dice: dice.random() < 0.5,
    MFA: lambda dice: dice.random() < 0.5,
    STATE: lambda dice: dice.choice(STATES),
    NAME: lambda dice: dice.choice(WORDS),
    OTHER_NAME: lambda dice: dice.choice(WORDS),
    PREFERRED: lambda dice: dice.choice(PREFERENCES),
    OTHER_TIME: lambda dice: NOW - timedelta(days=dice.randrange(5)),
    ROLES: lambda dice: tuple(dice.sample("abc", dice.randrange(4))),
    METHODS: lambda dice: tuple(dice.sample((*SOME, NEW), dice.randrange(5))),
    CREATED: lambda dice: NOW - timedelta(days=dice.randrange(5)),
}


def people(seed):
    """Forty users with every fourth value unread; drawn by hand, since Hypothesis would take long."""
    dice = random.Random(seed)
    return [
        {name: dice.choice(UNKNOWN) if dice.random() < 0.25 else draw(dice) for name, draw in DRAW.items()}
        for _ in range(40)
    ]


USERS = st.integers(0, 10**6).map(people)


def one_of(operators, operands):
    return st.tuples(st.sampled_from(operators), operands).map(lambda pair: dict([pair]))


def some(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


THERE = one_of(["exists"], st.just(True))
COMPARISON = one_of(["eq", "lt", "lte", "gt", "gte"], st.integers(0, 3))
TESTS = {
    CAPABLE: one_of(["eq", "ne"], st.booleans()) | st.booleans() | one_of(["eq_field"], st.just(MFA)) | THERE,
    MFA: one_of(["eq", "ne"], st.booleans()),
    PREFERRED: one_of(["eq", "ne"], st.sampled_from(PREFERENCES))
    | one_of(["in", "not_in"], some(PREFERENCES))
    | one_of(["empty", "not_empty", "exists"], st.just(True)),
    STATE: one_of(["eq", "ne"], st.sampled_from(STATES)) | one_of(["in", "not_in"], some(("disabled", "enabled"))),
    NAME: one_of(["matches"], st.sampled_from(["a*", "?o", "*b", "*"]))
    | one_of(["regex"], st.sampled_from(["^a", "b$", "n+", "^$", "an|o", "[^ab]"]))
    | one_of(["eq_field"], st.just(OTHER_NAME))
    | one_of(["in", "not_in"], some(WORDS))
    | one_of(["empty", "not_empty", "exists"], st.just(True)),
    ROLES: one_of(["contains"], st.sampled_from("abc"))
    | one_of(["contains_any", "contains_all", "contains_none"], some("abc"))
    | one_of(["empty", "not_empty", "exists"], st.just(True)),
    METHODS: one_of(["contains_any", "contains_all", "contains_none", "contains_other_than"], some(SOME))
    | one_of(["count"], COMPARISON)
    | one_of(["count_excluding"], st.tuples(some(SOME), COMPARISON).map(lambda p: {"of": p[0], **p[1]})),
    CREATED: one_of(["older_than_days", "newer_than_days"], st.integers(0, 4))
    | one_of(["eq_field"], st.just(OTHER_TIME))
    | THERE,
}
LEAF = st.sampled_from(sorted(TESTS)).flatmap(lambda name: TESTS[name].map(lambda test: {name: test}))
CONDITION = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all_of": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any_of": parts}),
        inner.map(lambda part: {"not": part}),
        # Several keys side by side mean all of them.
        st.tuples(LEAF, inner).map(lambda pair: pair[0] | pair[1]),
    ),
    max_leaves=6,
)
