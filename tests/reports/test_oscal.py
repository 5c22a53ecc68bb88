"""assessment-results.oscal.json: what trestle makes of it, and that only what was judged wholly is satisfied."""

import re
from collections import Counter
from dataclasses import replace

import by_hand as written
import pytest
from judged_by_hand import CAPABLE, DEFAULTS, MFA, OPEN, audited, days, entry, judged, pack, rule, taken, uid
from machine_formats import IDENTITY, READER, TENANT, by_hand, bytes_of, check_oscal, document_of, props_of

from mfaaudit.evidence.run import Identity
from mfaaudit.findings import Terms, load_packs
from mfaaudit.reports.evidence_files import EvidenceFile
from mfaaudit.reports.oscal import observations, write_oscal
from mfaaudit.reports.oscal.parts import text, token

PASS, FAIL, UNREAD = {MFA: True}, {MFA: False}, {MFA: OPEN}
FRAMEWORK = {"name": "NIST SP 800-53", "version": "Revision 5", "source": "primary"}


def result_of(made):
    document = document_of(made)
    check_oscal(document)
    return document["results"][0]


def states(made):
    """Every target -> its state and the reason."""
    found = {}
    for one in result_of(made).get("findings", ()):
        status = one["target"]["status"]
        assert one["target"]["target-id"] not in found
        found[one["target"]["target-id"]] = status["state"], status["reason"]
    return found


@pytest.mark.parametrize(
    ("users", "how", "expected"),
    [
        ((PASS,), {}, ("satisfied", "pass")),
        ((PASS, FAIL), {}, ("not-satisfied", "fail")),
        ((PASS, UNREAD), {}, ("not-satisfied", "other")),
        ((UNREAD,), {}, ("not-satisfied", "other")),
        ((PASS, FAIL), {"entries": (entry(subject={"userId": uid(1)}),)}, ("not-satisfied", "other")),
        ((PASS,), {"complete": False}, ("not-satisfied", "other")),
        ((), {}, None),
        ((), {"complete": False}, ("not-satisfied", "other")),
    ],
)
def test_a_rule_is_satisfied_only_if_everybody_was_judged_and_nobody_fails(users, how, expected):
    assert states(by_hand(*users, **how)).get("R-1") == expected


def test_controls_are_those_of_the_catalogue_and_rules_that_decide_in_part_satisfy_none():
    rules = (rule(), rule("R-2", {CAPABLE: True}))
    controls = [
        {"id": "IA-2(1)", "title": "One", "assessment": "full", "rules": ["R-1"]},
        {"id": "IA-2(2)", "title": "Two", "assessment": "partly", "rules": ["R-1"], "note": "Only *part*."},
        {"id": "AC-2(3)", "title": "Three", "assessment": "full", "rules": ["R-1", "R-2"]},
        {"id": "CA-7", "title": "Four", "assessment": "manual", "rules": [], "note": "Look."},
    ]
    made = by_hand(PASS | {CAPABLE: OPEN}, packs=(pack("mine", *rules, framework=FRAMEWORK, controls=controls),))

    assert states(made) == {
        "R-1": ("satisfied", "pass"),
        "R-2": ("not-satisfied", "other"),
        "ia-2.1_obj": ("satisfied", "pass"),
        "ia-2.2_obj": ("not-satisfied", "other"),
        "ac-2.3_obj": ("not-satisfied", "other"),
    }
    (selection,) = result_of(made)["reviewed-controls"]["control-selections"]
    assert selection["include-controls"] == [
        {"control-id": "ia-2.1"},
        {"control-id": "ia-2.2"},
        {"control-id": "ac-2.3"},
    ]
    assert "CA-7" in selection["remarks"]
    (noted,) = [one for one in result_of(made)["findings"] if one["target"]["target-id"] == "ia-2.2_obj"]
    assert noted["remarks"] == r"Only \*part\*."


def test_observations_say_what_was_seen_of_whom():
    made = by_hand(PASS, FAIL, UNREAD)
    result = result_of(made)
    of_rule, *of_users = result["observations"]

    assert {name: value for name, value in props_of(of_rule).items() if name.startswith("count-")} == {
        "count-pass": "1",
        "count-fail": "1",
        "count-waived": "0",
        "count-not-evaluated": "1",
        "count-not-applicable": "0",
        "count-error": "0",
    }
    assert [(props_of(one)["verdict"], props_of(one).get("reason")) for one in of_users] == [
        ("FAIL", None),
        ("NOT_EVALUATED", "NO_ROW"),
    ]
    items = {one["uuid"]: props_of(one) for one in result["local-definitions"]["inventory-items"]}
    named = [items[one["subjects"][0]["subject-uuid"]] for one in of_users]
    assert named == [
        {"user-id": uid(number).upper(), "user-principal-name": f"user{number}@contoso.example"} for number in (1, 2)
    ]
    assert result["start"] < of_rule["collected"] == result["end"]


def test_a_waiver_is_a_risk_that_was_accepted_until_a_day():
    asked = entry(subject={"userId": uid(1)}, reason="Kiosk <b> [1]")
    result = result_of(by_hand(PASS, FAIL, entries=(asked, entry("E-2", subject={"userId": uid(0)}))))
    (risk,) = result["risks"]

    assert (risk["status"], risk["deadline"]) == ("deviation-approved", f"{days(50)}T23:59:59Z")
    assert risk["description"] == r"Kiosk \<b\> \[1\]"
    assert props_of(risk)["exception-id"] == "E-1"
    waived = [one["uuid"] for one in result["observations"] if props_of(one)["verdict"] == "WAIVED"]
    assert {one["observation-uuid"] for one in risk["related-observations"]} == set(waived)
    assert len(waived) == 2, "that of the rule, and that of the user"
    (finding,) = [one for one in result["findings"] if one["target"]["target-id"] == "R-1"]
    assert finding["related-risks"] == [{"risk-uuid": risk["uuid"]}]


def test_of_many_users_the_first_are_listed_and_the_rest_counted(monkeypatch):
    monkeypatch.setattr(observations, "LISTED", 3)
    of_rule, *of_users = result_of(by_hand(*[FAIL] * 5))["observations"]

    assert len(of_users) == 3
    assert of_rule["remarks"] == "3 of 5 users that are not in order have an observation of their own here."
    assert (props_of(of_rule)["users-listed"], props_of(of_rule)["count-fail"]) == ("3", "5")


def test_ids_follow_from_the_run_the_rule_and_the_subject():
    made = by_hand(FAIL)
    assert bytes_of(write_oscal, made) == bytes_of(write_oscal, made)

    one, other = (document_of(by_hand(FAIL, PASS, run={"id": name})) for name in ("run-1", "run-2"))
    first, second = one["results"][0], other["results"][0]
    assert one["uuid"] != other["uuid"]
    for name in ("observations", "findings"):
        ids = [{each["uuid"] for each in result[name]} for result in (first, second)]
        assert ids[0].isdisjoint(ids[1])
    items = [each["local-definitions"]["inventory-items"] for each in (first, second)]
    assert items[0] == items[1], "a person is the same in every audit"
    again = document_of(by_hand(FAIL, PASS, packs=(pack("mine", rule(), version="1.0.1"),)))
    assert again["uuid"] != one["uuid"], "other rules make another document"


@pytest.mark.parametrize(
    ("identity", "named"),
    [
        (IDENTITY, "reader@contoso.example"),
        (Identity(**{name: getattr(IDENTITY, name) for name in IDENTITY.__slots__} | {"kind": "application"}), None),
        (Identity(**{name: getattr(IDENTITY, name) for name in IDENTITY.__slots__} | {"object_id": ""}), None),
    ],
)
def test_a_party_is_only_who_is_known_to_be_a_person(identity, named):
    document = document_of(by_hand(PASS, run={"identity": identity}))
    check_oscal(document)

    parties = document["metadata"].get("parties", [])
    assert [(one["type"], one["name"]) for one in parties] == ([("person", named)] if named else [])
    assert READER not in str(parties)


def test_the_plan_is_the_packs_and_the_evidence_has_its_hashes(messy):
    made = audited(messy.bundle)
    document = document_of(made)
    check_oscal(document)
    files = {
        link["href"]: link.get("hashes", [{}])[0].get("value")
        for one in document["back-matter"]["resources"]
        for link in one["rlinks"]
    }

    for one in made.evidence:
        assert files[one.path] == one.sha256
    for name, sha256 in files.items():
        assert (messy.bundle / name).is_file(), name
        assert (sha256 is None) == (name in ("results.json", "findings.csv"))
    (plan,) = [
        one for one in document["back-matter"]["resources"] if document["import-ap"]["href"] == f"#{one['uuid']}"
    ]
    assert {link["hashes"][0]["value"] for link in plan["rlinks"]} >= {one.sha256 for one in made.findings.packs}
    of_rules = {
        props_of(one)["rule-id"]: one for one in document["results"][0]["observations"] if "pack" in props_of(one)
    }
    titles = {one["uuid"]: one["title"] for one in document["back-matter"]["resources"]}
    assert {titles[one["href"][1:]] for one in of_rules["PUM-01"]["relevant-evidence"]} >= {
        "perUser.jsonl.gz",
        "users.jsonl.gz",
    }


@pytest.mark.parametrize("name", [one for one in written.NASTY if "\ud800" not in one], ids=lambda one: repr(one[:12]))
def test_a_name_is_a_value_and_never_markup(name):
    made = by_hand(FAIL | {"user.userPrincipalName": name}, run={"tenant_name": name})
    result = result_of(made)
    (item,) = result["local-definitions"]["inventory-items"]

    (shown,) = [one["value"] for one in item["props"] if one["name"] == "user-principal-name"]
    assert len(shown) <= 1_000
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202e]", shown)
    title = document_of(made)["metadata"]["title"]
    assert not re.search(r"(?<!\\)[<>*_`\[\]]", title.replace("\\\\", ""))


def test_words_and_tokens():
    assert text("a *b* <c>\n\x00") == "a \\*b\\* \\<c\\>\ufffd\ufffd"
    assert text("  ") == "-"
    assert token("5.2.3.4") == "_5.2.3.4"
    assert token("A.1 (b)") == "A.1-b-"


def test_without_users_it_is_a_document_still():
    made = by_hand(packs=(pack("mine", rule("T-1", {DEFAULTS: True}, scope="tenant")),), tenant={DEFAULTS: True})

    assert states(made) == {"T-1": ("satisfied", "pass")}
    assert "inventory-items" not in result_of(made)["local-definitions"]


def test_evidence_that_nobody_hashed_has_no_hash():
    made = replace(by_hand(PASS), evidence=(EvidenceFile(path="evidence/users.jsonl.gz", sha256="", bytes=1),))
    document = document_of(made)
    check_oscal(document)

    (link,) = document["back-matter"]["resources"][-1]["rlinks"]
    assert link == {"href": "evidence/users.jsonl.gz"}


def test_each_audit_of_the_simulated_tenants_is_read_by_trestle(job):
    document = document_of(audited(job.bundle))
    found = check_oscal(document)

    (result,) = found.results
    rules = {one["id"]: one for one in job.results["rules"]}
    states = Counter(
        one.target.status.state.value for one in result.findings if rules[one.target.target_id]["status"] != "PASS"
    )
    assert states["satisfied"] == 0


def test_every_framework_that_ships_is_read_by_trestle(messy):
    packs = ("cis-m365", "cisa-scuba", "nist-800-53", "essential-eight-ml2", "nis2-dora", "pci-dss", "cyber-essentials")
    made = judged(
        taken(messy.bundle), load_packs(packs, Terms(allow_samples=True, allow_conflicts=True)), allow_conflicts=True
    )
    document = document_of(made)
    check_oscal(document)

    selections = document["results"][0]["reviewed-controls"]["control-selections"]
    assert len(selections) == len(packs)
    ids = {one["control-id"] for each in selections for one in each["include-controls"]}
    assert {"ia-2.1", "ia-2.2", "ism-1504", "cis-m365_5.2.3.4"} <= ids
    assert TENANT not in ids
