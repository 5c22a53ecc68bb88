"""`mfaaudit policy`: what the rules say, in words, and whether a file can be used."""

from mfaaudit.findings import load_packs, shipped_packs


def test_list_names_every_shipped_pack(mfaaudit):
    said = mfaaudit("policy", "list")
    assert said.code == 0
    for pack in load_packs(shipped_packs()):
        assert f"{pack.id} {pack.version}  {pack.title} ({len(pack.rules)} rules)" in said.out


def test_show_says_every_rule_in_words(mfaaudit):
    said = mfaaudit("policy", "show", "baseline")
    assert said.code == 0
    text = " ".join(said.out.split())
    for rule in load_packs(["baseline"])[0].rules:
        assert f"{rule.id} {rule.title} [{rule.severity}]" in text
        assert f"Remediation: {rule.remediation}" in text
    assert "requires that registration.isMfaRegistered is true" in text


def test_validate_counts_the_examples_that_hold(mfaaudit):
    said = mfaaudit("policy", "validate", *shipped_packs())
    assert said.code == 0
    for pack in load_packs(shipped_packs()):
        assert f"{sum(len(rule.examples) for rule in pack.rules)} examples hold, SHA-256 {pack.sha256}" in said.out


def test_validate_finds_an_example_that_the_rule_does_not_bear_out(mfaaudit, tmp_path):
    pack = load_packs(["baseline"])[0]
    file = tmp_path / "mine.yaml"
    file.write_text(pack.text.text.replace("verdict: PASS", "verdict: FAIL", 1), encoding="utf-8")
    said = mfaaudit("policy", "validate", file)
    assert said.code == 2
    assert "mine.yaml:" in said.err
    assert "BASE-01: the example says FAIL, the rule says PASS" in said.err


def test_validate_refuses_packs_that_hold_the_same_rule(mfaaudit, tmp_path):
    pack = load_packs(["baseline"])[0]
    file = tmp_path / "mine.yaml"
    file.write_text(pack.text.text.replace("id: baseline", "id: mine", 1), encoding="utf-8")
    assert mfaaudit("policy", "validate", file).code == 0
    said = mfaaudit("policy", "validate", "baseline", file)
    assert said.code == 2
    assert "BASE-01" in said.err
