"""The part about the register: every entry, what it is worth, and whom it is about."""

import pytest
from judged_by_hand import CAPABLE, DEFAULTS, MFA, OPEN, days, entry, facts, material, pack, rows, rule, uid

from mfaaudit.declared.words import ExceptionKind, State
from mfaaudit.reports.document import Tone
from mfaaudit.reports.sections import exceptions, findings, summary
from mfaaudit.words import Reason, Unknown

GROUP = "eeeeeeee-0000-4000-8000-000000000000"
FAILS = {MFA: False}


def listed(*entries, users=(FAILS, FAILS), **how):
    """The rows of the register."""
    return rows(exceptions.section(material(*users, entries=entries, **how)), "Exceptions")


def test_without_a_register_the_part_is_there_and_says_so_as_the_summary_does():
    made = material(FAILS)
    part = exceptions.section(made)

    assert (part.title, part.lead[0], part.tables) == ("Exceptions", "No register of exceptions was given.", ())
    assert "nothing is waived" in part.lead[1]
    assert "No register of exceptions was given." in summary.section(made).lead


def test_an_empty_register_is_a_register():
    made = material(FAILS, entries=())
    part = exceptions.section(made)

    assert part.tables[0].empty == "The register has no entries."
    assert part.tables[0].row_count == 0
    assert len(summary.section(made).lead) == 1


def test_an_entry_says_who_decided_what_and_for_how_long():
    (row,) = listed(entry(risk="Some.", review_on=days(20), kind="break_glass", last_drill_on=days(-3)))

    assert row == {
        "id": "E-1",
        "kind": "break glass",
        "subject": "user0@contoso.example",
        "rules": "R-1",
        "states": "active",
        "meaning": State.ACTIVE.meaning,
        "users": 1,
        "waived": 1,
        "requestedBy": "it@contoso.example",
        "approvedBy": "ciso@contoso.example",
        "approvedOn": "2026-09-22",
        "expiresOn": "2026-11-21",
        "effectiveUntil": "2026-11-21",
        "reviewOn": "2026-10-22",
        "lastDrillOn": "2026-09-29",
        "ticket": "CHG-1",
        "reason": "Kiosk",
        "compensatingControl": "A lock",
        "risk": "Some.",
        "subjectId": uid(0),
    }


def test_what_an_entry_does_not_say_is_empty():
    (row,) = listed(entry(kind="false_positive", compensating_control=None))

    assert (row["reviewOn"], row["lastDrillOn"], row["compensatingControl"], row["risk"]) == (None,) * 4


def test_an_entry_can_end_sooner_than_it_says_and_has_no_end_where_it_is_not_in_force():
    long, over = listed(entry(expires_on=days(300)), entry("E-2", approved_on=days(-50), expires_on=days(-1)))

    assert (long["expiresOn"], long["effectiveUntil"]) == (days(300), days(80)), "90 days for a high severity"
    assert "too long" in long["states"]
    assert (over["states"], over["effectiveUntil"]) == ("expired", None)


def test_states_are_words_each_with_its_meaning():
    (row,) = listed(entry(requested_by="ciso@contoso.example", approved_on=days(3), rules=["R-1", "NONE-1"]))

    assert row["states"] == "not yet, self approved, unknown rule"
    assert row["meaning"] == " ".join(one.meaning for one in (State.NOT_YET, State.SELF_APPROVED, State.UNKNOWN_RULE))


@pytest.mark.parametrize("word", [*State, *ExceptionKind])
def test_every_fixed_word_reads_as_words(word):
    shown = exceptions._spaced(word)

    assert shown.islower()
    assert "_" not in shown
    assert shown.replace(" ", "") == word.lower().replace("_", "")


def test_a_subject_is_named_where_it_is_a_listed_user_whose_name_was_read():
    nobody, nameless, group = listed(
        entry(subject={"userId": uid(77)}),
        entry("E-2", subject={"userId": uid(1).upper()}),
        entry("E-3", subject={"groupId": GROUP}),
        users=(FAILS, FAILS | {"user.userPrincipalName": Unknown(Reason.UNKNOWN_VALUE)}),
        groups={GROUP: frozenset({uid(0)})},
    )

    assert (nobody["subject"], nobody["users"]) == (uid(77), 0)
    assert (nameless["subject"], nameless["users"]) == (uid(1), 1)
    assert (group["subject"], group["users"], group["subjectId"]) == (f"group {GROUP}", 1, GROUP)


@pytest.mark.parametrize(
    ("groups", "reason"), [({GROUP: Unknown(Reason.NO_PERMISSION)}, Reason.NO_PERMISSION), ({}, Reason.NOT_REQUESTED)]
)
def test_whom_a_group_covers_that_was_not_read_is_not_known_and_says_why(groups, reason):
    (row,) = listed(entry(subject={"groupId": GROUP}), groups=groups)

    assert row["users"] == Unknown(reason)


def test_the_facts_add_up_to_the_entries():
    made = material(
        FAILS,
        FAILS,
        entries=(
            entry(),
            entry("E-2", expires_on=days(-1)),
            # Out of date and approved by the one who asked: it counts once, as expired.
            entry("E-3", expires_on=days(-1), requested_by="ciso@contoso.example"),
            entry("E-4", requested_by="ciso@contoso.example"),
            entry("E-5", subject={"userId": uid(77)}),
            entry("E-6", subject={"userId": uid(1)}, rules=["NONE-1"]),
        ),
    )
    found = {label: one.value for label, one in facts(exceptions.section(made)).items()}

    assert found == {"Entries": 6, "In force": 2, "Expired": 2, "Without effect": 2, "Failures waived": 1}
    assert facts(exceptions.section(made))["Expired"].tone is Tone.OPEN
    waived = facts(summary.section(made))["Failures waived"]
    assert (waived.value, waived.note) == (1, "2 of 6 exceptions are in force.")


def test_a_short_register_is_read_and_a_long_one_is_searched():
    def table(count):
        entries = [entry(f"E-{number}") for number in range(count)]
        return exceptions.section(material(FAILS, entries=entries)).tables[0]

    assert not table(exceptions.MANY).browse
    assert table(exceptions.MANY + 1).browse


@pytest.mark.parametrize("text", ["=1+1", "<script>alert(1)</script>", "{{ 7 * 7 }}"])
def test_what_somebody_wrote_stays_what_it_is(text):
    (row,) = listed(entry(reason=text, ticket=text, requested_by=text, compensating_control=text))

    assert {row[key] for key in ("reason", "ticket", "requestedBy", "compensatingControl")} == {text}


def test_a_finding_that_is_waived_names_its_exception_and_until_when_it_holds():
    made = material(
        FAILS | {CAPABLE: False},
        FAILS,
        {MFA: OPEN},
        packs=(pack("mine", rule(), rule("R-2", {CAPABLE: True}, severity="critical")),),
        entries=(entry(rules=["R-1", "R-2"], expires_on=days(300)),),
    )
    part = findings.section(made)
    found = {
        (row["ruleId"], row["userId"].lower()): (row["exceptionId"], row["exceptionExpiresOn"], row["ticket"])
        for row in rows(part, "Findings")
    }

    assert found[("R-1", uid(0))] == ("E-1", days(80), "CHG-1")
    assert found[("R-2", uid(0))] == ("E-1", days(20), "CHG-1"), "30 days for a critical rule"
    assert [one for key, one in found.items() if key[1] != uid(0)] == [(None, None, None)] * 4
    assert any("WAIVED" in line for line in part.lead)


def test_without_a_register_the_columns_of_exceptions_stay_and_are_not_printed():
    part, with_one = (findings.section(material(FAILS, entries=entries)) for entries in (None, ()))
    columns = {one.key: one for one in part.tables[0].columns}

    assert [one.key for one in with_one.tables[0].columns] == list(columns), "a pivot table finds the same columns"
    assert rows(part, "Findings")[0]["exceptionId"] is None
    assert not columns["exceptionId"].on_paper
    assert not any("WAIVED" in line for line in part.lead)


def test_a_row_about_the_tenant_has_no_exception():
    one = pack("mine", rule("T-1", {DEFAULTS: True}, scope="tenant"))
    (row,) = rows(findings.section(material(packs=(one,), tenant={DEFAULTS: False}, entries=(entry(),))), "Findings")

    assert (row["userPrincipalName"], row["exceptionId"], row["userId"], row["roles"]) == (
        "(the tenant)",
        None,
        None,
        None,
    )
