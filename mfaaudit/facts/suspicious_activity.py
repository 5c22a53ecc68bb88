"""Whether all users may report an MFA request that they did not start."""

from __future__ import annotations

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.methods_policy import ALL_USERS, STATES, object_in, policy_of
from mfaaudit.sources.authentication_methods_policy import SOURCE
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown

SETTINGS = "reportSuspiciousActivitySettings"


def reported_by_all(given: Given) -> Value | Unknown:
    """True if the setting is enabled for all users; "default" is not set, and so false.

    Source: reportSuspiciousActivitySettings of Microsoft Graph (beta alone), read 2026-11-30.
    """
    policy = policy_of(given)
    if isinstance(policy, Unknown):
        return policy
    settings = object_in(policy, SETTINGS)
    if settings is None or settings.get("state") not in STATES:
        return STRANGE
    if settings["state"] != "enabled":
        return False
    target = object_in(settings, "includeTarget")
    if target is None or not isinstance(target.get("id"), str):
        return STRANGE
    return bool(target["id"] == ALL_USERS)


FACT = Fact(
    field=Field(
        name="derived.isSuspiciousActivityReported",
        title="All users may report suspicious MFA requests",
        kind=Kind.BOOLEAN,
        scope=Scope.TENANT,
    ),
    source=SOURCE.name,
    of_tenant=reported_by_all,
)
