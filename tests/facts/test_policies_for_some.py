"""Which policies ask a class of users: administrators, the highly privileged, guests; and which are on at all."""

import itertools

import pytest
from policies_by_hand import (
    A_GROUP,
    EVERY_HOME,
    NO_LICENSE,
    ONE_HOME,
    OR_DEVICE,
    OUTSIDE,
    SOMEBODY,
    STRANGE,
    Case,
    kinds,
    only,
    policy,
    strength,
)
from tenants_by_hand import given_of

from mfaaudit.facts.administrators_mfa_policies import administrators_mfa_policies
from mfaaudit.facts.administrators_phishing_resistant_policies import administrators_phishing_resistant_policies
from mfaaudit.facts.all_users_phishing_resistant_policies import all_users_phishing_resistant_policies
from mfaaudit.facts.enabled_policies import enabled_policies
from mfaaudit.facts.guests_mfa_policies import guests_mfa_policies
from mfaaudit.facts.privileged_phishing_resistant_policies import privileged_phishing_resistant_policies
from mfaaudit.known_ids import CIS_ADMINISTRATORS, SCUBA_PRIVILEGED
from mfaaudit.shipped import policies

YES, NO = ("P",), ()
RESISTANT = strength("windowsHelloForBusiness", "fido2")
ADMINISTRATORS = only(includeRoles=[role.upper() for role in CIS_ADMINISTRATORS])
BOTH_KINDS = "internalGuest,b2bCollaborationGuest,serviceProvider"


def found(fact, *policies):
    return fact(given_of(Case(name="", policies=list(policies), expected={}, source="")))


def test_the_roles_are_those_of_the_lists_that_rules_use():
    text = policies().joinpath("_lists.yaml").read_text(encoding="utf-8").split("privileged_cis:")[1]
    listed = itertools.takewhile(lambda line: line.startswith("    - "), text.splitlines()[1:])
    assert {line.split()[1] for line in listed} == set(CIS_ADMINISTRATORS)


def test_there_are_fifteen_and_eight_roles_of_which_seven_are_in_both():
    assert (len(set(CIS_ADMINISTRATORS)), len(set(SCUBA_PRIVILEGED))) == (15, 8)
    assert len({*CIS_ADMINISTRATORS} & {*SCUBA_PRIVILEGED}) == 7


@pytest.mark.parametrize(
    ("users", "answer"),
    [
        (ADMINISTRATORS, YES),
        ({}, YES),
        (ADMINISTRATORS | {"excludeUsers": [SOMEBODY], "excludeGroups": [A_GROUP]}, YES),
        (only(includeRoles=list(CIS_ADMINISTRATORS[1:])), NO),
        (only(includeUsers=[SOMEBODY]), NO),
        (ADMINISTRATORS | {"excludeRoles": [CIS_ADMINISTRATORS[3].upper()]}, NO),
        ({"excludeRoles": [CIS_ADMINISTRATORS[3]]}, NO),
        ({"excludeRoles": ["d29b2b05-8046-44ba-8758-1e26182fcf32"]}, YES),
        (only(includeRoles="all"), STRANGE),
        (ADMINISTRATORS | {"excludeRoles": "some"}, STRANGE),
        (ADMINISTRATORS | {"excludeAgents": ["a"]}, STRANGE),
        (only(includeAgents=["a"]), STRANGE),
        (ADMINISTRATORS | {"includeAgents": ["a"]}, YES),
    ],
)
def test_administrators_are_asked_if_each_of_their_roles_is(users, answer):
    assert found(administrators_mfa_policies, policy(users=users)) == answer
    assert found(administrators_phishing_resistant_policies, policy(users=users, grant=RESISTANT)) == answer


@pytest.mark.parametrize("fact", [administrators_mfa_policies, guests_mfa_policies, enabled_policies])
def test_policies_that_were_not_read_say_why(fact):
    assert fact(given_of(Case(name="", policies=NO_LICENSE, expected={}, source=""))) == NO_LICENSE


def test_the_highly_privileged_are_other_roles_than_administrators():
    eight = policy(users=only(includeRoles=list(SCUBA_PRIVILEGED)), grant=RESISTANT)

    assert found(privileged_phishing_resistant_policies, eight) == YES
    assert found(administrators_phishing_resistant_policies, eight) == NO
    assert found(privileged_phishing_resistant_policies, policy(users=ADMINISTRATORS, grant=RESISTANT)) == NO


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"grant": RESISTANT}, YES),
        ({"grant": strength("windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor")}, YES),
        ({}, NO),
        ({"grant": strength("fido2", "password,sms")}, NO),
        ({"grant": strength("fido2", "password,x509CertificateMultiFactor")}, NO),
        ({"grant": strength("fido2", "temporaryAccessPassOneTime")}, NO),
        ({"grant": strength("fido2", "deviceBasedPush")}, NO),
        ({"grant": strength("fido2", "brainwave", "password,sms")}, NO),
        ({"grant": strength("fido2", satisfied="none")}, NO),
        ({"grant": strength("fido2", "brainwave")}, STRANGE),
        ({"grant": strength("fido2", satisfied="unknownFutureValue")}, STRANGE),
        ({"grant": strength()}, STRANGE),
        ({"grant": {"builtInControls": [], "authenticationStrength": "fido2"}}, STRANGE),
        ({"grant": RESISTANT | {"builtInControls": ["mfa"]}}, NO),
        ({"grant": RESISTANT | {"builtInControls": ["compliantDevice"]}}, NO),
        ({"grant": RESISTANT | {"builtInControls": ["compliantDevice"], "operator": "AND"}}, YES),
        ({"grant": RESISTANT | {"builtInControls": ["mfa"], "operator": None}}, STRANGE),
        ({"grant": RESISTANT | {"builtInControls": ["block"], "operator": "AND"}}, NO),
        ({"grant": {"builtInControls": ["handshake"]}}, STRANGE),
        ({"grant": {"builtInControls": ["handshake", "mfa"], "operator": "AND"}}, STRANGE),
        ({"grant": {"builtInControls": "mfa"}}, STRANGE),
        ({"grant": RESISTANT, "signInRiskLevels": ["high"]}, NO),
        ({"grant": RESISTANT, "locations": OUTSIDE}, STRANGE),
        ({"grant": RESISTANT, "applications": {"excludeApplications": ["Office365"]}}, NO),
        ({"grant": RESISTANT, "state": "enabledForReportingButNotEnforced"}, NO),
        ({"grant": RESISTANT, "clientAppTypes": ["other"]}, NO),
        ({"grant": OR_DEVICE}, NO),
    ],
)
def test_phishing_resistant_is_what_allows_nothing_else(change, answer):
    assert found(all_users_phishing_resistant_policies, policy(**change)) == answer


@pytest.mark.parametrize(
    ("users", "answer"),
    [
        ({}, YES),
        ({"includeUsers": ["GuestsOrExternalUsers"]}, YES),
        (only(includeGuestsOrExternalUsers=kinds(BOTH_KINDS)), YES),
        (only(includeGuestsOrExternalUsers=kinds(BOTH_KINDS, EVERY_HOME)), YES),
        (only(includeGuestsOrExternalUsers=kinds(BOTH_KINDS, ONE_HOME)), NO),
        (only(includeGuestsOrExternalUsers=kinds("b2bCollaborationGuest")), NO),
        (only(includeGuestsOrExternalUsers=kinds("unknownFutureValue")), STRANGE),
        (only(includeUsers=[SOMEBODY]), NO),
        (only(includeGroups=[A_GROUP]), NO),
        ({"excludeUsers": ["GuestsOrExternalUsers"]}, NO),
        ({"excludeGuestsOrExternalUsers": kinds("b2bCollaborationGuest", ONE_HOME)}, NO),
        ({"excludeGuestsOrExternalUsers": kinds("b2bCollaborationMember,serviceProvider")}, YES),
        ({"excludeGuestsOrExternalUsers": kinds("unknownFutureValue")}, STRANGE),
        ({"excludeUsers": "gus"}, STRANGE),
        ({"excludeAgents": ["a"]}, STRANGE),
        (only(includeAgents=["a"]), STRANGE),
        ({"excludeUsers": [SOMEBODY], "excludeGroups": [A_GROUP]}, YES),
    ],
)
def test_guests_are_asked_if_all_of_them_are(users, answer):
    assert found(guests_mfa_policies, policy(users=users)) == answer


def test_policies_that_are_on_are_named_in_order_whatever_they_do():
    on = [policy("b"), policy("a", grant={"builtInControls": ["block"]})]
    off = [policy("c", state="disabled"), policy("d", state="enabledForReportingButNotEnforced")]

    assert found(enabled_policies, *on, *off) == ("a", "b")
    assert found(enabled_policies, *off) == ()
    assert found(enabled_policies, *on, policy("e", state="unknownFutureValue")) == STRANGE
