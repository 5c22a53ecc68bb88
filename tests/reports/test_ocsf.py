"""findings.ocsf.ndjson: what each event says, and that validators of three versions of the schema take it."""

import json
from collections import Counter

import by_hand as written
import pytest
from judged_by_hand import (
    CAPABLE,
    DEFAULTS,
    MFA,
    NOW,
    OPEN,
    audited,
    days,
    entry,
    pack,
    population,
    rule,
    uid,
)
from machine_formats import RUN, TENANT, by_hand, bytes_of, check_ocsf, events_of, with_run
from test_changes_section import beside, past

from mfaaudit.reports.ocsf import write_ocsf
from mfaaudit.reports.ocsf.rule_words import EVIDENCE
from mfaaudit.words import Reason, Unknown

PASS, FAIL = {MFA: True}, {MFA: False}
OF_TENANT = rule("T-1", {DEFAULTS: True}, scope="tenant", severity="critical")


def of(events, name, user=None):
    """The one event on a rule as a whole, or on one user under it."""
    uid_of = f"{TENANT}/{name}" if user is None else f"{TENANT}/{name}/{uid(user)}"
    (found,) = [one for one in events if one["finding_info"]["uid"] == uid_of]
    return found


@pytest.fixture(scope="module")
def events():
    """Every verdict that a user or the tenant can get."""
    mine = pack(
        "mine",
        rule(references=["CIS-M365-7.0.0:5.2.3.4", "Microsoft-Entra:security-defaults"]),
        rule("R-2", {CAPABLE: True}, severity="critical", applies_to={"user.userType": "Guest"}),
        OF_TENANT,
        framework={"name": "A framework", "version": "2", "source": "primary"},
        controls=[{"id": "A.1(b)", "title": "One", "assessment": "full", "rules": ["R-1"]}],
    )
    made = by_hand(PASS, FAIL, FAIL, {MFA: OPEN}, packs=(mine,), entries=(entry(subject={"userId": uid(2)}),))
    return events_of(made)


def test_they_keep_to_three_versions_of_the_schema(events):
    check_ocsf(events)


def test_there_is_an_event_for_each_rule_and_one_for_each_user_who_is_not_in_order(events):
    kinds = Counter((one["finding_info"]["types"][0], one["unmapped"]["verdict"]) for one in events)

    assert kinds == {
        ("rule", "FAIL"): 1,
        ("rule", "NOT_APPLICABLE"): 1,
        ("tenant", "NOT_EVALUATED"): 1,
        ("user", "FAIL"): 1,
        ("user", "WAIVED"): 1,
        ("user", "NOT_EVALUATED"): 1,
    }
    assert len({one["metadata"]["uid"] for one in events}) == len(events)


def test_a_failure_is_a_new_finding_that_fails(events):
    one = of(events, "R-1", 1)

    assert (one["activity_id"], one["type_uid"], one["status_id"], one["severity_id"]) == (1, 200301, 1, 4)
    assert one["compliance"]["status_id"] == one["compliance"]["checks"][0]["status_id"] == 3
    assert one["compliance"]["checks"][0]["uid"] == "R-1"
    assert "status_code" not in one["compliance"]
    assert one["compliance"]["control"] == "A.1(b)"
    assert one["compliance"]["standards"] == ["A framework 2", "CIS-M365-7.0.0"]
    assert one["compliance"]["requirements"] == ["A framework 2: A.1(b)", "CIS-M365-7.0.0:5.2.3.4"]
    assert one["remediation"] == {"desc": "A cure.", "references": ["Microsoft-Entra:security-defaults"]}
    (user,) = one["resources"]
    assert (user["uid"], user["name"], user["type"]) == (uid(1).upper(), "user1@contoso.example", "Entra user")
    assert user["data"]["accountEnabled"] is True


def test_times_are_in_milliseconds(events):
    assert {one["time"] for one in events} == {int(RUN["finished_at"].timestamp() * 1000)}
    assert {len(str(one["time"])) for one in events} == {13}
    assert {one["metadata"]["version"] for one in events} == {"1.8.0"}


def test_what_is_waived_fails_and_is_suppressed(events):
    one = of(events, "R-1", 2)

    assert (one["status_id"], one["compliance"]["status_id"]) == (3, 3)
    assert one["unmapped"]["exceptionId"] == "E-1"
    assert one["unmapped"]["exceptionExpiresOn"] == days(50)
    assert one["unmapped"]["ticket"] == "CHG-1"


def test_what_was_not_read_is_a_warning_with_its_reason(events):
    one = of(events, "R-1", 3)

    assert (one["compliance"]["status_id"], one["compliance"]["status_code"]) == (2, "NO_ROW")
    assert one["compliance"]["status_detail"] == Reason.NO_ROW.meaning
    tenant = of(events, "T-1")
    assert (tenant["compliance"]["status_id"], tenant["severity_id"]) == (2, 5)
    assert tenant["compliance"]["status_code"] in list(Reason)
    assert tenant["resources"][0] == {"uid": TENANT, "name": "Contoso", "type": "Entra tenant"}


def test_a_rule_about_users_says_how_many_passed(events):
    one = of(events, "R-1")

    assert one["unmapped"]["counts"] == {
        "pass": 1,
        "fail": 1,
        "waived": 1,
        "notApplicable": 0,
        "notEvaluated": 1,
        "error": 0,
    }
    assert one["unmapped"]["reasons"] == {"NO_ROW": 1}
    assert "status_id" not in one, "it is no finding itself"
    nobody = of(events, "R-2")
    assert (nobody["compliance"]["status_id"], nobody["compliance"]["status"]) == (99, "Not applicable")
    assert nobody["severity_id"] == 1, "what is in order alarms nobody"


def test_a_rule_passes_only_if_everybody_was_listed():
    passing = by_hand(PASS)
    assert of(events_of(passing), "R-1")["compliance"]["status_id"] == 1

    short = by_hand(PASS, complete=False)
    one = of(events_of(short), "R-1")
    assert one["compliance"]["status_id"] == 2
    assert "could not be proved" in one["compliance"]["status_detail"]


def test_a_pass_names_a_control_only_if_that_is_met_by_it():
    def control(name, assessment, *rules):
        return {"id": name, "title": name, "assessment": assessment, "rules": rules, "note": "Part."}

    rules = [rule(f"R-{number}") for number in range(1, 5)]
    controls = (control("A", "full", "R-1"), control("B", "partly", "R-2"), control("C", "full", "R-3", "R-4"))
    framework = {"name": "A framework", "version": "2", "source": "primary"}
    mine = pack("mine", *rules, framework=framework, controls=controls)

    passing, failing = (events_of(by_hand(one, packs=(mine,))) for one in (PASS, FAIL))
    named = {name: of(passing, name)["compliance"].get("control") for name in ("R-1", "R-2", "R-3", "R-4")}
    assert named == {"R-1": "A", "R-2": None, "R-3": None, "R-4": None}
    assert [EVIDENCE in of(passing, name)["compliance"].get("status_detail", "") for name in named] == [
        False,
        True,
        True,
        True,
    ]
    for user in (None, 0):
        assert [of(failing, name, user)["compliance"]["control"] for name in named] == ["A", "B", "C", "C"]
    fixed = of(compared(by_hand(PASS, packs=(mine,)), [by_hand(FAIL, packs=(mine,))]), "R-1", 0)
    assert (fixed["activity_id"], fixed["compliance"].get("control")) == (3, None), "that of one user"


def test_a_value_that_was_not_read_is_null_beside_its_reason():
    made = by_hand(FAIL | {"user.userType": Unknown(Reason.NO_PERMISSION), "user.userPrincipalName": OPEN})
    (user,) = of(events_of(made), "R-1", 0)["resources"]

    assert (user["data"]["userType"], user["data"]["userTypeReason"]) == (None, "NO_PERMISSION")
    assert "name" not in user


@pytest.mark.parametrize("name", [one for one in written.NASTY if "\ud800" not in one], ids=lambda one: repr(one[:12]))
def test_a_name_stands_as_it_is_on_one_line(name):
    events = events_of(by_hand(FAIL | {"user.userPrincipalName": name, "user.displayName": name}))

    check_ocsf(events)
    (user,) = of(events, "R-1", 0)["resources"]
    assert (user["name"], user["data"]["displayName"]) == (name, name)


def test_without_users_there_are_the_rules():
    events = events_of(by_hand(packs=(pack("mine", rule(), OF_TENANT),), tenant={DEFAULTS: True}))

    assert [(one["finding_info"]["types"][0], one["compliance"]["status_id"]) for one in events] == [
        ("rule", 99),
        ("tenant", 1),
    ]


def test_the_same_audit_gives_the_same_bytes():
    made = by_hand(FAIL, {MFA: OPEN})

    assert bytes_of(write_ocsf, made) == bytes_of(write_ocsf, made)


BOTH = pack("mine", rule(), OF_TENANT)


def compared(now, before, **how):
    made = with_run(beside(now, *(past(one, 30 * place) for place, one in enumerate(before, 1))), **how)
    return events_of(made)


def test_what_was_fixed_is_closed_and_what_goes_on_is_an_update():
    before = by_hand(FAIL, FAIL, FAIL, PASS, {MFA: OPEN}, packs=(BOTH,), tenant={DEFAULTS: False})
    now = by_hand(PASS, FAIL, {MFA: OPEN}, FAIL, PASS, packs=(BOTH,), tenant={DEFAULTS: True})
    events = compared(now, [before])
    check_ocsf(events)

    said = {
        number: (one["activity_id"], one["status"], one["compliance"]["status_id"])
        for number in range(5)
        for one in [of(events, "R-1", number)]
    }
    assert said == {
        0: (3, "Resolved", 1),
        1: (2, "Open", 3),
        2: (2, "Open", 2),
        3: (1, "New", 3),
        4: (3, "Resolved", 1),
    }
    tenant = of(events, "T-1")
    assert (tenant["activity_id"], tenant["status_id"], tenant["type_uid"]) == (3, 4, 200303)
    assert of(events, "R-1", 0)["resources"][0]["name"] == "user0@contoso.example"
    first = of(events, "R-1", 1)["finding_info"]
    assert first["first_seen_time"] < first["last_seen_time"] == int(RUN["finished_at"].timestamp() * 1000)
    assert len({one["metadata"]["uid"] for one in events}) == len(events)


def test_who_left_or_is_out_of_scope_proves_no_cure():
    scoped = pack("mine", rule(applies_to={"user.userType": "Member"}))
    before = by_hand(FAIL, FAIL, FAIL, packs=(scoped,))
    now = by_hand(FAIL, FAIL | {"user.userType": "Guest"}, packs=(scoped,))
    events = compared(now, [before])
    check_ocsf(events)

    assert [of(events, "R-1", number).get("status") for number in (0, 1, 2)] == [
        "Open",
        "No longer in scope",
        "No longer listed",
    ]
    assert [of(events, "R-1", number)["compliance"]["status_id"] for number in (1, 2)] == [99, 99]
    assert of(events, "R-1", 2)["resources"][0]["name"] == "user2@contoso.example"
    assert 4 not in {one.get("status_id") for one in events}


def test_nobody_has_left_a_list_that_may_be_short():
    before, now = by_hand(FAIL, FAIL), by_hand(FAIL, complete=False)

    assert {one["finding_info"]["uid"] for one in compared(now, [before])} == {
        f"{TENANT}/R-1",
        f"{TENANT}/R-1/{uid(0)}",
    }


def test_a_rule_that_asks_something_else_is_not_compared():
    before = by_hand(FAIL, FAIL)
    now = by_hand(FAIL, PASS, packs=(pack("mine", rule(require={MFA: True, "user.accountEnabled": True})),))
    events = compared(now, [before])

    assert [one["activity_id"] for one in events] == [1, 1]


def test_a_failure_that_is_waived_now_goes_on_and_is_suppressed():
    before, now = by_hand(FAIL), by_hand(FAIL, entries=(entry(),))
    one = of(compared(now, [before]), "R-1", 0)

    assert (one["activity_id"], one["status_id"], one["compliance"]["status_id"]) == (2, 3, 3)


def test_ids_are_the_same_in_every_audit():
    before, now = (
        {one["finding_info"]["uid"] for one in events_of(by_hand(FAIL, run={"id": name, "started_at": NOW}))}
        for name in ("run-1", "run-2")
    )

    assert before == now


def test_each_audit_of_the_simulated_tenants_keeps_to_the_schema(job):
    made = audited(job.bundle)
    events = events_of(made)
    # Of the events on users those with all that differs: the others are alike.
    check_ocsf({(one["finding_info"]["types"][0], json.dumps(one["compliance"])): one for one in events}.values())
    assert len({one["metadata"]["uid"] for one in events}) == len(events)
    assert {one["metadata"]["labels"][0] for one in events} == {"simulated"}


def test_an_incomplete_list_closes_no_finding_about_all_users():
    share = {"count": {MFA: True}, "over": "population"}
    counting = rule("T-2", {"percent": {"gte": 99}}, scope="tenant", aggregate=share, min_coverage_percent=95)
    before, now = (by_hand(one, packs=(pack("mine", counting),)) for one in (FAIL, PASS))
    assert of(compared(now, [before]), "T-2")["activity_id"] == 3

    now.snapshot.population = population(1, complete=False)
    one = of(compared(now, [before]), "T-2")
    assert (one["activity_id"], one["compliance"]["status_id"]) == (2, 2)
