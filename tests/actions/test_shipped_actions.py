"""The actions that ship: every rule names some that there are, and none is there for nothing."""

import dataclasses

import pytest

from mfaaudit.actions import Catalogue, Who, check_actions, shipped_catalogue
from mfaaudit.brief import brief
from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.load import load_pack, shipped_packs
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason

CATALOGUE = shipped_catalogue()
PACKS = [load_pack(name) for name in shipped_packs()]
RULES = {rule.id: rule for pack in PACKS for rule in pack.rules}
USED = {name for rule in RULES.values() for name in rule.actions}
of_each = pytest.mark.parametrize("action", CATALOGUE.actions.values(), ids=CATALOGUE.actions)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_names_actions_that_are_there_and_about_the_same(rule):
    assert rule.actions
    assert [action.id for action in CATALOGUE.of_rule(rule)] == list(rule.actions)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_no_action_stands_behind_one_that_fits_everybody(rule):
    certain = [one.when is None and one.preconditions is None for one in CATALOGUE.of_rule(rule)]
    assert True not in certain[:-1]


@of_each
def test_an_action_is_for_a_rule_or_for_a_reason(action):
    assert action.id in USED or action.reasons


@of_each
def test_an_action_says_who_does_what(action):
    assert len(action.steps) > 40
    assert action.steps.endswith(".")
    assert bool(action.tell) == (action.who is Who.USER)
    assert action.of_rule == ""


def test_every_reason_has_one_action():
    assert set(CATALOGUE.by_reason) == set(Reason)


def test_whatever_changes_something_has_a_condition_and_leaves_emergency_accounts_alone():
    changing = [one for one in CATALOGUE.actions.values() if one.change is not None]

    assert {one.id for one in changing} == {
        "disable-a-stale-account",
        "disable-per-user-mfa",
        "enable-per-user-mfa",
        "enforce-per-user-mfa",
    }
    for one in changing:
        assert one.when is not None
        assert one.who is Who.ADMINISTRATOR
        assert "breakGlass" in one.left_to_people
    off = CATALOGUE.actions["disable-per-user-mfa"]
    assert off.safe_if is not None
    assert all(rule.blocked_by for rule in RULES.values() if off.id in rule.actions)


def test_a_rule_that_names_an_action_that_there_is_not_is_refused():
    pack = next(one for one in PACKS if one.id == "baseline")
    wrong = dataclasses.replace(pack.rules[0], actions=("register-a-metod",))
    with pytest.raises(PolicyProblem, match="names the action 'register-a-metod', which there is not") as caught:
        check_actions([dataclasses.replace(pack, rules=(wrong,))], CATALOGUE)
    assert "register-a-method" in caught.value.hint
    assert caught.value.line == wrong.line


def test_a_rule_about_users_cannot_name_an_action_for_the_tenant():
    user_rule = next(rule for rule in RULES.values() if rule.scope is Scope.USER)
    wrong = dataclasses.replace(user_rule, actions=("ask-all-users-for-mfa",))
    with pytest.raises(PolicyProblem, match="is not about the user"):
        check_actions([dataclasses.replace(PACKS[0], rules=(wrong,))], CATALOGUE)


def test_an_audit_refuses_a_pack_with_an_unknown_action(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        'pack: {id: mine, version: "1", title: Mine}\n'
        "rules:\n"
        "  - {id: M-1, title: T, rationale: R, severity: low, remediation: C, action: nowhere,\n"
        "     require: {user.accountEnabled: true}}\n",
        encoding="utf-8",
    )
    with pytest.raises(PolicyProblem, match="nowhere"):
        brief([str(file)], "low", "json")


def test_two_actions_for_one_reason_are_refused():
    one = CATALOGUE.by_reason[Reason.THROTTLED]
    with pytest.raises(PolicyProblem, match="both for the reason"):
        Catalogue.of([one, dataclasses.replace(one, id="other")])
