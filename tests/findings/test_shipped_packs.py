"""The packs that ship: each rule proves itself by its own examples, reads as English and says where it comes from."""

import dataclasses

import pytest

from mfaaudit.findings import expected, in_words, load_packs
from mfaaudit.findings.condition import Not, fields_of
from mfaaudit.findings.examples import mismatches, result_of
from mfaaudit.findings.load import load_pack, shipped_packs
from mfaaudit.findings.policy import Assessment
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Severity, Verdict

PACKS = {name: load_pack(name) for name in shipped_packs()}
# What another pack includes is tried where it is written.
RULES = [(pack, rule) for pack in PACKS.values() for rule in pack.rules if rule.pack == pack.id]
FRAMEWORKS = [pack for pack in PACKS.values() if pack.framework is not None]
NARROWED = [(pack, rule) for pack, rule in RULES if rule.applies_to is not None]
EXAMPLES = [(pack, rule, example) for pack, rule in RULES for example in rule.examples]

of_each_pack = pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
of_each_rule = pytest.mark.parametrize(("pack", "rule"), RULES, ids=[rule.id for _, rule in RULES])


def fields(rule):
    """The names of all fields that a rule looks at."""
    conditions = [rule.looks_at, rule.require]
    if rule.aggregate is not None:
        conditions += [rule.aggregate.count, rule.aggregate.over]
    return {field.name for condition in conditions for field in fields_of(condition)}


def rule_of(id_):
    return next((pack, rule) for pack, rule in RULES if rule.id == id_)


@pytest.mark.parametrize(
    ("pack", "rule", "example"),
    EXAMPLES,
    ids=[f"{rule.id}:{example.line}:{example.verdict}" for _, rule, example in EXAMPLES],
)
def test_an_example_turns_out_as_it_says(pack, rule, example):
    result = result_of(pack, rule, example)

    assert result.status is example.verdict
    assert example.severity in (None, *result.failures)


@pytest.mark.parametrize("rule", [rule for _, rule in RULES if rule.severity_when], ids=lambda rule: rule.id)
def test_a_rule_shows_each_of_its_severities(rule):
    wanted = {rule.severity, *(one.severity for one in rule.severity_when)}

    assert wanted == {one.severity for one in rule.examples} - {None}


@pytest.mark.parametrize("pack", FRAMEWORKS, ids=lambda pack: pack.id)
def test_each_rule_of_a_framework_bears_on_a_control_and_each_control_says_how_far(pack):
    bearing = {rule for control in pack.controls for rule in control.rules}
    waited_for = {name for rule in pack.rules for name in rule.blocked_by}
    notes = " ".join(control.note for control in pack.controls)
    others = {rule.id for rule in pack.rules} - bearing - waited_for
    assert bearing <= {rule.id for rule in pack.rules}
    assert all(name in notes for name in others)
    for control in pack.controls:
        assert (control.assessment is Assessment.MANUAL) == (not control.rules)
        assert control.note or control.assessment is Assessment.FULL
    assert pack.framework.version


@of_each_rule
def test_a_rule_shows_a_pass_a_fail_and_an_unknown(pack, rule):
    assert {Verdict.PASS, Verdict.FAIL, Verdict.NOT_EVALUATED} <= {one.verdict for one in rule.examples}


@of_each_rule
def test_the_opposite_requirement_breaks_an_example(pack, rule):
    turned = turned_round(rule)

    assert list(mismatches(dataclasses.replace(pack, rules=(turned,))))


def turned_round(rule):
    if rule.aggregate is None:
        return dataclasses.replace(rule, require=Not(rule.require))
    counted = dataclasses.replace(rule.aggregate, count=Not(rule.aggregate.count))
    return dataclasses.replace(rule, aggregate=counted)


@pytest.mark.parametrize(("pack", "rule"), NARROWED, ids=[rule.id for _, rule in NARROWED])
def test_a_rule_that_would_apply_to_everybody_breaks_an_example(pack, rule):
    assert list(mismatches(dataclasses.replace(pack, rules=(dataclasses.replace(rule, applies_to=None),))))


@of_each_rule
def test_a_rule_reads_as_a_sentence_that_names_its_fields(pack, rule):
    text = in_words(rule)

    assert text[0].isupper()
    assert text.endswith(".")
    assert "  " not in text
    assert not [sign for sign in ("{", "}", "Field(", "None") if sign in text]
    assert {name for name in fields(rule) if name not in text} == set()
    assert expected(rule) in text or expected(rule)[1:] in text


@of_each_rule
def test_a_rule_is_traceable(pack, rule):
    assert rule.pack == pack.id
    assert rule.references, "which control does it serve?"
    assert all(": " not in reference and ":" in reference for reference in rule.references)
    assert fields(rule) <= set(FIELDS)
    for text in (rule.title, rule.rationale, rule.remediation):
        assert text == text.strip()
    assert not rule.title.endswith(".")


@of_each_pack
def test_a_pack_names_itself_after_its_file(pack):
    assert PACKS[pack.id] is pack
    assert pack.file == f"{pack.id}.yaml"
    assert pack.description


def test_ids_are_unique_across_all_packs():
    ids = [rule.id for _, rule in RULES]

    assert len(ids) == len(set(ids))


def test_every_pack_loads_with_every_other_unless_it_says_so():
    for name, pack in PACKS.items():
        if pack.fill_in:
            continue
        peers = [one for one in PACKS.values() if one.id not in pack.conflicts_with and name not in one.conflicts_with]
        peers = [one for one in peers if not one.fill_in]
        for peer in peers:
            assert {name, peer.id} <= {one.id for one in load_packs([name, peer.id])}


def test_nobodys_per_user_mfa_is_disabled():
    _, rule = rule_of("PUM-01")

    assert rule.scope is Scope.USER
    assert rule.severity is Severity.HIGH
    assert expected(rule) == "requirements.perUserMfaState is enabled or enforced"
    # The opposite is demanded under security defaults, so the rule is silent there.
    assert {field.name for field in fields_of(rule.preconditions)} == {"tenant.securityDefaults.isEnabled"}


def test_system_preferred_mfa_is_enabled():
    _, rule = rule_of("BASE-03")

    assert rule.scope is Scope.USER
    assert expected(rule) == "signInPreferences.isSystemPreferredAuthenticationMethodEnabled is true"


def test_the_whole_sentence_of_a_rule():
    assert in_words(rule_of("PUM-01")[1]) == (
        "For every user where user.accountEnabled is true and user.userType is not Guest, requires that "
        "requirements.perUserMfaState is enabled or enforced. Applies only if tenant.securityDefaults.isEnabled is "
        "false. Applies only to tenants in the posture per-user. A failure is low where "
        "derived.enforcedBy is conditionalAccessAllResources, else high."
    )
    assert in_words(rule_of("BASE-T2")[1]) == (
        "Requires that tenant.securityDefaults.isEnabled is true or derived.allUsersMfaPolicies is not empty "
        "or derived.policiesExceptApplications is not empty or derived.isPerUserMfaInUse is true."
    )
    assert in_words(rule_of("BASE-T1")[1]) == (
        "Of the users where user.accountEnabled is true and user.userType is not Guest, at least 99 % meet this: "
        "registration.isMfaCapable is true; judged only if at least 95 % of them could be read."
    )
