"""The part about rules: who holds each, what it waits for, and whether it can be waived."""

from dataclasses import replace

from judged_by_hand import CAPABLE, DEFAULTS, MFA, OPEN, material, pack, rows, rule

from mfaaudit.reports.sections import rules

FIRST, SECOND = rule("R-1"), rule("R-2", {CAPABLE: True}, blocked_by=["R-1"], remediation="Switch it off.")


def listed(*packs, users=({MFA: False, CAPABLE: False},)):
    return {row["ruleId"]: row for row in rows(rules.section(material(*users, packs=packs)), "Rules")}


def test_a_remediation_that_has_to_wait_says_so_before_anything_else():
    row = listed(pack("mine", FIRST, SECOND))["R-2"]

    assert row["blockedBy"] == "not yet: waits for R-1"
    assert row["remediation"] == "Not yet: first R-1 must pass. Switch it off."


def test_a_remediation_that_no_longer_waits_is_as_it_was_written():
    row = listed(pack("mine", FIRST, SECOND), users=({MFA: True, CAPABLE: False},))["R-2"]

    assert (row["blockedBy"], row["remediation"]) == (None, "Switch it off.")


def test_all_rules_that_it_waits_for_are_named():
    third = rule("R-3", blocked_by=["R-1", "R-2"])
    row = listed(pack("mine", FIRST, SECOND, third))["R-3"]

    assert row["blockedBy"] == "not yet: waits for R-1, R-2"
    assert row["remediation"].startswith("Not yet: first R-1 and R-2 must pass. ")


def test_a_rule_says_whether_it_can_be_waived():
    found = listed(pack("mine", FIRST, rule("R-2", waivable=False)))

    assert (found["R-1"]["waivable"], found["R-2"]["waivable"]) == (True, False)


def test_a_rule_of_several_packs_stands_once_and_names_all_of_them():
    mine = pack("mine", FIRST)
    other = replace(pack("other", rule("R-9")), rules=(*pack("other", rule("R-9")).rules, *mine.rules))
    found = listed(mine, other)

    assert [(name, row["packs"], row["pack"]) for name, row in found.items()] == [
        ("R-1", "mine 1.0.0, other 1.0.0", "mine"),
        ("R-9", "other 1.0.0", "other"),
    ]


def test_a_rule_with_other_values_names_the_pack_it_was_taken_from():
    mine = pack("mine", FIRST, SECOND)
    changed = replace(mine, rules=(replace(mine.rules[0], changed_from="cis 7.0.0"), mine.rules[1]))
    found = listed(changed)

    assert (found["R-1"]["changedFrom"], found["R-2"]["changedFrom"]) == ("cis 7.0.0", None)


def test_rules_that_a_pack_leaves_out_are_named_with_why():
    part = rules.section(material(packs=(replace(pack("mine", FIRST), left_out={"R-7": "We have no guests."}),)))

    assert "mine leaves out R-7: We have no guests." in part.lead


def test_a_rule_says_of_whom_it_is_what_it_came_to_and_what_it_was_read_from():
    about = rule("R-1", applies_to={"user.accountEnabled": True}, assessment="partly", references=["X:1"])
    tenant = rule("T-1", {DEFAULTS: True}, scope="tenant")
    found = listed(
        pack("mine", about, tenant, rule("R-2"), version="3.1.0"),
        users=({MFA: True}, {MFA: False}, {MFA: OPEN}, {MFA: True, "user.accountEnabled": False}),
    )
    row = found["R-1"]

    assert row["population"] == "Users where user.accountEnabled is true"
    assert found["R-2"]["population"] == "Every user"
    assert found["T-1"]["population"] == "The tenant"
    assert [row[key] for key in ("pass", "fail", "waived", "notEvaluated", "notApplicable", "error")] == [
        1,
        1,
        0,
        1,
        1,
        0,
    ]
    assert (row["version"], row["readFrom"]) == ("3.1.0", "Users, Registration details")
    assert found["T-1"]["readFrom"] == "Security defaults"
    assert "not proof" in row["caveat"]
    assert "Open for 1" in row["caveat"]
