"""Who is judged otherwise under a draft: every transition, new rules and rules that are gone."""

import pytest
from packs_by_hand import CAPABLE, DEFAULTS, MFA, NO_ROW, judged, pack, rule

from mfaaudit.findings.flips import flips_between
from mfaaudit.words import Verdict

PASS, FAIL, OPEN, NOT_APPLICABLE = Verdict.PASS, Verdict.FAIL, Verdict.NOT_EVALUATED, Verdict.NOT_APPLICABLE
USERS = [
    {MFA: True, CAPABLE: True},
    {MFA: True, CAPABLE: False},
    {MFA: False, CAPABLE: True},
    {MFA: True, CAPABLE: NO_ROW},
    {MFA: True, CAPABLE: False},
    {MFA: NO_ROW, CAPABLE: False},
]


def flips(before, after, tenant=None):
    return flips_between(judged(pack(*before), USERS, tenant), judged(pack(*after), USERS, tenant))


def test_each_transition_has_its_users_in_their_order():
    found = flips([rule({MFA: True})], [rule({CAPABLE: True}, title="Other")])

    (one,) = found.changed
    assert [(flip.before, flip.after, flip.count, flip.user_ids) for flip in one.flips] == [
        (PASS, FAIL, 2, ("user-1", "user-4")),
        (PASS, OPEN, 1, ("user-3",)),
        (FAIL, PASS, 1, ("user-2",)),
        (OPEN, FAIL, 1, ("user-5",)),
    ]
    assert one.same == 1
    assert (one.before.title, one.after.title) == ("A rule", "Other")
    assert (found.new, found.gone) == ((), ())


def test_whoever_is_no_longer_in_scope_flips_too():
    found = flips([rule({MFA: True})], [rule({MFA: True}, applies_to={CAPABLE: True})])

    assert [(flip.before, flip.after, flip.user_ids) for flip in found.rules[0].flips] == [
        (PASS, NOT_APPLICABLE, ("user-1", "user-4")),
        (PASS, OPEN, ("user-3",)),
        (OPEN, NOT_APPLICABLE, ("user-5",)),
    ]


def test_another_reason_is_no_flip():
    found = flips([rule({MFA: True})], [rule({MFA: True}, remediation="Another.")])

    assert (found.changed, found.rules[0].flips, found.rules[0].same) == ((), (), 6)


def test_another_severity_is_a_change_though_nobody_flips():
    (one,) = flips([rule({MFA: True})], [rule({MFA: True}, severity="low")]).changed

    assert (one.before.severity, one.after.severity, one.flips) == ("high", "low", ())


def test_rules_that_are_new_or_gone():
    found = flips([rule({MFA: True}), rule({MFA: True}, id="OLD")], [rule({MFA: True}, id="NEW"), rule({MFA: True})])

    assert [one.rule.id for one in found.new] == ["NEW"]
    assert [one.rule.id for one in found.gone] == ["OLD"]
    assert [one.after.id for one in found.rules] == ["R-1"]
    assert found.new[0].counts.fail == 1


def test_a_rule_about_the_tenant_flips_once_and_names_nobody():
    before, after = rule({DEFAULTS: True}, scope="tenant"), rule({DEFAULTS: False}, scope="tenant")
    (one,) = flips([before], [after], {DEFAULTS: True}).rules

    assert [(flip.before, flip.after, flip.count, flip.user_ids) for flip in one.flips] == [(PASS, FAIL, 1, ())]
    assert one.same == 0


def test_a_rule_that_was_about_users_and_is_about_the_tenant_is_another_rule():
    found = flips([rule({MFA: True})], [rule({DEFAULTS: True}, scope="tenant")])

    assert (found.rules, len(found.new), len(found.gone)) == ((), 1, 1)


def test_two_judgements_of_different_users_are_not_compared():
    one = pack(rule({MFA: True}))
    before, after = judged(one, USERS), judged(one, USERS[:1])

    with pytest.raises(AssertionError, match="6 users before and 1 after"):
        flips_between(before, after)
