"""Every user gets one verdict under every rule, and what is not known is said to be so, with the reason."""

import random
from collections import Counter

import pytest
from depth import examples
from hypothesis import given
from hypothesis import strategies as st
from packs_by_hand import (
    ADMIN,
    CAPABLE,
    DEFAULTS,
    ENABLED,
    METHODS,
    MFA,
    NO_ROW,
    POLICIES,
    ROLES,
    STATE,
    THROTTLED,
    TYPE,
    judged,
    pack,
    rule,
    verdicts,
)

from mfaaudit.findings import judge, load_packs
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.findings.results import by_verdict
from mfaaudit.sources.field import NONE, Scope
from mfaaudit.words import Reason, Unknown, Verdict

PEOPLE = {ENABLED: True, TYPE: {"ne": "Guest"}}
SHIPPED = load_packs(["baseline", "legacy-per-user-mfa"])
SOME = {
    ENABLED: (True, True, False),
    TYPE: ("Member", "Guest", NONE),
    STATE: ("disabled", "enabled", "enforced"),
    MFA: (True, False),
    CAPABLE: (True, False),
    ADMIN: (True, False),
    METHODS: ((), ("mobilePhone",), ("fido2SecurityKey", "methodOfTheFuture")),
    ROLES: ((), ("62e90394-69f5-4237-9190-012177145e10",)),
}


def people(dice, size, unread):
    """Users of whom the given share of the values was not read."""
    reasons = [Unknown(reason) for reason in Reason]
    return [
        {name: dice.choice(reasons) if dice.random() < unread else dice.choice(values) for name, values in SOME.items()}
        for _ in range(size)
    ]


@pytest.mark.parametrize("defaults", [True, False, NO_ROW], ids=["on", "off", "not read"])
@pytest.mark.parametrize(("size", "unread"), [(0, 0), (1, 1), (250, 0), (250, 0.3), (250, 1)])
def test_the_counts_of_every_shipped_rule_add_up(size, unread, defaults):
    users = people(random.Random(size), size, unread)
    findings = judge(
        SHIPPED, users=frame(users, Scope.USER), tenant=frame([{DEFAULTS: defaults}], Scope.TENANT), now=NOW
    )

    assert findings.user_count == size
    assert [one.rule.id for one in findings.results] == [rule.id for pack in SHIPPED for rule in pack.rules]
    for one in findings.results:
        about = size if one.rule.scope is Scope.USER else 1
        assert one.counts.total == one.frame.height == about
        assert one.counts.waived == one.counts.error == 0
        assert Counter(one.frame["verdict"].to_list()) == {v: n for v, n in by_verdict(one.counts).items() if n}
        # A reason stands where the verdict is open, and nowhere else.
        assert [v == "NOT_EVALUATED" for v in one.frame["verdict"]] == [r is not None for r in one.frame["reason"]]


@examples(8)
@given(st.integers(0, 10**6))
def test_a_verdict_on_partial_knowledge_stands_whatever_the_rest_turns_out_to_be(seed):
    dice = random.Random(seed)
    known = people(dice, 300, 0)
    partly = [{name: value if dice.random() < 0.6 else THROTTLED for name, value in one.items()} for one in known]

    for one in SHIPPED:
        tenant = {DEFAULTS: False, POLICIES: ()}
        for full, part in zip(judged(one, known, tenant).results, judged(one, partly, tenant).results, strict=True):
            pairs = zip(full.frame["verdict"], part.frame["verdict"], strict=True)
            assert all(after in ("NOT_EVALUATED", before) for before, after in pairs), full.rule.id


def test_nothing_read_is_nothing_judged():
    for one in SHIPPED:
        for result in judged(one, [{}, {}]).results:
            assert result.status is Verdict.NOT_EVALUATED
            assert set(result.frame["verdict"]) == {"NOT_EVALUATED"}


def test_population_and_applies_to_leave_users_out():
    one = pack(rule({CAPABLE: True}, applies_to={MFA: True}), population=PEOPLE)
    member = {ENABLED: True, TYPE: "Member", MFA: True}
    users = [
        member | {CAPABLE: True},
        member | {CAPABLE: False},
        member | {CAPABLE: NO_ROW},
        member | {MFA: False, CAPABLE: NO_ROW},
        # A guest is out whatever else is unknown.
        {ENABLED: THROTTLED, TYPE: "Guest", MFA: NO_ROW, CAPABLE: NO_ROW},
        # Who may be a guest is not passed by, nor judged as a member.
        member | {TYPE: THROTTLED, CAPABLE: True},
        member | {TYPE: THROTTLED, CAPABLE: False},
    ]

    assert verdicts(one, users) == [
        ("PASS", None),
        ("FAIL", None),
        ("NOT_EVALUATED", "NO_ROW"),
        ("NOT_APPLICABLE", None),
        ("NOT_APPLICABLE", None),
        ("NOT_EVALUATED", "THROTTLED"),
        ("NOT_EVALUATED", "THROTTLED"),
    ]


def test_a_rule_with_a_population_of_its_own_does_not_take_the_packs():
    one = pack(rule({CAPABLE: True}, population={TYPE: "Guest"}), population=PEOPLE)

    assert verdicts(one, [{TYPE: "Guest", ENABLED: False, CAPABLE: False}]) == [("FAIL", None)]


@pytest.mark.parametrize(
    ("require", "reason"),
    [
        ({STATE: "enforced", CAPABLE: True}, "THROTTLED"),
        ({CAPABLE: True, STATE: "enforced"}, "NO_ROW"),
        # What is read decides nothing here, so it is no reason; nor is a gap that has been decided without it.
        ({"any_of": [{ENABLED: False}, {STATE: "enforced"}]}, "THROTTLED"),
        ({"all_of": [{"any_of": [{CAPABLE: True}, {ENABLED: True}]}, {STATE: "enforced"}]}, "THROTTLED"),
        ({"not": {"not": {CAPABLE: True}}}, "NO_ROW"),
        ({METHODS: {"contains_any": ["fido2SecurityKey"]}}, "UNKNOWN_VALUE"),
        ({METHODS: {"contains_any": ["fido2SecurityKey"]}, STATE: "enforced"}, "UNKNOWN_VALUE"),
    ],
)
def test_the_reason_is_that_of_the_first_value_that_leaves_it_open(require, reason):
    user = {STATE: THROTTLED, CAPABLE: NO_ROW, ENABLED: True, METHODS: ("methodOfTheFuture",)}

    assert verdicts(pack(rule(require)), [user]) == [("NOT_EVALUATED", reason)]


def test_the_reason_for_an_open_scope_comes_before_that_of_the_requirement():
    one = pack(rule({CAPABLE: True}), population={STATE: "enabled"})

    assert verdicts(one, [{STATE: THROTTLED, CAPABLE: NO_ROW}]) == [("NOT_EVALUATED", "THROTTLED")]


GATED = pack(rule({CAPABLE: True}), population=PEOPLE, preconditions=[{DEFAULTS: False}, {POLICIES: {"empty": True}}])
MEMBER, GUEST = {ENABLED: True, TYPE: "Member", CAPABLE: True}, {ENABLED: True, TYPE: "Guest", CAPABLE: True}


@pytest.mark.parametrize(
    ("tenant", "member", "guest"),
    [
        ({DEFAULTS: False, POLICIES: ()}, ("PASS", None), ("NOT_APPLICABLE", None)),
        ({DEFAULTS: True, POLICIES: ()}, ("NOT_APPLICABLE", None), ("NOT_APPLICABLE", None)),
        ({DEFAULTS: False, POLICIES: ("MFA",)}, ("NOT_APPLICABLE", None), ("NOT_APPLICABLE", None)),
        # One precondition that does not hold is enough; what was not read is not needed any more.
        ({DEFAULTS: True, POLICIES: THROTTLED}, ("NOT_APPLICABLE", None), ("NOT_APPLICABLE", None)),
        ({DEFAULTS: False, POLICIES: THROTTLED}, ("NOT_EVALUATED", "THROTTLED"), ("NOT_APPLICABLE", None)),
        ({DEFAULTS: NO_ROW, POLICIES: THROTTLED}, ("NOT_EVALUATED", "NO_ROW"), ("NOT_APPLICABLE", None)),
    ],
)
def test_preconditions_of_a_pack(tenant, member, guest):
    assert verdicts(GATED, [MEMBER, GUEST], tenant) == [member, guest]


@pytest.mark.parametrize(
    ("tenant", "verdict", "reason"),
    [
        ({DEFAULTS: True}, "PASS", None),
        ({DEFAULTS: False, POLICIES: ("MFA for all",)}, "PASS", None),
        ({DEFAULTS: False, POLICIES: ()}, "FAIL", None),
        ({DEFAULTS: False, POLICIES: THROTTLED}, "NOT_EVALUATED", "THROTTLED"),
    ],
)
def test_a_rule_about_the_tenant_has_one_verdict_and_says_what_it_saw(tenant, verdict, reason):
    asks = {"any_of": [{DEFAULTS: True}, {POLICIES: {"not_empty": True}}]}
    result = judged(pack(rule(asks, scope="tenant")), [MEMBER, GUEST], tenant).results[0]

    assert list(result.frame.iter_rows()) == [(None, verdict, reason)]
    assert result.status == verdict
    assert result.observed.startswith(f"{DEFAULTS} = {'true' if tenant[DEFAULTS] else 'false'}; {POLICIES} = ")


def test_a_rule_about_the_tenant_may_be_about_some_tenants_only():
    one = pack(rule({POLICIES: {"not_empty": True}}, scope="tenant", applies_to={DEFAULTS: False}))

    assert verdicts(one, [], {DEFAULTS: True, POLICIES: ()}) == [("NOT_APPLICABLE", None)]
    assert verdicts(one, [], {DEFAULTS: False, POLICIES: ()}) == [("FAIL", None)]
    assert verdicts(one, [], {DEFAULTS: NO_ROW, POLICIES: ()}) == [("NOT_EVALUATED", "NO_ROW")]


def test_ages_are_measured_from_the_start_of_the_run_and_not_from_the_clock():
    one = pack(rule({"user.createdDateTime": {"older_than_days": 30}}))
    users, tenant = frame([{"user.createdDateTime": NOW}], Scope.USER), frame([{}], Scope.TENANT)

    assert judge([one], users=users, tenant=tenant, now=NOW).results[0].counts.fail == 1
    later = NOW.replace(year=NOW.year + 1)
    assert judge([one], users=users, tenant=tenant, now=later).results[0].counts.pass_ == 1


def test_the_worst_verdict_speaks_for_a_rule_and_for_a_user():
    rules = [rule({CAPABLE: True}), rule({MFA: True}, id="R-2"), rule({DEFAULTS: True}, id="R-3", scope="tenant")]
    users = [
        {ENABLED: True, CAPABLE: True, MFA: True},
        {ENABLED: True, CAPABLE: True, MFA: NO_ROW},
        {ENABLED: True, CAPABLE: NO_ROW, MFA: False},
        {ENABLED: False, CAPABLE: False, MFA: False},
    ]
    findings = judged(pack(*rules, population={ENABLED: True}), users, {DEFAULTS: False})

    assert [one.status for one in findings.results] == [Verdict.NOT_EVALUATED, Verdict.FAIL, Verdict.FAIL]
    ids = findings.results[0].frame["user_id"]
    assert dict(zip(ids, findings.worst_of_users(), strict=True)) == {
        "user-0": Verdict.PASS,
        "user-1": Verdict.NOT_EVALUATED,
        "user-2": Verdict.FAIL,
        "user-3": Verdict.NOT_APPLICABLE,
    }
    # A user counts once, under however many rules; the tenant's verdict is nobody's.
    assert {verdict: findings.users_with(verdict) for verdict in Verdict} == {
        Verdict.PASS: 2,
        Verdict.FAIL: 1,
        Verdict.NOT_EVALUATED: 2,
        Verdict.NOT_APPLICABLE: 1,
        Verdict.WAIVED: 0,
        Verdict.ERROR: 0,
    }


def test_a_rule_for_nobody_is_not_applicable():
    findings = judged(pack(rule({CAPABLE: True})), [])

    assert findings.results[0].status is Verdict.NOT_APPLICABLE
    assert (findings.user_count, findings.results[0].counts.total) == (0, 0)


def test_a_user_about_whom_no_rule_speaks_is_not_applicable():
    findings = judged(pack(rule({DEFAULTS: True}, scope="tenant")), [{ENABLED: True}, {}], {DEFAULTS: False})

    assert findings.worst_of_users().to_list() == ["NOT_APPLICABLE", "NOT_APPLICABLE"]
    assert findings.users_with(Verdict.FAIL) == 0
