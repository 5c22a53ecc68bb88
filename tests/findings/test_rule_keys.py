"""What the keys of a rule do to its verdicts: severities, empty values, blockers, postures, waivers, preconditions."""

import time

import polars as pl
import pytest
from packs_by_hand import (
    ADMIN,
    CAPABLE,
    DEFAULTS,
    METHODS,
    MFA,
    NAME,
    NO_ROW,
    PREFERRED,
    THROTTLED,
    judged,
    pack,
    rule,
    verdicts,
)
from soon import PATIENCE_S

from mfaaudit.errors import PolicyProblem
from mfaaudit.findings import Circumstances, judge
from mfaaudit.findings.examples import NOW, frame
from mfaaudit.findings.policy import Assessment
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Severity

IN_USE = "derived.isPerUserMfaInUse"


def told(one, users, tenant=None, **circumstances):
    return judge(
        [one],
        users=frame(users, Scope.USER),
        tenant=frame([tenant or {}], Scope.TENANT),
        now=NOW,
        circumstances=Circumstances(**circumstances),
    )


def test_the_first_severity_whose_condition_holds_counts():
    when = [{"if": {ADMIN: True}, "severity": "critical"}, {"if": {CAPABLE: False}, "severity": "low"}]
    one = pack(rule({MFA: True}, severity="medium", severity_when=when))
    users = [{MFA: False, ADMIN: admin, CAPABLE: capable} for admin in (True, False) for capable in (True, False)]
    result = judged(one, users).results[0]

    assert result.frame["severity"].to_list() == ["critical", "critical", "medium", "low"]
    assert result.failures == {Severity.CRITICAL: 2, Severity.MEDIUM: 1, Severity.LOW: 1}
    assert (result.fails_at(Severity.MEDIUM), result.fails_at(Severity.INFO)) == (3, 4)


def test_of_what_may_hold_the_worse_severity_counts():
    def severity(otherwise, when):
        one = pack(rule({MFA: True}, severity=otherwise, severity_when=[{"if": {ADMIN: True}, "severity": when}]))
        return judged(one, [{MFA: False, ADMIN: NO_ROW}]).results[0].frame["severity"][0]

    assert severity("low", "critical") == "critical"
    assert severity("high", "low") == "high"


def test_only_failures_are_counted_by_severity():
    one = pack(rule({MFA: True}, severity_when=[{"if": {ADMIN: True}, "severity": "critical"}]))

    assert judged(one, [{MFA: True, ADMIN: True}, {MFA: NO_ROW, ADMIN: True}]).results[0].failures == {}
    assert "severity" not in judged(pack(rule({MFA: True})), [{MFA: False}]).results[0].frame.columns


@pytest.mark.parametrize(
    ("meaning", "said"),
    [
        (None, ["PASS", "PASS", "PASS"]),
        ("pass", ["PASS", "PASS", "PASS"]),
        ("fail", ["FAIL", "FAIL", "FAIL"]),
        ("not_evaluated", ["NOT_EVALUATED"] * 3),
    ],
)
def test_an_empty_value_means_what_the_rule_says(meaning, said):
    parts = {} if meaning is None else {"null_means": meaning}
    empties = {NAME: "", PREFERRED: "none", METHODS: ()}
    requirements = {NAME: {"not_in": ["x"]}, PREFERRED: {"ne": "sms"}, METHODS: {"contains_none": ["sms"]}}

    found = [verdicts(pack(rule({name: requirements[name]}, **parts)), [{name: empties[name]}])[0] for name in empties]
    assert [verdict for verdict, _ in found] == said
    assert {reason for _, reason in found} == ({"UNKNOWN_VALUE"} if meaning == "not_evaluated" else {None})


@pytest.mark.parametrize("meaning", ["pass", "fail", "not_evaluated"])
def test_what_was_not_read_is_not_empty(meaning):
    one = pack(rule({METHODS: {"contains": "email"}}, null_means=meaning))

    assert verdicts(one, [{METHODS: THROTTLED}, {METHODS: ("email",)}, {METHODS: ("sms",)}]) == [
        ("NOT_EVALUATED", "THROTTLED"),
        ("PASS", None),
        ("FAIL", None),
    ]


def test_an_empty_value_says_nothing_of_whom_the_rule_is_about():
    one = pack(rule({MFA: True}, applies_to={METHODS: {"contains_none": ["sms"]}}, null_means="not_evaluated"))

    assert verdicts(one, [{METHODS: (), MFA: True}]) == [("PASS", None)]


def test_an_empty_value_speaks_for_its_own_test_only():
    asked = {"any_of": [{METHODS: {"contains": "email"}}, {MFA: True}]}
    users = [{METHODS: (), MFA: mfa} for mfa in (True, False)]

    assert [one for one, _ in verdicts(pack(rule(asked, null_means="fail")), users)] == ["PASS", "FAIL"]
    assert [one for one, _ in verdicts(pack(rule(asked, null_means="pass")), users)] == ["PASS", "PASS"]
    assert [one for one, _ in verdicts(pack(rule(asked, null_means="not_evaluated")), users)] == [
        "PASS",
        "NOT_EVALUATED",
    ]


def test_a_failure_is_blocked_until_every_blocker_passes():
    one = pack(
        rule({MFA: True}, blocked_by=["R-2", "R-3"]),
        rule({MFA: True}, id="R-2"),
        rule({CAPABLE: True}, id="R-3"),
        rule({ADMIN: True}, id="R-4"),
    )

    def blockers(**user):
        return judged(one, [{MFA: True, CAPABLE: True} | user]).results[0].blocked_by

    assert blockers() == ()
    assert blockers(**{MFA: False}) == ("R-2",)
    assert blockers(**{CAPABLE: NO_ROW}) == ("R-3",)
    assert blockers(**{MFA: False, CAPABLE: False}) == ("R-2", "R-3")


@pytest.mark.parametrize(
    ("waits", "circle"),
    [
        ({"R-1": ["R-2"], "R-2": ["R-1"]}, "R-1 → R-2 → R-1"),
        ({"R-1": ["R-2", "R-3"], "R-2": [], "R-3": ["R-4"], "R-4": ["R-3"]}, "R-3 → R-4 → R-3"),
        ({"R-1": [], "R-2": ["R-3"], "R-3": ["R-1", "R-2"]}, "R-2 → R-3 → R-2"),
    ],
)
def test_rules_that_wait_for_one_another_are_refused(waits, circle):
    rules = [rule({MFA: True}, id=name, blocked_by=others) for name, others in waits.items()]

    with pytest.raises(PolicyProblem, match=circle):
        pack(*rules)


def test_two_ways_to_one_blocker_are_no_circle():
    waits = {"R-1": ["R-2", "R-3"], "R-2": ["R-4"], "R-3": ["R-4"], "R-4": []}

    assert len(pack(*(rule({MFA: True}, id=name, blocked_by=others) for name, others in waits.items())).rules) == 4


def test_many_ways_to_one_blocker_are_not_each_walked():
    # Each rule of a pair waits for both of the next pair: 2 ** 24 ways to the last one.
    pairs = [[f"R-{layer}-{one}" for one in "ab"] for layer in range(25)]
    rules = [
        rule({MFA: True}, id=name, blocked_by=below)
        for pair, below in zip(pairs, [*pairs[1:], []], strict=True)
        for name in pair
    ]
    began = time.process_time()

    assert len(pack(*rules).rules) == 50
    assert time.process_time() - began < PATIENCE_S


def test_a_rule_is_for_the_posture_of_its_pack_and_for_its_own():
    def postures(of_pack, of_rule):
        head = {"id": "by-hand", "version": "1.0.0", "title": "T", "posture": of_pack}
        return pack(rule({MFA: True}, posture=of_rule), pack=head).rules[0].postures

    assert postures("any", "any") == ()
    assert postures("per-user", "any") == ("per-user",)
    assert postures("any", "mixed") == ("mixed",)
    assert postures("per-user", "per-user") == ("per-user",)
    assert postures("conditional-access", "third-party") == ("conditional-access", "third-party")


def test_a_rule_for_another_posture_does_not_apply():
    one = pack(rule({MFA: True}, posture="per-user"))

    def said(posture, **more):
        return told(one, [{MFA: False}], posture=posture, **more).results[0].frame.row(0)[1:3]

    assert said("per-user") == ("FAIL", None)
    assert said("mixed") == ("FAIL", None)
    assert said("conditional-access") == ("NOT_APPLICABLE", None)
    assert said("conditional-access", every_posture=True) == ("FAIL", None)
    assert said(None, posture_reason=Reason.NO_PERMISSION) == ("NOT_EVALUATED", "NO_PERMISSION")


def test_only_a_failure_is_waived_and_only_where_the_rule_lets_it():
    users = [{MFA: False}, {MFA: True}, {MFA: NO_ROW}, {MFA: False}]
    entries = pl.Series(["EX-1", "EX-1", "EX-1", None], dtype=pl.String())

    def said(**parts):
        return told(pack(rule({MFA: True}, **parts)), users, waivers=lambda _: entries).results[0]

    for parts in ({}, {"waivable": True}):
        result = said(**parts)
        assert result.frame["verdict"].to_list() == ["WAIVED", "PASS", "NOT_EVALUATED", "FAIL"]
        assert result.frame["exception"].to_list() == ["EX-1", None, None, None]
    result = said(waivable=False)
    assert result.frame["verdict"].to_list() == ["FAIL", "PASS", "NOT_EVALUATED", "FAIL"]
    assert "exception" not in result.frame.columns


@pytest.mark.parametrize(
    ("defaults", "in_use", "said"),
    [
        (False, True, ("FAIL", None)),
        (True, True, ("NOT_APPLICABLE", None)),
        (False, False, ("NOT_APPLICABLE", None)),
        (True, NO_ROW, ("NOT_APPLICABLE", None)),
        (False, NO_ROW, ("NOT_EVALUATED", "NO_ROW")),
    ],
)
def test_preconditions_of_the_pack_and_of_the_rule_must_all_hold(defaults, in_use, said):
    one = pack(rule({MFA: True}, preconditions=[{IN_USE: True}]), preconditions=[{DEFAULTS: False}])

    assert verdicts(one, [{MFA: False}], {DEFAULTS: defaults, IN_USE: in_use}) == [said]


def test_what_a_rule_is_where_nothing_is_said():
    one = pack(rule({MFA: True})).rules[0]

    assert (one.scope, one.waivable, one.blocked_by, one.severity_when) == (Scope.USER, True, (), ())
    assert (one.assessment, one.postures, one.preconditions) == (Assessment.PARTLY, (), None)
    assert (one.references, one.examples, one.changed_from) == ((), (), "")


def test_a_pack_keeps_what_its_framework_and_its_controls_say():
    head = {"id": "by-hand", "version": "1.0.0", "title": "T", "judges": "data", "conflicts_with": ["a"]}
    head["framework"] = {"name": "F", "version": "7", "source": "primary", "note": "N"}
    controls = [
        {"id": "1", "title": "A", "assessment": "full", "rules": ["R-1"]},
        {"id": "2", "title": "B", "assessment": "manual", "note": "Look."},
    ]
    one = pack(rule({MFA: True}), pack=head, controls=controls)

    assert (one.judges, one.conflicts_with) == ("data", ("a",))
    assert (one.framework.name, one.framework.version, one.framework.source, one.framework.note) == (
        "F",
        "7",
        "primary",
        "N",
    )
    assert [(control.id, control.assessment.value, control.rules, control.note) for control in one.controls] == [
        ("1", "full", ("R-1",), ""),
        ("2", "manual", (), "Look."),
    ]
