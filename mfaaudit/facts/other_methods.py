"""Which allowed methods have no setting of their own here: external MFA, QR code, Verified ID and future ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.methods_policy import policy_of
from mfaaudit.sources.authentication_methods_policy import CONFIGURATIONS, METHODS, SOURCE
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.words import Unknown

EXTERNAL = "external"
"""Stands for every external authentication method: its own id is a GUID of the tenant."""
KNOWN = frozenset(method.lower() for method in METHODS)


def others_of(policy: Mapping[str, Any]) -> Sequence[Mapping[str, Any]] | Unknown:
    """The configurations of all other methods; unknown if any configuration does not name its method."""
    rows = policy.get(CONFIGURATIONS)
    if not isinstance(rows, list):
        return STRANGE
    others = []
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            return STRANGE
        if row["id"].lower() not in KNOWN:
            others.append(row)
    return others


def allowed_others(given: Given) -> Value | Unknown:
    """The other methods that are enabled, by their ids; those whose id is a GUID are external ones."""
    policy = policy_of(given)
    others = policy if isinstance(policy, Unknown) else others_of(policy)
    if isinstance(others, Unknown):
        return others
    if any(row.get("state") not in ("enabled", "disabled") for row in others):
        return STRANGE
    return tuple(sorted({_name(row["id"]) for row in others if row["state"] == "enabled"}))


def _name(id_: str) -> str:
    try:
        UUID(id_)
    except ValueError:
        return id_
    return EXTERNAL


def others_disabled(given: Given) -> Value | Unknown:
    """True if every other method is disabled, else unknown and never false: what such a method asks is not judged."""
    allowed = allowed_others(given)
    if isinstance(allowed, Unknown):
        return allowed
    return STRANGE if allowed else True


FACTS = (
    Fact(
        field=Field(
            name="derived.otherMethodsAllowed",
            title="Other methods allowed (external MFA, QR code, Verified ID)",
            kind=Kind.LIST,
            scope=Scope.TENANT,
        ),
        source=SOURCE.name,
        of_tenant=allowed_others,
    ),
    Fact(
        field=Field(
            name="derived.areOtherMethodsDisabled",
            title="External MFA, QR code, Verified ID and other methods disabled",
            kind=Kind.BOOLEAN,
            scope=Scope.TENANT,
        ),
        source=SOURCE.name,
        of_tenant=others_disabled,
    ),
)
