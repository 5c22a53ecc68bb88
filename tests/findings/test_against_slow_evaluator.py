"""The compiled rules say what a slow evaluator in plain Python says, for any condition and any user."""

import pytest
from depth import examples
from drawn_rules import CONDITION, TESTS, USERS
from hypothesis import given
from hypothesis import strategies as st
from judged_slowly import slow, slow_verdict
from packs_by_hand import METHODS, MFA, ROLES, STATE, judged, pack, rule, verdicts

from mfaaudit.findings.atoms import FEW
from mfaaudit.words import Severity


@examples(150)
@given(population=CONDITION, require=CONDITION, users=USERS)
def test_verdicts_equal_those_of_the_slow_evaluator(population, require, users):
    found = verdicts(pack(rule(require), population=population), users)

    assert [verdict for verdict, _ in found] == [slow_verdict(population, require, user) for user in users]


@examples(25)
@given(population=CONDITION, require=CONDITION, users=USERS)
def test_few_users_are_judged_as_they_are_among_many(population, require, users):
    """Of few users each list is looked at, of many each different one."""
    one = pack(rule(require), population=population)

    assert verdicts(one, users[:FEW]) == verdicts(one, users)[:FEW]


@examples(60)
@given(require=TESTS[METHODS], users=USERS)
def test_what_nobody_has_classified_decides_nothing_alone(require, users):
    found = verdicts(pack(rule({METHODS: require})), users)

    assert [verdict for verdict, _ in found] == [slow_verdict({}, {METHODS: require}, user) for user in users]


@examples(50)
@given(require=CONDITION, users=USERS)
def test_applies_to_narrows_as_population_does(require, users):
    wide, narrow = {STATE: {"ne": "disabled"}}, {ROLES: {"contains": "a"}}
    found = verdicts(pack(rule(require, applies_to=narrow), population=wide), users)

    assert [verdict for verdict, _ in found] == [slow_verdict(wide | narrow, require, user) for user in users]


MEANINGS_OF_EMPTY = {"pass": True, "fail": False, "not_evaluated": None}


@pytest.mark.parametrize("meaning", MEANINGS_OF_EMPTY)
@examples(80)
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


@examples(80)
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
