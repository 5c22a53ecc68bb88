"""Whether the tenant has set system-preferred MFA for everybody."""

from __future__ import annotations

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.authentication_methods_policy import PREFERENCES, SOURCE
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown

FIELD = Field(
    name="derived.isSystemPreferredForAllUsers",
    title="System-preferred MFA set for all users",
    kind=Kind.BOOLEAN,
    scope=Scope.TENANT,
)

ALL_USERS = "all_users"
"""The target that stands for everybody."""
STATES = ("default", "enabled", "disabled")


def system_preferred_for_all_users(given: Given) -> Value | Unknown:
    """True if it is enabled and all users are among its targets; excluded groups do not change that.

    "default" is not set, and so false, whatever Microsoft makes of it at the time.
    """
    policies = given.objects(SOURCE.name)
    if isinstance(policies, Unknown):
        return policies
    settings = policies[-1].get(PREFERENCES)
    state = settings.get("state") if isinstance(settings, dict) else None
    if not isinstance(settings, dict) or state not in STATES:
        return STRANGE
    if state != "enabled":
        return False
    targets = settings.get("includeTargets")
    rows = targets if isinstance(targets, list) else [None]
    if any(isinstance(row, dict) and row.get("id") == ALL_USERS for row in rows):
        return True
    return False if all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows) else STRANGE


FACT = Fact(field=FIELD, source=SOURCE.name, of_tenant=system_preferred_for_all_users)
