"""The part on classes of accounts: each has its own shares, and a guess is called one wherever it stands."""

import json
from fractions import Fraction

from audit_by_hand import audit, facts, rows

from mfaaudit.reports.document import Tone
from mfaaudit.reports.sections.accounts import account_classes_json, section
from mfaaudit.words import Reason, Unknown

GAP = Unknown(Reason.UNKNOWN_VALUE)
ROOM = {
    "derived.accountClass": "roomMailbox",
    "derived.accountClassReason": "Guess: its name is that of a room, and it is disabled.",
    "derived.isAccountClassGuessed": True,
    "user.accountEnabled": False,
}
SERVICE = {"derived.accountClass": "service", "derived.accountClassReason": "Declared: payroll"}
GUESSED_SERVICE = {
    "derived.accountClass": "service",
    "derived.accountClassReason": "Guess: its name is that of a service.",
    "derived.isAccountClassGuessed": True,
    "user.displayName": "svc",
}
UNKNOWN = {"derived.accountClass": GAP, "derived.accountClassReason": GAP, "derived.isAccountClassGuessed": GAP}
NONE = {"derived.enforcedBy": "none"}


def mixed(**how):
    return audit({}, {}, NONE, SERVICE, GUESSED_SERVICE | NONE, ROOM, UNKNOWN, **how)


def test_every_account_stands_in_one_class_and_the_guesses_are_told_apart():
    *own, total = rows(section(mixed()), "AccountClasses")

    assert [tuple(one.values()) for one in own] == [
        ("person", 3, 3, 0, 3, 0),
        ("roomMailbox (guess)", 1, 0, 1, 0, 1),
        ("service", 2, 1, 1, 2, 0),
        (GAP, 1, 0, 0, 1, 0),
    ]
    assert tuple(total.values()) == ("Total", 7, 4, 2, 6, 1)


def test_what_was_not_read_has_a_column_if_there_is_any():
    *_, total = rows(section(audit({}, SERVICE, {"user.accountEnabled": GAP})), "AccountClasses")

    assert (total["accounts"], total["enabled"], total["disabled"], total["unclear"]) == (3, 2, 0, 1)


def test_the_facts_add_up_to_everybody():
    made = facts(section(mixed()))

    assert [
        made[label].value for label in ("Accounts", "Class is certain", "Class is a guess", "Class is not known")
    ] == [7, 4, 2, 1]
    assert made["Class is a guess"].tone is made["Class is not known"].tone is Tone.OPEN
    of_one = facts(section(audit({})))
    assert of_one["Class is a guess"].tone is of_one["Class is not known"].tone is Tone.GOOD
    assert "Declared accounts that are not in the tenant" not in of_one


def test_declared_accounts_of_nobody_are_named():
    made = facts(section(mixed(orphans=[f"id-{number}" for number in range(7)])))

    found = made["Declared accounts that are not in the tenant"]
    assert (found.value, found.note) == (7, "id-0, id-1, id-2, id-3, id-4 and 2 more")


def test_how_a_class_is_known_is_told_with_its_certainty():
    assert [tuple(one.values()) for one in rows(section(mixed()), "AccountClassReasons")] == [
        ("person", "certain", "Nothing marks it as anything else.", 3),
        ("roomMailbox (guess)", "guess", "Guess: its name is that of a room, and it is disabled.", 1),
        ("service", "certain", "Declared in the file of classes.", 1),
        ("service (guess)", "guess", "Guess: its name is that of a service.", 1),
    ]


def test_each_class_has_its_own_shares_under_each_rule():
    found = rows(section(mixed()), "AccountClassRules")

    assert [(one["class"], one["ruleId"]) for one in found] == [
        (name, rule)
        for name in ("person", "roomMailbox (guess)", "service", GAP)
        for rule in ("ENF-01", "ENF-02", "ENF-03")
    ]
    persons, *_ = found
    assert persons["title"] == "Enabled members are asked for MFA on every resource"
    assert [persons[key] for key in ("accounts", "guessed", "pass", "fail", "notApplicable")] == [3, 0, 2, 1, 0]
    assert (persons["strict"], persons["net"], persons["coverage"]) == (Fraction(2, 3), Fraction(2, 3), 1)
    services = found[6]
    assert [services[key] for key in ("accounts", "guessed", "pass", "fail", "strict")] == [2, 1, 1, 1, Fraction(1, 2)]
    rooms = found[3]
    assert [rooms[key] for key in ("notApplicable", "strict", "net", "coverage")] == [1, None, None, None]
    verdicts = ("pass", "fail", "waived", "notEvaluated", "notApplicable", "error")
    for one in found:
        assert sum(one[key] for key in verdicts) == one["accounts"]


def test_a_waived_failure_is_one_in_the_strict_share_and_none_in_the_net_one():
    made = audit({}, NONE, NONE, {"derived.enforcedBy": GAP}, waived=(2,))
    persons = rows(section(made), "AccountClassRules")[0]

    assert [persons[key] for key in ("pass", "fail", "waived", "notEvaluated")] == [1, 1, 1, 1]
    assert [persons[key] for key in ("strict", "net", "coverage")] == [Fraction(1, 3), Fraction(2, 3), Fraction(3, 4)]
    told = account_classes_json(made)["byRule"][0]
    assert told["percent"] == {"strict": 33.3, "net": 66.6, "coverage": 75.0}
    assert told["counts"] == {"pass": 1, "fail": 1, "waived": 1, "notApplicable": 0, "notEvaluated": 1, "error": 0}


def test_a_rule_about_the_tenant_has_no_classes():
    judged = {one["ruleId"] for one in rows(section(mixed(packs=("baseline",))), "AccountClassRules")}

    assert judged == {f"BASE-0{number}" for number in range(1, 7)}


def test_the_guesses_are_listed_so_that_a_person_can_confirm_them():
    made = section(mixed())

    service, room = rows(made, "GuessedAccounts")
    assert service == {
        "userPrincipalName": "ada@contoso.example",
        "displayName": "svc",
        "why": "Guess: its name is that of a service.",
        "class": "service (guess)",
        "enabled": True,
        "userId": "user-4",
    }
    assert (room["userId"], room["class"], room["enabled"]) == ("user-5", "roomMailbox (guess)", False)
    (table,) = [one for one in made.tables if one.name == "GuessedAccounts"]
    assert table.browse
    assert "--classes" in table.note
    assert "policies/examples/classes.yaml" in table.note


def test_programs_are_told_the_same():
    made = account_classes_json(mixed(orphans=["gone"]))

    assert json.loads(json.dumps(made)) == made
    assert [(one["class"], one["reason"], one["accounts"], one["guessed"]) for one in made["classes"]] == [
        ("person", None, 3, 0),
        ("roomMailbox", None, 1, 1),
        ("service", None, 2, 1),
        (None, "UNKNOWN_VALUE", 1, 0),
    ]
    assert made["orphanedOverrides"] == ["gone"]
    first = made["byRule"][0]
    assert (first["class"], first["ruleId"]) == ("person", "ENF-01")
    assert first["counts"] == {"pass": 2, "fail": 1, "waived": 0, "notApplicable": 0, "notEvaluated": 0, "error": 0}
    assert first["percent"] == {"strict": 66.6, "net": 66.6, "coverage": 100.0}
    assert made["byRule"][3]["percent"] == {"strict": None, "net": None, "coverage": None}
