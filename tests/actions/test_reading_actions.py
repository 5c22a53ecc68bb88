"""A file of an action, and the key of a rule that names some: what is not understood is refused with its line."""

import json

import pytest
from plans_by_hand import rule

from mfaaudit.actions.read_action import read_action
from mfaaudit.cli import main
from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.load import load_pack
from mfaaudit.findings.read_pack import read_pack

GOOD = """\
id: do-it
title: Do it
who: administrator
when: {registration.isMfaRegistered: false}
safe_if: {user.accountEnabled: true}
not_for: [service]
reasons: [NO_ROW]
change: {set: requirements.perUserMfaState, to: disabled}
steps: Do it.
"""


def test_a_good_one_is_read():
    one = read_action(GOOD, "do-it.yaml", {})

    assert (one.id, one.title, one.who, one.steps, one.scope) == ("do-it", "Do it", "administrator", "Do it.", "user")
    assert (one.change.place.key, one.change.value) == ("perUserMfaState", "disabled")
    assert one.left_to_people == ("breakGlass", "agent", "service")
    assert read_action(GOOD.replace("disabled", "enforced"), "f", {}).change.json_value("enforced") == "enforced"


def test_a_true_or_false_is_set_as_one():
    one = read_action(
        GOOD.replace("requirements.perUserMfaState, to: disabled", "user.accountEnabled, to: false"), "f", {}
    )

    assert (one.change.value, one.change.json_value("false"), one.change.json_value("true")) == ("false", False, True)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("id: do-it", "id: Do-It", 1, "cannot be 'Do-It'"),
        ("id: do-it", "id: rule-1", 1, "cannot be 'rule-1'"),
        ("id: do-it", "id: a.list", 1, "cannot be 'a.list'"),
        ("id: do-it", "id: ../up", 1, "cannot be '../up'"),
        ("title: Do it", "titel: Do it", 2, "no key 'titel'"),
        ("who: administrator", "who: manager", 3, "cannot be 'manager'"),
        ("who: administrator", "who: administrator\ntell: You", 4, "only users are told"),
        ("{registration.isMfaRegistered: false}", "{registration.isMfa: false}", 4, "there is no field"),
        ("{registration.isMfaRegistered: false}", "{tenant.securityDefaults.isEnabled: true}", 4, "about the tenant"),
        ("[service]", "[robot]", 6, "cannot be 'robot'"),
        ("[NO_ROW]", "[NO_IDEA]", 7, "cannot be 'NO_IDEA'"),
        ("to: disabled", "to: off", 8, "cannot be set to"),
        ("set: requirements.perUserMfaState", "set: user.displayName", 8, "cannot be 'user.displayName'"),
        ("steps: Do it.", "", 1, "lacks the key 'steps'"),
        ("steps: Do it.", "steps: Do it.\nscope: tenant", 5, "about single users"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(old, new, line, says):
    assert GOOD.count(old) == 1
    with pytest.raises(PolicyProblem, match=says) as caught:
        read_action(GOOD.replace(old, new), "do-it.yaml", {})
    assert (caught.value.file, caught.value.line) == ("do-it.yaml", line)


@pytest.mark.parametrize("key", ["tell: You", "safe_if: {user.accountEnabled: true}", "not_for: [guest]"])
def test_what_is_about_single_users_has_no_place_in_an_action_for_the_tenant(key):
    who = "user" if key.startswith("tell") else "administrator"
    with pytest.raises(PolicyProblem, match="is about single users"):
        read_action(f"id: a\ntitle: A\nwho: {who}\nscope: tenant\nsteps: S\n{key}\n", "a.yaml", {})


def pack(**parts):
    head = {"id": "mine", "version": "1", "title": "Mine"}
    return read_pack(
        json.dumps({"pack": head, "rules": [rule("R-1", {"user.accountEnabled": True}, **parts)]}), "mine.yaml"
    )


@pytest.mark.parametrize(
    ("parts", "actions"), [({}, ()), ({"action": "one"}, ("one",)), ({"action": ["one", "two"]}, ("one", "two"))]
)
def test_a_rule_names_no_action_or_one_or_several(parts, actions):
    assert pack(**parts).rules[0].actions == actions


@pytest.mark.parametrize(
    ("named", "says"),
    [([], "is empty"), (["one", "one"], "comes twice"), ("../up", "cannot be"), ([{}], "must be text")],
)
def test_a_bad_name_of_an_action_is_refused(named, says):
    with pytest.raises(PolicyProblem, match=says):
        pack(action=named)


BASE = """\
pack: {id: base, version: "1", title: Base}
rules:
  - id: B-1
    title: T
    rationale: R
    severity: low
    require: {user.accountEnabled: true}
    remediation: C
    action: register-a-method
    examples: [{given: {user.accountEnabled: true}, verdict: PASS}]
"""


def test_a_pack_that_extends_another_keeps_its_actions_or_gives_others(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    child = tmp_path / "child.yaml"
    head = 'pack: {id: child, version: "1", title: Child, extends: base}\n'
    child.write_text(f"{head}change: {{B-1: {{severity: high}}}}\n", encoding="utf-8")
    assert load_pack(str(child)).rules[0].actions == ("register-a-method",)

    child.write_text(f"{head}change: {{B-1: {{action: [add-a-second-method]}}}}\n", encoding="utf-8")
    changed = load_pack(str(child)).rules[0]
    assert changed.actions == ("add-a-second-method",)
    # Another action is another cure, and not another meaning: what the rule says of its examples still holds.
    assert changed.examples


def test_policy_validate_and_show_know_of_actions(tmp_path, capsys):
    file = tmp_path / "base.yaml"
    file.write_text(BASE, encoding="utf-8")
    assert main(["policy", "validate", str(file)]) == 0
    assert main(["policy", "show", str(file)]) == 0
    assert "Action: register-a-method" in capsys.readouterr().out
    assert main(["policy", "explain", "--json", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["rules"][0]["actions"] == ["register-a-method"]

    file.write_text(BASE.replace("register-a-method", "register-a-metod"), encoding="utf-8")
    assert main(["policy", "validate", str(file)]) == 2
    said = capsys.readouterr().err
    assert "base.yaml:3: B-1 names the action 'register-a-metod', which there is not" in said
    assert "Did you mean 'register-a-method'?" in said
