"""What Microsoft Authenticator shows with each approval, and whether other applications may approve in its stead."""

from __future__ import annotations

from functools import partial

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.methods_policy import ALL_USERS, NOBODY, STATES, configuration_of, object_in
from mfaaudit.sources.authentication_methods_policy import SOURCE
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown

METHOD = "MicrosoftAuthenticator"


def set_for_everybody(given: Given, feature: str, state: str) -> Value | Unknown:
    """Whether a feature of Microsoft Authenticator is set to a state for all users, and nobody is excluded.

    "default" is no state that was set.
    """
    method = configuration_of(given, METHOD)
    if isinstance(method, Unknown):
        return method
    features = object_in(method, "featureSettings")
    settings = None if features is None else object_in(features, feature)
    if settings is None or settings.get("state") not in STATES:
        return STRANGE
    if settings["state"] != state:
        return False
    included, excluded = object_in(settings, "includeTarget"), settings.get("excludeTarget", STRANGE)
    if included is None or not isinstance(included.get("id"), str):
        return STRANGE
    if included["id"] != ALL_USERS:
        return False
    if excluded is None:
        return True
    left_out = excluded.get("id") if isinstance(excluded, dict) else None
    return left_out == NOBODY if isinstance(left_out, str) else STRANGE


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
