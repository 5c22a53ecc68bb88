"""The part about frameworks: each control with its result and counts, and how the framework's text was read."""

from dataclasses import replace

from judged_by_hand import MFA, OPEN, entry, material, pack, rows, rule, uid, with_findings

from mfaaudit.findings import Counts
from mfaaudit.reports.sections import controls

CIS = {"name": "CIS", "version": "7.0.0", "source": "secondary", "note": "The benchmark was not at hand."}
DECIDED = {"id": "5.1", "title": "Asked", "assessment": "full", "rules": ["R-1"]}
SHOWN = {"id": "5.2", "title": "Shown", "assessment": "partly", "rules": ["R-1"], "note": "Not all of it."}
LOOKED_AT = {"id": "5.3", "title": "Looked at", "assessment": "manual", "note": "Look at it."}
YES, NO = {MFA: True}, {MFA: False}


def framework(name="cis", *ids, **head):
    return pack(
        name, *(rule(one) for one in ids or ["R-1"]), controls=[DECIDED, SHOWN, LOOKED_AT], framework=CIS, **head
    )


def test_without_controls_there_is_no_such_part():
    assert controls.section(material(YES)) is None


def test_each_control_has_its_result_and_the_verdicts_behind_it():
    made = material(YES, YES, NO, NO, {MFA: OPEN}, packs=(framework(),), entries=(entry(subject={"userId": uid(3)}),))
    decided, shown, looked_at = rows(controls.section(made), "Controls1")

    assert decided == {
        "id": "5.1",
        "title": "Asked",
        "assessment": "full",
        "rules": "R-1",
        "result": "not met",
        "fail": 1,
        "pass": 2,
        "waived": 1,
        "open": 1,
        "note": None,
        "readFrom": "Registration details",
        "framework": "CIS 7.0.0",
    }
    assert (shown["result"], shown["note"]) == ("failures found", "Not all of it.")
    assert (looked_at["result"], looked_at["rules"], looked_at["note"]) == (
        "to be looked at by hand",
        None,
        "Look at it.",
    )
    assert [looked_at[key] for key in ("fail", "pass", "waived", "open")] == [None] * 4


def test_a_framework_says_how_its_text_was_read_and_what_its_controls_came_to():
    made = material(YES, packs=(framework(),))
    (row,) = rows(controls.section(made), "Frameworks")

    assert (row["pack"], row["framework"], row["version"]) == ("cis", "CIS", "7.0.0")
    assert "second hand" in row["source"]
    assert row["note"] == "The benchmark was not at hand."
    assert row["results"] == "1 met; 1 no failure found (evidence only); 1 to be looked at by hand"
    assert (row["controls"], row["met"], row["failing"], row["byHand"]) == (3, 1, 0, 1)
    (row,) = rows(controls.section(material(NO, packs=(framework(),))), "Frameworks")
    assert (row["met"], row["failing"]) == (0, 2)


def test_a_text_that_was_read_itself_says_so():
    one = pack("own", rule(), controls=[DECIDED], framework=CIS | {"source": "primary", "note": "x"})

    assert rows(controls.section(material(YES, packs=(one,))), "Frameworks")[0]["source"] == "at first hand"


def test_every_pack_with_controls_has_a_table_of_its_own():
    other = pack("other", rule("R-2"), controls=[DECIDED | {"id": "1", "rules": ["R-2"]}])
    part = controls.section(material(YES, packs=(framework(), pack("plain", rule("R-3")), other)))

    assert [one.name for one in part.tables] == ["Frameworks", "Controls1", "Controls2"]
    assert [row["framework"] for row in rows(part, "Controls2")] == ["Pack other"]
    (_, row) = rows(part, "Frameworks")
    assert (row["framework"], row["version"], row["source"], row["note"]) == ("Pack other", None, None, None)


def test_where_everybody_is_not_known_to_be_listed_nothing_is_met_and_the_note_says_why():
    decided, *_ = rows(controls.section(material(YES, packs=(framework(),), complete=False)), "Controls1")

    assert decided["result"] == "not judged"
    assert "every user was listed" in decided["note"]


def test_rules_on_the_data_that_fail_are_named_above_the_controls():
    data = pack("data", rule("DQ-1"), judges="data")
    made = material(NO, packs=(framework(), data))

    assert "The data bears this only in part: DQ-1 failed." in controls.section(made).lead
    assert not any("DQ" in line for line in controls.section(material(YES, packs=(framework(), data))).lead)


def test_a_rule_that_broke_down_leaves_its_control_open():
    made = material(YES, packs=(framework(),))
    broken = replace(made.findings.results[0], counts=Counts(error=2, not_evaluated=1))
    decided, *_ = rows(controls.section(with_findings(made, results=(broken,))), "Controls1")

    assert (decided["result"], decided["open"]) == ("not judged", 3)
