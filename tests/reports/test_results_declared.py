"""results.json: what was declared, what it waived, and what is said of controls, under the schema that ships."""

import importlib.resources
import json
from collections import Counter

import jsonschema
import pytest
from judged_by_hand import DEFAULTS, judged, pack, rule, taken
from judged_by_hand import entry as entry_of

from mfaaudit.declared.words import CHOICES, KINDS, POSTURES, State
from mfaaudit.findings import Assessment
from mfaaudit.findings.controls import Outcome
from mfaaudit.reports.results import results_of
from mfaaudit.words import Severity

GROUP = "EEEEEEEE-0000-4000-8000-000000000000"
CIS = {"name": "CIS", "version": "7.0.0", "source": "primary"}
CONTROLS = [
    {"id": "5.1", "title": "Asked", "assessment": "full", "rules": ["R-1"]},
    {"id": "5.2", "title": "Looked at", "assessment": "manual", "note": "Look."},
]
MINE = pack("mine", rule(), controls=CONTROLS, framework=CIS)
DATA = pack("data", rule("DQ-1", {DEFAULTS: True}, scope="tenant", severity="info"), judges="data")


@pytest.fixture(scope="module")
def schema():
    return json.loads(importlib.resources.files("mfaaudit.reports").joinpath("results.schema.json").read_text("utf-8"))


@pytest.fixture
def results(messy, schema):
    """The results of the messy tenant under packs and a register, which keep to the schema."""

    def made(*packs, entries=None, **how):
        snapshot = taken(messy.bundle)
        when = snapshot.run.started_at.date()
        dated = None
        if entries is not None:
            since = {"approved_on": when.isoformat(), "expires_on": when.replace(year=when.year + 1, day=1).isoformat()}
            dated = [entry_of(**(since | one)) for one in entries]
        material = judged(snapshot, packs or (MINE,), dated, **how)
        found = json.loads(json.dumps(results_of(material)))
        jsonschema.Draft202012Validator(schema).validate(found)
        return material, found

    return made


def failing(messy, count):
    """The ids of users who fail the rule, and are covered by nothing."""
    frame = judged(taken(messy.bundle), (MINE,)).findings.results[0].frame
    return frame.filter(frame["verdict"] == "FAIL")["user_id"].to_list()[:count]


def test_the_posture(results):
    material, found = results()
    posture = material.declared.posture

    assert found["posture"] == {
        "asked": "auto",
        "value": posture.value,
        "reason": None if posture.reason is None else posture.reason.value,
        "statement": posture.statement,
        "inputs": list(posture.inputs),
        "remarks": [],
    }
    _, found = results(posture="security-defaults")
    assert (found["posture"]["asked"], found["posture"]["value"]) == ("security-defaults", "security-defaults")
    assert found["posture"]["remarks"]


def test_the_register_adds_up_to_what_was_waived(results, messy):
    one, other = failing(messy, 2)
    material, found = results(
        entries=[
            {"name": "E-1", "subject": {"userId": one.upper()}},
            {"name": "E-2", "subject": {"groupId": GROUP}},
            {"name": "E-3", "subject": {"userId": other}, "requested_by": "ciso@contoso.example"},
        ]
    )
    first, group, own = found["exceptions"]
    row = material.exceptions[0]

    assert first == {
        "id": "E-1",
        "kind": "waiver",
        "subject": {"userId": one.lower()},
        "rules": ["R-1"],
        "states": [state.value for state in row.states],
        "users": 1,
        "waived": 1,
        "effectiveUntil": row.effective_until.isoformat(),
        "approvedOn": row.entry.approved_on.isoformat(),
        "expiresOn": row.entry.expires_on.isoformat(),
        "requestedBy": "it@contoso.example",
        "approvedBy": "ciso@contoso.example",
        "ticket": "CHG-1",
    }
    assert first["effectiveUntil"] < first["expiresOn"]
    assert (group["subject"], group["users"], group["effectiveUntil"]) == ({"groupId": GROUP.lower()}, None, None)
    assert "selfApproved" in own["states"]
    assert sum(each["waived"] for each in found["exceptions"]) == sum(
        each["counts"]["waived"] for each in found["rules"]
    )


def test_without_a_register_and_without_controls_both_are_empty(results):
    _, found = results(pack("plain", rule()))

    assert found["exceptions"] == found["controls"] == []


def test_the_controls(results):
    _, found = results()
    decided, looked_at = found["controls"]

    assert decided == {
        "pack": "mine",
        "framework": "CIS",
        "version": "7.0.0",
        "id": "5.1",
        "title": "Asked",
        "assessment": "full",
        "rules": ["R-1"],
        "result": "not met",
    }
    assert (looked_at["rules"], looked_at["result"]) == ([], "to be looked at by hand")


def test_a_pack_may_have_controls_without_a_framework(results):
    _, found = results(pack("mine", rule(), controls=CONTROLS))

    assert (found["controls"][0]["framework"], found["controls"][0]["version"]) == (None, None)


def test_the_conclusion_names_rules_on_the_data_that_failed_and_packs_that_do_not_fit(results):
    per_user = pack("per", rule("R-2"), posture="per-user")
    material, found = results(MINE, DATA, per_user, posture="conditional-access", fail_on=Severity.LOW)

    assert found["conclusion"]["doubts"] == ["DQ-1"], "whatever its severity"
    assert found["conclusion"]["unfitPacks"] == ["per"]
    _, found = results(pack("plain", rule()))
    assert found["conclusion"]["doubts"] == found["conclusion"]["unfitPacks"] == []
    assert material.conclusion.doubts == ("DQ-1",)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("posture", "properties", "asked"), CHOICES),
        (("posture", "properties", "value"), (*POSTURES, None)),
        (("exceptions", "items", "properties", "kind"), KINDS),
        (("exceptions", "items", "properties", "states", "items"), tuple(State)),
        (("controls", "items", "properties", "result"), tuple(Outcome)),
        (("controls", "items", "properties", "assessment"), tuple(Assessment)),
    ],
)
def test_the_schema_knows_every_word(schema, path, words):
    node = schema["properties"]
    for name in path:
        node = node[name]

    assert Counter(node["enum"]) == Counter(words)
