"""The folder actions/: lists, tickets and letters that hold what they should, and nothing that computes."""

import csv
import re
import stat
from datetime import timedelta

import pytest
from actions_by_hand import (
    BOSS,
    MFA,
    NAME,
    NOT_ASKED,
    OTHER,
    REFUSED,
    STATE,
    TENANT_ID,
    UPN,
    audit,
    boss,
    person,
    uid,
)
from by_hand import NASTY

from mfaaudit.findings.examples import NOW
from mfaaudit.reports.actions_files import write_actions
from mfaaudit.reports.actions_files.harmless_columns import made_harmless
from mfaaudit.reports.findings_csv import STARTS_A_FORMULA, harmless
from mfaaudit.words import Reason, Unknown


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def written(folder, material):
    write_actions(material, folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


MIXED = (
    person(0, **{MFA: False}),
    person(1, **{STATE: "enforced"}),
    person(2, **{STATE: "enabled", "derived.accountClass": "breakGlass"}),
    person(3, **{MFA: Unknown(Reason.THROTTLED)}),
    person(4, **{MFA: False, STATE: "enforced"}),
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "actions"


def test_a_list_an_action_with_what_was_seen(folder):
    write_actions(audit(*MIXED), folder)

    assert table(folder / "register.csv")[0] == {
        "userId": uid(0),
        "userPrincipalName": "user0@contoso.example",
        "displayName": "User 0",
        "severity": "high",
        "rules": "R-1, R-2",
        "due": "2026-01-31",
        "state": "ready",
        "evidence": f"{MFA} = false",
    }
    assert [one["userId"] for one in table(folder / "register.csv")] == [uid(0), uid(4)]
    assert [(one["userId"], one["state"]) for one in table(folder / "off.csv")] == [
        (uid(1), "ready"),
        (uid(2), "by hand: the account's class is breakGlass"),
        (uid(4), "ready"),
    ]
    (tenant,) = table(folder / "again.csv")
    assert (tenant["userId"], tenant["userPrincipalName"], tenant["evidence"]) == ("", "(the tenant)", "")


def test_evidence_says_what_was_not_read_and_what_is_empty(folder):
    methods = "registration.methodsRegistered"
    one = {"id": "R-1", "require": {"any_of": [{MFA: True}, {methods: {"contains": "email"}}]}, "action": "register"}
    two = {"id": "R-2", "require": {"user.createdDateTime": {"newer_than_days": 1}}, "action": "register"}
    given = {MFA: False, methods: (), "user.createdDateTime": NOW - timedelta(days=9)}
    rules = [one, two]
    users = [person(0, **given), person(1, **given | {methods: Unknown(Reason.NO_ROW)})]
    write_actions(audit(*users, rules=rules), folder)

    assert [row["evidence"] for row in table(folder / "register.csv")] == [
        f"{MFA} = false; {methods} = none; user.createdDateTime = 2025-12-23T00:00:00Z",
        f"{MFA} = false; {methods} = NOT READ (NO_ROW); user.createdDateTime = 2025-12-23T00:00:00Z",
    ]


def test_a_ticket_an_item_with_an_id_of_its_own(folder):
    write_actions(audit(*MIXED), folder)
    found = {one["externalId"]: one for one in table(folder / "tickets.csv")}

    assert len(found) == len(table(folder / "tickets.csv")) == 6
    assert found[f"{TENANT_ID}/register/{uid(0)}"] == {
        "summary": "Do register: user0@contoso.example",
        "description": "Lead the user through it. Cures R-1, R-2.",
        "priority": "high",
        "assignee": "",
        "due": "2026-01-31",
        "labels": "mfaaudit register ready",
        "externalId": f"{TENANT_ID}/register/{uid(0)}",
    }
    assert f"{TENANT_ID}/again/{TENANT_ID}" in found
    emergency = found[f"{TENANT_ID}/off/{uid(2)}"]
    assert emergency["description"].startswith("BY HAND: THE ACCOUNT'S CLASS IS BREAKGLASS. ")
    assert emergency["labels"] == "mfaaudit off by-hand"


def test_the_ids_of_tickets_are_the_same_in_a_later_audit_with_other_users_and_findings(tmp_path):
    write_actions(audit(*MIXED), tmp_path / "a")
    fewer = [person(9), *MIXED[:1]]
    later = audit(
        *fewer, ids=[uid(9), uid(0).upper()], run_id="another-run", now=NOW + timedelta(days=90), rules=[RULE_2]
    )
    write_actions(later, tmp_path / "b")

    (ticket,) = table(tmp_path / "b" / "tickets.csv")
    assert ticket["externalId"] in {one["externalId"] for one in table(tmp_path / "a" / "tickets.csv")}
    assert ticket["due"] == "2026-09-28"


RULE_2 = {"id": "R-2", "require": {MFA: True}, "severity": "low", "action": "register"}


def test_the_same_audit_gives_the_same_bytes_in_place_of_the_old_ones(folder):
    material = audit(*MIXED, bosses=[boss(), boss(), {}, boss(2), boss(2)])
    first = written(folder, material)
    (folder / "stale.csv").write_text("old", encoding="utf-8")
    (folder / "mail" / "stale.csv").write_text("old", encoding="utf-8")

    assert written(folder, material) == first


def test_files_are_for_their_owner_only(folder):
    write_actions(audit(*MIXED, bosses=[boss()] * 5), folder)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "mail")} == {0o700}


def test_no_file_holds_a_formula_or_a_control_character(folder):
    users = [person(0, **{MFA: False, STATE: "enforced", UPN: text, NAME: text}) for text in NASTY]
    users = [{key: _encodable(value) for key, value in one.items()} for one in users]
    hostile = {**boss(), "displayName": NASTY[0], "userPrincipalName": NASTY[5], "mail": NASTY[1]}
    rules = [
        {"id": "R-1", "require": {MFA: True, UPN: {"eq": "nobody"}}, "title": "=1+1", "remediation": "@SUM(A1)\x1b"},
        {"id": "R-3", "require": {STATE: "disabled"}, "action": "off"},
    ]
    write_actions(audit(*users, rules=rules, bosses=[hostile] * len(users)), folder)

    for path in folder.rglob("*"):
        if path.suffix == ".csv":
            cells = [cell for row in table(path) for cell in row.values()]
            assert cells
            assert not [cell for cell in cells if cell.lstrip().startswith(STARTS_A_FORMULA)], path.name
            assert not [cell for cell in cells if cell != harmless(cell)]
    text = (folder / "README.txt").read_text("utf-8")
    assert "\x1b" not in text


def _encodable(value):
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def test_a_column_made_harmless_is_what_each_cell_would_be():
    import polars as pl

    texts = [_encodable(one) for one in NASTY] + ["", " plain ", "\u2003=1", "a=1", None, "é", "\t=1", "-"]
    made = made_harmless(pl.Series(texts, dtype=pl.String()))

    assert made.to_list() == [None if one is None else harmless(one) for one in texts]


def test_files_for_excel_begin_with_a_byte_order_mark(folder):
    files = written(folder, audit(*MIXED))

    for name, content in files.items():
        if name.endswith(".csv"):
            assert content.startswith(b"\xef\xbb\xbf")
            assert content.endswith(b"\r\n")


def test_rules_that_differ_in_case_alone_have_files_of_their_own(folder):
    rules = [{"id": name, "require": {MFA: True}} for name in ("a", "A")]
    write_actions(audit(person(0, **{MFA: False}), rules=rules), folder)

    assert {path.name for path in folder.glob("rule-*")} == {"rule-A.csv", "rule-a.2.csv"}
    text = (folder / "README.txt").read_text("utf-8")
    assert all(f"Files: {path.name}" in text for path in folder.glob("rule-*"))


def test_the_index_names_every_file_and_every_number(folder):
    material = audit(*MIXED)
    files = written(folder, material)
    text = " ".join(files["README.txt"].decode().split())

    for name in files.keys() - {"README.txt"}:
        assert name in text
    assert "2 ready, 0 not yet, 1 by hand" in text
    assert "critical 7, high 30, medium 90, low 180, info 365" in text
    assert "mail/ is not there" in text
    assert written(folder, audit())["README.txt"].decode().endswith("Nothing is to be done.\n")


# Letters


def mailed(folder):
    return {path.name: table(path) for path in (folder / "mail").glob("*")}


PEOPLE = [person(number, **{MFA: False}) for number in range(6)]


def test_a_manager_gets_a_file_with_nobody_elses_people(folder):
    loud = boss() | {"id": BOSS.upper()}
    write_actions(audit(*PEOPLE, bosses=[boss(), boss(2), loud, {}, REFUSED, boss() | {"id": "../../up"}]), folder)
    found = mailed(folder)

    assert set(found) == {f"{BOSS}.csv", f"{OTHER}.csv", "no-manager.csv"}
    assert [one["userPrincipalName"] for one in found[f"{BOSS}.csv"]] == [
        "user0@contoso.example",
        "user2@contoso.example",
    ]
    assert found[f"{OTHER}.csv"] == [
        {
            "displayName": "User 1",
            "userPrincipalName": "user1@contoso.example",
            "whatToDo": "Please register.",
            "due": "2026-01-31",
        }
    ]
    for name, rows in found.items():
        mine = {one["userPrincipalName"].split("@")[0] for one in rows}
        text = (folder / "mail" / name).read_text("utf-8")
        assert set(re.findall(r"user\d", text)) == mine
        assert "R-1" not in text
        assert "false" not in text
    text = " ".join((folder / "README.txt").read_text("utf-8").split())
    assert "What to tell 4 people, a file for each of 2 managers by object id. 1 have no manager" in text
    assert "Of 2 it is not known who the manager is" in text


def test_only_what_a_person_does_alone_and_now_is_in_a_letter(folder):
    blocked = [
        {"id": "R-1", "require": {MFA: True}, "action": "register", "blocked_by": ["R-3"]},
        {"id": "R-3", "require": {STATE: "disabled"}, "action": "off"},
    ]
    given = {MFA: False, STATE: "enforced"}
    write_actions(audit(person(0, **given), rules=blocked, bosses=[boss()]), folder)

    assert not (folder / "mail").exists()
    assert {one["assignee"] for one in table(folder / "tickets.csv")} == {"boss1@contoso.example"}


def test_without_managers_read_there_are_no_letters(folder):
    write_actions(audit(*PEOPLE, bosses=[NOT_ASKED] * 6), folder)

    assert not (folder / "mail").exists()
    assert "--with-managers" in " ".join((folder / "README.txt").read_text("utf-8").split())


def test_a_ticket_goes_to_the_manager_by_name_or_by_address(folder):
    contact = boss() | {"userPrincipalName": ""}
    write_actions(audit(*PEOPLE[:4], bosses=[boss(), contact, {}, REFUSED]), folder)

    said = [one["assignee"] for one in table(folder / "tickets.csv")]
    assert said == ["boss1@contoso.example", "boss1@mail.example", "", ""]
