"""Rules are about people's accounts: an agent's is out of their scope, and one of a type that nobody knows is open."""

import pytest
from packs_by_hand import ENABLED, MFA, frame, judged, pack, rule

from mfaaudit.findings.persons import about_persons, are_all_persons
from mfaaudit.sources.field import Scope
from mfaaudit.words import Reason, Unknown, Verdict

TYPE, AGENT, STRANGE = "user.odataType", "#microsoft.graph.agentUser", Unknown(Reason.UNKNOWN_VALUE)
RULE = rule({MFA: True})
OF_AGENTS = rule({MFA: True}, applies_to={TYPE: AGENT})
SHARE = rule({"percent": {"gte": 99}}, scope="tenant", aggregate={"count": {MFA: True}, "over": {ENABLED: True}})


def verdicts(of, *cases):
    users = [{MFA: False, ENABLED: True} | case for case in cases]
    return judged(pack(of), users).results[0].frame["verdict"].to_list()


def test_an_agent_is_out_of_scope_and_a_type_that_nobody_knows_leaves_the_rule_open():
    cases = [{}, {MFA: True}, {TYPE: AGENT}, {TYPE: AGENT, MFA: True}]

    assert verdicts(RULE, *cases) == ["FAIL", "PASS", "NOT_APPLICABLE", "NOT_APPLICABLE"]
    assert verdicts(RULE, {MFA: True}, {TYPE: STRANGE, MFA: True}) == ["PASS", "NOT_EVALUATED"]


def test_a_rule_that_asks_for_the_type_says_itself_whom_it_is_about():
    assert verdicts(OF_AGENTS, {}, {TYPE: AGENT}) == ["NOT_APPLICABLE", "FAIL"]


@pytest.mark.parametrize(
    ("kind", "verdict"), [(AGENT, Verdict.PASS), (STRANGE, Verdict.NOT_EVALUATED), (None, Verdict.FAIL)]
)
def test_an_agent_is_not_counted_among_people(kind, verdict):
    cases = [{MFA: True}, {} if kind is None else {TYPE: kind}]

    assert verdicts(SHARE, *cases) == [verdict.value]


def test_a_tenant_of_people_alone_is_judged_by_the_rules_as_they_are():
    users = frame([{}, {}], Scope.USER)
    one = pack(RULE).rules[0]

    assert are_all_persons(users)
    assert not are_all_persons(frame([{}, {TYPE: AGENT}], Scope.USER))
    assert about_persons(one).population is not None
