"""The compiled rules say what a slow evaluator in plain Python says, for any condition and any user."""

import random
import re
from datetime import timedelta
from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs_by_hand import (
    CAPABLE,
    CREATED,
    METHODS,
    MFA,
    NAME,
    PREFERRED,
    ROLES,
    STATE,
    judged,
    pack,
    rule,
    verdicts,
)

from mfaaudit.findings.examples import NOW
from mfaaudit.sources.registration_details import METHODS as CLASSIFIED
from mfaaudit.words import Reason, Severity, Unknown

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


def conjunction(answers):
    return False if False in answers else None if None in answers else True


def negation(answer):
    return None if answer is None else not answer


AS_IT_IS = "as it is"
EMPTY = (None, "", "none", ())


def slow(condition, user, empty=AS_IT_IS):
    """True, false or None for unknown, key by key; `empty` is what a test says of an empty value."""
    return conjunction([slow_part(key, inner, user, empty) for key, inner in condition.items()])


def slow_part(key, inner, user, empty):
    if key == "not":
        # What speaks for the whole speaks against what is denied in it.
        return negation(slow(inner, user, empty if empty in (AS_IT_IS, None) else not empty))
    if key == "all_of":
        return conjunction([slow(part, user, empty) for part in inner])
    if key == "any_of":
        return negation(conjunction([negation(slow(part, user, empty)) for part in inner]))
    if isinstance(user[key], Unknown):
        return None
    tests = inner if isinstance(inner, dict) else {"eq": inner}
    answers = [slow_compared(name, operand, user[key], user) for name, operand in tests.items()]
    if empty != AS_IT_IS and user[key] in EMPTY:
        # Another field that was not read leaves nothing open: this one is empty whatever that holds.
        answers = [empty for _ in answers]
    return conjunction(answers)


def slow_compared(name, operand, value, user):
    if name == "eq_field":
        return None if isinstance(user[operand], Unknown) else value == user[operand]
    return slow_test(name, operand, value)


def compare(name, a, b):
    return {"eq": a == b, "lt": a < b, "lte": a <= b, "gt": a > b, "gte": a >= b}[name]


def slow_test(name, operand, value):
    match name:
        case "eq" | "ne":
            return (value == operand) == (name == "eq")
        case "in" | "not_in":
            return (value in operand) == (name == "in")
        case "exists":
            return value not in EMPTY
        case "regex":
            return re.search(operand, value, re.IGNORECASE) is not None
        case "empty" | "not_empty" if isinstance(value, str):
            return (value in EMPTY) == (name == "empty")
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


def slow_verdict(scope, require, user, empty=AS_IT_IS):
    looked_at, holds = slow(scope, user), slow(require, user, empty)
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


MEANINGS_OF_EMPTY = {"pass": True, "fail": False, "not_evaluated": None}


@pytest.mark.parametrize("meaning", MEANINGS_OF_EMPTY)
@settings(derandomize=True, max_examples=80, deadline=None)
@given(population=CONDITION, require=CONDITION, users=USERS)
def test_an_empty_value_means_what_the_rule_says_however_it_is_nested(meaning, population, require, users):
    found = verdicts(pack(rule(require, null_means=meaning), population=population), users)

    empty = MEANINGS_OF_EMPTY[meaning]
    # Of whom the rule is about an empty value says only what it says.
    assert [verdict for verdict, _ in found] == [slow_verdict(population, require, user, empty) for user in users]


SEVERITIES = [one.value for one in Severity]
CASES = st.lists(st.tuples(CONDITION, st.sampled_from(SEVERITIES)), min_size=1, max_size=3)


def slow_severity(cases, otherwise, user):
    """The first that holds; of those that may hold before it, the worst."""
    worst = []
    for condition, severity in cases:
        answer = slow(condition, user)
        if answer is not False:
            worst.append(severity)
        if answer is True:
            return min(worst, key=SEVERITIES.index)
    return min([*worst, otherwise], key=SEVERITIES.index)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(cases=CASES, severity=st.sampled_from(SEVERITIES), users=USERS)
def test_severities_equal_those_of_the_slow_evaluator(cases, severity, users):
    when = [{"if": condition, "severity": one} for condition, one in cases]
    result = judged(pack(rule({MFA: True}, severity=severity, severity_when=when)), users).results[0]

    wanted = [slow_severity(cases, severity, user) for user in users]
    assert result.frame["severity"].to_list() == wanted
    failing = [one for one, user in zip(wanted, users, strict=True) if user[MFA] is False]
    assert {one.value: count for one, count in result.failures.items()} == {
        one: failing.count(one) for one in set(failing)
    }
