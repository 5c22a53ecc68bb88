"""The schema of results.json: it describes every key that is written, and knows every word that there is.

Readers have to bear keys that are added later, so the schema is open; here it is closed, and nothing may be left over.
"""

import copy
import importlib.resources
import json

import jsonschema
import pytest
from judged_by_hand import audited, entry, judged, pack, rule, taken

from mfaaudit.findings import Terms, load_packs, shipped_packs
from mfaaudit.findings.controls import Outcome
from mfaaudit.reports.results import results_of
from mfaaudit.words import Reason, Severity, Verdict

TEXT = importlib.resources.files("mfaaudit.reports").joinpath("results.schema.json").read_text("utf-8")


def parts(node):
    """Every part of the schema that is a schema or holds some."""
    if isinstance(node, dict):
        yield node
        for one in node.values():
            yield from parts(one)
    elif isinstance(node, list):
        for one in node:
            yield from parts(one)


def objects():
    """The parts that describe an object with keys of its own."""
    return [one for one in parts(json.loads(TEXT)) if isinstance(one.get("properties"), dict) and "type" in one]


@pytest.fixture(scope="module")
def closed():
    """The schema without room for a key that it does not describe."""
    schema = json.loads(TEXT)
    for one in parts(schema):
        if isinstance(one.get("properties"), dict) and "type" in one:
            one.setdefault("additionalProperties", False)
    return jsonschema.Draft202012Validator(schema)


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json.loads(TEXT))


def test_every_key_that_it_describes_has_to_be_there():
    for one in objects():
        optional = set(one["properties"]) - set(one.get("required", ()))
        # A bundle is no copy, and whom an exception is about is one or the other.
        assert optional in (set(), {"copy"}, {"groupId", "userId", "applicationId"}), one.get("description")
        assert set(one.get("required", ())) <= set(one["properties"])


@pytest.mark.parametrize(
    ("words", "of"),
    [("FAIL", Verdict), ("NO_ROW", Reason), ("critical", Severity), ("not met", Outcome)],
    ids=["verdicts", "reasons", "severities", "outcomes"],
)
def test_a_list_of_words_holds_all_of_them(words, of):
    lists = [one["enum"] for one in parts(json.loads(TEXT)) if words in one.get("enum", ())]

    assert lists
    for one in lists:
        assert {word for word in one if word is not None} == set(of)


def test_it_describes_every_key_of_every_mood(job, closed):
    closed.validate(job.results)


def test_it_describes_every_key_of_every_pack_with_a_register(messy, closed):
    snapshot = taken(messy.bundle)
    users = snapshot.users["user_id"].to_list()
    day = snapshot.run.started_at.date().isoformat()
    own = pack("mine", rule("OWN-1", {"user.userType": "Member"}, severity="info"))
    packs = load_packs(shipped_packs(), Terms(allow_samples=True, allow_conflicts=True))
    entries = [
        entry("E-1", rules=["BASE-01"], subject={"userId": users[0]}, approved_on=day, expires_on=day),
        entry("E-2", rules=["BASE-01"], subject={"groupId": users[1]}, approved_by=None, approved_on=None),
        entry("E-3", rules=["CAM-T1"], subject={"applicationId": users[1]}, approved_on=day, expires_on=day),
    ]
    made = judged(snapshot, (*packs, own), entries, allow_conflicts=True)

    closed.validate(json.loads(json.dumps(results_of(made))))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("rules", 0, "status"), "OK"),
        (("rules", 0, "severity"), "urgent"),
        (("rules", 0, "counts", "fail"), -1),
        (("rules", 0, "counts", "fail"), "3"),
        (("rules", 0, "counts", "skipped"), 1),
        (("rules", 0, "scope"), "device"),
        (("population", "complete"), "yes"),
        (("population", "enumerated"), None),
        (("coverage", 0, "reasons"), {"BORED": 1}),
        (("run", "policies", 0, "sha256"), "0"),
        (("run", "startedAt"), "yesterday"),
        (("conclusion", "exitCode"), 3),
        (("conclusion", "failOn"), "never"),
        (("schema",), 0),
        (("posture", "reason"), "BORED"),
    ],
    ids=str,
)
def test_it_refuses_what_no_audit_can_say(messy, path, value):
    results = copy.deepcopy(audited_results(messy))
    place = results
    for one in path[:-1]:
        place = place[one]
    place[path[-1]] = value

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(TEXT)).validate(results)


def audited_results(job):
    return json.loads(json.dumps(results_of(audited(job.bundle))))


@pytest.mark.parametrize("name", json.loads(TEXT)["required"])
def test_it_misses_every_part(messy, name):
    results = audited_results(messy)
    del results[name]

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(TEXT)).validate(results)
