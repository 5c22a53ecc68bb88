"""The words for what would change a verdict, case by case, and the gate of the tenant."""

import pytest
from packs_by_hand import (
    ADMIN,
    CAPABLE,
    DEFAULTS,
    ENABLED,
    METHODS,
    MFA,
    NO_ROW,
    ROLES,
    STATE,
    THROTTLED,
    TYPE,
    pack,
    rule,
)

from mfaaudit.findings import Circumstances
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.findings.outlook import outlook_of
from mfaaudit.findings.outlook_words import gate_in_words, prospects_in_words
from mfaaudit.findings.would_change import Seen
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Verdict

PASS, FAIL, WAIVED, OPEN, OUT = (
    Verdict.PASS,
    Verdict.FAIL,
    Verdict.WAIVED,
    Verdict.NOT_EVALUATED,
    Verdict.NOT_APPLICABLE,
)


def outlook(user, require, *, tenant=None, exception="", posture="mixed", posture_of_pack="any", **parts):
    one = pack(rule(require, **parts), pack={"id": "by-hand", "version": "1", "title": "T", "posture": posture_of_pack})
    seen = Seen(frame([user], Scope.USER), NOW)
    of_tenant = Seen(frame([tenant or {}], Scope.TENANT), NOW)
    return outlook_of(one.rules[0], seen, of_tenant, Circumstances(posture=posture), exception)


def said(*arguments, **parts):
    return list(prospects_in_words(outlook(*arguments, **parts)))


MEMBERS = {"applies_to": {ENABLED: True, TYPE: {"ne": "Guest"}}}
MEMBER = {ENABLED: True, TYPE: "Member"}


def test_a_failure_says_what_would_cure_it_and_apart_what_would_take_the_user_out():
    assert said(MEMBER | {STATE: "disabled"}, {STATE: {"in": ["enabled", "enforced"]}}, **MEMBERS) == [
        "It would pass if requirements.perUserMfaState is not disabled.",
        f"It would not apply to the user if {ENABLED} is false, or if {TYPE} is Guest.",
    ]


def test_alternatives_and_what_belongs_together():
    require = {"any_of": [{STATE: "enforced"}, {MFA: True, CAPABLE: True}]}
    assert said({STATE: "disabled", MFA: False, CAPABLE: False}, require) == [
        f"It would pass if {STATE} is enforced, or if {MFA} is true and {CAPABLE} is true."
    ]
    # What holds already is not asked for again.
    assert said({STATE: "disabled", MFA: True, CAPABLE: False}, require) == [
        f"It would pass if {STATE} is enforced, or if {CAPABLE} is true."
    ]


def test_values_of_one_field_are_said_together():
    require = {"any_of": [{STATE: "enforced"}, {"not": {STATE: {"in": ["disabled", "enforced"]}}}]}
    assert said({STATE: "disabled"}, require) == [f"It would pass if {STATE} is not disabled."]


def test_a_pass_says_on_what_it_hangs():
    require = {"any_of": [{STATE: "enforced"}, {MFA: True}]}
    assert said({STATE: "enforced", MFA: True}, require) == [
        f"It would fail if {STATE} is not enforced and {MFA} is false."
    ]


def test_what_contradicts_itself_is_no_way():
    require = {"any_of": [{"all_of": [{STATE: "enabled"}, {STATE: "enforced"}]}, {MFA: True}]}
    assert said({STATE: "disabled", MFA: False}, require) == [f"It would pass if {MFA} is true."]
    assert said({ROLES: ()}, {"all_of": [{ROLES: {"count": {"gte": 2}}}, {ROLES: {"empty": True}}]}) == []


def test_a_list_says_what_has_to_stay():
    require = {METHODS: {"contains_none": ["sms"]}}
    assert said({METHODS: ("sms", "email")}, require, applies_to={METHODS: {"contains": "email"}}) == [
        f"It would pass if {METHODS} contains none of sms and still {METHODS} contains email.",
        f"It would not apply to the user if it is not the case that {METHODS} contains email.",
    ]


def test_an_open_verdict_says_what_it_may_turn_out_to_be():
    found = outlook(MEMBER | {MFA: NO_ROW}, {MFA: True}, **MEMBERS)
    assert [(gap.field.name, gap.reason, gap.was_read) for gap in found.gaps] == [(MFA, Reason.NO_ROW, False)]
    assert list(prospects_in_words(found)) == [
        "As far as is known, it can pass or fail.",
        f"It turns out to pass if {MFA} is true.",
        f"It turns out to fail if {MFA} is false.",
    ]


def test_an_open_verdict_of_which_one_end_is_known():
    assert said({MFA: False, ENABLED: THROTTLED}, {MFA: True}, applies_to={ENABLED: True}) == [
        "As far as is known, it can fail or not apply.",
        f"It turns out to fail if {ENABLED} is true.",
        f"It turns out not to apply to the user if {ENABLED} is false.",
    ]
    assert said({MFA: NO_ROW}, {"any_of": [{MFA: True}, {MFA: False}]}) == [
        "It can only pass.",
        f"It turns out to pass if {MFA} has any value.",
    ]


def test_a_method_that_nobody_has_classified_is_read_and_yet_open():
    found = outlook({METHODS: ("methodOfTheFuture",)}, {METHODS: {"contains_any": ["sms"]}})
    assert [(gap.field.name, gap.was_read) for gap in found.gaps] == [(METHODS, True)]
    assert set(found.becomes) == {PASS, FAIL}


def test_an_exception_makes_a_failure_a_waiver_also_one_to_come():
    assert outlook({MFA: False}, {MFA: True}, exception="E-1").verdict is WAIVED
    assert said({MFA: True}, {MFA: True}, exception="E-1") == [f"It would fail, and be waived, if {MFA} is false."]
    assert outlook({MFA: False}, {MFA: True}, exception="E-1", waivable=False).verdict is FAIL


def test_who_is_not_looked_at_hears_what_would_change_that():
    assert said({ADMIN: False, MFA: False}, {MFA: True}, applies_to={ADMIN: True}) == [
        f"It would pass if {ADMIN} is true and {MFA} is true.",
        f"It would fail if {ADMIN} is true.",
    ]


@pytest.mark.parametrize(
    ("defaults", "verdict", "words"),
    [
        (False, FAIL, f"It would not apply to the tenant any more if {DEFAULTS} is true."),
        (True, OUT, f"It applies only if {DEFAULTS} is false."),
        (THROTTLED, OPEN, f"It applies only if {DEFAULTS} is false, and that is open."),
    ],
)
def test_the_tenant_decides_whether_it_applies(defaults, verdict, words):
    found = outlook({MFA: False}, {MFA: True}, tenant={DEFAULTS: defaults}, preconditions=[{DEFAULTS: False}])
    assert (found.verdict, found.of_user) == (verdict, FAIL)
    assert list(gate_in_words(found)) == [words]
    assert [gap.reason for gap in found.tenant_gaps] == ([Reason.THROTTLED] if verdict is OPEN else [])


def test_the_posture_decides_whether_it_applies():
    other = outlook({MFA: True}, {MFA: True}, posture="per-user", posture_of_pack="conditional-access")
    assert (other.verdict, other.of_user) == (OUT, PASS)
    assert list(gate_in_words(other)) == [
        "It is asked only of tenants in the posture conditional-access, and this one is in another."
    ]
    unknown = outlook({MFA: True}, {MFA: True}, posture=None, posture_of_pack="conditional-access")
    assert unknown.verdict is OPEN
    assert list(gate_in_words(unknown)) == [
        "It is asked only of tenants in the posture conditional-access; in which one this is, is not known."
    ]


def test_more_ways_than_a_sentence_holds_are_counted():
    require = {"any_of": [{"all_of": [{ROLES: {"contains": one}}]} for one in "abcdefgh"]}
    (words,) = said({ROLES: ()}, require)
    assert words.endswith("or in 3 other ways.")


def test_a_rule_of_many_parts_is_not_followed_to_the_end():
    parts = [{"any_of": [{ROLES: {"contains": f"{n}{one}"}} for one in "abcdef"]} for n in range(8)]
    (words,) = said({ROLES: ()}, {"all_of": parts})
    assert "at least" in words
