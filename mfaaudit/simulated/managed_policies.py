"""The Conditional Access policies of an organisation that enforces MFA by them, as they grow over some years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mfaaudit.simulated.policy_json import make_policy, users_of
from mfaaudit.simulated.roles import DIRECTORY_SYNCHRONIZATION, ROLES, SYNCHRONIZATION

RESISTANT: dict[str, Any] = {
    "id": "00000000-0000-0000-0000-000000000004",
    "createdDateTime": "2021-12-01T00:00:00Z",
    "modifiedDateTime": "2021-12-01T00:00:00Z",
    "displayName": "Phishing resistant MFA",
    "description": "Phishing resistant, Passwordless methods for the strongest authentication",
    "policyType": "builtIn",
    "requirementsSatisfied": "mfa",
    "allowedCombinations": ["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"],
    "combinationConfigurations": [],
}
"""The built-in strength, as the page of the list shows it."""
EVERY_KIND = (
    "internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider"
)
ATTRIBUTE = 'CustomSecurityAttribute.Protection_Level -contains "Confidential"'


def managed_policies(
    *, glass: Sequence[str], exclusions: str, deleted: str, old: dict[str, Any]
) -> list[dict[str, Any]]:
    """All of them; `glass` are the emergency accounts, and the groups are named by their ids."""
    made = [
        make_policy("10", "CA001 MFA for all users", "enabled"),
        make_policy(
            "11", "CA002 Phishing-resistant MFA for administrators", "enabled", everybody=False, strength=RESISTANT
        ),
        make_policy("12", "CA003 MFA for guests", "enabled", everybody=False),
        make_policy("13", "CA004 MFA outside the office", "enabled", locations=True),
        make_policy(
            "14",
            "CA005 Phishing-resistant MFA for all users",
            "enabledForReportingButNotEnforced",
            strength=RESISTANT,
        ),
        make_policy("15", "CA006 MFA, first wave", "disabled", everybody=False),
        make_policy(
            "16",
            "CA007 Managed device or MFA for Office 365",
            "enabled",
            controls=["mfa", "compliantDevice"],
            applications=["Office365"],
        ),
        make_policy("17", "CA008 MFA for confidential applications", "enabled", applications=["All"]),
        make_policy("18", "CA009 MFA to register security information", "enabled", locations=True),
        old,
        make_policy("19", "CA010 Block device code flow and authentication transfer", "enabled", controls=["block"]),
        make_policy("1a", "CA011 Administrators sign in again", "enabled", everybody=False),
        make_policy("1b", "CA012 MFA at sign-in risk", "enabled"),
    ]
    # Emergency accounts are left out of all that is in force, programs where it hurt.
    for one in made[:5] + made[6:9] + made[10:]:
        users_of(one).update(excludeUsers=list(glass))
    for one in (made[0], made[3], *made[7:9]):
        users_of(one).update(excludeGroups=[exclusions])
    # The account that synchronizes the directory cannot do MFA.
    users_of(made[0]).update(excludeRoles=[DIRECTORY_SYNCHRONIZATION])
    users_of(made[1]).update(includeRoles=[role for role in ROLES if role not in SYNCHRONIZATION])
    users_of(made[2]).update(
        includeGuestsOrExternalUsers={
            "guestOrExternalUserTypes": EVERY_KIND,
            "externalTenants": {
                "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
                "membershipKind": "all",
            },
        }
    )
    users_of(made[5]).update(includeGroups=[deleted])
    # A policy goes on naming a group that was deleted.
    users_of(made[6]).update(excludeGroups=[exclusions, deleted])
    resources = made[7]["conditions"]["applications"]
    resources.update(includeApplications=[], applicationFilter={"mode": "include", "rule": ATTRIBUTE})
    resources = made[8]["conditions"]["applications"]
    resources.update(includeApplications=[], includeUserActions=["urn:user:registersecurityinfo"])
    made[10]["conditions"]["authenticationFlows"] = {"transferMethods": "deviceCodeFlow,authenticationTransfer"}
    users_of(made[11]).update(includeRoles=[role for role in ROLES if role != DIRECTORY_SYNCHRONIZATION])
    # A policy of sessions alone grants nothing of its own.
    made[11].update(grantControls=None, sessionControls=_session(4, "hours") | {"persistentBrowser": NEVER})
    made[12]["conditions"]["signInRiskLevels"] = ["high", "medium"]
    made[12]["sessionControls"] = _session(None, None)
    return made


NEVER = {"isEnabled": True, "mode": "never"}


def _session(value: int | None, unit: str | None) -> dict[str, Any]:
    """A conditionalAccessSessionControls with a sign-in frequency; without a value, every time."""
    return {
        "disableResilienceDefaults": None,
        "applicationEnforcedRestrictions": None,
        "cloudAppSecurity": None,
        "persistentBrowser": None,
        "signInFrequency": {
            "isEnabled": True,
            "value": value,
            "type": unit,
            "authenticationType": "primaryAndSecondaryAuthentication",
            "frequencyInterval": "everyTime" if value is None else "timeBased",
        },
    }
