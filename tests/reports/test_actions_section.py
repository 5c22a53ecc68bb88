"""The part on what to do: each user once for each cure, and numbers that add up."""

import importlib.resources
import json

import pytest
from actions_by_hand import BOSS, MFA, NOT_ASKED, STATE, UPN, audit, boss, person, uid
from jsonschema import Draft202012Validator

from mfaaudit.reports.sections.actions import actions_json, section
from mfaaudit.words import Reason, Unknown

MIXED = (
    person(0, **{MFA: False}),
    person(1, **{STATE: "enforced"}),
    person(2, **{STATE: "enforced", "derived.accountClass": "breakGlass"}),
    person(3, **{MFA: Unknown(Reason.THROTTLED)}),
    person(4, **{"user.department": "Gone"}),
    person(5),
)


def rows(said, name):
    (table,) = [one for one in said.tables if one.name == name]
    keys = [column.key for column in table.columns]
    found = [dict(zip(keys, row, strict=True)) for row in table.rows()]
    assert len(found) == table.row_count
    return found


def test_a_row_an_action_with_how_many_and_what_to_do():
    found = {one["actionId"]: one for one in rows(section(audit(*MIXED)), "ActionSummary")}

    assert list(found) == ["register", "again", "off", "out"]
    assert found["register"] == {
        "action": "Do register",
        "who": "user",
        "severity": "high",
        "due": "2026-01-31",
        "ready": 1,
        "notYet": 0,
        "byHand": 0,
        "failures": 2,
        "gaps": 0,
        "rules": "R-1, R-2",
        "waitsFor": None,
        "whatToDo": "Lead the user through it.",
        "actionId": "register",
    }
    assert (found["off"]["ready"], found["off"]["byHand"]) == (1, 1)
    assert (found["again"]["ready"], found["again"]["gaps"], found["again"]["failures"]) == (1, 2, 0)


def test_a_row_a_user_and_action_with_what_it_cures_until_when():
    found = rows(section(audit(*MIXED)), "Worklist")

    assert found[0] == {
        "action": "Do register",
        "userPrincipalName": "user0@contoso.example",
        "severity": "high",
        "rules": "R-1, R-2",
        "due": "2026-01-31",
        "state": "ready",
        "why": None,
        "department": "Sales",
        "class": "person",
        "userId": uid(0),
    }
    assert found[1]["userPrincipalName"] == "(the tenant)"
    assert (found[1]["userId"], found[1]["department"]) == (None, None)
    said = {(one["state"], one["why"]) for one in found}
    assert said == {("ready", None), ("by hand", "the account's class is breakGlass")}


def test_numbers_add_up_to_the_failures_and_the_gaps_of_all_rules():
    material = audit(*MIXED)
    said = {one.label: one.value for one in section(material).facts}
    counts = [one.counts for one in material.findings.results]

    summary = rows(section(material), "ActionSummary")
    assert said["Failures that they cure"] == sum(one.fail for one in counts) == sum(one["failures"] for one in summary)
    assert said["Open verdicts that they settle"] == sum(one.not_evaluated for one in counts) == 2
    assert said["To do"] == len(rows(section(material), "Worklist")) == 5
    assert said["To do"] == sum(one[key] for one in summary for key in ("ready", "notYet", "byHand"))
    assert said["Users with something to do"] == 4


def test_a_name_that_was_not_read_is_shown_as_that():
    (row,) = rows(section(audit(person(0, **{MFA: False, UPN: Unknown(Reason.UNKNOWN_VALUE)}))), "Worklist")

    assert row["userPrincipalName"] == Unknown(Reason.UNKNOWN_VALUE)


def test_nothing_to_do():
    said = section(audit(person(0)))

    assert [table.row_count for table in said.tables] == [0, 0]
    assert section(audit()).tables[1].row_count == 0


def test_the_manager_is_named_where_managers_were_read():
    refused = Unknown(Reason.NO_PERMISSION)
    users = [person(number, **{MFA: False}) for number in range(3)]

    found = rows(section(audit(*users, bosses=[boss(), {}, refused])), "Worklist")
    assert [one["manager"] for one in found] == ["Boss 1", "", refused]
    assert "manager" not in rows(section(audit(*users, bosses=[NOT_ASKED] * 3)), "Worklist")[0]
    assert BOSS not in str(found)


def test_the_same_for_programs():
    material = audit(*MIXED)
    found = actions_json(material)

    assert [one["id"] for one in found] == [one["actionId"] for one in rows(section(material), "ActionSummary")]
    assert found[2]["change"] == {"field": STATE, "to": "disabled"}
    assert [one["ofRule"] for one in found] == [None] * 4
    assert actions_json(audit(person(0, **{MFA: False}), actions=()))[0]["ofRule"] == "R-1"
    text = importlib.resources.files("mfaaudit.reports").joinpath("results.schema.json").read_text("utf-8")
    schema = json.loads(text)
    wanted = {"$defs": schema["$defs"], **schema["properties"]["actions"]}
    Draft202012Validator(wanted).validate(found)
    with pytest.raises(Exception, match="Additional properties"):
        Draft202012Validator(wanted).validate([found[0] | {"more": 1}])
