"""Two rules have one fingerprint if they ask the same, whatever words they say it in."""

import json

import pytest

from mfaaudit.earlier import fingerprint
from mfaaudit.findings import load_pack, shipped_packs
from mfaaudit.findings.read_pack import read_pack

MFA, CAPABLE, METHODS = "registration.isMfaRegistered", "registration.isMfaCapable", "registration.methodsRegistered"
TYPE, STATE, AGE = "user.userType", "requirements.perUserMfaState", "user.createdDateTime"
PLAIN = {
    "id": "R-1",
    "title": "Title",
    "rationale": "A reason.",
    "severity": "high",
    "remediation": "A cure.",
    "applies_to": {"user.accountEnabled": True},
    "require": {"any_of": [{MFA: True}, {CAPABLE: True}]},
    "preconditions": [{"tenant.securityDefaults.isEnabled": False}],
}
OVER = {"count": {MFA: True}, "over": {"user.accountEnabled": True}}
AGGREGATE = {key: one for key, one in PLAIN.items() if key != "applies_to"} | {
    "scope": "tenant",
    "aggregate": OVER,
    "require": {"percent": {"gte": 99}},
}


def of(rule, *, name="mine", version="1.0.0", **parts):
    """The fingerprint of the first rule of a pack."""
    others = [PLAIN | {"id": one} for one in rule.get("blocked_by", ())]
    about = {"id": name, "version": version, "title": "Pack"}
    text = json.dumps({"pack": about, "rules": [rule, *others]} | parts)
    return fingerprint(read_pack(text, f"{name}.yaml").rules[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another"},
        {"rationale": "Another."},
        {"remediation": "Another."},
        {"severity": "low"},
        {"severity_when": [{"if": {CAPABLE: False}, "severity": "critical"}]},
        {"references": ["CIS 1"]},
        {"waivable": False},
        {"blocked_by": ["R-2"]},
        {"require": {"any_of": [{CAPABLE: True}, {MFA: True}]}},
        {"require": {"any_of": [{MFA: True}, {"any_of": [{MFA: True}, {CAPABLE: True}]}]}},
        {"applies_to": {"all_of": [{"user.accountEnabled": True}]}},
    ],
)
def test_other_words_and_another_order_ask_the_same(changes):
    assert of(PLAIN | changes) == of(PLAIN)


@pytest.mark.parametrize(
    "changes",
    [
        {"require": {MFA: True}},
        {"require": {"all_of": [{MFA: True}, {CAPABLE: True}]}},
        {"require": {"any_of": [{MFA: True}, {CAPABLE: False}]}},
        {"require": {"not": {"any_of": [{MFA: True}, {CAPABLE: True}]}}},
        {"applies_to": {"user.accountEnabled": False}},
        {"preconditions": [{"tenant.securityDefaults.isEnabled": True}]},
        {"posture": "per-user"},
    ],
)
def test_another_question_has_another(changes):
    assert of(PLAIN | changes) != of(PLAIN)


@pytest.mark.parametrize("key", ["applies_to", "preconditions"])
def test_a_condition_that_is_gone_has_another(key):
    assert of({name: one for name, one in PLAIN.items() if name != key}) != of(PLAIN)


@pytest.mark.parametrize(
    "changes",
    [
        {"aggregate": OVER | {"count": {CAPABLE: True}}},
        {"aggregate": OVER | {"over": {"user.accountEnabled": False}}},
        {"require": {"percent": {"gte": 98}}},
        {"require": {"percent": {"gt": 99}}},
        {"require": {"count": {"gte": 99}}},
        {"min_coverage_percent": 50},
    ],
)
def test_another_number_or_another_bound_has_another(changes):
    assert of(AGGREGATE | changes) != of(AGGREGATE)


def test_the_pack_and_its_version_have_no_say_but_its_population_has():
    assert of(PLAIN, name="other", version="9.0.0") == of(PLAIN)
    assert of(PLAIN, population={TYPE: "Member"}) != of(PLAIN)
    narrowed = PLAIN | {"applies_to": {"all_of": [{TYPE: "Member"}, {"user.accountEnabled": True}]}}
    assert of(PLAIN, population={TYPE: "Member"}) == of(narrowed), "it is about the same users"


def test_the_order_of_a_list_has_no_say_and_its_name_has_none():
    one, other = {STATE: {"in": ["enabled", "enforced"]}}, {STATE: {"in": ["enforced", "enabled"]}}
    named = {STATE: {"in": "$ours"}}
    lists = {"ours": ["enforced", "enabled"]}

    assert of(PLAIN | {"require": one}) == of(PLAIN | {"require": other})
    assert of(PLAIN | {"require": named}, lists=lists) == of(PLAIN | {"require": one})
    assert of(PLAIN | {"require": named}, lists={"ours": ["enforced"]}) != of(PLAIN | {"require": one})
    assert of(PLAIN | {"require": {STATE: {"not_in": ["enabled", "enforced"]}}}) != of(PLAIN | {"require": one})


def test_other_operands_have_another():
    assert of(PLAIN | {"require": {AGE: {"older_than_days": 7}}}) != of(
        PLAIN | {"require": {AGE: {"older_than_days": 8}}}
    )
    counted = {METHODS: {"count_excluding": {"of": ["email", "mobilePhone"], "gte": 2}}}
    turned = {METHODS: {"count_excluding": {"of": ["mobilePhone", "email"], "gte": 2}}}
    more = {METHODS: {"count_excluding": {"of": ["email", "mobilePhone"], "gte": 3}}}
    assert of(PLAIN | {"require": counted}) == of(PLAIN | {"require": turned}) != of(PLAIN | {"require": more})


def test_what_an_empty_value_means_has_a_say():
    asked = PLAIN | {
        "require": {"signInPreferences.userPreferredMethodForSecondaryAuthentication": {"not_in": ["sms"]}}
    }

    assert len({of(asked), of(asked | {"null_means": "pass"}), of(asked | {"null_means": "fail"})}) == 3


def test_no_two_shipped_rules_are_taken_for_each_other_unless_they_ask_the_same():
    rules = {rule.id: rule for name in shipped_packs() for rule in load_pack(name).rules}
    found = {}
    for rule in rules.values():
        found.setdefault(fingerprint(rule), []).append(rule)
    for alike in found.values():
        assert len({(str(one.require), str(one.looks_at), str(one.aggregate)) for one in alike}) == 1
    assert len(found) > len(rules) / 2
