"""Which policies meet a control by themselves: legacy authentication, flows, registration, devices, risks, sessions.

Cases follow the checks of ScubaGear 1.8.0 and the audit steps of CIS Microsoft 365 Foundations 7.0.0.
"""

import pytest
from policies_by_hand import A_GROUP, NO_LICENSE, OR_DEVICE, OUTSIDE, STRANGE, Case, only, policy, strength
from tenants_by_hand import given_of

from mfaaudit.facts import FACTS
from mfaaudit.facts.control_exclusions import (
    CONTROLS,
    excluded_from_control_policies,
    reaching_policies,
)
from mfaaudit.known_ids import CIS_ADMINISTRATORS

BY_KEY = {fact.field.name: fact for fact in FACTS}
YES, NO = ("P",), ()
BLOCK = {"builtInControls": ["block"]}
SYNCHRONIZATION = "d29b2b05-8046-44ba-8758-1e26182fcf32"
APP = "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87"


def found(key, *policies):
    given = given_of(Case(name="", policies=list(policies), expected={}, source=""))
    return BY_KEY[f"derived.{key}Policies"].of_tenant(given)


def with_session(made, **session):
    return made | {"sessionControls": session or None}


def each(value=None, unit=None, *, on=True, interval=None):
    return {
        "isEnabled": on,
        "value": value,
        "type": unit,
        "frequencyInterval": interval or ("everyTime" if value is None else "timeBased"),
    }


def for_action(action, grant, **more):
    applications = {"includeApplications": [], "includeUserActions": [action]}
    return policy(applications=applications, grant=grant, **more)


OLD = {"clientAppTypes": ["exchangeActiveSync", "other"]}


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (OLD, YES),
        ({"clientAppTypes": ["all"]}, YES),
        (OLD | {"users": {"excludeUsers": ["ann"], "excludeGroups": [A_GROUP]}}, YES),
        (OLD | {"users": {"excludeRoles": [SYNCHRONIZATION]}}, NO),
        (OLD | {"users": only(includeGroups=[A_GROUP])}, NO),
        ({"clientAppTypes": ["other"]}, NO),
        ({"clientAppTypes": ["exchangeActiveSync"]}, NO),
        ({"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}, NO),
        ({"clientAppTypes": []}, STRANGE),
        (OLD | {"state": "enabledForReportingButNotEnforced"}, NO),
        (OLD | {"state": "unknownFutureValue"}, STRANGE),
        (OLD | {"grant": {}}, NO),
        (OLD | {"grant": {"builtInControls": "block"}}, STRANGE),
        (OLD | {"applications": {"excludeApplications": [APP]}}, NO),
        (OLD | {"applications": {"includeApplications": ["Office365"]}}, NO),
        (OLD | {"users": {"includeAgents": ["a"], "includeUsers": []}}, STRANGE),
        (OLD | {"locations": OUTSIDE}, STRANGE),
        (OLD | {"newCondition": {"a": 1}}, STRANGE),
        # A policy for a flow or a risk blocks no legacy client.
        ({"authenticationFlows": {"transferMethods": "deviceCodeFlow"}}, NO),
        ({"signInRiskLevels": ["high"]}, NO),
    ],
)
def test_legacy_authentication_is_blocked_by_one_policy_for_all(change, answer):
    assert found("legacyAuthentication", policy(**({"grant": BLOCK} | change))) == answer


@pytest.mark.parametrize(
    ("methods", "device_code", "transfer"),
    [
        ("deviceCodeFlow", YES, NO),
        ("authenticationTransfer", NO, YES),
        ("deviceCodeFlow,authenticationTransfer", YES, YES),
        ("deviceCodeFlow, authenticationTransfer", YES, YES),
        ("none", NO, NO),
        ("unknownFutureValue", STRANGE, STRANGE),
        (["deviceCodeFlow"], STRANGE, STRANGE),
    ],
)
def test_flows_are_blocked_by_the_policies_that_name_them(methods, device_code, transfer):
    made = policy(grant=BLOCK, authenticationFlows={"transferMethods": methods})

    assert found("deviceCode", made) == device_code
    assert found("authenticationTransfer", made) == transfer


def test_a_flow_that_was_never_sent_is_not_known_and_one_that_is_not_set_is_not_blocked():
    made = policy(grant=BLOCK)
    absent = policy(grant=BLOCK)
    del absent["conditions"]["authenticationFlows"]

    assert found("deviceCode", made) == NO
    assert found("deviceCode", absent) == STRANGE


SECURITY_INFO, DEVICE = "urn:user:registersecurityinfo", "urn:user:registerdevice"
MANAGED = {"builtInControls": ["compliantDevice", "domainJoinedDevice"]}


@pytest.mark.parametrize(
    ("grant", "protected", "managed", "compliant"),
    [
        (MANAGED, YES, YES, YES),
        ({"builtInControls": ["compliantDevice"]}, YES, YES, YES),
        ({"builtInControls": ["domainJoinedDevice"]}, YES, YES, NO),
        (MANAGED | {"operator": "AND"}, YES, YES, NO),
        (OR_DEVICE, NO, NO, NO),
        ({"builtInControls": ["compliantDevice", "mfa"], "operator": "AND"}, YES, YES, NO),
        ({"builtInControls": ["mfa"]}, YES, NO, NO),
        (strength("fido2"), YES, NO, NO),
        (BLOCK, YES, NO, NO),
        ({"builtInControls": ["newControl"]}, STRANGE, NO, NO),
        ({"builtInControls": "mfa"}, STRANGE, STRANGE, STRANGE),
    ],
)
def test_registration_of_methods_is_protected_by_what_the_grant_needs(grant, protected, managed, compliant):
    made = for_action(SECURITY_INFO, grant)

    assert found("securityInfo", made) == protected
    assert found("securityInfoManagedDevice", made) == managed
    assert found("securityInfoCompliantDevice", made) == compliant
    assert found("securityInfo", for_action(DEVICE, grant)) == NO


def test_a_network_of_ones_own_may_be_left_out_of_protecting_the_registration_and_of_nothing_else():
    made = for_action(SECURITY_INFO, BLOCK, locations=OUTSIDE)
    named = for_action(SECURITY_INFO, BLOCK, locations={"includeLocations": [APP], "excludeLocations": []})

    assert found("securityInfo", made) == YES
    assert found("securityInfo", named) == NO
    assert found("securityInfoManagedDevice", for_action(SECURITY_INFO, MANAGED, locations=OUTSIDE)) == STRANGE


def test_registering_a_device_needs_mfa():
    assert found("deviceRegistration", for_action(DEVICE, {})) == YES
    assert found("deviceRegistration", for_action(DEVICE, strength("fido2"))) == YES
    assert found("deviceRegistration", for_action(SECURITY_INFO, {})) == NO
    assert found("deviceRegistration", policy()) == NO


def test_a_managed_device_is_asked_for_by_the_letter_of_each_framework():
    both, compliant = policy(grant=MANAGED), policy(grant={"builtInControls": ["compliantDevice"]})

    assert (found("managedDevice", both), found("compliantDevice", both)) == (YES, YES)
    assert (found("managedDevice", compliant), found("compliantDevice", compliant)) == (NO, YES)
    assert found("managedDevice", policy(grant=MANAGED | {"operator": "AND"})) == NO
    assert found("managedDevice", policy(grant=MANAGED | {"termsOfUse": ["t"]})) == NO


AFTER_MFA = {"builtInControls": ["mfa", "passwordChange"], "operator": "AND"}


@pytest.mark.parametrize(
    ("levels", "grant", "answered", "blocked", "changed"),
    [
        (["high"], BLOCK, YES, YES, NO),
        (["high", "medium"], BLOCK, YES, YES, NO),
        (["medium"], BLOCK, NO, NO, NO),
        ([], BLOCK, NO, NO, NO),
        ("high", BLOCK, STRANGE, STRANGE, NO),
        (["high"], AFTER_MFA, YES, NO, YES),
        (["high"], AFTER_MFA | {"operator": "OR"}, NO, NO, NO),
        (["high"], {"builtInControls": ["passwordChange"]}, YES, NO, NO),
        (["high"], {"builtInControls": ["riskRemediation"]}, YES, NO, NO),
        (["high"], {}, YES, NO, NO),
        (["high"], {"builtInControls": ["compliantDevice"]}, NO, NO, NO),
    ],
)
def test_a_user_at_risk_is_answered_by_a_block_mfa_or_a_new_password(levels, grant, answered, blocked, changed):
    made = with_session(policy(grant=grant, userRiskLevels=levels), signInFrequency=each())

    assert found("userRisk", made) == answered
    assert found("userRiskBlock", made) == blocked
    assert found("userRiskPassword", made) == changed
    # Both kinds of risk in one policy leave those with one of them alone.
    assert found("userRisk", policy(grant=grant, userRiskLevels=levels, signInRiskLevels=["high"])) in (NO, STRANGE)


def test_a_password_is_changed_only_where_the_session_does_not_count():
    made = policy(grant=AFTER_MFA, userRiskLevels=["high"])

    assert found("userRiskPassword", with_session(made)) == NO
    assert found("userRiskPassword", with_session(made, signInFrequency=each(1, "hours"))) == NO
    # Whether there are session controls was never sent.
    assert found("userRiskPassword", made) == STRANGE


def test_a_sign_in_at_risk_is_answered_by_a_block_or_mfa():
    high, both = ["high"], ["high", "medium"]
    asked = with_session(policy(signInRiskLevels=both), signInFrequency=each())

    assert found("signInRisk", policy(signInRiskLevels=high)) == YES
    assert found("signInRiskMfa", policy(signInRiskLevels=high)) == NO
    assert found("signInRiskMfa", asked) == YES
    assert found("signInRiskMfa", with_session(asked, signInFrequency=each(4, "hours"))) == NO
    assert found("signInRiskBlock", policy(grant=BLOCK, signInRiskLevels=high)) == YES
    assert found("mediumSignInRiskBlock", policy(grant=BLOCK, signInRiskLevels=high)) == NO
    assert found("mediumSignInRiskBlock", policy(grant=BLOCK, signInRiskLevels=[*both, "low"])) == YES


NEVER = {"isEnabled": True, "mode": "never"}
ADMINISTRATORS = only(includeRoles=list(CIS_ADMINISTRATORS))


@pytest.mark.parametrize(
    ("session", "administrators", "everybody"),
    [
        ({"signInFrequency": each(4, "hours"), "persistentBrowser": NEVER}, YES, YES),
        ({"signInFrequency": each(), "persistentBrowser": NEVER}, YES, YES),
        ({"signInFrequency": each(5, "hours"), "persistentBrowser": NEVER}, NO, YES),
        ({"signInFrequency": each(7, "days"), "persistentBrowser": NEVER}, NO, YES),
        ({"signInFrequency": each(8, "days"), "persistentBrowser": NEVER}, NO, NO),
        ({"signInFrequency": each(4, "hours"), "persistentBrowser": {"isEnabled": True, "mode": "always"}}, NO, YES),
        ({"signInFrequency": each(4, "hours")}, NO, YES),
        ({"signInFrequency": each(4, "hours", on=False), "persistentBrowser": NEVER}, NO, NO),
        ({"signInFrequency": each(4, "moons"), "persistentBrowser": NEVER}, STRANGE, STRANGE),
        ({"signInFrequency": each("4", "hours"), "persistentBrowser": NEVER}, STRANGE, STRANGE),
        ({"signInFrequency": each(4, "hours", interval="sometimes"), "persistentBrowser": NEVER}, STRANGE, STRANGE),
        ({}, NO, NO),
    ],
)
def test_sessions_end_in_time(session, administrators, everybody):
    of_administrators = with_session(policy(users=ADMINISTRATORS), **session)

    assert found("administratorsReauthentication", of_administrators) == administrators
    assert found("administratorsReauthentication", with_session(policy(), **session)) == administrators
    assert found("reauthentication", of_administrators) == NO
    assert found("reauthentication", with_session(policy(), **session)) == everybody


def test_sessions_at_risk_are_no_limit_for_everybody():
    made = with_session(policy(signInRiskLevels=["high"]), signInFrequency=each(1, "hours"))

    assert found("reauthentication", made) == NO


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.key)
def test_policies_that_were_not_read_say_why(control):
    given = given_of(Case(name="", policies=NO_LICENSE, expected={}, source=""))

    assert BY_KEY[control.policies_field.name].of_tenant(given) == NO_LICENSE
    assert found(control.key) == NO


def test_no_file_of_controls_is_forgotten():
    named = {control.policies_field.name for control in CONTROLS}
    made_alike = {name for name, fact in BY_KEY.items() if getattr(fact.of_tenant, "keywords", {}).get("control")}

    assert named == made_alike
    assert len({control.key for control in CONTROLS}) == len(CONTROLS)


def of_users(fact, *policies, **more):
    case = Case(name="", policies=list(policies), expected={}, source="", **more)
    return dict(zip(("ann", "bob", "gus", "eve"), fact(given_of(case)), strict=True))


def test_whom_the_policies_behind_a_control_leave_out_is_told_for_each_user():
    old = policy("old", grant=BLOCK, users={"excludeUsers": ["ann"], "excludeGroups": [A_GROUP]}, **OLD)
    other = policy("other", users={"excludeUsers": ["gus"]})

    found_of = of_users(excluded_from_control_policies, old, other, groups={A_GROUP: ["bob"]})

    # The policy that only requires MFA meets none of the controls.
    assert found_of == {"ann": ("old",), "bob": ("old",), "gus": (), "eve": ()}
    assert set(of_users(excluded_from_control_policies, old).values()) != {()}


def test_two_policies_of_one_name_are_told_apart():
    first, second = (policy("P", grant=BLOCK, users={"excludeUsers": [who]}, **OLD) for who in ("ann", "bob"))
    second["id"] = "other"

    found_of = of_users(excluded_from_control_policies, first, second)

    assert found_of["ann"] == ("P (id of P)",)
    assert found_of["bob"] == ("P (other)",)


def test_an_emergency_account_is_reached_by_whatever_blocks_or_asks():
    asking = policy("mfa", users={"excludeUsers": ["ann"]})
    blocking = policy("block", grant=BLOCK, users=only(includeUsers=["bob", "ann"]) | {"excludeUsers": ["ann"]})
    devices = policy("devices", grant=MANAGED)
    off = policy("off", state="disabled")
    reports = policy("reports", state="enabledForReportingButNotEnforced")

    found_of = of_users(reaching_policies, asking, blocking, devices, off, reports)

    assert found_of == {"ann": (), "bob": ("block", "mfa"), "gus": ("mfa",), "eve": ("mfa",)}


def test_an_unread_group_leaves_open_whether_an_emergency_account_is_reached():
    found_of = of_users(reaching_policies, policy("mfa", users={"excludeGroups": ["unread"]}))

    assert not any(isinstance(answer, tuple) for answer in found_of.values())
