"""Whether the tenant has set system-preferred authentication for everybody, or leaves it to Microsoft for everybody.

Since July 2026 the state "default" (Microsoft managed) governs the first factor as well as the second, and "enabled"
the second alone. Source: Microsoft Entra documentation, concept-system-preferred-authentication, read 2026-11-30.
"""

from __future__ import annotations

from functools import partial

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.methods_policy import ALL_USERS, STATES, object_in, policy_of
from mfaaudit.sources.authentication_methods_policy import PREFERENCES, SOURCE
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown


def system_preferred_for_all_users(given: Given, state: str = "enabled") -> Value | Unknown:
    """True if the setting is in this state and all users are among its targets; excluded groups do not change that.

    "default" is not "enabled", whatever Microsoft makes of it at the time.
    """
    policy = policy_of(given)
    if isinstance(policy, Unknown):
        return policy
    settings = object_in(policy, PREFERENCES)
    if settings is None or settings.get("state") not in STATES:
        return STRANGE
    if settings["state"] != state:
        return False
    targets = settings.get("includeTargets")
    rows = targets if isinstance(targets, list) else [None]
    if any(isinstance(row, dict) and row.get("id") == ALL_USERS for row in rows):
        return True
    return False if all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows) else STRANGE


FACTS = (
    Fact(
        field=Field(
            name="derived.isSystemPreferredForAllUsers",
            title="System-preferred MFA set for all users",
            kind=Kind.BOOLEAN,
            scope=Scope.TENANT,
        ),
        source=SOURCE.name,
        of_tenant=system_preferred_for_all_users,
    ),
    Fact(
        field=Field(
            name="derived.isSystemPreferredMicrosoftManaged",
            title="System-preferred authentication left to Microsoft for all users",
            kind=Kind.BOOLEAN,
            scope=Scope.TENANT,
        ),
        source=SOURCE.name,
        of_tenant=partial(system_preferred_for_all_users, state="default"),
    ),
)
