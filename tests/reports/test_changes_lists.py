"""The long lists of what changed: each change with its rule, its account and its cause, and who came and went."""

from datetime import timedelta

import pytest
from changes_by_hand import FAIL, FORMULA, PASS, beside, past, three_audits
from judged_by_hand import DEFAULTS, NOW, days, entry, facts, material, pack, rows, rule, uid

from mfaaudit.reports.results_earlier import changes
from mfaaudit.reports.sections.changes import section
from mfaaudit.reports.sections.changes_by_user import section as by_user


@pytest.fixture(scope="module")
def compared():
    return three_audits()


def test_each_change_has_a_row_the_new_failures_first(compared):
    shown = rows(by_user(compared), "Changes")

    assert [(one["change"], one["userPrincipalName"], one["before"], one["now"], one["ageDays"]) for one in shown] == [
        ("new failure", "user2@contoso.example", "PASS", "FAIL", 0),
        ("newly judged", "user4@contoso.example", "NOT_EVALUATED", "FAIL", 0),
        ("no longer judged", "user3@contoso.example", "FAIL", "NOT_EVALUATED", 90),
        ("still failing", "user0@contoso.example", "FAIL", "FAIL", 90),
        ("left", FORMULA, "FAIL", None, 30),
        ("fixed", "user1@contoso.example", "FAIL", "PASS", 90),
    ]
    assert {one["severity"] for one in shown} == {"high"}
    assert [one["sinceRunId"] for one in shown] == ["now", "now", "run-90", "run-90", "run-30", "run-90"]
    assert shown[3]["since"] == NOW - timedelta(90)
    assert [one["userId"].lower() for one in shown] == [uid(n) for n in (2, 4, 3, 0, 5, 1)]


def test_who_came_and_went(compared):
    assert rows(section(compared), "PeopleWhoMoved") == [
        {
            "change": "left",
            "userPrincipalName": FORMULA,
            "failures": 1,
            "userId": uid(5),
        }
    ]


def test_who_joined_and_who_is_back_are_told_apart():
    made = beside(material(PASS, FAIL, FAIL), past(material(PASS, FAIL), 90), past(material(PASS), 30))
    shown = rows(section(made), "PeopleWhoMoved")

    assert [(one["change"], one["failures"]) for one in shown] == [("back", 1), ("joined", 1)]
    assert [one["change"] for one in rows(by_user(made), "Changes")] == ["joined", "back"]
    found = facts(section(made))
    assert (found["Users who joined"].value, found["Users who are back"].value) == (1, 1)


def test_a_waiver_that_came_and_one_that_ended():
    without, covered = material(FAIL), material(FAIL, entries=[entry(approved_on=days(-40))])

    came, ended = beside(covered, past(without, 30)), beside(without, past(covered, 30))
    assert [one["change"] for one in rows(by_user(came), "Changes")] == ["became waived"]
    assert [(one["change"], one["before"], one["ageDays"]) for one in rows(by_user(ended), "Changes")] == [
        ("waiver ended", "WAIVED", 0)
    ]
    assert [one["waived"] for one in rows(section(came), "Trend")] == [0, 1]
    assert rows(section(ended), "ChangesByRule")[0]["passShareBefore"] == 0, "a waived failure is a failure"


def test_rules_that_changed_are_new_or_gone_are_named_and_counted_with_all_others():
    before = past(material(FAIL, packs=(pack("mine", rule(), rule("R-2"), rule("R-3", title="Old words")),)), 30)
    narrowed = rule(applies_to={"user.accountEnabled": False})
    made = beside(material(FAIL, packs=(pack("mine", narrowed, rule("R-3", title="New words"), rule("R-4")),)), before)
    drawn = section(made)

    assert [(one["ruleId"], one["comparison"]) for one in rows(drawn, "ChangesByRule")] == [
        ("R-1", "compared: the rule changed"),
        ("R-3", "compared"),
        ("R-4", "the rule is new"),
        ("R-2", "the rule is gone"),
        ("Total", None),
    ]
    total = rows(drawn, "ChangesByRule")[-1]
    assert (total["failedBefore"], total["outOfScope"], total["stillFailing"], total["ruleGone"]) == (3, 1, 1, 1)
    assert (total["failNow"], total["newRule"]) == (2, 1)
    assert [(one["ruleId"], one["change"], one["causes"], one["what"]) for one in rows(by_user(made), "Changes")] == [
        ("R-4", "new rule", "rule change", "the rule is new"),
        ("R-3", "still failing", None, None),
        ("R-1", "no longer in scope", "rule change", "the rule changed"),
        ("R-2", "rule gone", "rule change", "the rule is gone"),
    ]
    assert [(one["failures"], one["sameFailures"]) for one in rows(drawn, "Trend")] == [(3, 1), (2, 2)]
    assert drawn.lead[2:] == (
        "Rules that ask something else than before: R-1.",
        "Rules that the previous audit was not judged with: R-4.",
        "Rules that this audit is not judged with: R-2.",
    )
    said = changes(made)
    assert said["causes"]["rule"] == {"main": 3, "counts": {"newRule": 1, "outOfScope": 1, "ruleGone": 1}}
    assert {one["id"]: one["causes"]["rule"]["main"] for one in said["rules"]} == {
        "R-1": 1,
        "R-3": 0,
        "R-4": 1,
        "R-2": 1,
    }


def test_a_rule_on_the_tenant_names_the_tenant():
    how = {"packs": (pack("mine", rule("T-1", {DEFAULTS: True}, scope="tenant")),)}
    made = beside(
        material(PASS, tenant={DEFAULTS: False}, **how), past(material(PASS, tenant={DEFAULTS: True}, **how), 9)
    )

    (row,) = rows(by_user(made), "Changes")
    assert (row["change"], row["userPrincipalName"], row["userId"]) == ("new failure", "(the tenant)", None)


def test_the_severity_is_that_of_each_failure():
    milder = rule(severity_when=[{"if": {"user.userType": "Guest"}, "severity": "low"}])
    how = {"packs": (pack("mine", milder),)}
    guest = {"user.userType": "Guest"}
    made = beside(
        material(FAIL, guest | FAIL, guest | PASS, **how), past(material(PASS, guest | FAIL, guest | FAIL, **how), 9)
    )

    assert [(one["change"], one["severity"]) for one in rows(by_user(made), "Changes")] == [
        ("new failure", "high"),
        ("still failing", "low"),
        ("fixed", "low"),
    ]


def test_where_nothing_fails_and_nobody_moved_the_tables_say_so():
    made = beside(material(PASS), past(material(PASS), 30))
    drawn = section(made)

    assert rows(by_user(made), "Changes") == rows(drawn, "PeopleWhoMoved") == []
    assert len(drawn.charts) == 1
    assert drawn.lead[0] == "Since 2026-09-02: 0 new failures, 0 fixed, 0 still failing."
