"""What Microsoft Authenticator shows with each approval, and whether other applications may approve in its stead."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.system_preferred import ALL_USERS, STATES
from mfaaudit.known_ids import NO_OBJECT
from mfaaudit.sources.authentication_methods_policy import CONFIGURATIONS, SOURCE
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value, element_of
from mfaaudit.words import Unknown

METHOD = "MicrosoftAuthenticator"
NOBODY = NO_OBJECT
"""The target that stands for nobody."""


def set_for_everybody(given: Given, feature: str, state: str) -> Value | Unknown:
    """Whether a feature of Microsoft Authenticator is set to a state for all users, and nobody is excluded.

    "default" is no state that was set.
    """
    policies = given.objects(SOURCE.name)
    if isinstance(policies, Unknown):
        return policies
    method = element_of(policies[-1].get(CONFIGURATIONS), METHOD)
    settings = _within(_within(method, "featureSettings"), feature)
    if settings is None or settings.get("state") not in STATES:
        return STRANGE
    if settings["state"] != state:
        return False
    included, excluded = _within(settings, "includeTarget"), settings.get("excludeTarget", STRANGE)
    if included is None or not isinstance(included.get("id"), str):
        return STRANGE
    if included["id"] != ALL_USERS:
        return False
    if excluded is None:
        return True
    left_out = excluded.get("id") if isinstance(excluded, dict) else None
    return left_out == NOBODY if isinstance(left_out, str) else STRANGE


def _within(found: Mapping[str, Any] | None, name: str) -> Mapping[str, Any] | None:
    inner = None if found is None else found.get(name)
    return inner if isinstance(inner, dict) else None


def _fact(name: str, title: str, feature: str, state: str) -> Fact:
    return Fact(
        field=Field(name=name, title=title, kind=Kind.BOOLEAN, scope=Scope.TENANT),
        source=SOURCE.name,
        of_tenant=partial(set_for_everybody, feature=feature, state=state),
    )


FACTS = (
    _fact(
        "derived.showsApplicationInAuthenticator",
        "Authenticator shows the application to all users",
        "displayAppInformationRequiredState",
        "enabled",
    ),
    _fact(
        "derived.showsLocationInAuthenticator",
        "Authenticator shows the location to all users",
        "displayLocationInformationRequiredState",
        "enabled",
    ),
    # What stands in for the application itself: Outlook, for example.
    _fact(
        "derived.isAuthenticatorLiteOff",
        "Authenticator Lite off for all users",
        "companionAppAllowedState",
        "disabled",
    ),
)
