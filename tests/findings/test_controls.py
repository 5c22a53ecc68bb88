"""What is said of a control: never more than was judged, and nothing good without data."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packs_by_hand import CAPABLE, DEFAULTS, MFA, NO_ROW, pack, rule

from mfaaudit.findings import judge
from mfaaudit.findings.controls import Outcome, judge_controls, outcome_of
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.findings.policy import Assessment
from mfaaudit.findings.results import Counts
from mfaaudit.sources.field import Scope

FULL, PARTLY, MANUAL = Assessment.FULL, Assessment.PARTLY, Assessment.MANUAL
GOOD = {Outcome.MET, Outcome.WITH_EXCEPTIONS}
PASS, FAIL, WAIVED = Counts(pass_=1), Counts(fail=1), Counts(waived=1)
OPEN, ERROR, AWAY = Counts(not_evaluated=1), Counts(error=1), Counts(not_applicable=1)
YES, NO, UNKNOWN = {MFA: True}, {MFA: False}, {MFA: NO_ROW}


@pytest.mark.parametrize(
    ("rules", "full", "partly"),
    [
        ([PASS], Outcome.MET, Outcome.NO_FAILURE),
        ([PASS, AWAY], Outcome.MET, Outcome.NO_FAILURE),
        ([FAIL], Outcome.NOT_MET, Outcome.FAILURES),
        ([PASS, FAIL], Outcome.NOT_MET, Outcome.FAILURES),
        ([OPEN, FAIL], Outcome.NOT_MET, Outcome.FAILURES),
        ([WAIVED, FAIL], Outcome.NOT_MET, Outcome.FAILURES),
        ([PASS, OPEN], Outcome.NOT_JUDGED, Outcome.NOT_JUDGED),
        ([PASS, ERROR], Outcome.NOT_JUDGED, Outcome.NOT_JUDGED),
        ([WAIVED, OPEN], Outcome.NOT_JUDGED, Outcome.NOT_JUDGED),
        ([AWAY, OPEN], Outcome.NOT_JUDGED, Outcome.NOT_JUDGED),
        ([PASS, WAIVED], Outcome.WITH_EXCEPTIONS, Outcome.WAIVED),
        ([WAIVED], Outcome.WAIVED, Outcome.WAIVED),
        ([WAIVED, AWAY], Outcome.WAIVED, Outcome.WAIVED),
        ([AWAY], Outcome.NOT_APPLICABLE, Outcome.NOT_APPLICABLE),
        ([Counts()], Outcome.NOT_APPLICABLE, Outcome.NOT_APPLICABLE),
        ([], Outcome.NOT_JUDGED, Outcome.NOT_JUDGED),
    ],
)
def test_what_follows_from_the_verdicts(rules, full, partly):
    assert outcome_of(FULL, rules) is full
    assert outcome_of(PARTLY, rules) is partly


def test_a_manual_control_is_for_a_person_to_look_at():
    assert outcome_of(MANUAL, []) is Outcome.BY_HAND


counts = st.builds(
    Counts,
    **{name: st.integers(0, 2) for name in ("pass_", "fail", "waived", "not_applicable", "not_evaluated", "error")},
)


@given(st.lists(counts, max_size=4), st.sampled_from(Assessment))
def test_nothing_is_met_without_a_pass_with_a_failure_or_with_anything_open(rules, assessment):
    total = sum(rules, Counts())
    said = outcome_of(assessment, rules)
    if said in GOOD:
        assert assessment is FULL
        assert total.pass_
        assert total.fail + total.not_evaluated + total.error == 0
    assert (said is Outcome.MET) <= (total.waived == 0)
    if total.fail and assessment is not MANUAL:
        assert said in {Outcome.NOT_MET, Outcome.FAILURES}
    if said is Outcome.NOT_APPLICABLE:
        assert total.total == total.not_applicable


@given(st.lists(counts, min_size=1, max_size=4), st.sampled_from(Assessment))
def test_the_order_of_the_rules_makes_no_difference(rules, assessment):
    assert outcome_of(assessment, rules) is outcome_of(assessment, rules[::-1])


def controls(one, users, tenant=None, *, complete=True):
    """What is said of the pack's controls."""
    findings = judge([one], users=frame(users, Scope.USER), tenant=frame([tenant or {}], Scope.TENANT), now=NOW)
    return judge_controls(findings, one, complete=complete)


def framework(*rules, **parts):
    """A pack with a control that its rules decide, one for which the first is evidence, and one for a person."""
    ids = [one["id"] for one in rules]
    made = [
        {"id": "1", "title": "Decided", "assessment": "full", "rules": ids},
        {"id": "2", "title": "Shown", "assessment": "partly", "rules": ids[:1], "note": "Not all."},
        {"id": "3", "title": "Looked at", "assessment": "manual", "note": "Look."},
    ]
    return pack(*rules, controls=made, **parts)


ASKED = rule({MFA: True}, id="R-1")
ABLE = rule({CAPABLE: True}, id="R-2")
TENANT = rule({DEFAULTS: False}, id="T-1", scope="tenant")


def test_the_counts_of_a_control_are_those_of_all_of_its_rules():
    decided, shown, by_hand = controls(framework(ASKED, ABLE), [YES | {CAPABLE: False}, NO | {CAPABLE: True}, YES])

    assert (decided.control.id, decided.outcome) == ("1", Outcome.NOT_MET)
    assert decided.counts == Counts(pass_=3, fail=2, not_evaluated=1)
    assert (shown.outcome, shown.counts) == (Outcome.FAILURES, Counts(pass_=2, fail=1))
    assert (by_hand.outcome, by_hand.counts, by_hand.remarks) == (Outcome.BY_HAND, Counts(), ())


def test_a_control_looks_only_at_its_own_rules():
    decided, shown, _ = controls(framework(ASKED, ABLE), [YES | {CAPABLE: False}])

    assert (decided.outcome, shown.outcome) == (Outcome.NOT_MET, Outcome.NO_FAILURE)


def test_one_user_who_could_not_be_read_leaves_the_control_open():
    decided, shown, _ = controls(framework(ASKED), [YES] * 9 + [UNKNOWN])

    assert (decided.outcome, shown.outcome) == (Outcome.NOT_JUDGED, Outcome.NOT_JUDGED)


def test_where_somebody_may_be_missing_no_control_of_users_is_met():
    (decided, shown, _) = controls(framework(ASKED), [YES], complete=False)

    assert decided.outcome is Outcome.NOT_JUDGED
    assert "every user was listed" in decided.remarks[0]
    assert (shown.outcome, shown.remarks) == (Outcome.NO_FAILURE, ())


def test_where_somebody_may_be_missing_a_failure_is_a_failure_all_the_same():
    assert controls(framework(ASKED), [NO], complete=False)[0].outcome is Outcome.NOT_MET


def test_a_control_of_the_tenants_settings_does_not_need_everybody():
    decided, *_ = controls(framework(TENANT), [], {DEFAULTS: False}, complete=False)

    assert (decided.outcome, decided.remarks) == (Outcome.MET, ())


def test_a_number_over_the_users_needs_everybody():
    share = rule(
        {"percent": {"gte": 50}}, id="T-2", scope="tenant", aggregate={"count": {MFA: True}, "over": "population"}
    )

    assert controls(framework(share), [YES])[0].outcome is Outcome.MET
    assert controls(framework(share), [YES], complete=False)[0].outcome is Outcome.NOT_JUDGED


def test_a_pack_that_leaves_rules_out_shows_no_control_as_met():
    one = replace(framework(ASKED), left_out={"R-9": "We do not need it."})

    decided, *_ = controls(one, [YES])
    assert decided.outcome is Outcome.NO_FAILURE
    assert "R-9" in decided.remarks[0]
    assert controls(one, [NO])[0].outcome is Outcome.NOT_MET


def test_a_control_whose_rules_were_all_left_out_is_not_judged():
    one = framework(ASKED)
    bare = replace(one, controls=tuple(replace(each, rules=()) for each in one.controls))

    assert [each.outcome for each in controls(bare, [YES])] == [Outcome.NOT_JUDGED, Outcome.NOT_JUDGED, Outcome.BY_HAND]


def test_a_rule_with_other_values_is_named():
    one = framework(ASKED)
    changed = replace(one, rules=tuple(replace(each, changed_from="cis 7.0.0") for each in one.rules))

    decided, _, by_hand = controls(changed, [YES])
    assert decided.outcome is Outcome.MET
    assert decided.remarks == ("R-1 has other values than in cis 7.0.0.",)
    assert by_hand.remarks == ()
