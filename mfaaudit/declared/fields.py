"""The values that rest on what was declared, for the vocabulary of rules."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mfaaudit.declared.words import CLASSES, KINDS, POSTURES
from mfaaudit.facts.conditional_access.targets import Target
from mfaaudit.facts.control_exclusions import CONTROLS
from mfaaudit.sources.field import Field, Kind, Scope

ACCOUNT_CLASS = Field(name="derived.accountClass", title="Class of account", kind=Kind.ENUM, values=CLASSES)
ACCOUNT_CLASS_REASON = Field(name="derived.accountClassReason", title="Why this class", kind=Kind.TEXT)
IS_GUESSED = Field(name="derived.isAccountClassGuessed", title="Class is a guess", kind=Kind.BOOLEAN)
EXCEPTION_KINDS = Field(
    name="declared.exceptionKinds", title="Kinds of exceptions in force", kind=Kind.LIST, values=KINDS
)


def _of_tenant(name: str, title: str, kind: Kind, values: tuple[str, ...] = ()) -> Field:
    return Field(name=name, title=title, kind=kind, scope=Scope.TENANT, values=values)


POSTURE = _of_tenant("declared.posture", "How MFA is enforced", Kind.ENUM, POSTURES)
HAS_REGISTER = _of_tenant("declared.hasRegister", "A register of exceptions was given", Kind.BOOLEAN)
BREAK_GLASS_ACCOUNTS = _of_tenant(
    "declared.breakGlassAccounts", "Enabled accounts in the register for emergencies", Kind.NUMBER
)
UNREGISTERED_EXCLUSIONS = _of_tenant(
    "declared.unregisteredExclusions", "Excluded from MFA policies without an exception in force", Kind.LIST
)
UNREGISTERED = {
    Target.ALL_MFA: _of_tenant(
        "declared.unregisteredAllUsersMfaExclusions",
        "Excluded from the MFA policy for all users without an exception in force",
        Kind.LIST,
    ),
    Target.ALL_RESISTANT: _of_tenant(
        "declared.unregisteredAllUsersPhishingResistantExclusions",
        "Excluded from the phishing-resistant policy for all users without an exception in force",
        Kind.LIST,
    ),
    Target.ADMINISTRATORS_MFA: _of_tenant(
        "declared.unregisteredAdministratorsMfaExclusions",
        "Administrators excluded from their MFA policy without an exception in force",
        Kind.LIST,
    ),
    Target.ADMINISTRATORS_RESISTANT: _of_tenant(
        "declared.unregisteredAdministratorsPhishingResistantExclusions",
        "Administrators excluded from their phishing-resistant policy without an exception in force",
        Kind.LIST,
    ),
    Target.PRIVILEGED_RESISTANT: _of_tenant(
        "declared.unregisteredPrivilegedPhishingResistantExclusions",
        "Excluded from the phishing-resistant policy for highly privileged roles without an exception in force",
        Kind.LIST,
    ),
}
"""For each requirement of a policy what the best such policy excludes and the register does not cover."""
EXEMPT_FOR = _of_tenant(
    "declared.metExceptExemptApplications",
    "Requirements that a policy meets for all applications but those with an exception in force",
    Kind.LIST,
    tuple(target.value for target in Target),
)
EXPIRED = _of_tenant("declared.expiredExceptions", "Exceptions that have run out", Kind.LIST)
INVALID = _of_tenant("declared.invalidExceptions", "Exceptions that cannot hold as they are written", Kind.LIST)
EXPIRING = _of_tenant("declared.expiringExceptions", "Exceptions that run out within 30 days", Kind.LIST)
ORPHANED = _of_tenant("declared.orphanedExceptions", "Exceptions for nobody in the tenant", Kind.LIST)
OVERDUE_DRILLS = _of_tenant("declared.overdueDrills", "Emergency accounts without a recent drill", Kind.LIST)

_DECIDED_BY = {
    ACCOUNT_CLASS: "users",
    ACCOUNT_CLASS_REASON: "users",
    IS_GUESSED: "users",
    EXCEPTION_KINDS: "users",
    POSTURE: "conditionalAccessPolicies",
    HAS_REGISTER: "users",
    BREAK_GLASS_ACCOUNTS: "users",
    UNREGISTERED_EXCLUSIONS: "conditionalAccessPolicies",
    **dict.fromkeys(UNREGISTERED.values(), "conditionalAccessPolicies"),
    EXEMPT_FOR: "conditionalAccessPolicies",
    EXPIRED: "users",
    INVALID: "users",
    EXPIRING: "users",
    ORPHANED: "users",
    OVERDUE_DRILLS: "users",
    **{control.exclusions_field: "conditionalAccessPolicies" for control in CONTROLS},
}

FIELDS: tuple[Field, ...] = tuple(_DECIDED_BY)
SOURCES: Mapping[str, str] = MappingProxyType({field.name: source for field, source in _DECIDED_BY.items()})
"""By name of a field, the source whose gaps make it unknown: what a file says of accounts is nothing without the list
of the accounts."""

FROM_FILES = frozenset(field.name for field in FIELDS if field.name.startswith("declared.")) - {POSTURE.name}
"""Names of those that rest on the register first: there, and not in an answer of Graph, is where to look."""
