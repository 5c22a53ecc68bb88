"""Which Conditional Access policies ask the holders of fifteen administrative roles for MFA on every resource."""

from __future__ import annotations

from mfaaudit.facts.conditional_access.covering import names_of_those
from mfaaudit.facts.conditional_access.listed import ALSO
from mfaaudit.facts.conditional_access.users import asks_roles
from mfaaudit.facts.given import Fact, Given
from mfaaudit.known_ids import CIS_ADMINISTRATORS
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Unknown

FIELD = Field(
    name="derived.administratorsMfaPolicies",
    title="Policies that ask administrators for MFA on all resources",
    kind=Kind.LIST,
    scope=Scope.TENANT,
)


def administrators_mfa_policies(given: Given) -> Value | Unknown:
    """The display names of the policies that surely do, those for all users among them; unknown if some only may."""
    return names_of_those(given, lambda users: asks_roles(users, CIS_ADMINISTRATORS))


FACT = Fact(field=FIELD, source="conditionalAccessPolicies", also=ALSO, of_tenant=administrators_mfa_policies)
