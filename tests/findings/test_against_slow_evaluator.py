"""The compiled rules say what a slow evaluator in plain Python says, for any condition and any user."""

import random
from datetime import timedelta
from fnmatch import fnmatchcase

from hypothesis import given, settings
from hypothesis import strategies as st
from packs_by_hand import CAPABLE, CREATED, METHODS, MFA, NAME, ROLES, STATE, pack, rule, verdicts

from mfaaudit.findings.examples import NOW
from mfaaudit.sources.registration_details import METHODS as CLASSIFIED
from mfaaudit.words import Reason, Unknown

NEW = "methodOfTheFuture"
SOME = ("mobilePhone", "email", "fido2SecurityKey")
WORDS = ("", "Ann", "ann b", "Bo")

UNKNOWN = [Unknown(Reason.THROTTLED), Unknown(Reason.NO_ROW), Unknown(Reason.NOT_FOUND)]
STATES = ["disabled", "enabled", "enforced"]
DRAW = {
    CAPABLE: lambda dice: dice.random() < 0.5,
    MFA: lambda dice: dice.random() < 0.5,
    STATE: lambda dice: dice.choice(STATES),
    NAME: lambda dice: dice.choice(WORDS),
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


COMPARISON = one_of(["eq", "lt", "lte", "gt", "gte"], st.integers(0, 3))
TESTS = {
    CAPABLE: one_of(["eq", "ne"], st.booleans()) | st.booleans(),
    MFA: one_of(["eq", "ne"], st.booleans()),
    STATE: one_of(["eq", "ne"], st.sampled_from(STATES)) | one_of(["in", "not_in"], some(("disabled", "enabled"))),
    NAME: one_of(["matches"], st.sampled_from(["a*", "?o", "*b", "*"]))
    | one_of(["in", "not_in"], some(WORDS))
    | one_of(["empty", "not_empty"], st.just(True)),
    ROLES: one_of(["contains"], st.sampled_from("abc"))
    | one_of(["contains_any", "contains_all", "contains_none"], some("abc"))
    | one_of(["empty", "not_empty"], st.just(True)),
    METHODS: one_of(["contains_any", "contains_all", "contains_none", "contains_other_than"], some(SOME))
    | one_of(["count"], COMPARISON)
    | one_of(["count_excluding"], st.tuples(some(SOME), COMPARISON).map(lambda p: {"of": p[0], **p[1]})),
    CREATED: one_of(["older_than_days", "newer_than_days"], st.integers(0, 4)),
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


def conjunction(answers):
    return False if False in answers else None if None in answers else True


def negation(answer):
    return None if answer is None else not answer


def slow(condition, user):
    """True, false or None for unknown, key by key."""
    return conjunction([slow_part(key, inner, user) for key, inner in condition.items()])


def slow_part(key, inner, user):
    if key == "not":
        return negation(slow(inner, user))
    if key == "all_of":
        return conjunction([slow(part, user) for part in inner])
    if key == "any_of":
        return negation(conjunction([negation(slow(part, user)) for part in inner]))
    if isinstance(user[key], Unknown):
        return None
    tests = inner if isinstance(inner, dict) else {"eq": inner}
    return conjunction([slow_test(name, operand, user[key]) for name, operand in tests.items()])


def compare(name, a, b):
    return {"eq": a == b, "lt": a < b, "lte": a <= b, "gt": a > b, "gte": a >= b}[name]


def slow_test(name, operand, value):
    match name:
        case "eq" | "ne":
            return (value == operand) == (name == "eq")
        case "in" | "not_in":
            return (value in operand) == (name == "in")
        case "empty" | "not_empty":
            return (len(value) == 0) == (name == "empty")
        case "matches":
            return fnmatchcase(value.lower(), operand.lower())
        case "older_than_days" | "newer_than_days":
            return (value < NOW - timedelta(days=operand)) == (name == "older_than_days")
        case "contains":
            return operand in value
        case "contains_all":
            return set(operand) <= set(value)
        case "count":
            ((comparison, bound),) = operand.items()
            return compare(comparison, len(value), bound)
    return slow_with_unclassified(name, operand, value)


# What nobody has classified may turn out to be nothing that counts, one thing or several: no more is known.
MEANINGS = [(), *((one,) for one in SOME), *(CLASSIFIED[:size] for size in range(1, 8))]


def slow_with_unclassified(name, operand, value):
    """The answer that all meanings of an unclassified method agree on."""
    answers = set()
    for meant in MEANINGS if NEW in value else [()]:
        methods = {*value, *meant} - {NEW}
        if name == "contains_any":
            answers.add(bool(methods & set(operand)))
        elif name == "contains_none":
            answers.add(not methods & set(operand))
        elif name == "contains_other_than":
            answers.add(bool(methods - set(operand)))
        else:
            ((comparison, bound),) = ((key, inner) for key, inner in operand.items() if key != "of")
            answers.add(compare(comparison, len(methods - set(operand["of"])), bound))
    return answers.pop() if len(answers) == 1 else None


def slow_verdict(scope, require, user):
    looked_at, holds = slow(scope, user), slow(require, user)
    if looked_at is False:
        return "NOT_APPLICABLE"
    if looked_at is None or holds is None:
        return "NOT_EVALUATED"
    return "PASS" if holds else "FAIL"


@settings(derandomize=True, max_examples=150, deadline=None)
@given(population=CONDITION, require=CONDITION, users=USERS)
def test_verdicts_equal_those_of_the_slow_evaluator(population, require, users):
    found = verdicts(pack(rule(require), population=population), users)

    assert [verdict for verdict, _ in found] == [slow_verdict(population, require, user) for user in users]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(require=TESTS[METHODS], users=USERS)
def test_what_nobody_has_classified_decides_nothing_alone(require, users):
    found = verdicts(pack(rule({METHODS: require})), users)

    assert [verdict for verdict, _ in found] == [slow_verdict({}, {METHODS: require}, user) for user in users]


@settings(derandomize=True, max_examples=50, deadline=None)
@given(require=CONDITION, users=USERS)
def test_applies_to_narrows_as_population_does(require, users):
    wide, narrow = {STATE: {"ne": "disabled"}}, {ROLES: {"contains": "a"}}
    found = verdicts(pack(rule(require, applies_to=narrow), population=wide), users)

    assert [verdict for verdict, _ in found] == [slow_verdict(wide | narrow, require, user) for user in users]
