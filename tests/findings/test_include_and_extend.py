"""Packs that extend another: its rules as they are, changed or left out, and what becomes of its controls."""

import pytest
from packs_beside import BASE, CHILD, HEAD, OWN, of, refused, writer

from mfaaudit.findings import lacking, load_pack, mismatches
from mfaaudit.findings.policy import Assessment
from mfaaudit.words import Verdict


@pytest.fixture
def put(tmp_path):
    return writer(tmp_path)


@pytest.fixture
def child(put):
    return lambda text="": load_pack(put("mine", CHILD + text))


def test_a_pack_that_extends_has_all_that_it_extends(child, put):
    one, base = child(), load_pack(put("base", BASE))

    assert [rule.id for rule in one.rules] == ["B-1", "B-2", "B-3"]
    assert (one.posture, one.judges, one.conflicts_with) == ("per-user", "tenant", ("other",))
    assert (one.framework, one.controls) == (base.framework, base.controls)
    assert {rule.pack for rule in one.rules} == {"mine"}
    for mine, theirs in zip(one.rules, base.rules, strict=True):
        assert (mine.looks_at, mine.require, mine.preconditions) == (
            theirs.looks_at,
            theirs.require,
            theirs.preconditions,
        )
        assert (mine.examples, mine.changed_from) == (theirs.examples, "")
    assert not list(mismatches(one))
    assert [text.pack for text in one.based_on] == ["base"]
    assert (one.title, one.version, one.description) == ("Mine", "1", "")


def test_what_it_says_of_itself_comes_before_what_it_extends(put):
    text = CHILD + "  posture: mixed\n  judges: data\n  conflicts_with: [third]\n"
    text += '  framework: {name: Own, version: "1", source: primary}\n'
    text += "controls:\n  - {id: X, title: T, assessment: full, rules: [B-1]}\n"
    one = load_pack(put("mine", text))

    assert (one.posture, one.judges, one.conflicts_with) == ("mixed", "data", ("other", "third"))
    assert (one.framework.name, one.framework.note, [control.id for control in one.controls]) == ("Own", "", ["X"])


def test_a_change_of_words_keeps_the_examples_and_is_told(child):
    one = of(child("change:\n  B-2: {severity: info, title: Other, waivable: false}\n"), "B-2")

    assert (one.severity, one.title, one.waivable) == ("info", "Other", False)
    assert one.changed_from == "base 2.0"
    assert len(one.examples) == 1
    assert one.blocked_by == ("B-1",)


MEANT = {
    "require": "{registration.isMfaCapable: true}",
    "applies_to": "{registration.isAdmin: true}",
    "population": "{user.accountEnabled: false}",
    "preconditions": "[{derived.isPerUserMfaInUse: true}]",
    "null_means": "fail",
}


@pytest.mark.parametrize("key", MEANT)
def test_a_change_of_meaning_drops_the_examples(child, key):
    one = of(child(f"change:\n  B-2: {{{key}: {MEANT[key]}}}\n"), "B-2")

    assert one.examples == ()
    assert lacking(one) == (Verdict.PASS, Verdict.FAIL, Verdict.NOT_EVALUATED)


@pytest.mark.parametrize("change", ["require: {percent: {gte: 99}}", "min_coverage_percent: 95"])
def test_a_change_of_a_bound_drops_the_examples(child, change):
    assert of(child(f"change:\n  B-3: {{{change}}}\n"), "B-3").examples == ()


def test_a_change_of_meaning_may_bring_its_own_examples_which_are_found_in_its_file(child):
    one = child(
        "change:\n"
        "  B-2:\n"
        "    require: {registration.isMfaCapable: true}\n"
        "    examples:\n"
        "      - {given: {user.accountEnabled: true, registration.isMfaCapable: true}, verdict: FAIL}\n"
    )

    (wrong,) = mismatches(one)
    assert (wrong.verdict, wrong.example.line) == (Verdict.PASS, 10)
    assert wrong.example.file.endswith("mine.yaml")
    assert wrong.rule.file.endswith("base.yaml")


def test_another_list_changes_the_rules_that_name_it_and_drops_their_examples(child):
    one = child("lists:\n  phones: [email]\n")

    assert of(one, "B-1").require.operand == ("email",)
    assert [rule.id for rule in one.rules if rule.changed_from] == ["B-1"]
    assert of(one, "B-1").examples == ()
    assert of(one, "B-2").examples


def test_another_list_in_the_population_changes_whoever_has_that_population(child):
    one = child("lists:\n  outsiders: [none]\n")

    # B-2 has a population of its own.
    assert [rule.id for rule in one.rules if rule.changed_from] == ["B-1", "B-3"]
    assert of(one, "B-1").population.operand == ("none",)


def test_another_list_in_the_preconditions_changes_every_rule(put):
    put(
        "base",
        BASE.replace(
            "tenant.securityDefaults.isEnabled: false", "derived.allUsersMfaPolicies: {contains_any: $some}"
        ).replace("lists:\n", "lists:\n  some: [a]\n"),
    )
    one = load_pack(put("mine", CHILD + "lists: {some: [b]}\n"))

    assert [rule.id for rule in one.rules if rule.changed_from] == ["B-1", "B-2", "B-3"]


def test_a_list_that_no_rule_names_changes_nothing(child):
    assert [rule.id for rule in child("lists: {unused: [a]}\n").rules if rule.changed_from] == []


def test_a_list_that_a_change_in_between_names_changes_the_rule_again(put):
    put(
        "middle",
        CHILD.replace("mine", "middle") + "lists: {few: [sms]}\nchange:\n"
        "  B-2:\n"
        "    require: {registration.methodsRegistered: {contains_none: $few}}\n"
        "    examples:\n"
        "      - {given: {user.accountEnabled: true, registration.methodsRegistered: [email]}, verdict: PASS}\n",
    )
    one = load_pack(put("mine", HEAD + "  extends: middle\nlists: {few: [email]}\n"))

    assert of(one, "B-2").require.operand == ("email",)
    assert (of(one, "B-2").changed_from, of(one, "B-2").examples) == ("middle 1", ())
    assert [text.pack for text in one.based_on] == ["base", "middle"]


def test_a_rule_that_only_the_pack_in_between_changed_says_so(put):
    put("middle", CHILD.replace("mine", "middle") + "change: {B-2: {severity: low}}\n")
    one = load_pack(put("mine", HEAD + "  extends: middle\n"))

    assert [rule.changed_from for rule in one.rules] == ["", "base 2.0", ""]


def test_a_rule_that_is_left_out_takes_its_part_of_the_controls_with_it(child):
    one = child("without:\n  B-2: Not ours.\n")

    assert [rule.id for rule in one.rules] == ["B-1", "B-3"]
    assert one.left_out == {"B-2": "Not ours."}
    first, second, third = one.controls
    # What all of its rules decided together is not decided by those that are left.
    assert (first.assessment, first.rules, first.note) == (Assessment.PARTLY, ("B-1",), "Left out: B-2.")
    assert (second.assessment, second.rules, second.note) == (Assessment.MANUAL, (), "Not all of it. Left out: B-2.")
    assert third.note == "Look."


def test_a_rule_that_blocks_another_cannot_be_left_out(child):
    problem = refused(lambda: child("without:\n  B-1: Not ours.\n"))

    assert "B-2 is blocked by 'B-1', which the pack does not hold" in problem.message


def test_controls_of_the_pack_in_between_come_before_those_above(put):
    put(
        "middle", CHILD.replace("mine", "middle") + "controls:\n  - {id: M, title: T, assessment: full, rules: [B-3]}\n"
    )
    one = load_pack(put("mine", HEAD + "  extends: middle\n"))

    assert [control.id for control in one.controls] == ["M"]


# what the pack that extends says, the line and what the refusal says
WRONG = {
    "a change of nothing": ("change:\n  B-9: {severity: low}\n", 7, "has no rule 'B-9'", "Allowed: B-1, B-2, B-3"),
    "nothing left out": ("without:\n  B9: x\n", 7, "has no rule 'B9'", "B-1"),
    "no reason": ("without:\n  B-3:\n", 7, "why the rule is left out must be text", "quotes"),
    "both": (
        "without:\n  B-3: x\nchange:\n  B-3: {severity: low}\n",
        9,
        "B-3 is changed and left out",
        "one of the two",
    ),
    "another id": ("change:\n  B-3: {id: B-4}\n", 7, "no key 'id'", "Allowed"),
    "another scope": ("change:\n  B-3: {scope: user}\n", 7, "no key 'scope'", "Allowed"),
    "a bad value": ("change:\n  B-3: {severity: hihg}\n", 7, "cannot be 'hihg'", "'high'"),
    "a population": ("population: {user.accountEnabled: true}\n", 6, "has its population", "change"),
    "preconditions": ("preconditions: []\n", 6, "has its preconditions", "change"),
    "the same rule": (OWN.replace("M-1", "B-1"), 7, "'B-1' comes twice: see ", "id of its own"),
    "a list to fill in": ("fill_in: {phones: x}\n", 6, "phones is no list of this pack", "sample"),
    "a control of no rule": (
        "controls:\n  - {id: X, title: T, assessment: full, rules: [B-11]}\n",
        7,
        "has no rule 'B-11'",
        "'B-1'",
    ),
}


@pytest.mark.parametrize(("text", "line", "message", "hint"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_said_of_a_pack_that_is_extended(child, text, line, message, hint):
    problem = refused(lambda: child(text))

    assert message in problem.message
    assert hint in problem.hint
    assert (problem.file.endswith("mine.yaml"), problem.line) == (True, line)


@pytest.mark.parametrize("key", ["change: {B-1: {severity: low}}", "without: {B-1: x}"])
def test_only_what_is_extended_can_be_changed_or_left_out(put, key):
    problem = refused(lambda: load_pack(put("mine", HEAD + "include: {base: all}\n" + key)))

    assert "is about a pack that this one extends" in problem.message
    assert problem.line == 6
