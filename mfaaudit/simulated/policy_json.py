"""One conditionalAccessPolicy as Graph writes it."""

from __future__ import annotations

from typing import Any

OLD_CLIENTS = ["exchangeActiveSync", "other"]


def users_of(policy: dict[str, Any]) -> dict[str, Any]:
    """The part of a policy that names people."""
    found: dict[str, Any] = policy["conditions"]["users"]
    return found


def make_policy(
    number: str,
    name: str,
    state: str,
    *,
    everybody: bool = True,
    controls: list[str] | None = None,
    clients: list[str] | None = None,
    applications: list[str] | None = None,
    locations: bool = False,
    strength: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """MFA for everybody everywhere, but for what is said otherwise."""
    return {
        "id": f"7c1d2b{number}-5e4f-4a3b-9c2d-1e0f9a8b7c6d",
        "displayName": name,
        "createdDateTime": "2024-05-14T07:30:11.0123456Z",
        "modifiedDateTime": None,
        "state": state,
        "sessionControls": None,
        "conditions": {
            "clientAppTypes": clients or ["all"],
            "platforms": None,
            "locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]} if locations else None,
            "signInRiskLevels": [],
            "userRiskLevels": [],
            "authenticationFlows": None,
            "applications": {
                "includeApplications": applications or ["All"],
                "excludeApplications": [],
                "includeUserActions": [],
                "includeAuthenticationContextClassReferences": [],
                "applicationFilter": None,
            },
            "users": {
                "includeUsers": ["All"] if everybody else [],
                "excludeUsers": [],
                "includeGroups": [],
                "excludeGroups": [],
                "includeRoles": [],
                "excludeRoles": [],
                "includeGuestsOrExternalUsers": None,
                "excludeGuestsOrExternalUsers": None,
            },
        },
        "grantControls": {
            "operator": "OR",
            "builtInControls": controls or ([] if strength else ["mfa"]),
            "customAuthenticationFactors": [],
            "termsOfUse": [],
            "authenticationStrength": strength,
        },
    }
