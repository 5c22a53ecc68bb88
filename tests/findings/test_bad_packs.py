"""A pack that no rule can mean is refused: the file, the line, and the nearest word."""

import pytest
from bad_keys_by_hand import BAD_KEYS, METHODS, STATE, required
from packs_by_hand import GOOD

from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.read_pack import read_pack

# what stands in the good pack, what comes instead, and the line, the message and the hint of the refusal
BAD = {
    "a colon too many": ("title: Mine", "title: Mi: ne", 4, "no YAML", "colons"),
    "a quote left open": ('"1.0.0"', '"1.0.0', 3, "no YAML", "quotes"),
    "a tab": ("  id: mine", "\tid: mine", 2, "no YAML", "indentation"),
    "an anchor": ("title: Mine", "title: &t Mine", 4, "anchors", "Write the value out"),
    "a tag": ("title: Mine", "title: !!python/name:os.system Mine", 4, "tag", "plain value"),
    "a key twice": ("  title: Mine", "  title: Mine\n  title: Yours", 5, "'title' comes twice", "Keep one"),
    "a rule's key twice": (
        "    severity: high",
        "    severity: high\n    severity: low",
        14,
        "comes twice",
        "Keep",
    ),
    "an unknown key": ("severity: low", "severty: low", 25, "no key 'severty'", "'severity'"),
    "an unknown key above its value": (
        "    require:\n      reg",
        "    requires:\n      reg",
        14,
        "'requires'",
        "'require'",
    ),
    "an unknown head key": ("  title: Mine", "  titel: Mine", 4, "no key 'titel'", "'title'"),
    "a key too few": (
        "    rationale: R\n    severity: high",
        "    severity: high",
        10,
        "lacks the key 'rationale'",
        "Add",
    ),
    "no rules": (GOOD[GOOD.index("rules:") :], "rules: []", 9, "no rules", "at least one"),
    "a number for an id": ("id: mine", "id: 7", 2, "must be text, not '7'", "quotes"),
    "a version without quotes": ('"1.0.0"', "1.0", 3, "a number with a decimal point", "quotes"),
    "an id that is a path": ("id: mine", "id: ../mine", 2, "cannot be '../mine'", "letters, digits"),
    "another severity": ("severity: high", "severity: hihg", 13, "cannot be 'hihg'", "'high'"),
    "a severity in capitals": ("severity: high", "severity: HIGH", 13, "cannot be 'HIGH'", "'high'"),
    "another verdict": ("verdict: PASS", "verdict: PASSED", 20, "cannot be 'PASSED'", "'PASS'"),
    "the same rule twice": ("id: M-2", "id: M-1", 21, "'M-1' comes twice", "id of its own"),
    "a misspelled field": (
        *required("      registration.isMfaRegisterd: true"),
        15,
        "no field 'registration.isMfaRegisterd'",
        "'registration.isMfaRegistered'",
    ),
    "a misspelled field above its value": (
        *required("      registration.isMfaRegisterd:\n        eq: true"),
        15,
        "no field",
        "'registration.isMfaRegistered'",
    ),
    "a misspelled join": (
        *required("      any_off:\n        - registration.isMfaCapable: true"),
        15,
        "no field 'any_off'",
        "'any_of'",
    ),
    "a field of the tenant": (
        *required("      tenant.securityDefaults.isEnabled: true"),
        15,
        "about the tenant",
        "preconditions",
    ),
    "a misspelled operator": (
        *required(f"{STATE}\n        no_tin: [disabled]"),
        16,
        "operator 'no_tin'",
        "'not_in'",
    ),
    "an operator above its list": (
        *required(f"{STATE}\n        inn:\n          - disabled"),
        16,
        "operator 'inn'",
        "'in'",
    ),
    "an operator of lists": (
        *required(f"{STATE} {{contains: disabled}}"),
        15,
        "whose kind is enum",
        "Allowed",
    ),
    "a value in capitals": (*required(f"{STATE} Enforced"), 15, "never 'Enforced'", "'enforced'"),
    "a value that is none": (
        *required(f"{STATE} {{in: [enabled,\n        enforce]}}"),
        16,
        "never 'enforce'",
        "'enforced'",
    ),
    "a method that is none": (
        *required(f"{METHODS} {{contains: fido2}}"),
        15,
        "never 'fido2'",
        "'fido2SecurityKey'",
    ),
    "no methods": (*required(f"{METHODS} {{contains_any: []}}"), 15, "empty", "at least one"),
    "a word for a boolean": (
        *required("      registration.isMfaRegistered: yes"),
        15,
        "not 'yes'",
        "true or false",
    ),
    "nothing for a boolean": (
        *required("      registration.isMfaRegistered:"),
        15,
        "true or false",
        "true or false",
    ),
    "a group by its name": (
        *required("      derived.groups: {contains: Finance}"),
        15,
        "holds object ids",
        "00000000-",
    ),
    "a group that leads elsewhere": (
        *required("      derived.groups: {contains_any: [../users/x]}"),
        15,
        "holds object ids",
        "00000000-",
    ),
    "a list without an operator": (*required(f"{STATE} [enabled]"), 15, "a list", "{in:"),
    "a list that nobody wrote": (
        *required(f"{METHODS} {{contains_none: $weak}}"),
        15,
        "no list $weak",
        "Allowed",
    ),
    "a comparison that is none": (
        *required(f"{METHODS} {{count: {{ge: 2}}}}"),
        15,
        "comparison 'ge'",
        "'gte'",
    ),
    "two comparisons": (*required(f"{METHODS} {{count: {{gte: 2, lte: 3}}}}"), 15, "exactly one", "{gte: 2}"),
    "a number in words": (*required(f"{METHODS} {{count: {{gte: two}}}}"), 15, "whole number", "digits"),
    "a negative number": (*required(f"{METHODS} {{count: {{gte: -1}}}}"), 15, "whole number", "digits"),
    "an excluded list too few": (*required(f"{METHODS} {{count_excluding: {{gte: 2}}}}"), 15, "'of'", "of:"),
    "before the first date": (
        *required("      user.createdDateTime: {older_than_days: 99999999}"),
        15,
        "from 0 to 36500",
        "digits",
    ),
    "a maze": (*required("      " + "{not: " * 70 + "{}" + "}" * 70), 15, "nested too deeply", "few levels"),
    "a list without end": (
        *required("      derived.roles:\n        contains_other_than: [x]"),
        16,
        "not a closed list",
        "'contains_any'",
    ),
    "an empty condition": (*required("      {}"), 15, "empty", "at least one field"),
    "an empty join": (*required("      any_of: []"), 15, "any_of is empty", "at least one"),
    "false for empty": (*required(f"{METHODS} {{empty: false}}"), 15, "takes only true", "not"),
    "more than all": ("gte: 99", "gte: 101", 29, "from 0 to 100", "digits"),
    "more than all covered": ("percent: 95", "percent: 950", 30, "from 0 to 100", "digits"),
    "a share of nothing": (
        "{percent: {gte: 99}}",
        "{share: {gte: 99}}",
        29,
        "a percent or a count",
        "percent",
    ),
    "an upside-down range": ("{gte: 99}", "{between: [9, 2]}", 29, "the lower first", "[2, 4]"),
    "an aggregate of a user": ("scope: tenant", "scope: user", 27, "about the tenant", "scope: tenant"),
    "a population of the tenant": (
        "    min_coverage_percent: 95",
        "    population: {user.accountEnabled: true}",
        30,
        "has no population",
        "over",
    ),
    "coverage of no aggregate": (
        "severity: high",
        "severity: high\n    min_coverage_percent: 1",
        14,
        "belongs to an aggregate",
        "Remove it",
    ),
    "a user's field in a precondition": (
        "{tenant.securityDefaults.isEnabled: false}",
        "{user.accountEnabled: true}",
        6,
        "about the user",
        "aggregate",
    ),
    "an example without a case": (
        "given:\n          registration.isMfaRegistered: true\n        verdict",
        "verdict",
        18,
        "either given or users",
        "users only",
    ),
    "an example of a misspelled field": (
        "isMfaRegistered: true\n        verdict",
        "isMfaRegistred:\n            unknown: NO_ROW\n        verdict",
        19,
        "no field",
        "'registration.isMfaRegistered'",
    ),
    "an example of an impossible value": (
        "isMfaRegistered: true\n        verdict",
        "isMfaRegistered: maybe\n        verdict",
        19,
        "never 'maybe'",
        "unknown",
    ),
    "an example of an unknown reason": (
        "isMfaRegistered: true\n        verdict",
        "isMfaRegistered: {unknown: NOROW}\n        verdict",
        19,
        "cannot be 'NOROW'",
        "'NO_ROW'",
    ),
}
BAD |= BAD_KEYS


def test_the_good_pack_is_good():
    assert [rule.id for rule in read_pack(GOOD, "mine.yaml").rules] == ["M-1", "M-2"]


@pytest.mark.parametrize(("old", "new", "line", "message", "hint"), BAD.values(), ids=BAD)
def test_a_bad_pack_is_refused_at_its_line(old, new, line, message, hint):
    assert GOOD.count(old) == 1, "the edit must hit one place"

    with pytest.raises(PolicyProblem) as caught:
        read_pack(GOOD.replace(old, new), "mine.yaml")

    problem = caught.value
    assert (problem.file, problem.line) == ("mine.yaml", line)
    assert str(problem).startswith(f"mine.yaml:{line}: ")
    assert message in problem.message
    assert hint in problem.hint
    assert problem.exit_code == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("# only a remark\n", "empty"),
        ("- a\n", "keys with values"),
        ("a: \x00", "no YAML"),
        ("[" * 1200, "nested too deeply"),
        ("x" * ((1 << 20) + 1), "larger than 1 MiB"),
    ],
    ids=["empty", "a remark", "a list", "a null byte", "deep", "large"],
)
def test_a_file_that_is_no_pack_at_all(text, message):
    with pytest.raises(PolicyProblem, match=message) as caught:
        read_pack(text, "mine.yaml")

    assert caught.value.hint
