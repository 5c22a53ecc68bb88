"""Conditional Access policies: whom they name and leave out, and what they ask for."""

from __future__ import annotations

from typing import Any

from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.groups import DELETED, EXCLUSIONS, PILOT, group_id
from mfaaudit.simulated.roles import GLOBAL_ADMINISTRATOR, ROLES

FINANCE = "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87"
OLD_CLIENTS = ["exchangeActiveSync", "other"]


def policies(directory: Directory) -> list[dict[str, Any]]:
    """Policies that look like protection; in the tidy organisation the one that per-user MFA leaves to do."""
    exclusions, pilot, deleted = (group_id(directory.seed, name) for name in (EXCLUSIONS, PILOT, DELETED))
    old = _policy("0d", "Block legacy authentication", "enabled", controls=["block"], clients=OLD_CLIENTS)
    _users(old)["excludeGroups"] = [exclusions]
    if not directory.mood.messy:
        return [old]
    glass = sorted(directory.groups[exclusions].users)
    made = [
        _policy("0a", "MFA for all users (pilot)", "enabledForReportingButNotEnforced"),
        _policy("0b", "MFA for administrators", "enabled", everybody=False),
        _policy("0c", "MFA outside the office", "enabled", locations=True),
        old,
        _policy("0e", "MFA for the finance system", "disabled", applications=[FINANCE]),
        _policy("0f", "MFA for the pilot", "enabled", everybody=False),
    ]
    _users(made[0]).update(excludeUsers=glass, excludeGroups=[exclusions])
    _users(made[1]).update(includeRoles=[GLOBAL_ADMINISTRATOR, *list(ROLES)[2:6]], excludeGroups=[exclusions])
    # A policy goes on naming a group that was deleted.
    _users(made[2]).update(excludeUsers=glass[:1], excludeGroups=[deleted, exclusions])
    _users(made[5]).update(includeGroups=[pilot, deleted])
    return made


def _users(policy: dict[str, Any]) -> dict[str, list[str] | None]:
    found: dict[str, list[str] | None] = policy["conditions"]["users"]
    return found


def _policy(
    number: str,
    name: str,
    state: str,
    *,
    everybody: bool = True,
    controls: list[str] | None = None,
    clients: list[str] | None = None,
    applications: list[str] | None = None,
    locations: bool = False,
) -> dict[str, Any]:
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
            "builtInControls": controls or ["mfa"],
            "customAuthenticationFactors": [],
            "termsOfUse": [],
            "authenticationStrength": None,
        },
    }
