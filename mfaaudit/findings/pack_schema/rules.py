"""The schema of a rule."""

from __future__ import annotations

from mfaaudit.findings.pack_schema.conditions import bounds, comparison, condition_name, whole
from mfaaudit.findings.pack_schema.parts import IDENTIFIER, TEXT, Schema, array, described, mapping, ref, words
from mfaaudit.findings.read_rule import KEYS, NEEDED, NULL_MEANS, POSTURES
from mfaaudit.sources.field import Scope
from mfaaudit.words import Severity, Verdict

SAYS = {
    "id": "A stable name, by which results, exceptions and other packs know the rule.",
    "title": "What holds where the rule passes, in a few words.",
    "rationale": "Why it is asked.",
    "severity": "How much a failure matters.",
    "severity_when": "Another severity for some users; the first condition that holds counts.",
    "scope": "Whether users are judged one by one (the default), or the tenant.",
    "posture": "The way of enforcing MFA without which the rule is not asked.",
    "preconditions": "Conditions on the tenant; where one does not hold, the rule does not apply.",
    "population": "Whom the rule is about, instead of the population of the pack.",
    "applies_to": "Whom of the population it is about, or when a rule about the tenant applies.",
    "require": "What must hold; of an aggregate, the percent or the count.",
    "null_means": "What a value that was read and is empty means for the requirement.",
    "aggregate": "A number over many users.",
    "min_coverage_percent": "How many of the users of an aggregate must have been read for a pass.",
    "blocked_by": "Rules that must pass before anybody does what the remediation says.",
    "waivable": "Whether an exception can cover a failure; true unless said otherwise.",
    "remediation": "What to do about a failure.",
    "action": "The action that cures a failure, or several: the first that fits a user counts.",
    "references": "Where the requirement is published, with its version: CIS-M365-7.0.0:5.2.3.4.",
    "assessment": "full if the rule decides what it refers to, partly if it is evidence for it.",
    "examples": "What the rule must say of cases; at least a pass, a fail and an unknown.",
}
OF_USERS, OF_TENANT = ref(condition_name(Scope.USER)), ref(condition_name(Scope.TENANT))
EITHER: Schema = {"anyOf": [OF_USERS, OF_TENANT]}
SEVERITY = words(one.value for one in Severity)


def rule() -> Schema:
    """One rule, and what differs between one about users and one about the tenant."""
    of_tenant = {"properties": {"scope": {"const": Scope.TENANT.value}}, "required": ["scope"]}
    return mapping(
        {key: described(one, SAYS[key]) for key, one in _keys().items()},
        NEEDED,
        **{
            "if": of_tenant,
            "then": {
                "properties": {"applies_to": OF_TENANT, "population": False, "severity_when": False},
                "if": {"required": ["aggregate"]},
                "then": {"properties": {"require": bound(), "null_means": False}},
                "else": {"properties": {"require": OF_TENANT, "min_coverage_percent": False}},
            },
            "else": {
                "properties": {
                    "applies_to": OF_USERS,
                    "require": OF_USERS,
                    "aggregate": False,
                    "min_coverage_percent": False,
                },
            },
        },
    )


def change(fixed: tuple[str, ...]) -> Schema:
    """Other values for some keys of a rule; what the rule is about is not known here."""
    return mapping({key: described(one, SAYS[key]) for key, one in _keys().items() if key not in fixed})


def bound() -> Schema:
    """What an aggregate requires: a percent or a count."""
    ways = {
        name: {"anyOf": [comparison(most), mapping({"between": bounds(most)}, ["between"])]}
        for name, most in (("percent", 100), ("count", whole()["maximum"]))
    }
    return mapping(ways, minProperties=1, maxProperties=1)


def _keys() -> dict[str, Schema]:
    when = mapping({"if": OF_USERS, "severity": SEVERITY}, ["if", "severity"])
    example = mapping(
        {
            "given": described(ref("case"), "What was read; what is left out was not."),
            "users": described(array(ref("case")), "The users of an aggregate."),
            "verdict": words(one.value for one in Verdict),
            "severity": described(SEVERITY, "Of the failure."),
        },
        ["verdict"],
        oneOf=[{"required": ["given"]}, {"required": ["users"]}],
    )
    over = {"anyOf": [{"const": "population"}, OF_USERS]}
    made = {
        "id": IDENTIFIER,
        "title": TEXT,
        "rationale": TEXT,
        "severity": SEVERITY,
        "severity_when": array(when),
        "scope": words(one.value for one in Scope),
        "posture": words(POSTURES),
        "preconditions": array(OF_TENANT),
        "population": OF_USERS,
        "applies_to": EITHER,
        "require": {"anyOf": [OF_USERS, OF_TENANT, ref("bound")]},
        "null_means": words(NULL_MEANS),
        "aggregate": mapping(
            {
                "count": described(OF_USERS, "Who is counted."),
                "over": described(over, "Out of whom: the population of the pack, or a condition."),
            },
            ["count", "over"],
        ),
        "min_coverage_percent": whole(100),
        "blocked_by": array(IDENTIFIER),
        "waivable": {"type": "boolean"},
        "remediation": TEXT,
        "action": {"anyOf": [IDENTIFIER, array(IDENTIFIER, at_least=1)]},
        "references": array(TEXT),
        "assessment": words(("full", "partly")),
        "examples": array(example),
    }
    return {key: made[key] for key in KEYS}
