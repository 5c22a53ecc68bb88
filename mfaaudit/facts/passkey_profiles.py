"""Which passkey profiles users may register under, and whether each of them enforces attestation.

Source: passkeyProfile, passkeyAuthenticationMethodTarget and fido2AuthenticationMethodConfiguration of Microsoft Graph
(beta and v1.0), read 2026-11-30. The property isAttestationEnforced is deprecated and returns no data after 2027-10-15.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.methods_policy import NOBODY, configuration_of
from mfaaudit.sources.authentication_methods_policy import SOURCE
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown

METHOD = "Fido2"
PROFILES, DEFAULT = "passkeyProfiles", "defaultPasskeyProfile"
ENFORCEMENT = {"registrationOnly": True, "disabled": False}
"""The documented members of attestationEnforcement, which is evolvable."""

Profile = Mapping[str, Any]


def has_profiles(configuration: Mapping[str, Any]) -> bool:
    """Whether the tenant uses passkey profiles, so that they replace the older properties of the method."""
    if configuration.get(PROFILES) or configuration.get(DEFAULT) not in (None, NOBODY):
        return True
    targets = configuration.get("includeTargets")
    rows = targets if isinstance(targets, list) else []
    return any(isinstance(row, dict) and row.get("allowedPasskeyProfiles") for row in rows)


def allowed_profiles(configuration: Mapping[str, Any]) -> Sequence[Profile | None]:
    """The profiles that at least one included target may use; None for one that the answer does not hold.

    A target that names no profile gets the default one. Where nobody is included, all profiles count: the next target
    may use any of them.
    """
    profiles, targets = configuration.get(PROFILES), configuration.get("includeTargets")
    if not isinstance(profiles, list) or not isinstance(targets, list):
        return [None]
    by_id = {
        profile["id"].lower(): profile
        for profile in profiles
        if isinstance(profile, dict) and isinstance(profile.get("id"), str)
    }
    if not targets:
        return [profile if isinstance(profile, dict) else None for profile in profiles]
    names = [name for target in targets for name in _named(target, configuration.get(DEFAULT))]
    return [by_id.get(name.lower()) if isinstance(name, str) else None for name in names]


def _named(target: Any, default: Any) -> Iterator[Any]:
    named = target.get("allowedPasskeyProfiles") if isinstance(target, dict) else None
    if isinstance(target, dict) and (named is None or named == []):
        yield default
    elif isinstance(named, list):
        yield from named
    else:
        yield None


def attestation_enforced(given: Given) -> Value | Unknown:
    """True if every profile that users may register under enforces attestation; one that does not makes it false.

    Without profiles the older property of the method decides.
    """
    configuration = configuration_of(given, METHOD)
    if isinstance(configuration, Unknown):
        return configuration
    if not has_profiles(configuration):
        older = configuration.get("isAttestationEnforced")
        return older if isinstance(older, bool) else STRANGE
    answers = [_enforces(profile) for profile in allowed_profiles(configuration)]
    if False in answers:
        return False
    return True if answers and None not in answers else STRANGE


def _enforces(profile: Profile | None) -> bool | None:
    word = None if profile is None else profile.get("attestationEnforcement")
    return ENFORCEMENT.get(word) if isinstance(word, str) else None


FACT = Fact(
    field=Field(
        name="derived.isPasskeyAttestationEnforced",
        title="Attestation enforced for every passkey that users may register",
        kind=Kind.BOOLEAN,
        scope=Scope.TENANT,
    ),
    source=SOURCE.name,
    of_tenant=attestation_enforced,
)
