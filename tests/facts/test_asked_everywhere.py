"""Whether anything asks on every resource: agrees with what asks where that is certain, and is certain more often."""

import pytest
from policies_by_hand import NO_LICENSE, PEOPLE
from tenants_by_hand import given_of
from tricky_policies import CASES

from mfaaudit.facts.asked_everywhere import is_asked_everywhere
from mfaaudit.facts.conditional_access.enforcement import EVERYWHERE
from mfaaudit.words import Unknown


def asked(case):
    return dict(zip(PEOPLE, is_asked_everywhere(given_of(case)), strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_agrees_with_what_asks(case):
    for user, answer in asked(case).items():
        expected = case.expected[user]
        if not isinstance(expected, Unknown):
            assert answer is (expected in EVERYWHERE), user


def test_per_user_mfa_asks_whatever_a_policy_that_was_not_read_would_say():
    open_ones = [case for case in CASES if NO_LICENSE in case.expected.values()]
    assert open_ones
    answers = [answer for case in open_ones for answer in asked(case).values()]

    assert NO_LICENSE in answers
    assert all(answer in (True, NO_LICENSE) for answer in answers if answer is not False)


def test_it_is_certain_of_some_of_whom_it_is_open_what_asks():
    pairs = [(case.expected[user], answer) for case in CASES for user, answer in asked(case).items()]

    assert [answer for expected, answer in pairs if isinstance(expected, Unknown) and answer is True]
