"""The legend is made from the words themselves: each that a cell can hold is in it, with a meaning."""

import pytest
from judged_by_hand import material, rows

from mfaaudit.declared.words import POSTURES, AccountClass, ExceptionKind, State
from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.findings import Assessment, Bucket
from mfaaudit.findings.controls import Outcome
from mfaaudit.findings.retirement import Group
from mfaaudit.reports.cures import meaning_of, what_to_do
from mfaaudit.reports.document import Tone
from mfaaudit.reports.legend_words import GLOSSARY
from mfaaudit.reports.sampling import Stratum
from mfaaudit.reports.sections import legend
from mfaaudit.sources import BY_NAME, SOURCES
from mfaaudit.sources.registration_details import METHODS
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Severity, Verdict

WORDS = {
    "Verdict, status": [one.value for one in Verdict],
    "Colour": [one.value for one in Tone],
    "Severity": [one.value for one in Severity],
    "Reason": [one.value for one in Reason],
    "Bucket of the ledger": [one.words for one in Bucket],
    "What asks for MFA": [one.value for one in Enforcer],
    "Posture": list(POSTURES),
    "Class of account": [one.value for one in AccountClass],
    "Group of per-user MFA": [one.words for one in Group],
    "Kind of exception": [one.value for one in ExceptionKind],
    "State of an exception": [one.value for one in State],
    "Result of a control": [one.value for one in Outcome],
    "Assessment of a control": [one.value for one in Assessment],
    "Drawn as": [one.value for one in Stratum],
    "Method registered": list(METHODS),
}


@pytest.mark.parametrize("where", WORDS)
def test_every_word_is_there_once_with_a_meaning(where):
    found = [one for one in rows(legend.section(material()), "LegendWords") if one["where"] == where]

    assert [one["word"] for one in found] == WORDS[where]
    assert all(one["meaning"] for one in found)


def test_no_word_is_there_that_belongs_to_no_list():
    assert {one["where"] for one in rows(legend.section(material()), "LegendWords")} == set(WORDS)


def test_every_value_is_there_with_where_it_comes_from():
    found = {one["name"]: one for one in rows(legend.section(material()), "LegendValues")}

    assert list(found) == list(FIELDS)
    assert all(one["readFrom"] and one["values"] for one in found.values())
    state = found["requirements.perUserMfaState"]
    assert state["values"] == "disabled, enabled, enforced"
    assert state["readFrom"] == "Per-user MFA state (beta/users/{id}/authentication/requirements)"
    assert found["derived.enforcedBy"]["readFrom"].startswith("worked out from ")
    assert found["declared.hasRegister"]["readFrom"].startswith("the register of exceptions")


def test_the_four_facts_are_told_apart():
    assert {"Registered", "Capable", "Required", "Used"} <= set(GLOSSARY)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_meaning_and_a_cure_for_every_source(reason):
    for source in SOURCES:
        assert meaning_of(reason, source).endswith(".")
        assert what_to_do(reason, source).endswith(".")


def test_a_cure_names_the_permission_the_option_or_the_role():
    assert "Policy.Read.All" in what_to_do(Reason.NO_PERMISSION, BY_NAME["requirements"])
    assert "--with-eligible-roles" in what_to_do(Reason.NOT_REQUESTED, BY_NAME["roleEligibilitySchedules"])
    assert "Sign in as a person" in what_to_do(Reason.NO_PERMISSION, BY_NAME["usersRegisteredByFeature"])
    assert what_to_do(Reason.NOT_FOUND, BY_NAME["groupMembers"]) != Reason.NOT_FOUND.cure
    assert what_to_do(Reason.NOT_FOUND, BY_NAME["requirements"]) == Reason.NOT_FOUND.cure
