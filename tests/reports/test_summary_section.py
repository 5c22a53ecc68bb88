"""The sheet that is read first: strict and net shares, packs side by side, rules on the data apart."""

from dataclasses import replace
from fractions import Fraction

import pytest
from judged_by_hand import CAPABLE, DEFAULTS, MFA, OPEN, entry, facts, material, pack, rows, rule, uid, with_findings

from mfaaudit.findings import Counts
from mfaaudit.reports.document import Tone
from mfaaudit.reports.pack_numbers import contradictions
from mfaaudit.reports.sections import summary

YES, NO, AWAY = {MFA: True}, {MFA: False}, {MFA: True, "user.accountEnabled": False}
ENABLED = {"user.accountEnabled": True}
DATA = pack("data", rule("DQ-1", {DEFAULTS: False}, scope="tenant", severity="low"), judges="data")


def test_shares_are_strict_and_net_of_waivers_and_say_how_much_was_judged():
    one = pack("mine", rule(applies_to=ENABLED))
    made = material(YES, YES, NO, NO, {MFA: OPEN}, AWAY, packs=(one,), entries=(entry(subject={"userId": uid(2)}),))
    (row,) = rows(summary.section(made), "VerdictsByRuleTable")

    assert [row[key] for key in ("pass", "fail", "waived", "notEvaluated", "notApplicable", "error")] == [
        2,
        1,
        1,
        1,
        1,
        0,
    ]
    assert (row["passShare"], row["netShare"], row["coverage"]) == (Fraction(2, 4), Fraction(3, 4), Fraction(4, 5))


def test_rules_on_the_data_stand_apart_and_are_none_of_the_failed_rules():
    made = material(YES, NO, packs=(pack("mine", rule()), DATA), tenant={DEFAULTS: True})
    part = summary.section(made)

    assert [row["ruleId"] for row in rows(part, "VerdictsByRuleTable")] == ["R-1"]
    assert [(row["ruleId"], row["status"]) for row in rows(part, "VerdictsOnData")] == [("DQ-1", "FAIL")]
    assert facts(part)["Rules failed"].value == "1 of 1"
    assert (facts(part)["Rules on the data failed"].value, facts(part)["Rules on the data failed"].tone) == (
        "1 of 1",
        Tone.OPEN,
    )
    assert [row["severity"] for row in rows(part, "BySeverity")] == ["high"]
    (table,) = [one for one in part.tables if one.name == "VerdictsOnData"]
    assert table.title == "May this report be relied on?"


def test_rules_on_the_data_are_good_only_if_all_of_them_were_judged():
    def tone(tenant):
        return facts(summary.section(material(packs=(DATA,), tenant=tenant)))["Rules on the data failed"].tone

    assert tone({DEFAULTS: False}) is Tone.GOOD
    assert tone({}) is Tone.OPEN


def test_without_rules_on_the_data_nothing_is_said_of_them():
    part = summary.section(material(YES))

    assert "VerdictsOnData" not in [one.name for one in part.tables]
    assert "Rules on the data failed" not in facts(part)


def test_the_chart_shows_the_rules_about_users_of_the_tenant_alone():
    data = pack("data", rule("DQ-2"), judges="data")
    tenant = pack("other", rule("T-1", {DEFAULTS: False}, scope="tenant"))
    chart, _ = summary.section(material(YES, packs=(pack("mine", rule()), tenant, data))).charts

    assert chart.categories == ["R-1"]


def packs_of(made):
    return {row["pack"]: row for row in rows(summary.section(made), "ByPack")}


def test_the_numbers_of_a_pack_are_those_of_its_own_rules():
    mine = pack(
        "mine",
        rule(),
        rule("R-2", {CAPABLE: True}),
        rule("R-3", applies_to={"user.accountEnabled": False}),
        rule("T-1", {DEFAULTS: False}, scope="tenant"),
    )
    other = pack("other", rule("R-4", {CAPABLE: True}), version="2.0.0")
    users = (
        {MFA: True, CAPABLE: True},
        {MFA: False, CAPABLE: True},
        {MFA: False, CAPABLE: OPEN},
        {MFA: True, CAPABLE: True},
    )
    made = material(
        *users, packs=(mine, other, DATA), entries=(entry(subject={"userId": uid(2)}),), tenant={DEFAULTS: False}
    )
    found = packs_of(made)

    assert list(found) == ["mine", "other", "data"]
    assert found["mine"] == {
        "pack": "mine",
        "version": "1.0.0",
        "posture": "any",
        "judges": "tenant",
        "rules": 4,
        "passed": 1,
        "failed": 1,
        "waived": 0,
        "open": 1,
        "notApplicable": 1,
        "failingUsers": 1,
        "passShare": Fraction(5, 7),
        "netShare": Fraction(6, 7),
        "coverage": Fraction(7, 8),
    }
    assert (found["other"]["version"], found["other"]["failingUsers"], found["other"]["coverage"]) == (
        "2.0.0",
        0,
        Fraction(3, 4),
    )
    # It has no rule about users.
    assert [found["data"][key] for key in ("failingUsers", "passShare", "netShare", "coverage")] == [None] * 4
    assert (found["data"]["judges"], found["data"]["passed"]) == ("data", 1)


def test_a_pack_whose_failures_are_all_waived_has_failed_nothing():
    row = packs_of(material(YES, NO, entries=(entry(subject={"userId": uid(1)}),)))["mine"]

    assert (row["failed"], row["waived"], row["failingUsers"]) == (0, 1, 0)
    assert (row["passShare"], row["netShare"]) == (Fraction(1, 2), Fraction(1))


def test_a_rule_that_broke_down_is_open():
    made = material(YES)
    broken = replace(made.findings.results[0], counts=Counts(error=1))

    row = packs_of(with_findings(made, results=(broken,)))["mine"]
    assert (row["rules"], row["passed"], row["open"], row["coverage"]) == (1, 0, 1, 0)


def note_of(made):
    (table,) = [one for one in summary.section(made).tables if one.name == "ByPack"]
    return table.note


A, B = pack("a", rule()), pack("b", rule("R-2"))
AGAINST_A = pack("c", rule("R-3"), conflicts_with=["a"])
PER_USER, BY_POLICY = pack("p", rule("R-4"), posture="per-user"), pack("q", rule("R-5"), posture="conditional-access")


@pytest.mark.parametrize(
    ("packs", "pairs"),
    [
        ((A, B), []),
        ((A, AGAINST_A), [("a", "c")]),
        ((AGAINST_A, B, A), [("c", "a")]),
        ((PER_USER, A), []),
        ((PER_USER, BY_POLICY), [("p", "q")]),
        ((PER_USER, BY_POLICY, A, AGAINST_A), [("p", "q"), ("a", "c")]),
    ],
)
def test_packs_that_contradict_each_other_are_named_and_never_added_up(packs, pairs):
    made = material(NO, packs=packs, allow_conflicts=True)

    assert [(one.id, other.id) for one, other in contradictions(made.findings)] == pairs
    for one, other in pairs:
        assert f"{one} and {other}" in note_of(made)
    assert ("contradict" in note_of(made)) is bool(pairs)
    assert ("never to be added up" in note_of(made)) is bool(pairs)
    assert list(packs_of(made)) == [one.id for one in packs], "each on its own row, and no row for all"


def test_a_pack_that_does_not_fit_the_posture_contradicts_nothing():
    made = material(NO, packs=(PER_USER, BY_POLICY), posture="per-user")

    assert [one.id for one in made.findings.unfit] == ["q"]
    assert contradictions(made.findings) == ()
    assert contradictions(with_findings(made, unfit=()).findings) != ()


def test_failures_count_by_their_own_severity():
    one = pack("mine", rule(severity_when=[{"if": {CAPABLE: True}, "severity": "low"}]))
    made = material(
        {MFA: False, CAPABLE: True}, {MFA: False, CAPABLE: True}, {MFA: False, CAPABLE: False}, packs=(one,)
    )
    found = {row["severity"]: row for row in rows(summary.section(made), "BySeverity")}

    assert list(found) == ["high", "low"]
    assert (found["high"]["rules"], found["high"]["failed"], found["high"]["failures"]) == (1, 1, 1)
    assert (found["low"]["rules"], found["low"]["failed"], found["low"]["failures"]) == (0, 0, 2)
