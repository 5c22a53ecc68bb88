"""The schema of a pack file."""

from __future__ import annotations

from mfaaudit.findings.inherit import FIXED
from mfaaudit.findings.opened import HEAD_KEYS, JUDGES, PACK_KEYS
from mfaaudit.findings.pack_schema.conditions import cases, comparison, conditions, unknown
from mfaaudit.findings.pack_schema.parts import DIALECT, IDENTIFIER, LISTS, TEXT, Schema, array, described, mapping, ref
from mfaaudit.findings.pack_schema.parts import words as one_of
from mfaaudit.findings.pack_schema.rules import OF_TENANT, OF_USERS, bound, change, rule
from mfaaudit.findings.policy import Assessment
from mfaaudit.findings.read_control import SOURCES
from mfaaudit.findings.read_rule import POSTURES

SAYS = {
    "pack": "What the pack is.",
    "lists": "Lists of its own, by name; a condition names one as $name.",
    "fill_in": "Lists that only whoever uses the pack can know: name, and what belongs in it.",
    "population": "Whom all its rules about users are about.",
    "preconditions": "Conditions on the tenant without which none of its rules applies.",
    "include": "Rules of other packs, as they are: the pack, and the ids of rules or all.",
    "change": "Other values for rules of the pack that this one extends.",
    "without": "Rules of the pack that this one extends that are left out, and why.",
    "rules": "Its own rules.",
    "controls": "The controls of its framework, and which rules bear on each.",
}
SAYS_OF_HEAD = {
    "id": "A stable name; the file is named for it.",
    "version": "In quotes.",
    "title": "What the pack is for, in a line.",
    "description": "What it asks, and what it does not.",
    "posture": "The way of enforcing MFA that it is written for.",
    "judges": "The tenant, or whether the data can be relied on.",
    "conflicts_with": "Packs that demand the opposite.",
    "extends": "The pack whose rules it takes over.",
    "framework": "The published text that it renders.",
    "attestation": "A statement that somebody signs on a page of the report, beside the figures.",
}


def pack_schema() -> Schema:
    """What a pack file may hold. Whatever the reader takes, the schema takes; the reader refuses some more."""
    head = {"$schema": DIALECT, "$id": "urn:mfaaudit:pack:1", "title": "A rule pack of mfaaudit"}
    body = mapping(
        {key: described(one, SAYS[key]) for key, one in _keys().items()},
        ["pack"],
        anyOf=[
            {"required": ["rules"]},
            {"required": ["include"]},
            {"properties": {"pack": {"required": ["extends"]}}},
        ],
    )
    others = {
        "case": cases(),
        "unknown": unknown(),
        "comparison": comparison(),
        "bound": bound(),
        "rule": rule(),
    }
    return head | body | {"$defs": conditions() | others}


def _keys() -> dict[str, Schema]:
    made = {
        "pack": mapping(
            {key: described(one, SAYS_OF_HEAD[key]) for key, one in _head().items()}, ["id", "version", "title"]
        ),
        "lists": LISTS,
        "fill_in": {"type": "object", "additionalProperties": TEXT},
        "population": OF_USERS,
        "preconditions": array(OF_TENANT),
        "include": {
            "type": "object",
            "propertyNames": IDENTIFIER,
            "additionalProperties": {"anyOf": [{"const": "all"}, array(IDENTIFIER)]},
        },
        "change": {"type": "object", "additionalProperties": change(FIXED)},
        "without": {"type": "object", "additionalProperties": TEXT},
        "rules": array(ref("rule")),
        "controls": array(_control()),
    }
    return {key: made[key] for key in PACK_KEYS}


def _head() -> dict[str, Schema]:
    framework = mapping(
        {
            "name": TEXT,
            "version": TEXT,
            "source": described(one_of(SOURCES), "primary if its own text was read, else secondary."),
            "note": TEXT,
        },
        ["name", "version", "source"],
    )
    made = {
        "id": IDENTIFIER,
        "version": TEXT,
        "title": TEXT,
        "description": TEXT,
        "posture": one_of(POSTURES),
        "judges": one_of(JUDGES),
        "conflicts_with": array(TEXT),
        "extends": IDENTIFIER,
        "framework": framework,
        "attestation": TEXT,
    }
    return {key: made[key] for key in HEAD_KEYS}


def _control() -> Schema:
    manual = {"properties": {"assessment": {"const": Assessment.MANUAL.value}}, "required": ["assessment"]}
    full = {"properties": {"assessment": {"const": Assessment.FULL.value}}, "required": ["assessment"]}
    return mapping(
        {
            "id": TEXT,
            "title": TEXT,
            "assessment": described(
                one_of(one.value for one in Assessment), "full if the rules decide it, partly, or manual without rules."
            ),
            "rules": array(IDENTIFIER),
            "note": described(TEXT, "What the rules do not prove, or what a person has to look at."),
        },
        ["id", "title", "assessment"],
        allOf=[
            {
                "if": manual,
                "then": {"properties": {"rules": {"maxItems": 0}}},
                "else": {"required": ["rules"], "properties": {"rules": {"minItems": 1}}},
            },
            {"if": full, "else": {"required": ["note"]}},
        ],
    )
