"""What becomes of a finding, for every pair of verdicts."""

from itertools import product

import pytest

from mfaaudit.rechecking.outcome import FLAGS, MEANINGS, Outcome, outcome_of
from mfaaudit.words import Severity, Verdict

HIGH, LOW = Severity.HIGH, Severity.LOW
BEFORE = (*FLAGS, Verdict.WAIVED)
BY_NOW = {
    None: Outcome.GONE,
    Verdict.WAIVED: Outcome.WAIVED,
    Verdict.NOT_APPLICABLE: Outcome.OUT_OF_SCOPE,
    Verdict.NOT_EVALUATED: Outcome.NOT_READ,
    Verdict.ERROR: Outcome.NOT_READ,
}


@pytest.mark.parametrize(("before", "now"), list(product(BEFORE, BY_NOW)))
def test_what_is_neither_passed_nor_failed_now_is_so_whatever_it_was(before, now):
    for was, is_now in product(Severity, Severity):
        assert outcome_of(before, now, was=was, is_now=is_now) is BY_NOW[now]


@pytest.mark.parametrize(
    ("before", "now", "was", "is_now", "outcome"),
    [
        (Verdict.FAIL, Verdict.PASS, HIGH, HIGH, Outcome.FIXED),
        (Verdict.WAIVED, Verdict.PASS, HIGH, HIGH, Outcome.FIXED),
        (Verdict.NOT_EVALUATED, Verdict.PASS, HIGH, HIGH, Outcome.NEWLY_JUDGED),
        (Verdict.ERROR, Verdict.PASS, HIGH, HIGH, Outcome.NEWLY_JUDGED),
        (Verdict.FAIL, Verdict.FAIL, HIGH, HIGH, Outcome.STILL_FAILING),
        (Verdict.FAIL, Verdict.FAIL, HIGH, LOW, Outcome.STILL_FAILING),
        (Verdict.FAIL, Verdict.FAIL, LOW, HIGH, Outcome.WORSE),
        (Verdict.WAIVED, Verdict.FAIL, HIGH, HIGH, Outcome.WORSE),
        (Verdict.NOT_EVALUATED, Verdict.FAIL, LOW, HIGH, Outcome.NEWLY_JUDGED),
    ],
)
def test_passed_or_failed_now(before, now, was, is_now, outcome):
    assert outcome_of(before, now, was=was, is_now=is_now) is outcome


def test_nothing_is_fixed_but_what_passes():
    for before, now in product(BEFORE, (*Verdict, None)):
        fixed = outcome_of(before, now, was=HIGH, is_now=HIGH) is Outcome.FIXED
        assert fixed == (now is Verdict.PASS and before in (Verdict.FAIL, Verdict.WAIVED))


def test_every_outcome_is_explained():
    assert set(MEANINGS) == set(Outcome)
