"""`mfaaudit policy`: what the rules say, in words, and whether a file can be used."""

import json

import pytest

from mfaaudit.findings import in_words, load_pack, shipped_packs

PACKS = [load_pack(name) for name in shipped_packs()]
OWN = """\
pack:
  id: mine
  version: "2"
  title: Mine
  description: What it is for.
  posture: per-user
  conflicts_with: [other]
  framework: {name: Frame, version: "7", source: secondary, note: Seen from afar.}
lists: {people: [a, b]}
fill_in: {people: Object ids of people.}
rules:
  - id: M-1
    title: One
    rationale: Because.
    severity: high
    require: {registration.isMfaRegistered: true}
    remediation: Do it.
    references: ["X:1"]
    examples:
      - {given: {registration.isMfaRegistered: true}, verdict: PASS}
  - id: M-2
    title: Two
    rationale: R
    severity: low
    severity_when: [{if: {registration.isAdmin: true}, severity: critical}]
    applies_to: {derived.roles: {contains_any: $people}}
    require: {registration.isMfaCapable: true}
    blocked_by: [M-1]
    waivable: false
    remediation: C
    examples:
      - {given: {derived.roles: [a], registration.isMfaCapable: true}, verdict: PASS}
      - {given: {derived.roles: [a], registration.isMfaCapable: false}, verdict: FAIL}
      - {given: {derived.roles: [a]}, verdict: NOT_EVALUATED}
controls:
  - {id: "1.1", title: First, assessment: full, rules: [M-1, M-2]}
  - {id: "1.2", title: Second, assessment: partly, rules: [M-1], note: Not all.}
  - {id: "1.3", title: Third, assessment: manual, note: Look at it.}
"""
CHILD = """\
pack: {id: child, version: "1", title: Child, extends: mine}
lists: {people: [c]}
change: {M-1: {severity: info}}
without: {M-2: Not ours.}
"""
CHILD = CHILD.replace("{M-1: {severity: info}}", "{M-1: {severity: info, title: Changed}}")


@pytest.fixture
def own(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(OWN, encoding="utf-8")
    return file


@pytest.fixture
def child(tmp_path, own):
    file = tmp_path / "child.yaml"
    file.write_text(CHILD, encoding="utf-8")
    return file


def flat(text):
    return " ".join(text.split())


def test_list_names_every_shipped_pack(mfaaudit):
    said = mfaaudit("policy", "list")
    assert said.code == 0
    for pack in PACKS:
        assert f"{pack.id} {pack.version}  {pack.title}\n" in said.out
        assert flat(pack.description) in flat(said.out)
    assert f"{len(load_pack('baseline').rules)} rules · any posture" in said.out
    assert "4 rules · posture per-user" in said.out


def test_list_is_brief_where_that_is_wanted(mfaaudit):
    assert len(mfaaudit("policy", "list", "--quiet").out) < len(mfaaudit("policy", "list").out) / 2


def test_show_says_every_rule_in_words(mfaaudit):
    said = mfaaudit("policy", "show", "baseline")
    assert said.code == 0
    text = flat(said.out)
    for rule in load_pack("baseline").rules:
        assert f"{rule.id} {rule.title} [{rule.severity}]" in text
        assert f"Why: {flat(rule.rationale)}" in text
        assert f"Remediation: {flat(rule.remediation)}" in text
        assert in_words(rule) in text
    assert "$phone_or_no_factor: mobilePhone, alternateMobilePhone," in text


def test_show_says_what_a_pack_renders_and_needs(mfaaudit, own):
    said = mfaaudit("policy", "show", own)
    text = flat(said.out)

    assert said.code == 0
    assert "2 rules · 3 controls (1 full, 1 partly, 1 manual) of Frame 7 (known from secondary sources)" in text
    assert "· posture per-user" in text
    assert "Frame 7 (known from secondary sources): Seen from afar." in text
    assert "Needs the list people: Object ids of people." in text
    assert "Contradicts other" in text
    assert "Controls: Decides 1.1 and is evidence for 1.2 of Frame 7" in text
    assert "1.1 First [full]: M-1, M-2" in text
    assert "1.2 Second [partly]: M-1 Not all." in text
    assert "1.3 Third [manual] Look at it." in text
    assert "$people (a sample): a, b" in text


def test_show_says_what_was_changed_and_left_out(mfaaudit, child):
    text = flat(mfaaudit("policy", "show", child).out)

    assert "M-1 Changed [info] changed from mine 2" in text
    assert "Built on mine" in text
    assert "Left out M-2: Not ours." in text
    assert "1.1 First [partly]: M-1 Left out: M-2." in text
    assert "needs the list" not in text


def test_show_says_from_where_a_rule_was_included(mfaaudit, tmp_path):
    file = tmp_path / "some.yaml"
    file.write_text('pack: {id: some, version: "1", title: T}\ninclude: {baseline: [BASE-01]}\n', encoding="utf-8")

    assert "BASE-01 Enabled members are registered for MFA [high] from baseline" in flat(
        mfaaudit("policy", "show", "--quiet", file).out
    )


def test_several_packs_are_shown_though_they_could_not_be_judged_together(mfaaudit, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(load_pack("baseline").text.text.replace("id: baseline", "id: mine", 1), encoding="utf-8")

    assert mfaaudit("policy", "show", "--quiet", "baseline", file).out.count("BASE-T2") == 2


def test_what_a_file_holds_of_control_characters_is_not_sent_to_the_terminal(mfaaudit, tmp_path):
    file = tmp_path / "mine.yaml"
    text = OWN
    for word in ("One", "Because.", "Look at it."):
        text = text.replace(f": {word}", f': "{word}\\u001b[31m\\u202e"')
    file.write_text(text, encoding="utf-8")

    for command in ("show", "explain"):
        said = mfaaudit("policy", command, file)
        assert said.code == 0
        assert not {"\x1b", "\u202e"} & set(said.out)


def test_explain_says_each_rule_and_what_it_bears_on(mfaaudit, own):
    said = mfaaudit("policy", "explain", own)
    text = flat(said.out)

    assert said.code == 0
    assert "Needs the list people: Object ids of people." in text
    assert (
        "M-1: Requires that registration.isMfaRegistered is true. Applies only to tenants in the posture per-user. "
        "Decides 1.1 and is evidence for 1.2 of Frame 7 (known from secondary sources)." in text
    )
    assert (
        "M-2: For every user where derived.roles contains a or b, requires that registration.isMfaCapable is true. "
        "Applies only to tenants in the posture per-user. A failure is critical where registration.isAdmin is true, "
        "else low. What to do about a failure waits until M-1 passes. No exception can waive a failure. "
        "Decides 1.1 of Frame 7" in text
    )
    assert "that no rule decides; a person must look: 1.3: Third. Look at it." in text


def test_explain_says_only_what_was_asked_for_in_that_order(mfaaudit, own):
    text = mfaaudit("policy", "explain", "--quiet", own, "M-2").out
    assert text.startswith("M-2: For every user")
    assert "1.3" not in text

    both = mfaaudit("policy", "explain", "--quiet", own, "M-2", "M-1").out
    assert both.index("M-2:") < both.index("M-1: Requires")


def test_explain_names_the_nearest_rule(mfaaudit):
    said = mfaaudit("policy", "explain", "baseline", "BASE-T11")

    assert said.code == 2
    assert "the pack baseline has no rule 'BASE-T11'" in said.err
    assert "Did you mean 'BASE-T1'?" in said.err


def test_explain_for_programs(mfaaudit, own):
    made = json.loads(mfaaudit("policy", "explain", own, "--json").out)

    assert (made["id"], made["version"], made["posture"]) == ("mine", "2", "per-user")
    assert made["framework"] == {"name": "Frame", "version": "7", "source": "secondary"}
    assert made["needs"] == {"people": "Object ids of people."}
    first, second = made["rules"]
    assert first["inWords"] == in_words(load_pack(str(own)).rules[0])
    assert [(one["id"], one["assessment"]) for one in first["controls"]] == [("1.1", "full"), ("1.2", "partly")]
    assert [one["id"] for one in second["controls"]] == ["1.1"]
    assert (first["scope"], second["severity"], first["changedFrom"]) == ("user", "low", None)
    assert [(one["id"], one["note"]) for one in made["manual"]] == [("1.3", "Look at it.")]

    one = json.loads(mfaaudit("policy", "explain", own, "M-2", "--json").out)
    assert ([rule["id"] for rule in one["rules"]], one["manual"]) == (["M-2"], [])


@pytest.mark.parametrize("pack", PACKS, ids=[pack.id for pack in PACKS])
def test_every_shipped_pack_is_explained(mfaaudit, pack):
    text = flat(mfaaudit("policy", "explain", pack.id).out)

    for rule in pack.rules:
        assert f"{rule.id}: {in_words(rule)}" in text


@pytest.mark.parametrize("pack", PACKS, ids=[pack.id for pack in PACKS])
def test_validate_counts_the_examples_that_hold(mfaaudit, pack):
    said = mfaaudit("policy", "validate", pack.id)

    assert said.code == 0
    assert f"{sum(len(rule.examples) for rule in pack.rules)} examples hold, SHA-256 {pack.sha256}" in said.out


def test_validate_finds_an_example_that_the_rule_does_not_bear_out(mfaaudit, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(load_pack("baseline").text.text.replace("verdict: PASS", "verdict: FAIL", 1), encoding="utf-8")
    said = mfaaudit("policy", "validate", file)
    assert said.code == 2
    assert "mine.yaml:" in said.err
    assert "BASE-01: the example says FAIL, the rule says PASS" in said.err


def test_validate_refuses_packs_that_hold_the_same_rule(mfaaudit, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(load_pack("baseline").text.text.replace("id: baseline", "id: mine", 1), encoding="utf-8")
    assert mfaaudit("policy", "validate", file).code == 0
    said = mfaaudit("policy", "validate", "baseline", file)
    assert said.code == 2
    assert "BASE-01" in said.err


def test_validate_says_that_a_pack_needs_a_list(mfaaudit, own):
    said = mfaaudit("policy", "validate", own)

    assert said.code == 0
    assert "mine 2, 2 rules, 4 examples hold" in said.out
    assert "needs the list people: Object ids of people.; judging needs a pack that extends it" in said.out


def test_validate_finds_an_error_in_a_pack_that_is_built_upon(mfaaudit, own, child):
    # A rule that is left out is not read.
    own.write_text(OWN.replace("severity: low", "severity: lwo"), encoding="utf-8")
    assert mfaaudit("policy", "validate", child).code == 0

    own.write_text(OWN.replace("severity: high", "severity: hihg"), encoding="utf-8")
    child.write_text(CHILD.replace("severity: info, ", ""), encoding="utf-8")
    said = mfaaudit("policy", "validate", child)
    assert (said.code, "mine.yaml:15: " in said.err, "'high'" in said.err) == (2, True, True)


def test_packs_that_contradict_each_other_are_valid_only_if_that_is_wanted(mfaaudit, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(OWN.replace("[other]", "[baseline]"), encoding="utf-8")

    assert mfaaudit("policy", "validate", file).code == 0
    said = mfaaudit("policy", "validate", file, "baseline")
    assert (said.code, "contradict each other" in said.err) == (2, True)
    assert mfaaudit("policy", "validate", file, "baseline", "--allow-conflicts").code == 0


def test_the_schemas_are_printed(mfaaudit):
    from mfaaudit.findings.pack_schema import lists_schema, pack_schema, written

    assert mfaaudit("policy", "schema").out == written(pack_schema())
    assert mfaaudit("policy", "schema", "--lists").out == written(lists_schema())
