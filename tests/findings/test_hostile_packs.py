"""A policy file that somebody sent ends in a clear refusal, soon, and reaches no file that it should not."""

import pytest
from packs_by_hand import GOOD
from soon import refused

from mfaaudit.findings.read_pack import read_pack
from mfaaudit.yaml_bounds import DEEPEST, MOST

MIB = 1 << 20
HEAD = 'pack:\n  id: mine\n  version: "1"\n  title: Mine\n'
RULE = (
    "{id: M-%d, title: T, rationale: R, severity: low, require: {registration.isMfaRegistered: true}, remediation: C}"
)


def filled(unit, size=MIB - 200):
    return unit * (size // len(unit))


def block_levels(count):
    return HEAD + "population:\n" + "".join(f"{'  ' * level}- any_of:\n" for level in range(1, count))


# what the file holds, the line of the refusal, and what it says
HOSTILE = {
    "an alias bomb": ("a: &a [x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(99)), 1, "anchors and aliases"),
    "a bomb that names an anchor twice": ("a: &a [x]\nb: &a [*a, *a]\n", 1, "anchors and aliases"),
    "an alias of nothing": ("a: *a\n", 1, "anchors and aliases"),
    "a mebibyte of asterisks": (filled("*"), 1, "anchors and aliases"),
    "a mebibyte of exclamation marks": (filled("!"), 1, "the tag !!!!!"),
    "an object of Python": (HEAD + "rules: !!python/object/apply:os.system [id]\n", 5, "tag !!python/object"),
    "a tag on a mapping": (HEAD + "rules: !!map {}\n", 5, "the tag !!map is not allowed"),
    "a tag on a text": (HEAD.replace('"1"', "!!str 1"), 3, "the tag !!str is not allowed"),
    "a tag of one sign": (HEAD.replace("Mine", "! Mine"), 4, "the tag ! is not allowed"),
    "a merge key": (HEAD + "<<: {rules: []}\n", 5, "merge"),
    "keys without end": (HEAD + filled("k: 1\n"), None, f"more than {MOST:,} keys and values"),
    "rules without end": (HEAD + "rules:\n" + filled("- {}\n"), None, f"more than {MOST:,}"),
    "rules in one line": (HEAD + f"rules: [{filled('{},')}]", 5, f"more than {MOST:,}"),
    "a list of a hundred thousand": (
        HEAD + f"lists:\n  a: [{','.join(str(n) for n in range(100_000))}]\n",
        6,
        f"more than {MOST:,}",
    ),
    "thousands of any_of in any_of": (HEAD + "population: " + "{any_of: [" * 40_000, 5, "nested too deeply"),
    "any_of below any_of": (block_levels(600), 35, "nested too deeply"),
    "a mebibyte of brackets": (filled("["), 1, "nested too deeply"),
    "a mebibyte of braces": (filled("{"), 1, "nested too deeply"),
    "a mebibyte of dashes": (filled("- "), 1, "nested too deeply"),
    "a mebibyte of question marks": (filled("? "), 1, "nested too deeply"),
    "a huge key": (HEAD + f'? "{filled("x")}"\n: 1\n', 5, "a key has 1,048,376 characters"),
    "a key of 201 characters": (HEAD + "x" * 201 + ": 1\n", 5, "a key has 201 characters"),
    "a huge key of a condition": (HEAD + f"population:\n  {'x' * 500}: 1\n", 6, "a key has 500 characters"),
    "a huge word": (GOOD.replace("severity: high", f"severity: {'x' * 999_000}"), 13, "x…'"),
    "a huge glob": (
        GOOD.replace(
            "registration.isMfaRegistered: true\n    rem", 'user.displayName: {matches: "' + "*" * 999 + '"}\n    rem'
        ),
        15,
        "the pattern has 999 characters",
    ),
    "only comments": (filled("#\n"), None, "empty"),
    "only lines": (filled("\n"), None, "empty"),
    "only spaces": (filled(" "), None, "empty"),
    "many documents": (filled("---\n"), 2, "another document"),
    "a NUL byte": (HEAD.replace("Mine", "Mi\0ne"), None, "unacceptable character #x0000"),
    "half a surrogate pair": (HEAD.replace("Mine", "Mi\ud800ne"), None, "unacceptable character #xd800"),
    "more than a mebibyte": (filled("#", MIB + 1), None, "larger than 1 MiB"),
}


@pytest.mark.parametrize(("text", "line", "says"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_soon_and_clearly(text, line, says):
    problem = refused(lambda: read_pack(text, "mine.yaml"))

    assert says in problem.message
    assert problem.hint
    assert problem.file == "mine.yaml"
    if line is not None:
        assert problem.line == line


def test_what_a_file_may_hold_is_counted_to_the_last_value():
    # A rule is 15 nodes here; the root, the head and the key of the rules are 11, a list 4 and its values.
    rules = (MOST - 15) // 15
    left = MOST - 15 - 15 * rules

    def text(values):
        lists = f"lists: {{a: [{', '.join(['x'] * values)}]}}\n"
        return HEAD + lists + "rules:\n" + "".join(f"  - {RULE % n}\n" for n in range(rules))

    assert len(read_pack(text(left), "mine.yaml").rules) == rules
    assert "more than" in refused(lambda: read_pack(text(left + 1), "mine.yaml")).message


def test_conditions_may_be_as_deep_as_the_limit_says():
    def text(levels):
        return GOOD.replace(
            "      registration.isMfaRegistered: true\n    rem",
            "      " + "{not: " * levels + "{registration.isMfaRegistered: true}" + "}" * levels + "\n    rem",
        )

    # The root, the list of rules, the rule and the requirement come before, the field and its value after.
    assert read_pack(text(DEEPEST - 5), "mine.yaml")
    assert "too deeply" in refused(lambda: read_pack(text(DEEPEST - 4), "mine.yaml")).message


LONG = "derived.roles: {contains_any: $long}"


@pytest.mark.parametrize(("size", "fine"), [(1_000, True), (1_001, False)])
def test_a_list_is_searched_for_so_many_values_and_no_more(size, fine):
    lists = f"lists: {{long: [{', '.join(f'r{n}' for n in range(size))}]}}\n"
    text = lists + GOOD.replace("registration.isMfaRegistered: true\n    rem", f"{LONG}\n    rem")

    if fine:
        assert len(read_pack(text, "mine.yaml").rules[0].require.operand) == size
    else:
        problem = refused(lambda: read_pack(text, "mine.yaml"))
        assert (problem.line, "cannot be searched for 1,001 values" in problem.message) == (16, True)


def test_a_text_is_compared_with_as_many_values_as_there_are():
    lists = f"lists: {{long: [{', '.join(f'r{n}' for n in range(5_000))}]}}\n"
    text = lists + GOOD.replace(
        "registration.isMfaRegistered: true\n    rem", "user.displayName: {not_in: $long}\n    rem"
    )

    assert len(read_pack(text, "mine.yaml").rules[0].require.operand) == 5_000


# YAML takes these for something else than the text or the whole number that is wanted.
NOT_WHAT_IS_WANTED = {
    "on": ("severity: high", "severity: on", "cannot be 'on'"),
    "no": ("severity: high", "severity: no", "cannot be 'no'"),
    "true": ("title: Mine", "title: true", "must be text, not 'true' (true or false)"),
    "a version with a point": ('"1.0.0"', "5.10", "not '5.10' (a number with a decimal point)"),
    "a date": ('"1.0.0"', "2026-10-02", "not '2026-10-02' (a date)"),
    "a whole number": ('"1.0.0"', "7", "not '7' (a whole number)"),
    "nothing": ('version: "1.0.0"', "version:", "not '' (nothing)"),
    "a tilde": ('"1.0.0"', "~", "not '~' (nothing)"),
    "an octal number": ("gte: 99", "gte: 0o17", "not '0o17'"),
    "a number with a line": ("gte: 99", "gte: 1_0", "not '1_0'"),
    "a hexadecimal number": ("gte: 99", "gte: 0x1F", "not '0x1F'"),
    "infinity": ("gte: 99", "gte: .inf", "not '.inf' (a number with a decimal point)"),
    "not a number": ("gte: 99", "gte: .nan", "not '.nan'"),
    "a number in quotes": ("gte: 99", 'gte: "99"', "not '99'"),
    "a number beyond measure": ("gte: 99", f"gte: {'9' * 5_000}", "must be a whole number from 0, not '999"),
    "yes for true": ("isMfaRegistered: true\n    rem", "isMfaRegistered: yes\n    rem", "is true or false, not 'yes'"),
    "true in quotes": ("isMfaRegistered: true\n    rem", 'isMfaRegistered: "true"\n    rem', "not 'true'"),
}


@pytest.mark.parametrize(("old", "new", "says"), NOT_WHAT_IS_WANTED.values(), ids=NOT_WHAT_IS_WANTED)
def test_what_yaml_takes_for_something_else_is_not_guessed_at(old, new, says):
    assert GOOD.count(old) == 1

    assert says in refused(lambda: read_pack(GOOD.replace(old, new), "mine.yaml")).message


def test_words_that_other_yaml_takes_for_booleans_are_text():
    text = GOOD.replace("title: Mine", "title: on").replace(
        "rationale: R\n    severity: high", "rationale: no\n    severity: high"
    )

    one = read_pack(text, "mine.yaml")
    assert (one.title, one.rules[0].rationale) == ("on", "no")


REGEXES = ["(a+)+$", "(a|a)*b", "(?:a)", r"(a)\1", "a{1000}", "(?=a)", "a**", "(" * 99 + ")" * 99 + "*", "[", "x" * 201]


@pytest.mark.parametrize("regex", REGEXES)
def test_a_pattern_that_could_take_for_ever_is_refused(regex):
    text = GOOD.replace(
        "registration.isMfaRegistered: true\n    rem", f"user.displayName: {{regex: '{regex}'}}\n    rem"
    )

    assert refused(lambda: read_pack(text, "mine.yaml")).line == 15


def test_a_key_may_be_as_long_as_the_limit_says():
    def text(length):
        return f"lists: {{{'x' * length}: [a]}}\n" + GOOD

    assert read_pack(text(200), "mine.yaml")
    assert "a key has 201 characters" in refused(lambda: read_pack(text(201), "mine.yaml")).message
