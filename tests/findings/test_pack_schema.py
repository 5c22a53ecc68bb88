"""The JSON Schema of packs: current, as wide as the reader, and of use to an editor."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from packs_beside import BASE, CHILD, HEAD, NEEDS
from packs_by_hand import GOOD
from ruamel.yaml import YAML
from test_bad_packs import BAD

from mfaaudit import shipped
from mfaaudit.findings import shipped_packs
from mfaaudit.findings.inherit import FIXED
from mfaaudit.findings.open_pack import HEAD_KEYS, PACK_KEYS
from mfaaudit.findings.pack_schema import lists_schema, pack_schema, written
from mfaaudit.findings.read_condition import operators_of
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.findings.read_rule import KEYS, NEEDED
from mfaaudit.sources.field import Kind
from mfaaudit.vocabulary import FIELDS

SCHEMA = pack_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
LISTS = Draft202012Validator(lists_schema())


def load(text):
    return YAML(typ="safe", pure=True).load(text)


def wrong(text):
    return [f"{one.json_path}: {one.message[:120]}" for one in VALIDATOR.iter_errors(load(text))]


@pytest.mark.parametrize(("name", "schema"), [("pack", pack_schema()), ("lists", lists_schema())])
def test_the_committed_schema_is_the_one_that_the_code_gives(name, schema):
    file = Path(str(shipped.policies())) / f"{name}.schema.json"
    renew = f"mfaaudit policy schema {'--lists ' if name == 'lists' else ''}> policies/{name}.schema.json"

    assert json.loads(file.read_text(encoding="utf-8")) == schema, f"it is not current; renew it: {renew}"
    assert file.read_text(encoding="utf-8") == written(schema), f"it is not as it would be printed; renew it: {renew}"


@pytest.mark.parametrize("schema", [pack_schema(), lists_schema()], ids=["pack", "lists"])
def test_it_is_a_schema(schema):
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_reference_leads_somewhere():
    def refs(part):
        if isinstance(part, dict):
            for key, value in part.items():
                if key == "$ref":
                    yield value
                else:
                    yield from refs(value)
        elif isinstance(part, list):
            for one in part:
                yield from refs(one)

    found = set(refs(SCHEMA))
    assert found == {f"#/$defs/{name}" for name in SCHEMA["$defs"]}
    assert not [one for one in found if " " in one]


@pytest.mark.parametrize("name", shipped_packs())
def test_every_shipped_pack_is_valid(name):
    text = (Path(str(shipped.policies())) / f"{name}.yaml").read_text(encoding="utf-8")

    assert wrong(text) == []


def test_the_shipped_lists_are_valid():
    text = (Path(str(shipped.policies())) / "_lists.yaml").read_text(encoding="utf-8")

    assert LISTS.is_valid(load(text))
    assert not LISTS.is_valid({"lists": {"a": [5]}})
    assert not LISTS.is_valid({"list": {}})
    assert not LISTS.is_valid({"lists": {"a": "b"}})


GOOD_ONES = {
    "the good pack": GOOD,
    "one with everything around rules": BASE,
    "one to fill in": NEEDS,
    "one that extends": CHILD
    + "lists: {a: [b]}\nchange: {B-1: {severity: low, null_means: fail}}\nwithout: {B-2: x}\n",
    "one that changes a number": CHILD + "change: {B-3: {require: {percent: {between: [1, 2]}}}}\n",
    "one that includes": HEAD + "include: {baseline: all, base: [B-1]}\n",
    "one whose versions are dates": GOOD.replace('"1.0.0"', '"2026-10-02"'),
}


@pytest.mark.parametrize("text", GOOD_ONES.values(), ids=GOOD_ONES)
def test_good_packs_are_valid(text):
    assert wrong(text) == []


# What a schema of values cannot see: the text itself, and what one place says of another.
UNSEEN = {
    "a colon too many",
    "a quote left open",
    "a tab",
    "an anchor",
    "a tag",
    "a key twice",
    "a rule's key twice",
    "the same rule twice",
    "an upside-down range",
    "a maze",
    "a list that nobody wrote",
    "no rules",
    "a blocker that is not there",
    "a rule that waits for itself",
    "a control of no rule",
    "a control twice",
    "a list to fill in that is not there",
    "a field compared with itself",
    "a pattern that is none",
    "a repeated group",
    "a key that is a list",
}


@pytest.mark.parametrize(("old", "new"), [edit[:2] for name, edit in BAD.items() if name not in UNSEEN])
def test_a_bad_pack_is_not_valid(old, new):
    assert wrong(GOOD.replace(old, new))


def test_what_differs_between_rules_about_users_and_about_the_tenant():
    user = GOOD.replace(
        "severity: high", "severity: high\n    severity_when: [{if: {user.userType: Guest}, severity: low}]"
    )
    assert wrong(user) == []
    assert wrong(GOOD.replace("severity: low", "severity: low\n    severity_when: []"))
    assert wrong(GOOD.replace("severity: low", "severity: low\n    null_means: pass"))
    assert wrong(GOOD.replace("severity: low", "severity: low\n    applies_to: {registration.isAdmin: true}"))
    assert (
        wrong(GOOD.replace("severity: low", "severity: low\n    applies_to: {derived.isPerUserMfaInUse: true}")) == []
    )


def test_a_control_says_what_it_must():
    def control(text):
        return GOOD + f"controls:\n  - {{id: X, title: T, {text}}}\n"

    assert wrong(control("assessment: full, rules: [M-1]")) == []
    assert wrong(control("assessment: partly, rules: [M-1], note: N")) == []
    assert wrong(control("assessment: manual, note: N")) == []
    assert wrong(control("assessment: full"))
    assert wrong(control("assessment: full, rules: []"))
    assert wrong(control("assessment: partly, rules: [M-1]"))
    assert wrong(control("assessment: manual"))
    assert wrong(control("assessment: manual, rules: [M-1], note: N"))
    assert wrong(control("assessment: whole, rules: [M-1]"))


def test_every_key_is_described():
    rule = SCHEMA["$defs"]["rule"]
    for properties, keys in (
        (SCHEMA["properties"], PACK_KEYS),
        (SCHEMA["properties"]["pack"]["properties"], HEAD_KEYS),
        (rule["properties"], KEYS),
        (
            SCHEMA["properties"]["change"]["additionalProperties"]["properties"],
            [key for key in KEYS if key not in FIXED],
        ),
    ):
        assert list(properties) == list(keys)
        assert all(one["description"].endswith(".") for one in properties.values())
    assert rule["required"] == list(NEEDED)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_has_its_operators_and_its_values(name):
    field = FIELDS[name]
    place = SCHEMA["$defs"][f"{field.scope}Condition"]["properties"][name]
    tests = SCHEMA["$defs"][place["$ref"].removeprefix("#/$defs/")]
    operators = (tests["anyOf"][-1] if "anyOf" in tests else tests)["properties"]

    assert field.title in place["description"]
    assert set(operators_of(field)) - set(operators) <= {"eq_field"}
    assert set(operators) <= set(operators_of(field))
    if field.kind is Kind.ENUM:
        assert tests["anyOf"][0] == {"enum": list(field.values)}
    assert place["$ref"] in json.dumps(SCHEMA["$defs"][f"{field.scope}Condition"])


def test_the_operators_take_what_the_reader_takes():
    lists = (Path(str(shipped.policies())) / "_lists.yaml").read_text(encoding="utf-8")
    for test in (
        "registration.methodsRegistered: {contains_none: $phone_or_no_factor}",
        "registration.methodsRegistered: {count_excluding: {of: $not_a_second_factor, gte: 2}}",
        "registration.methodsRegistered: {count: {eq: 2}, not_empty: true}",
        "registration.isMfaRegistered: {eq_field: registration.isMfaCapable}",
        "user.displayName: {regex: ^svc, matches: 'a*', not_in: [a, '']}",
        "user.createdDateTime: {older_than_days: 3, newer_than_days: 36500, exists: true}",
        "not: {any_of: [{user.userType: Guest}, {user.department: {empty: true}}]}",
    ):
        text = GOOD.replace("registration.isMfaRegistered: true\n    rem", test + "\n    rem")
        assert read_pack(text, "mine.yaml", lists, "_lists.yaml")
        assert wrong(text) == [], test
