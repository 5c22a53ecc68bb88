"""Whose per-user state may go: each case, what is not known, and that nobody is counted twice or not at all."""

from itertools import product

import pytest

from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.findings.examples import frame
from mfaaudit.findings.retirement import Group, by_group, by_state, is_ready, users_in, worklist
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Unknown

FIELDS = {
    "requirements.perUserMfaState": ("disabled", "enabled", "enforced"),
    "user.accountEnabled": (True, False),
    "derived.enforcedBy": tuple(one.value for one in Enforcer),
    "registration.isMfaRegistered": (True, False),
}
COLUMNS = {name: name.replace(".", "_") for name in FIELDS}
SAFE = {
    "requirements.perUserMfaState": "enforced",
    "user.accountEnabled": True,
    "derived.enforcedBy": "conditionalAccessAllResources",
    "registration.isMfaRegistered": True,
}
STATE, ENABLED, ANSWER, REGISTERED = FIELDS
LOST = Unknown(Reason.SERVER_ERROR)


def tenant(defaults=False, policies=("All users",)):
    given = {"tenant.securityDefaults.isEnabled": defaults, "derived.allUsersMfaPolicies": policies}
    return frame([given], Scope.TENANT)


def listed(*users, of=None):
    return worklist(frame(users, Scope.USER), tenant() if of is None else of).rows()


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, "safeToDisable"),
        ({STATE: "enabled"}, "safeToDisable"),
        ({STATE: "disabled"}, None),
        ({ANSWER: "securityDefaults"}, "safeToDisable"),
        ({ANSWER: "perUserMfa"}, "notSafe"),
        ({ANSWER: "thirdParty"}, "notSafe"),
        ({ANSWER: "conditionalAccessSomeResources"}, "notSafe"),
        ({ANSWER: "conditionalAccessUnderConditions"}, "notSafe"),
        ({ANSWER: "excluded"}, "notSafe"),
        ({ANSWER: "reportOnly"}, "notSafe"),
        ({ANSWER: "none"}, "notSafe"),
        ({REGISTERED: False}, "notRegistered"),
        ({REGISTERED: False, STATE: "enabled"}, "notRegistered"),
        # Who must keep the state is not first told to register.
        ({REGISTERED: False, ANSWER: "perUserMfa"}, "notSafe"),
        ({ENABLED: False}, "disabledAccount"),
        ({ENABLED: False, ANSWER: LOST, REGISTERED: LOST}, "disabledAccount"),
        ({ENABLED: False, STATE: "disabled"}, None),
        # What is not known and changes nothing.
        ({STATE: "disabled", ENABLED: LOST, ANSWER: LOST, REGISTERED: LOST}, None),
        ({ANSWER: "perUserMfa", REGISTERED: LOST}, "notSafe"),
    ],
)
def test_the_group_of_each_case(other, expected):
    assert listed(SAFE | other) == [(expected, None, None)]


@pytest.mark.parametrize("missing", FIELDS)
def test_what_decides_and_is_not_known_is_named_with_its_reason(missing):
    assert listed(SAFE | {missing: LOST}) == [("notKnown", COLUMNS[missing], "SERVER_ERROR")]


def test_of_several_gaps_the_first_that_decides_is_named():
    unknown = {name: Unknown(reason) for name, reason in zip(FIELDS, Reason, strict=False)}

    for number, name in enumerate(FIELDS):
        left = {one: unknown[one] for one in list(FIELDS)[number:]}
        assert listed(SAFE | left) == [("notKnown", COLUMNS[name], unknown[name].reason.value)]


@pytest.mark.parametrize("policies", [("All users",), (), Unknown(Reason.NO_PERMISSION)])
@pytest.mark.parametrize("defaults", [True, False, Unknown(Reason.THROTTLED)])
def test_a_group_is_told_only_if_it_is_the_same_however_the_unknown_turns_out(defaults, policies):
    """Every user there can be: where values are not known, all that they may be are looked up."""
    of = tenant(defaults, policies)
    known = list(product(*FIELDS.values()))
    answers = {
        values: row[0]
        for values, row in zip(
            known, listed(*(dict(zip(FIELDS, one, strict=True)) for one in known), of=of), strict=True
        )
    }
    open_ones = list(product(*((*values, LOST) for values in FIELDS.values())))
    rows = listed(*(dict(zip(FIELDS, one, strict=True)) for one in open_ones), of=of)

    for values, (group, missing, reason) in zip(open_ones, rows, strict=True):
        possible = {
            answers[each]
            for each in product(
                *(FIELDS[name] if value is LOST else (value,) for name, value in zip(FIELDS, values, strict=True))
            )
        }
        assert group == (possible.pop() if len(possible) == 1 else "notKnown"), values
        assert (missing is None, reason is None) == ((group != "notKnown"),) * 2
    assert set(answers.values()) == {
        None,
        "notSafe",
        "notRegistered",
        "disabledAccount",
        "safeToDisable" if defaults is True or policies == ("All users",) else "notYet",
    }


@pytest.mark.parametrize(
    ("defaults", "policies", "expected"),
    [
        (True, (), True),
        (False, ("A",), True),
        (False, (), False),
        (True, Unknown(Reason.NO_LICENSE), True),
        (Unknown(Reason.NO_PERMISSION), ("A",), True),
        (False, Unknown(Reason.NO_LICENSE), Unknown(Reason.NO_LICENSE)),
        (Unknown(Reason.THROTTLED), (), Unknown(Reason.THROTTLED)),
        (Unknown(Reason.THROTTLED), Unknown(Reason.NO_LICENSE), Unknown(Reason.NO_LICENSE)),
    ],
)
def test_nobody_is_safe_until_it_is_proven_that_something_asks_everybody(defaults, policies, expected):
    of = tenant(defaults, policies)

    assert is_ready(of) == expected
    assert listed(SAFE, of=of) == [("safeToDisable" if expected is True else "notYet", None, None)]


def test_both_counts_add_up():
    users = frame(
        [dict(zip(FIELDS, one, strict=True)) for one in product(*((*values, LOST) for values in FIELDS.values()))],
        Scope.USER,
    )
    states = by_state(users)
    groups = by_group(worklist(users, tenant()))

    assert [one.state for one in states] == ["disabled", "enabled", "enforced", LOST]
    assert sum(one.users for one in states) == users.height
    for one in states:
        assert one.users == one.enabled + one.disabled + one.unclear == users.height // 4
        assert one.enabled == one.disabled == one.unclear
    assert sum(one.users for one in groups) == users.height * 3 // 4
    assert sum(users_in(groups, one) for one in Group) == users.height * 3 // 4
    assert users_in(groups, Group.NOT_YET) == 0
    assert users_in(groups, Group.SAFE) == 2 * 2
    assert users_in(groups, Group.NOT_REGISTERED) == 2 * 2
    assert users_in(groups, Group.NOT_SAFE) == 2 * 7 * 3
    assert users_in(groups, Group.DISABLED_ACCOUNT) == 2 * 10 * 3
    order = list(Group)
    assert [order.index(one.group) for one in groups] == sorted(order.index(one.group) for one in groups)


def test_a_state_that_nobody_has_is_told_and_a_reason_that_nobody_has_is_not():
    states = by_state(frame([SAFE, SAFE | {STATE: LOST, ENABLED: False}], Scope.USER))

    assert [(one.state, one.users, one.enabled, one.disabled) for one in states] == [
        ("disabled", 0, 0, 0),
        ("enabled", 0, 0, 0),
        ("enforced", 1, 1, 0),
        (LOST, 1, 0, 1),
    ]
    assert by_group(worklist(frame([], Scope.USER), tenant())) == ()
