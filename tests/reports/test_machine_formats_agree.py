"""All formats for programs tell what results.json tells: every count adds up, and what was not judged never passes."""

import functools
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from judged_by_hand import audited, entry, judged, pack, rule, taken, with_findings
from machine_formats import check_junit, document_of, events_of, props_of, suites_of, with_run

from mfaaudit.findings import load_packs
from mfaaudit.findings.results import VERDICTS, counts_of
from mfaaudit.reports import FORMATS
from mfaaudit.reports.results import results_of
from mfaaudit.words import Verdict

WORDS = {
    "pass": "PASS",
    "fail": "FAIL",
    "waived": "WAIVED",
    "notApplicable": "NOT_APPLICABLE",
    "notEvaluated": "NOT_EVALUATED",
    "error": "ERROR",
}
SHOWN = ("fail", "waived", "notEvaluated", "error")
COMPLIANCE = {"PASS": 1, "FAIL": 3, "WAIVED": 3, "NOT_EVALUATED": 2, "ERROR": 2, "NOT_APPLICABLE": 99}
OUTCOME = {"PASS": None, "WAIVED": None, "FAIL": "failure", "NOT_EVALUATED": "error", "ERROR": "error"}
OUTCOME["NOT_APPLICABLE"] = "skipped"
RULES = {}
"""By the identity of the audits of `made_of`, which are there to the end."""


def worst(counts):
    """The verdict that speaks for all, found anew."""
    order = ("fail", "error", "notEvaluated", "waived", "pass")
    return WORDS[next((one for one in order if counts[one]), "notApplicable")]


def in_error(made):
    """The same audit, had the first rules failed to judge some whom they pass, or the tenant."""
    results = []
    for place, one in enumerate(made.findings.results):
        verdicts = one.frame["verdict"].to_list()
        if place % 2:
            verdicts = ["ERROR" if was == "PASS" and row % 3 == 0 else was for row, was in enumerate(verdicts)]
        frame = one.frame.with_columns(pl.Series("verdict", verdicts, dtype=VERDICTS))
        found = Counter(verdicts)
        counts = counts_of({verdict: found[verdict.value] for verdict in Verdict})
        results.append(replace(one, frame=frame, counts=counts))
    return with_findings(made, results=tuple(results))


@pytest.fixture(params=["plain", "in error", "with a register"])
def made(request, job):
    """An audit in each mood, again with errors of our own, and again with a register and other packs."""
    return made_of(job.bundle, request.param)


@functools.cache
def made_of(bundle, how):
    if how == "plain":
        return audited(bundle)
    if how == "in error":
        return in_error(audited(bundle))
    snapshot = taken(bundle)
    day = snapshot.run.started_at.date()
    users = snapshot.users["user_id"].to_list()
    dates = {"approved_on": day.isoformat(), "expires_on": (day + timedelta(20)).isoformat()}
    rules = ["BASE-01", "BASE-02", "BASE-06"]
    entries = [
        entry(f"E-{number}", rules=rules, subject={"userId": one}, **dates) for number, one in enumerate(users[:60])
    ]
    mine = pack("mine", rule("OWN-1", {"user.userType": "Member"}, severity="info"))
    return judged(snapshot, (*load_packs(("baseline", "nist-800-53")), mine), entries)


@pytest.fixture
def rules(made):
    """The rules of results.json, by their id."""
    if id(made) not in RULES:
        RULES[id(made)] = {one["id"]: one for one in results_of(made)["rules"]}
    return dict(RULES[id(made)])


def test_every_event_is_one_verdict_and_every_verdict_that_is_not_in_order_has_one(made, rules):
    events = events_of(made)
    of_users = Counter()
    for one in events:
        (kind,) = one["finding_info"]["types"]
        (check,) = one["compliance"]["checks"]
        verdict = one["unmapped"]["verdict"]
        assert one["compliance"]["status_id"] == check["status_id"] == COMPLIANCE[verdict]
        if kind == "user":
            of_users[check["uid"], verdict] += 1
            continue
        found = rules.pop(check["uid"])
        assert (kind == "tenant") == (found["scope"] == "tenant")
        assert one["unmapped"]["counts"] == found["counts"]
        assert verdict == worst(found["counts"])
        if kind == "rule":
            for name in SHOWN:
                assert sum(count for key, count in of_users.items() if key == (check["uid"], WORDS[name])) == 0
    assert rules == {}, "each rule has an event"
    again = {one["id"]: one for one in results_of(made)["rules"] if one["scope"] == "user"}
    assert of_users == Counter(
        {
            (name, WORDS[word]): one["counts"][word]
            for name, one in again.items()
            for word in SHOWN
            if one["counts"][word]
        }
    )


def test_junit_has_a_case_for_each_rule_of_each_pack(made, rules):
    check_junit(made)
    found = Counter()
    for suite in suites_of(made):
        for case in suite.iter("testcase"):
            one = rules[case.get("name").split()[0]]
            outcomes = [each.tag for each in case if each.tag in ("failure", "error", "skipped")]
            assert outcomes == [tag for tag in [OUTCOME[worst(one["counts"])]] if tag]
            for word, said in (("fail", "fail"), ("notEvaluated", "not evaluated"), ("waived", "waived")):
                assert f"{one['counts'][word]:,} {said}" in case.findtext("system-out")
            found[suite.get("name")] += 1
    assert found == {one["id"]: len(one["rules"]) for one in results_of(made)["run"]["policies"] if one["rules"]}


def test_oscal_counts_each_rule_and_satisfies_only_what_passes_for_all(made, rules):
    result = document_of(made)["results"][0]
    listed, counted = Counter(), {}
    for one in result["observations"]:
        props = props_of(one)
        if "pack" in props:
            counted[props["rule-id"]] = props
        else:
            listed[props["rule-id"], props["verdict"]] += 1
    assert set(counted) == set(rules)
    for name, props in counted.items():
        counts = rules[name]["counts"]
        told = {word: int(props[f"count-{dashed}"]) for word, dashed in zip(WORDS, DASHED, strict=True)}
        assert told == counts
        assert props["verdict"] == worst(counts)
        if rules[name]["scope"] == "user":
            assert {word: listed[name, WORDS[word]] for word in SHOWN} == {word: counts[word] for word in SHOWN}
    findings = {props_of(one)["rule-id"]: one for one in result["findings"] if "rule-id" in props_of(one)}
    assert set(findings) == {name for name, one in rules.items() if worst(one["counts"]) != "NOT_APPLICABLE"}
    for name, one in findings.items():
        passes = worst(rules[name]["counts"]) == "PASS"
        assert (one["target"]["status"]["state"] == "satisfied") == passes, name


DASHED = ("pass", "fail", "waived", "not-applicable", "not-evaluated", "error")


def test_oscal_satisfies_a_control_only_where_results_say_that_it_is_met(made):
    told = {(one["pack"], one["id"]): one["result"] for one in results_of(made)["controls"]}
    for one in document_of(made)["results"][0]["findings"]:
        props = props_of(one)
        if "control-id" in props:
            outcome = told.pop((props["pack"], props["control-id"]))
            assert (one["target"]["status"]["state"] == "satisfied") == (outcome == "met")
    assert set(told.values()) <= {"does not apply", "to be looked at by hand"}


def test_risks_are_the_exceptions_that_were_used(made):
    used = {one["id"]: one["waived"] for one in results_of(made)["exceptions"] if one["waived"]}
    found = [props_of(one) for one in document_of(made)["results"][0].get("risks", ())]

    assert {one["exception-id"]: int(one["failures-waived"]) for one in found} == used


def test_in_an_audit_of_a_list_that_may_be_short_nothing_about_users_passes():
    from judged_by_hand import MFA, material

    made = with_run(material({MFA: True}, {MFA: True}, complete=False))
    (event,) = events_of(made)
    (case,) = suites_of(made).iter("testcase")
    (finding,) = document_of(made)["results"][0]["findings"]

    assert event["compliance"]["status_id"] == 2
    assert case.find("error") is not None
    assert finding["target"]["status"]["state"] == "not-satisfied"


def test_the_help_names_every_format():
    from mfaaudit.cli.options import FORMATS_HELP
    from mfaaudit.cli.terminal import FILES

    assert sorted(FORMATS_HELP.rstrip(".").split(": ")[1].split(", ")) == sorted(one.name for one in FORMATS)
    assert set(FILES) == {one.file for one in FORMATS}
