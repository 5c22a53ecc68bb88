"""What cases about Conditional Access are made of: people, policies, answers, and the pages that say so.

Pages are named as Microsoft's documentation names them: "... resource" and "List ..." are of the Graph reference, the
others of the documentation of Microsoft Entra, but for one thing that only a tool of others says.
"""

from dataclasses import dataclass, field
from typing import Any

from mfaaudit.words import Reason, Unknown

STRANGE, NOT_READ, GONE, NO_LICENSE, FORBIDDEN = map(
    Unknown, (Reason.UNKNOWN_VALUE, Reason.NOT_REQUESTED, Reason.NOT_FOUND, Reason.NO_LICENSE, Reason.NO_PERMISSION)
)
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
SYNCHRONIZATION = "d29b2b05-8046-44ba-8758-1e26182fcf32"
SOMEBODY, A_GROUP = "5a7d1c3e-9f20-4b86-8c11-2e6d4f7a9b03", "0e5b3f0a-41c7-4d3a-9d5e-7a3c1b2f4d60"
HERE, THERE = "b1c2d3e4-0001-4000-8000-000000000001", "b1c2d3e4-0002-4000-8000-000000000002"
"""Named locations."""
APP, OTHER_APP = "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87", "797f4846-ba00-4fd7-ba43-dac1f8f63013"

# Ann and Bob are employees; Gus is a guest; Eve is a member whose home is another tenant.
PEOPLE = {
    "ann": ("Member", "ann@contoso.example"),
    "bob": ("Member", "bob@contoso.example"),
    "gus": ("Guest", "gus_fabrikam.example#EXT#@contoso.example"),
    "eve": ("Member", "eve_fabrikam.example#EXT#@contoso.example"),
}
DEFAULTS, ALL, PER_USER = "securityDefaults", "conditionalAccessAllResources", "perUserMfa"
THIRD, SOME, TIMES = "thirdParty", "conditionalAccessSomeResources", "conditionalAccessUnderConditions"
EXCLUDED, REPORT, NONE = "excluded", "reportOnly", "none"

USERS = "conditionalAccessUsers resource"
GUESTS = "conditionalAccessGuestsOrExternalUsers resource"
TENANTS = "conditionalAccessExternalTenants resource"
ASSIGNED = "Conditional Access: Users, groups, and workload identities"
EXTERNAL = "Authentication and Conditional Access for External ID"
GRANT = "conditionalAccessGrantControls resource"
GRANTING = "Conditional Access: Grant"
STRENGTH = "authenticationStrengthPolicy resource"
STRENGTHS = "List authenticationStrengthPolicies; Conditional Access authentication strength"
CONDITIONS = "conditionalAccessConditionSet resource"
CONDITION = "Conditional Access: Conditions"
APPLICATIONS = "conditionalAccessApplications resource"
RESOURCES = "Conditional Access: Target resources"
LOCATIONS = "conditionalAccessLocations resource"
PLATFORMS = "conditionalAccessPlatforms resource"
DEVICES = "conditionalAccessDevices resource"
FLOWS = "conditionalAccessAuthenticationFlows resource"
POLICY = "conditionalAccessPolicy resource: state"
BUILDING = "Building a Conditional Access policy"
CUSTOM = "Custom controls (preview)"
SECURITY_DEFAULTS = "Security defaults in Microsoft Entra ID"
STATES = "Enable per-user multifactor authentication: user states"
DELETED = "Maester, Test-MtCaReferencedGroupsExist: a policy goes on naming a deleted group"
AGENTS = "Microsoft Entra Agent ID: disable agent identities"
EVOLVABLE = "Best practices for working with Microsoft Graph"


def everybody(answer: Any) -> dict[str, Any]:
    """The same answer for all."""
    return dict.fromkeys(PEOPLE, answer)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One tenant."""

    name: str
    policies: Any
    expected: dict[str, Any]
    source: str
    groups: dict[str, Any] = field(default_factory=dict)
    roles: Any = ()
    eligible: Any = ()
    """Schedules of roles that may be activated."""
    defaults: Any = False
    states: dict[str, Any] = field(default_factory=dict)
    """Of per-user MFA; disabled for whoever is not here."""
    origins: dict[str, Any] = field(default_factory=dict)
    """Property of where somebody comes from, and its value for each of the people, in their order."""
    beta: Any = None
    """The policies that beta lists; those of v1.0 where it is not given."""
    plans: Any = ()
    rules: Any = ()
    named: Any = None
    """What is known of the policies that the answers rest on, where that is less than of the answers."""


def policy(
    name: str = "P",
    *,
    state: str = "enabled",
    users: dict[str, Any] | None = None,
    applications: dict[str, Any] | None = None,
    grant: dict[str, Any] | None = None,
    **conditions: Any,
) -> dict[str, Any]:
    """MFA for all users on all resources, but for what is said otherwise."""
    return {
        "id": f"id of {name}",
        "displayName": name,
        "state": state,
        "conditions": {
            "clientAppTypes": ["all"],
            "platforms": None,
            "locations": None,
            "devices": None,
            "clientApplications": None,
            "authenticationFlows": None,
            "insiderRiskLevels": None,
            "signInRiskLevels": [],
            "userRiskLevels": [],
            "servicePrincipalRiskLevels": [],
            "applications": {
                "includeApplications": ["All"],
                "excludeApplications": [],
                "includeUserActions": [],
                "includeAuthenticationContextClassReferences": [],
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


def holds(principal: str, role: str = GLOBAL_ADMINISTRATOR, scope: str = "/", kind: str = "user") -> dict[str, Any]:
    """A role assignment with its principal."""
    return {
        "roleDefinitionId": role,
        "principalId": principal,
        "directoryScopeId": scope,
        "principal": {"@odata.type": f"#microsoft.graph.{kind}"},
    }


def strength(*combinations: str, satisfied: str = "mfa") -> dict[str, Any]:
    """A grant that asks for an authentication strength and nothing else."""
    found = {"id": "s", "requirementsSatisfied": satisfied, "allowedCombinations": list(combinations)}
    return {"builtInControls": [], "authenticationStrength": found}


def only(**users: Any) -> dict[str, Any]:
    """The users of a policy that does not include all."""
    return {"includeUsers": []} | users


def kinds(types: str, homes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Guests or external users of these kinds."""
    return {"guestOrExternalUserTypes": types, "externalTenants": homes}


EVERY_HOME = {"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}
ONE_HOME = {
    "@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants",
    "membershipKind": "enumerated",
    "members": ["dfa9f7be-7e53-4da9-8bf9-6b9cb4ad5d27"],
}
OUTSIDE = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
OR_DEVICE = {"builtInControls": ["mfa", "compliantDevice"]}
CUSTOM_ONLY = {"builtInControls": [], "customAuthenticationFactors": ["6c5b7a1f-9b2a-4a57-9e52-6c0f1d3c8a11"]}
