"""Rules in English say exactly what is judged, and what was seen is told from what was not."""

import pytest
from packs_by_hand import ADMIN, CAPABLE, METHODS, MFA, NAME, NO_ROW, PREFERRED, ROLES, STATE, TYPE, pack, rule

from mfaaudit.findings import in_words, observed
from mfaaudit.findings.examples import frame
from mfaaudit.findings.operators import OPERATORS, Takes
from mfaaudit.sources.field import NONE, Scope
from mfaaudit.sources.registration_details import METHODS as CLASSIFIED
from mfaaudit.vocabulary import FIELDS

FEW, MANY = ["email", "sms"], list(CLASSIFIED[:9])


def words(require, **parts):
    one = pack(rule(require, **parts), lists={"few": FEW, "many": MANY})
    return in_words(one.rules[0])


@pytest.mark.parametrize(
    ("require", "said"),
    [
        ({MFA: True}, f"{MFA} is true"),
        ({STATE: {"ne": "disabled"}}, f"{STATE} is not disabled"),
        ({STATE: {"in": ["enabled", "enforced"]}}, f"{STATE} is enabled or enforced"),
        ({PREFERRED: {"not_in": ["sms"]}}, f"{PREFERRED} is none of sms"),
        ({NAME: ""}, f'{NAME} is ""'),
        ({METHODS: {"contains_none": FEW}}, f"{METHODS} contains none of email and sms"),
        (
            {METHODS: {"count_excluding": {"of": FEW, "gte": 2}}},
            f"{METHODS} holds at least 2, not counting email and sms",
        ),
        ({METHODS: {"count": {"eq": 0}}}, f"{METHODS} holds exactly 0"),
        # A short shared list is spelled out; a long one goes by its name.
        ({METHODS: {"contains_any": "$few"}}, f"{METHODS} contains email or sms"),
        ({METHODS: {"contains_any": "$many"}}, f"{METHODS} contains any of the 9 values of $many"),
        ({METHODS: {"contains_none": "$many"}}, f"{METHODS} contains none of the 9 values of $many"),
        ({METHODS: {"contains_all": "$many"}}, f"{METHODS} contains the 9 values of $many"),
    ],
)
def test_a_single_test(require, said):
    assert words(require) == f"Requires that {said}."


def test_whoever_the_rule_is_about_comes_first():
    assert words({MFA: True}, population={TYPE: "Member"}, applies_to={ADMIN: True}) == (
        f"For every user where {TYPE} is Member and {ADMIN} is true, requires that {MFA} is true."
    )


@pytest.mark.parametrize(
    ("denied", "said"),
    [
        ({MFA: True}, f"{MFA} is not true"),
        ({TYPE: {"ne": "Guest"}}, f"{TYPE} is Guest"),
        ({STATE: {"in": ["enabled", "enforced"]}}, f"{STATE} is none of enabled and enforced"),
        ({METHODS: {"empty": True}}, f"{METHODS} is not empty"),
        ({METHODS: {"contains_none": FEW}}, f"{METHODS} contains email or sms"),
        ({METHODS: {"contains": "email"}}, f"it is not the case that {METHODS} contains email"),
        ({NAME: {"matches": "a*"}}, f"it is not the case that {NAME} matches a*"),
    ],
)
def test_what_is_denied(denied, said):
    assert words({"not": denied}) == f"Requires that {said}."


@pytest.mark.parametrize(
    ("meaning", "said"),
    [
        ("pass", f"{STATE} is enabled and ({METHODS} contains email, or is empty)"),
        ("fail", f"{STATE} is enabled and ({METHODS} contains email, and is not empty)"),
        ("not_evaluated", f"{STATE} is enabled and {METHODS} contains email (not judged where it is empty)"),
    ],
)
def test_what_an_empty_value_means(meaning, said):
    said = {
        "pass": said.replace(f"{STATE} is enabled", f"({STATE} is enabled, or is empty)"),
        "fail": said.replace(f"{STATE} is enabled", f"({STATE} is enabled, and is not empty)"),
        "not_evaluated": said.replace("is enabled", "is enabled (not judged where it is empty)"),
    }[meaning]

    assert words({STATE: "enabled", METHODS: {"contains": "email"}}, null_means=meaning) == f"Requires that {said}."


def test_what_an_empty_value_means_is_turned_round_where_it_is_denied():
    assert (
        words({"not": {STATE: "enabled"}}, null_means="pass") == f"Requires that {STATE} is not enabled, or is empty."
    )
    assert (
        words({"not": {"all_of": [{STATE: "enabled"}, {MFA: True}]}}, null_means="pass")
        == f"Requires that it is not the case that (({STATE} is enabled, and is not empty) and {MFA} is true)."
    )


def test_everything_that_a_rule_says_beside_what_it_requires():
    one = pack(
        rule(
            {MFA: True},
            posture="per-user",
            preconditions=[{"tenant.securityDefaults.isEnabled": False}, {"derived.isPerUserMfaInUse": True}],
            severity_when=[
                {"if": {ADMIN: True}, "severity": "critical"},
                {"if": {TYPE: "Guest"}, "severity": "low"},
            ],
            blocked_by=["R-2", "R-3"],
            waivable=False,
        ),
        rule({MFA: True}, id="R-2", blocked_by=["R-3"]),
        rule({MFA: True}, id="R-3"),
    )

    assert in_words(one.rules[0]) == (
        f"Requires that {MFA} is true. Applies only if tenant.securityDefaults.isEnabled is false and "
        "derived.isPerUserMfaInUse is true. Applies only to tenants in the posture per-user. A failure is critical "
        f"where {ADMIN} is true, else low where {TYPE} is Guest, else high. What to do about a failure waits until "
        "R-2 and R-3 pass. No exception can waive a failure."
    )
    assert in_words(one.rules[1]).endswith("What to do about a failure waits until R-3 passes.")


def test_a_rule_about_the_tenant_says_when_it_applies():
    said = words(
        {"tenant.securityDefaults.isEnabled": True}, scope="tenant", applies_to={"derived.isPerUserMfaInUse": True}
    )

    assert said == "Where derived.isPerUserMfaInUse is true, requires that tenant.securityDefaults.isEnabled is true."


def test_conditions_that_differ_read_differently():
    one, other, third = {MFA: True}, {CAPABLE: True}, {ADMIN: True}
    same = [
        {"not": {"all_of": [one, other]}},
        {"all_of": [{"not": one}, other]},
        {"not": {"any_of": [one, other]}},
        {"any_of": [{"not": one}, other]},
        {"any_of": [one, {"all_of": [other, third]}]},
        {"all_of": [{"any_of": [one, other]}, third]},
        {"all_of": [one, {"any_of": [other, third]}]},
        {"any_of": [{"all_of": [one, other]}, third]},
        {"any_of": [one, other, third]},
        {"all_of": [one, other, third]},
    ]

    assert len({words(condition) for condition in same}) == len(same)
    assert words(same[0]) == f"Requires that it is not the case that ({MFA} is true and {CAPABLE} is true)."
    assert words(same[4]) == f"Requires that {MFA} is true or ({CAPABLE} is true and {ADMIN} is true)."


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ({"percent": {"gte": 99}}, "at least 99 %"),
        ({"percent": {"lt": 5}}, "less than 5 %"),
        ({"count": {"between": [2, 4]}}, "between 2 and 4"),
        ({"count": {"eq": 0}}, "exactly 0"),
    ],
)
def test_a_number_over_users(bound, said):
    number = {"scope": "tenant", "aggregate": {"count": {CAPABLE: True}, "over": {TYPE: "Member"}}}

    assert words(bound, **number) == f"Of the users where {TYPE} is Member, {said} meet this: {CAPABLE} is true."


def test_a_number_over_everybody():
    number = {"scope": "tenant", "aggregate": {"count": {CAPABLE: True}, "over": "population"}}

    assert words({"count": {"gte": 1}}, **number) == f"Of all users, at least 1 meet this: {CAPABLE} is true."


OPERANDS = {
    Takes.VALUE: "x",
    Takes.VALUES: ("x", "y"),
    Takes.NUMBER: 3,
    Takes.RANGE: (2, 4),
    Takes.DAYS: 3,
    Takes.GLOB: "x",
    Takes.REGEX: "x",
    Takes.FIELD: FIELDS[MFA],
    Takes.TRUE: True,
    Takes.COUNT: ("gte", 2),
    Takes.COUNT_EXCLUDING: (("x",), "gte", 2),
}


def test_no_two_operators_read_alike():
    said = {one.words(OPERANDS[one.takes]) for one in OPERATORS.values()}

    assert len(said) == len(OPERATORS)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (MFA, True, "true"),
        (MFA, False, "false"),
        (STATE, "enabled", "enabled"),
        (PREFERRED, NONE, "none"),
        (NAME, "", '""'),
        (METHODS, (), "[]"),
        (METHODS, ("sms", "email"), "sms, email"),
        (ROLES, NO_ROW, "NOT READ (NO_ROW)"),
    ],
)
def test_what_was_seen(field, value, said):
    asked = {MFA: True, STATE: "enabled", PREFERRED: "push", NAME: "x"}.get(field, {"not_empty": True})
    one = pack(rule({field: asked})).rules[0]

    assert observed(one, frame([{field: value}], Scope.USER).row(0, named=True)) == f"{field} = {said}"


def test_what_was_seen_of_several_fields_once_each_and_not_of_whom_it_is_about():
    asked = {"any_of": [{MFA: True}, {"all_of": [{CAPABLE: True}, {MFA: False}]}]}
    one = pack(rule(asked, applies_to={ADMIN: True})).rules[0]

    seen = observed(one, frame([{MFA: False, CAPABLE: NO_ROW, ADMIN: True}], Scope.USER).row(0, named=True))
    assert seen == f"{MFA} = false; {CAPABLE} = NOT READ (NO_ROW)"
