"""Which Conditional Access policies ask everybody for MFA: what only looks like it does not count."""

import pytest

from mfaaudit.facts.all_users_mfa_policies import all_users_mfa_policies
from mfaaudit.facts.given import Given
from mfaaudit.facts.has_all_users_mfa_policy import has_all_users_mfa_policy
from mfaaudit.words import Reason, Unknown

STRANGE = Unknown(Reason.UNKNOWN_VALUE)
MFA_STRENGTH = {"displayName": "Phishing-resistant MFA", "requirementsSatisfied": "mfa"}
WEAK_STRENGTH = {"displayName": "Password will do", "requirementsSatisfied": "none"}
NOBODY = {"guestOrExternalUserTypes": "internalGuest,b2bCollaborationGuest"}
SOME_ID = "5a7d1c3e-9f20-4b86-8c11-2e6d4f7a9b03"


def policy(name="MFA for all", *, state="enabled", users=None, applications=None, grant=None, **conditions):
    """A policy as Graph sends it: MFA for everybody everywhere, but for what is said otherwise."""
    return {
        "id": "7c1d2b0a-5e4f-4a3b-9c2d-1e0f9a8b7c6d",
        "displayName": name,
        "state": state,
        "conditions": {
            "clientAppTypes": ["all"],
            "platforms": None,
            "locations": None,
            "devices": None,
            "signInRiskLevels": [],
            "userRiskLevels": [],
            "applications": {
                "includeApplications": ["All"],
                "excludeApplications": [],
                "includeUserActions": [],
                "applicationFilter": None,
            }
            | (applications or {}),
            "users": {
                "includeUsers": ["All"],
                "excludeUsers": [],
                "includeGroups": [],
                "excludeGroups": [],
                "includeRoles": [],
                "excludeRoles": [],
                "includeGuestsOrExternalUsers": None,
                "excludeGuestsOrExternalUsers": None,
            }
            | (users or {}),
        }
        | conditions,
        "grantControls": {
            "operator": "OR",
            "builtInControls": ["mfa"],
            "customAuthenticationFactors": [],
            "termsOfUse": [],
            "authenticationStrength": None,
        }
        | (grant or {}),
    }


def names(*policies):
    """The fact, from the policies or from the reason why they are not known."""
    return all_users_mfa_policies(given_of(*policies))


def is_there(*policies):
    """Whether there is one at all, from the same."""
    return has_all_users_mfa_policy(given_of(*policies))


def given_of(*policies):
    found = policies[0] if isinstance(policies[0], Unknown) else policies
    return Given(
        objects=lambda source: () if "Plan" in source else found, members=lambda _: [], user_ids=(), column=lambda _: ()
    )


ASK = {
    "plain": policy(),
    "excluded emergency accounts": policy(users={"excludeUsers": ["a", "b"]}),
    "excluded groups": policy(users={"excludeGroups": ["g"]}),
    "excluded roles": policy(users={"excludeRoles": ["r"]}),
    "excluded guests": policy(users={"excludeGuestsOrExternalUsers": NOBODY}),
    "a strength": policy(grant={"builtInControls": [], "authenticationStrength": MFA_STRENGTH}),
    "mfa and a compliant device": policy(grant={"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]}),
    "a strength and terms of use": policy(
        grant={
            "operator": "AND",
            "builtInControls": [],
            "termsOfUse": ["t"],
            "authenticationStrength": MFA_STRENGTH,
        }
    ),
    "mfa or a strength": policy(grant={"authenticationStrength": MFA_STRENGTH}),
}

DO_NOT_ASK = {
    "report-only": policy(state="enabledForReportingButNotEnforced"),
    "disabled": policy(state="disabled"),
    "nobody": policy(users={"includeUsers": ["None"]}),
    "some users": policy(users={"includeUsers": [SOME_ID]}),
    "a group": policy(users={"includeUsers": [], "includeGroups": [SOME_ID]}),
    "administrators": policy(users={"includeUsers": [], "includeRoles": [SOME_ID]}),
    "guests by the old word": policy(users={"includeUsers": ["GuestsOrExternalUsers"]}),
    "guests by the new one": policy(users={"includeUsers": [], "includeGuestsOrExternalUsers": NOBODY}),
    "one application": policy(applications={"includeApplications": ["c9a559d2-7aab-4f13-a6ed-e7e9c52aec87"]}),
    "Office 365": policy(applications={"includeApplications": ["Office365"]}),
    "registering security information": policy(
        applications={"includeApplications": [], "includeUserActions": ["urn:user:registersecurityinfo"]}
    ),
    "risky sign-ins": policy(signInRiskLevels=["high"]),
    "risky users": policy(userRiskLevels=["high", "medium"]),
    "block": policy(grant={"builtInControls": ["block"]}),
    "a compliant device": policy(grant={"builtInControls": ["compliantDevice"]}),
    "mfa or a compliant device": policy(grant={"builtInControls": ["mfa", "compliantDevice"]}),
    "mfa or terms of use": policy(grant={"termsOfUse": ["t"]}),
    "mfa or a factor of one's own": policy(grant={"customAuthenticationFactors": ["f"]}),
    "a strength or a compliant device": policy(
        grant={"builtInControls": ["compliantDevice"], "authenticationStrength": MFA_STRENGTH}
    ),
    "a strength that a password satisfies": policy(
        grant={"builtInControls": [], "authenticationStrength": WEAK_STRENGTH}
    ),
    "mfa or a strength that a password satisfies": policy(grant={"authenticationStrength": WEAK_STRENGTH}),
    "session controls only": policy() | {"grantControls": None},
    "no conditions": policy() | {"conditions": None},
    "one application left out": policy(applications={"excludeApplications": ["c9a559d2-7aab-4f13-a6ed-e7e9c52aec87"]}),
    "a suite left out": policy(applications={"excludeApplications": ["Office365"]}),
    "applications by a filter": policy(applications={"applicationFilter": {"mode": "exclude", "rule": "x"}}),
}

MAY_ASK = {
    "an application that is no id left out": policy(applications={"excludeApplications": ["a"]}),
    "some platforms": policy(platforms={"includePlatforms": ["android"], "excludePlatforms": []}),
    "outside the office": policy(locations={"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}),
    "some devices": policy(devices={"deviceFilter": {"mode": "include", "rule": "x"}}),
    "device code flow": policy(authenticationFlows={"transferMethods": "deviceCodeFlow"}),
    "insider risk": policy(insiderRiskLevels="elevated"),
    "browsers": policy(clientAppTypes=["browser"]),
    "a strength that does not say": policy(grant={"builtInControls": [], "authenticationStrength": {"id": "s"}}),
    "mfa or a strength that does not say": policy(grant={"authenticationStrength": {"id": "s"}}),
    "a state of tomorrow": policy(state="unknownFutureValue"),
    "a condition of tomorrow": policy(weather={"includeWeather": ["rain"]}),
    "a user condition of tomorrow": policy(users={"includeUsers": [], "includeAgents": ["a"]}),
    "a control of tomorrow": policy(grant={"builtInControls": ["handshake"]}),
    "mfa or a control of tomorrow": policy(grant={"builtInControls": ["mfa", "handshake"]}),
    "an operator of tomorrow": policy(grant={"operator": "XOR", "builtInControls": ["mfa", "compliantDevice"]}),
    "conditions that are none": policy() | {"conditions": "all"},
    "users that are none": policy()
    | {"conditions": {"users": "all", "applications": {"includeApplications": ["All"]}}},
    "a grant that is none": policy() | {"grantControls": ["mfa"]},
    "a strength of tomorrow": policy(
        grant={"builtInControls": [], "authenticationStrength": {"requirementsSatisfied": "unknownFutureValue"}}
    ),
}


NARROWED = {
    "some platforms",
    "outside the office",
    "some devices",
    "device code flow",
    "insider risk",
    "browsers",
}
"""Those of them that surely leave a way round, however large it is."""


@pytest.mark.parametrize("given", ASK.values(), ids=ASK)
def test_a_policy_that_asks_everybody_is_named(given):
    assert names(given) == ("MFA for all",)


@pytest.mark.parametrize("given", DO_NOT_ASK.values(), ids=DO_NOT_ASK)
def test_a_policy_that_lets_somebody_pass_is_none(given):
    assert names(given) == ()


@pytest.mark.parametrize("given", MAY_ASK.values(), ids=MAY_ASK)
def test_a_policy_that_may_leave_a_way_round_is_neither(given):
    assert names(given) == STRANGE
    # Beside one that surely asks, it no longer matters; beside one that does not, it does.
    assert names(given, policy("Sure")) == ("Sure",)
    assert names(given, policy(state="disabled")) == STRANGE


def test_a_narrow_policy_that_does_not_ask_anyway_leaves_nothing_open():
    assert names(policy(state="disabled", platforms={"includePlatforms": ["android"]})) == ()


def test_the_names_are_in_order_and_a_nameless_policy_goes_by_its_id():
    assert names(policy("b"), policy("a"), policy("c", state="disabled"), policy(None)) == (
        "7c1d2b0a-5e4f-4a3b-9c2d-1e0f9a8b7c6d",
        "a",
        "b",
    )


def test_policies_that_were_not_read_are_unknown_and_not_none():
    assert names(Unknown(Reason.NO_LICENSE)) == Unknown(Reason.NO_LICENSE)
    assert is_there(Unknown(Reason.NO_LICENSE)) == Unknown(Reason.NO_LICENSE)


@pytest.mark.parametrize("given", ASK.values(), ids=ASK)
def test_there_is_a_policy_that_asks_everybody(given):
    assert is_there(given) is True
    assert is_there(policy("c", state="disabled"), policy(state="unknownFutureValue"), given) is True


@pytest.mark.parametrize(
    "given",
    [*DO_NOT_ASK.values(), *(MAY_ASK[name] for name in sorted(NARROWED))],
    ids=[*DO_NOT_ASK, *sorted(NARROWED)],
)
def test_a_policy_that_is_surely_narrowed_is_no_such_policy(given):
    assert is_there(given) is False


@pytest.mark.parametrize("name", sorted(MAY_ASK.keys() - NARROWED))
def test_what_is_not_known_may_be_such_a_policy(name):
    assert is_there(MAY_ASK[name]) == STRANGE
    assert is_there(policy(state="disabled"), MAY_ASK[name]) == STRANGE
