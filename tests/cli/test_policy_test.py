"""`mfaaudit policy test`: the examples of rules, and who would flip under a draft."""

import json

import pytest
from leaping_loop import no_waiting

from mfaaudit.brief import brief
from mfaaudit.bundle import EVIDENCE
from mfaaudit.findings import load_pack, shipped_packs
from mfaaudit.judging import judge_snapshot
from mfaaudit.snapshot import take

DRAFT = """\
pack: {id: draft, version: "3", title: Draft, extends: baseline}
change:
  BASE-01: {severity: critical}
  BASE-06:
    require: {registration.methodsRegistered: {count: {gte: 3}}}
without: {BASE-T2: Not ours.}
rules:
  - {id: D-1, title: New, rationale: R, severity: low, require: {user.accountEnabled: true}, remediation: C}
"""


@pytest.fixture
def draft(tmp_path):
    file = tmp_path / "draft.yaml"
    file.write_text(DRAFT, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", shipped_packs())
def test_shipped_packs_show_each_verdict_of_each_rule(mfaaudit, name):
    said = mfaaudit("policy", "test", name)

    assert (said.code, said.err) == (0, "")
    assert "warning" not in said.out
    assert "WRONG" not in said.out
    assert said.out.count("  ok    ") == len(load_pack(name).rules)
    assert "0 wrong; every rule shows each verdict" in said.out


def test_a_rule_without_an_example_of_each_verdict_is_named(mfaaudit, tmp_path):
    file = tmp_path / "mine.yaml"
    text = load_pack("baseline").text.text.replace("id: baseline", "id: mine")
    # The first rule loses its example of a failure.
    start = text.index(
        "      - given: {user.accountEnabled: true, user.userType: none, registration.isMfaRegistered: false}"
    )
    end = text.index("      - given:", start + 5)
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    said = mfaaudit("policy", "test", file)

    assert said.code == 0
    assert "  ok    BASE-01  4 of 4 examples hold\n        warning: no example of FAIL\n" in said.out
    assert "0 wrong; 1 rule without an example of each verdict" in said.out
    quiet = mfaaudit("policy", "test", file, "--quiet").out
    assert "BASE-01" in quiet
    assert "BASE-02" not in quiet


def test_every_example_that_does_not_hold_is_found_with_its_place(mfaaudit, tmp_path):
    file = tmp_path / "mine.yaml"
    text = load_pack("baseline").text.text.replace("verdict: PASS", "verdict: FAIL", 2)
    file.write_text(text.replace("id: baseline", "id: mine"), encoding="utf-8")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "- given:" in line]
    said = mfaaudit("policy", "test", file)
    total = sum(len(rule.examples) for rule in load_pack("baseline").rules)

    assert said.code == 2
    assert "  WRONG BASE-01  4 of 5 examples hold\n" in said.out
    assert f"mine.yaml:{lines[0]}: the example says FAIL, the rule says PASS" in said.out
    assert "  WRONG BASE-02  4 of 5 examples hold\n" in said.out
    assert f"mine.yaml:{lines[0]}: 2 examples of {total} turned out otherwise than written" in said.err

    made = mfaaudit("policy", "test", file, "--json")
    assert made.code == 2
    first, second, third = json.loads(made.out)["packs"][0]["rules"][:3]
    assert first["wrong"] == [{"file": str(file), "line": lines[0], "says": "FAIL", "ruleSays": "PASS"}]
    assert (len(second["wrong"]), third["wrong"]) == (1, [])
    assert (first["examples"], first["lacking"]) == (5, ["PASS"])


def test_a_pack_that_needs_a_list_is_tested_with_its_sample(mfaaudit, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        'pack: {id: mine, version: "1", title: T}\nlists: {people: [a]}\nfill_in: {people: Ids.}\n'
        "rules:\n  - {id: M-1, title: T, rationale: R, severity: low, remediation: C,\n"
        "     require: {derived.roles: {contains: a, contains_none: $people}},\n"
        "     examples: [{given: {derived.roles: [a]}, verdict: FAIL}]}\n",
        encoding="utf-8",
    )
    said = mfaaudit("policy", "test", file)

    assert (said.code, "1 of 1 example holds" in said.out) == (0, True)
    assert "no example of PASS, NOT_EVALUATED" in said.out


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """An audit of a small messy tenant, judged with two packs."""
    from mfaaudit.cli import main

    out = tmp_path_factory.mktemp("against") / "bundle"
    packs = ["--policy", "baseline", "--policy", "legacy-per-user-mfa"]
    with no_waiting():
        assert main(["demo", "--users", "60", "--quiet", "--format", "json", *packs, "--out", str(out)]) == 0
    return out


def expected(bundle, draft):
    """The verdicts of one rule by user, before and after, worked out the long way."""
    snapshot = take(bundle / EVIDENCE)
    found = []
    for name in ("baseline", str(draft)):
        made = judge_snapshot(snapshot, brief((name,), "low", "json")).findings
        found.append(
            {one.rule.id: dict(zip(one.frame["user_id"], one.frame["verdict"], strict=True)) for one in made.results}
        )
    return found


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_who_would_flip_under_a_draft(mfaaudit, bundle, draft):
    held = files(bundle)
    said = mfaaudit("policy", "test", draft, "--against", bundle, "--json")
    made = json.loads(said.out)["against"]
    before, after = expected(bundle, draft)

    assert (said.code, said.err) == (0, "")
    assert made["users"] == len(before["BASE-06"])
    assert {one["id"] for one in made["rules"]} == set(before) - {"BASE-T2"}
    rule = next(one for one in made["rules"] if one["id"] == "BASE-06")
    flipped = {one["userId"]: (flip["before"], flip["after"]) for flip in rule["flips"] for one in flip["users"]}
    assert flipped == {
        user: (old, after["BASE-06"][user]) for user, old in before["BASE-06"].items() if old != after["BASE-06"][user]
    }
    assert flipped
    assert rule["same"] == made["users"] - len(flipped)
    assert all(flip["count"] == len(flip["users"]) for flip in rule["flips"])
    first = next(one for one in made["rules"] if one["id"] == "BASE-01")
    assert (first["severity"], first["flips"]) == ({"before": "high", "after": "critical"}, [])
    assert [one["id"] for one in made["new"]] == ["D-1"]
    # The other pack that the audit was judged with is not what the draft stands for.
    assert [one["id"] for one in made["gone"]] == ["BASE-T2"]
    assert [one["id"] for one in made["before"]] == ["baseline", "legacy-per-user-mfa", "data-quality"]
    assert files(bundle) == held


def test_those_who_flip_are_listed_up_to_a_limit(mfaaudit, bundle, draft):
    made = json.loads(mfaaudit("policy", "test", draft, "--against", bundle, "--json").out)["against"]
    flips = next(one for one in made["rules"] if one["id"] == "BASE-06")["flips"]
    said = mfaaudit("policy", "test", draft, "--against", bundle, "--limit", "2").out

    for flip in flips:
        assert f"    {flip['before']} -> {flip['after']}: {flip['count']}\n" in said
        first = flip["users"][0]
        assert f"        {first['userId']}  {first['userPrincipalName']}\n" in said
        for late in flip["users"][2:]:
            assert late["userId"] not in said
    assert f"        and {flips[0]['count'] - 2} more\n" in said
    assert "severity high -> critical" in said
    assert "New rules\n    D-1  New: PASS" in said
    assert "Rules that are gone\n    BASE-T2  " in said
    assert "4 rules of other packs that the bundle was judged with are not part of the draft" in said
    as_before = [one for one in made["rules"] if not one["flips"] and one["id"] != "BASE-01"]
    assert f"{len(as_before)} rules judge everybody as before" in said
    everybody = mfaaudit("policy", "test", draft, "--against", bundle, "--limit", "60").out
    assert " more\n" not in everybody
    assert "and 0 more" not in mfaaudit("policy", "test", draft, "--against", bundle, "--limit", flips[0]["count"]).out


def test_the_packs_of_the_audit_flip_nobody(mfaaudit, bundle):
    said = mfaaudit("policy", "test", "baseline", "legacy-per-user-mfa", "--against", bundle)

    assert said.code == 0
    assert "->" not in said.out
    packs = [load_pack(name) for name in ("baseline", "legacy-per-user-mfa", "data-quality")]
    assert f"{sum(len(pack.rules) for pack in packs)} rules judge everybody as before" in said.out
    assert "not part of the draft" not in said.out


def test_a_draft_that_is_a_copy_stands_for_what_it_was_copied_from(mfaaudit, bundle, tmp_path):
    file = tmp_path / "copy.yaml"
    text = load_pack("baseline").text.text.replace("id: baseline", "id: copy")
    file.write_text(text[: text.index("  - id: BASE-T2")], encoding="utf-8")
    made = json.loads(mfaaudit("policy", "test", file, "--against", bundle, "--json").out)["against"]

    assert [one["id"] for one in made["gone"]] == ["BASE-T2", "BASE-T3"]


def test_a_draft_whose_examples_do_not_hold_is_not_tried_on_people(mfaaudit, bundle, tmp_path):
    file = tmp_path / "draft.yaml"
    file.write_text(load_pack("baseline").text.text.replace("verdict: PASS", "verdict: FAIL", 1), encoding="utf-8")
    said = mfaaudit("policy", "test", file, "--against", bundle)

    assert said.code == 2
    assert "Against" not in said.out


def test_a_draft_that_needs_a_list_is_not_tried_on_people(mfaaudit, bundle, tmp_path):
    file = tmp_path / "draft.yaml"
    text = DRAFT.replace("without:", "lists: {mine: [a]}\nfill_in: {mine: Something.}\nwithout:")
    file.write_text(text, encoding="utf-8")
    said = mfaaudit("policy", "test", file, "--against", bundle)

    assert (said.code, "the pack draft needs a list mine: Something." in said.err) == (2, True)


def test_names_of_people_cannot_steer_the_terminal(capsys):
    from types import SimpleNamespace

    from mfaaudit.cli.policy.against import _users

    flip = SimpleNamespace(user_ids=("a", "b"))
    _users(flip, SimpleNamespace(names={"a": "x\x1b[2J\u202ey@z", "b": None}), 20)

    assert capsys.readouterr().out == "        a  x\ufffd[2J\ufffdy@z\n        b  (name not read)\n"


def test_what_is_no_bundle_or_a_damaged_one_is_refused(mfaaudit, bundle, draft, tmp_path):
    import shutil

    empty = tmp_path / "empty"
    empty.mkdir()
    assert mfaaudit("policy", "test", draft, "--against", empty).code == 1
    assert mfaaudit("policy", "test", draft, "--against", tmp_path / "nowhere").code == 2

    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    journal = next(path for path in (copy / EVIDENCE).iterdir() if path.name != "run.json")
    journal.write_bytes(journal.read_bytes() + b"\n")
    said = mfaaudit("policy", "test", draft, "--against", copy)
    assert (said.code, "is not the file that the audit wrote" in said.err) == (1, True)
