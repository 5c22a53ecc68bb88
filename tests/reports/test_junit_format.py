"""junit.xml: one outcome a rule, sums that add up, and missing data that is an error and never a skip."""

import re
from xml.etree import ElementTree

import by_hand as written
import junitparser
import pytest
from judged_by_hand import CAPABLE, DEFAULTS, MFA, OPEN, audited, entry, pack, rule, uid
from machine_formats import by_hand, bytes_of, check_junit, suites_of

from mfaaudit.reports.junit import NAMED, write_junit

PASS, FAIL, UNREAD = {MFA: True}, {MFA: False}, {MFA: OPEN}
OUTCOMES = ("failure", "error", "skipped")


def case(made, name="R-1"):
    """The test case of one rule: its outcome, None if it has none, and the element."""
    (found,) = [one for one in suites_of(made).iter("testcase") if one.get("name").startswith(f"{name} ")]
    outcomes = [(one.tag, one) for one in found if one.tag in OUTCOMES]
    assert len(outcomes) <= 1, "a test case has one outcome"
    return (*(outcomes[0] if outcomes else (None, None)), found.findtext("system-out"))


@pytest.mark.parametrize(
    ("users", "outcome", "word"),
    [
        ((PASS, PASS), None, None),
        ((PASS, FAIL), "failure", "FAIL (high)"),
        ((FAIL, UNREAD), "failure", "FAIL (high)"),
        ((PASS, UNREAD), "error", "NOT_EVALUATED (high)"),
        ((UNREAD,), "error", "NOT_EVALUATED (high)"),
        ((), "skipped", "NOT_APPLICABLE (high)"),
    ],
)
def test_a_rule_has_the_outcome_of_its_worst_verdict(users, outcome, word):
    found, element, said = case(by_hand(*users))

    assert found == outcome
    assert said.startswith("high: ")
    if outcome:
        assert (element.get("type"), element.get("message")) == (word, said)


def test_a_failure_says_how_many_are_open_beside_it():
    _, element, said = case(by_hand(PASS, FAIL, UNREAD, UNREAD))

    assert said == (
        "high: 4 users: 1 fail, 0 waived, 2 not evaluated (NO_ROW 2), 0 in error, 1 pass, 0 not applicable."
    )
    assert element.text.splitlines() == [
        f"expected: {MFA} is true",
        f"FAIL user1@contoso.example ({uid(1).upper()}): {MFA} = false",
        f"NOT_EVALUATED user2@contoso.example ({uid(2).upper()}): NO_ROW",
        f"NOT_EVALUATED user3@contoso.example ({uid(3).upper()}): NO_ROW",
        "remediation: A cure.",
    ]


def test_what_is_waived_passes_and_is_said():
    outcome, _, said = case(by_hand(PASS, FAIL, entries=(entry(subject={"userId": uid(1)}),)))

    assert outcome is None
    assert "1 waived" in said


@pytest.mark.parametrize("users", [(PASS,), ()])
def test_a_list_that_may_be_short_is_an_error(users):
    outcome, element, _ = case(by_hand(*users, complete=False))

    assert outcome == "error"
    assert "could not be proved" in element.get("message")


def test_only_the_first_are_named_and_the_others_counted():
    _, element, _ = case(by_hand(*[FAIL] * (NAMED + 5)))

    named = [line for line in element.text.splitlines() if line.startswith("FAIL user")]
    assert len(named) == NAMED
    assert "FAIL and 5 more: see findings.csv" in element.text


def test_a_rule_about_the_tenant_says_what_was_seen():
    made = by_hand(packs=(pack("mine", rule("T-1", {DEFAULTS: True}, scope="tenant")),), tenant={DEFAULTS: False})
    outcome, element, said = case(made, "T-1")

    assert outcome == "failure"
    assert said.startswith("high: 1 tenant: 1 fail")
    assert element.text.splitlines()[:2] == [f"observed: {DEFAULTS} = false", f"expected: {DEFAULTS} is true"]


def test_there_is_a_suite_a_pack_and_the_sums_add_up():
    one = pack("one", rule(), rule("R-2", {CAPABLE: True}))
    two = pack("two", rule("R-3"), rule("R-4", applies_to={"user.userType": "Guest"}))
    made = by_hand(FAIL | {CAPABLE: OPEN}, packs=(one, two))
    found = check_junit(made)

    assert [(suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) for suite in found] == [
        ("one", 2, 1, 1, 0),
        ("two", 2, 1, 0, 1),
    ]
    assert (found.tests, found.failures, found.errors) == (4, 2, 1)
    properties = {prop.name: prop.value for prop in next(iter(found)).properties()}
    assert properties["runId"] == "run-1"
    assert properties["packSha256"] == one.sha256
    assert properties["populationComplete"] == "true"
    assert "copy" not in properties


@pytest.mark.parametrize("name", [one for one in written.NASTY if "\ud800" not in one], ids=lambda one: repr(one[:12]))
def test_a_name_is_text_and_never_xml(name):
    made = by_hand(FAIL | {"user.userPrincipalName": name}, run={"tenant_name": name, "tool": "mfa & <audit>"})
    content = bytes_of(write_junit, made)

    root = ElementTree.fromstring(content)  # noqa: S314
    (failure,) = root.iter("failure")
    (line,) = [one for one in failure.text.splitlines() if one.startswith("FAIL ")]
    assert len(line) <= 300
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e\ufffe]", line)
    assert list(failure) == []
    junitparser.JUnitXml.fromstring(content)


def test_a_character_that_xml_forbids_leaves_a_mark():
    _, element, _ = case(by_hand(FAIL | {"user.userPrincipalName": "a\x00b\x1b[31m\ufffec"}))

    assert "a\ufffdb\ufffd[31m\ufffdc" in element.text


def test_the_same_audit_gives_the_same_bytes():
    made = by_hand(FAIL, UNREAD)

    assert bytes_of(write_junit, made) == bytes_of(write_junit, made)


def test_each_audit_of_the_simulated_tenants_adds_up(job):
    found = check_junit(audited(job.bundle))

    assert [suite.name for suite in found] == [one["id"] for one in job.results["run"]["policies"]]
    assert [suite.tests for suite in found] == [len(one["rules"]) for one in job.results["run"]["policies"]]
