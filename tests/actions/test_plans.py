"""What is to be done: a user once for each cure, and nothing lost on the way."""

from datetime import date

import pytest
from plans_by_hand import ADMIN, CAPABLE, CLASS, ENABLED, MFA, STATE, action, assigned, items, planned, rule

from mfaaudit.actions import DAYS, NO_PLAN
from mfaaudit.findings.examples import NOW
from mfaaudit.words import Reason, Severity, Unknown

DEFAULTS = "tenant.securityDefaults.isEnabled"
THROTTLED, FORBIDDEN = Unknown(Reason.THROTTLED), Unknown(Reason.NO_PERMISSION)
BOTH = (rule("R-1", {MFA: True}, action="register"), rule("R-2", {CAPABLE: True}, action=["register", "allow"]))
REGISTER = action("register", who="user", when={MFA: False})
ALLOW = action("allow", when={MFA: True, CAPABLE: False})


def test_a_user_stands_once_under_an_action_with_all_that_it_cures():
    plan = planned([{MFA: False, CAPABLE: False}, {MFA: True, CAPABLE: False}], BOTH, (REGISTER, ALLOW))

    assert items(plan) == [("register", 0, "R-1, R-2", "ready", None), ("allow", 1, "R-2", "ready", None)]
    assert [(one.failures, one.gaps, one.users, one.items) for one in plan.steps] == [(2, 0, 1, 1), (1, 0, 1, 1)]
    assert plan.steps[0].rules == ("R-1", "R-2")


def test_each_finding_names_its_cure_and_what_is_none_names_nothing():
    passing, about_tenant = {MFA: True, CAPABLE: True}, rule("T-1", {DEFAULTS: True}, scope="tenant", action="settle")
    users = [{MFA: False, CAPABLE: False}, passing, {MFA: True, CAPABLE: False}]
    plan = planned(users, (*BOTH, about_tenant), (REGISTER, ALLOW, action("settle", scope="tenant")), {DEFAULTS: False})

    assert plan.cures(0, 3).to_list() == ["Do register", None, None]
    assert plan.cures(1, 3).to_list() == ["Do register", None, "Do allow"]
    assert plan.cure_of_tenant(2) == "Do settle"
    assert (plan.cure_of_tenant(0), NO_PLAN.cures(0, 2).to_list()) == ("", [None, None])
    assert plan.of_findings.height == sum(one.failures + one.gaps for one in plan.steps)


def test_an_action_is_chosen_only_where_its_condition_surely_holds():
    users = [{MFA: Unknown(Reason.NO_ROW), CAPABLE: False}]

    assert [one for one in assigned(users, BOTH, (REGISTER, ALLOW)) if one[3]] == [("rule-R-2", 0, "R-2", True)]


def test_the_first_action_that_fits_counts():
    first, second = action("first", when={ADMIN: True}), action("second")
    one = rule("R-1", {MFA: True}, action=["first", "second"])
    users = [{MFA: False, ADMIN: True}, {MFA: False, ADMIN: False}, {MFA: False, ADMIN: THROTTLED}]

    assert [name for name, *_ in assigned(users, [one], (first, second))] == ["first", "second", "second"]
    turned = rule("R-1", {MFA: True}, action=["second", "first"])
    assert {name for name, *_ in assigned(users, [turned], (first, second))} == {"second"}


@pytest.mark.parametrize("named", [{}, {"action": "nowhere"}, {"action": "of-tenant"}])
def test_without_an_action_the_rules_own_remediation_is_one(named):
    plan = planned([{MFA: False}], [rule("R-1", {MFA: True}, **named)], (action("of-tenant", scope="tenant"),))

    (step,) = plan.steps
    assert (step.action.id, step.action.steps, step.action.of_rule) == ("rule-R-1", "Cure R-1.", "R-1")
    assert items(plan) == [("rule-R-1", 0, "R-1", "ready", None)]


def test_an_action_whose_precondition_is_open_is_not_chosen():
    one = rule("R-1", {MFA: True}, action="posed")
    posed = action("posed", preconditions=[{"declared.posture": "per-user"}])

    def chosen(tenant):
        return assigned([{MFA: False}], [one], (posed,), tenant)[0][0]

    assert chosen({"declared.posture": "per-user"}) == "posed"
    assert chosen({"declared.posture": "conditional-access"}) == "rule-R-1"
    assert chosen({}) == "rule-R-1"


def test_what_is_waived_needs_no_action():
    assert planned([{MFA: False}], [rule("R-1", {MFA: True})], waived="E-1").steps == ()


def test_what_passes_or_does_not_apply_needs_no_action():
    one = rule("R-1", {MFA: True}, applies_to={ADMIN: True})

    plan = planned([{MFA: True, ADMIN: True}, {MFA: False, ADMIN: False}], [one])
    assert (plan.steps, plan.items.height) == ((), 0)
    assert plan.items.schema == NO_PLAN.items.schema


def test_an_action_is_as_severe_as_the_worst_of_what_it_cures_for_that_user():
    when = [{"if": {ADMIN: True}, "severity": "critical"}]
    rules = [
        rule("R-1", {MFA: True}, severity="low", action="do"),
        rule("R-2", {CAPABLE: True}, severity="info", severity_when=when, action="do"),
    ]
    users = [{MFA: False, CAPABLE: False, ADMIN: admin} for admin in (False, True)]
    plan = planned([*users, {MFA: True, CAPABLE: False, ADMIN: False}], rules, (action("do"),))

    found = plan.items.select("subject", "severity", "due").rows()
    assert found == [(1, "critical", date(2026, 1, 8)), (0, "low", date(2026, 6, 30)), (2, "info", date(2027, 1, 1))]
    assert plan.steps[0].severity is Severity.CRITICAL
    assert plan.steps[0].due == date(2026, 1, 8)


def test_every_severity_leaves_its_days_from_the_start_of_the_audit():
    assert [DAYS[one] for one in Severity] == [7, 30, 90, 180, 365]
    for severity in Severity:
        (day,) = planned([{MFA: False}], [rule("R-1", {MFA: True}, severity=severity.value)]).items["due"]
        assert (day - NOW.date()).days == DAYS[severity]


BLOCKED = (
    rule("R-1", {STATE: "disabled"}, action="disable", blocked_by=["R-3"]),
    rule("R-2", {ENABLED: True}, action="disable", blocked_by=["R-4"]),
    rule("R-3", {CAPABLE: True}),
    rule("R-4", {ADMIN: True}),
)


def test_what_waits_for_other_rules_is_not_yet_and_says_for_which():
    plan = planned([{STATE: "enforced", ENABLED: False, CAPABLE: False, ADMIN: False}], BLOCKED, (action("disable"),))

    assert ("disable", 0, "R-1, R-2", "not yet", "waits for R-3, R-4") in items(plan)
    (step,) = [one for one in plan.steps if one.action.id == "disable"]
    assert (step.ready, step.not_yet, step.waits_for) == (0, 1, ("R-3", "R-4"))


def test_one_blocked_rule_is_enough_to_wait_and_one_that_passes_blocks_no_more():
    user = {STATE: "enforced", ENABLED: False, CAPABLE: True, ADMIN: False}
    plan = planned([user, user | {ENABLED: True}], BLOCKED, (action("disable"),))

    found = {subject: (state, why) for name, subject, _, state, why in items(plan) if name == "disable"}
    assert found == {0: ("not yet", "waits for R-4"), 1: ("ready", None)}


def test_what_is_open_goes_to_the_action_for_its_reason_once_for_the_tenant_or_for_each_user():
    again = action("again", scope="tenant", reasons=["THROTTLED", "TIMEOUT"])
    look = action("look", reasons=["UNKNOWN_VALUE"])
    users = [{MFA: THROTTLED}, {MFA: Unknown(Reason.TIMEOUT)}, {MFA: Unknown(Reason.UNKNOWN_VALUE)}]
    plan = planned(users, [rule("R-1", {MFA: True})], (again, look))

    assert sorted(items(plan)) == [("again", None, "R-1", "ready", None), ("look", 2, "R-1", "ready", None)]
    assert {one.action.id: (one.users, one.gaps, one.items) for one in plan.steps} == {
        "again": (2, 2, 1),
        "look": (1, 1, 1),
    }
    assert plan.items["users"].to_list().count(2) == 1


def test_a_reason_without_an_action_is_what_the_reason_advises():
    (step,) = planned([{MFA: FORBIDDEN}], [rule("R-1", {MFA: True})]).steps

    assert (step.action.id, step.action.steps) == ("rule-no-permission", Reason.NO_PERMISSION.cure)


def test_a_rule_about_the_tenant_has_one_item_without_a_user():
    asked = action("ask", scope="tenant", when={"tenant.securityDefaults.isEnabled": False})
    rules = [rule("T-1", {"tenant.securityDefaults.isEnabled": True}, scope="tenant", action="ask")]
    plan = planned([{}, {}], rules, (asked,), {"tenant.securityDefaults.isEnabled": False})

    assert items(plan) == [("ask", None, "T-1", "ready", None)]
    assert (plan.steps[0].users, plan.steps[0].failures) == (0, 1)
    assert [one.action.id for one in planned([], rules, (asked,)).steps] == ["rule-not-requested"]


def test_the_most_pressing_comes_first_and_failures_before_gaps():
    rules = [
        rule("R-1", {MFA: True}, severity="low", action="later"),
        rule("R-2", {CAPABLE: True}, severity="critical", action="now"),
        rule("R-3", {ENABLED: True}, severity="critical", action="many"),
        rule("R-4", {STATE: "disabled"}, severity="critical"),
    ]
    users = [{MFA: False, CAPABLE: False, ENABLED: False}, {MFA: True, CAPABLE: True, ENABLED: False}]
    plan = planned(users, rules, [action(name) for name in ("later", "now", "many")])

    assert [one.action.id for one in plan.steps] == ["many", "now", "rule-not-requested", "later"]
    assert plan.items["action"].is_sorted()


def test_the_same_audit_gives_the_same_plan():
    users = [{MFA: bool(n % 2), CAPABLE: bool(n % 3), ADMIN: bool(n % 5)} for n in range(60)]

    def made():
        return planned(users, BOTH, (REGISTER, ALLOW))

    assert made().items.equals(made().items)
    assert made().steps == made().steps


DISABLE = {"when": {STATE: {"in": ["enabled", "enforced"]}}, "change": {"set": STATE, "to": "disabled"}}
OFF = rule("R-1", {STATE: "disabled"}, action="off")


@pytest.mark.parametrize(
    ("user", "why"),
    [
        ({CLASS: "breakGlass"}, "the account's class is breakGlass"),
        ({CLASS: "service", "derived.isAccountClassGuessed": True}, "the account's class is service (a guess)"),
        ({CLASS: Unknown(Reason.UNKNOWN_VALUE)}, "the account's class is not known"),
        ({CAPABLE: False}, f"it is not sure that {CAPABLE} is true"),
        ({CAPABLE: THROTTLED}, f"it is not sure that {CAPABLE} is true"),
    ],
)
def test_what_a_person_has_to_decide_is_never_ready(user, why):
    off = action("off", not_for=["service"], safe_if={CAPABLE: True}, **DISABLE)
    plan = planned([{STATE: "enforced", CAPABLE: True} | user, {STATE: "enabled", CAPABLE: True}], [OFF], (off,))

    assert items(plan) == [("off", 0, "R-1", "by hand", why), ("off", 1, "R-1", "ready", None)]
    assert (plan.steps[0].ready, plan.steps[0].by_hand) == (1, 1)


def test_an_emergency_account_that_has_to_wait_says_both():
    one = rule("R-1", {STATE: "disabled"}, action="off", blocked_by=["R-2"])
    plan = planned(
        [{STATE: "enforced", CLASS: "breakGlass", MFA: False}],
        [one, rule("R-2", {MFA: True})],
        (action("off", **DISABLE),),
    )

    said = [row for row in items(plan) if row[0] == "off"]
    assert said == [("off", 0, "R-1", "by hand", "the account's class is breakGlass; waits for R-2")]


def test_what_waits_is_not_asked_whether_it_is_safe():
    one = rule("R-1", {STATE: "disabled"}, action="off", blocked_by=["R-2"])
    off = action("off", safe_if={CAPABLE: True}, **DISABLE)
    plan = planned([{STATE: "enforced", CAPABLE: False, MFA: False}], [one, rule("R-2", {MFA: True})], (off,))

    assert ("off", 0, "R-1", "not yet", "waits for R-2") in items(plan)


def test_an_account_for_emergencies_may_still_be_given_a_method():
    plan = planned([{MFA: False, CLASS: "breakGlass"}], BOTH[:1], (REGISTER,))

    assert items(plan) == [("register", 0, "R-1", "ready", None)]


def test_a_change_of_what_was_not_read_or_is_so_already_is_by_hand():
    off = action("off", change=DISABLE["change"])
    one = rule("R-1", {MFA: True}, action="off")
    plan = planned([{MFA: False, STATE: THROTTLED}, {MFA: False, STATE: "disabled"}], [one], (off,))

    assert [why for *_, why in items(plan)] == [f"{STATE} was not read", f"{STATE} is disabled already"]


def test_two_scripts_never_set_one_value_of_a_user_to_two_things():
    on = action("on", change={"set": STATE, "to": "enforced"})
    off = action("off", change={"set": STATE, "to": "disabled"})
    out = action("out", change={"set": ENABLED, "to": False})
    rules = [
        rule("R-1", {MFA: True}, action="on"),
        rule("R-2", {CAPABLE: True}, action="off"),
        rule("R-3", {MFA: True}, action="out"),
    ]
    given = {STATE: "enabled", ENABLED: True}
    plan = planned([given | {MFA: False, CAPABLE: False}, given | {MFA: False, CAPABLE: True}], rules, (on, off, out))

    found = {(name, subject): (state, why) for name, subject, _, state, why in items(plan)}
    torn = "by hand", "another action sets the same value otherwise"
    assert found == {
        ("on", 0): torn,
        ("off", 0): torn,
        ("out", 0): ("ready", None),
        ("on", 1): ("ready", None),
        ("out", 1): ("ready", None),
    }


def test_what_is_done_once_for_the_tenant_is_as_severe_as_the_worst_of_it():
    again = action("again", scope="tenant", reasons=["THROTTLED"])
    rules = [rule(f"R-{n}", {MFA: True}, severity=one) for n, one in enumerate(("low", "critical", "info"))]
    plan = planned([{MFA: THROTTLED}], rules, (again,))

    assert plan.items["severity"].to_list() == ["critical"]
    assert plan.items["rules"].to_list() == ["R-0, R-1, R-2"]
    assert plan.items["due"].to_list() == [date(2026, 1, 8)]


def test_to_read_again_what_is_open_waits_for_nothing():
    look = action("look", reasons=["UNKNOWN_VALUE"])
    one = rule("R-1", {MFA: True}, blocked_by=["R-2"])
    plan = planned([{MFA: Unknown(Reason.UNKNOWN_VALUE), CAPABLE: False}], [one, rule("R-2", {CAPABLE: True})], (look,))

    assert ("look", 0, "R-1", "ready", None) in items(plan)
    assert {step.action.id: step.waits_for for step in plan.steps} == {"look": (), "rule-R-2": ()}
