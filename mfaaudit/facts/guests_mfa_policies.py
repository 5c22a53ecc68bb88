"""Which Conditional Access policies ask every guest for MFA on every resource."""

from __future__ import annotations

from mfaaudit.facts.conditional_access.covering import names_of_those
from mfaaudit.facts.conditional_access.listed import ALSO
from mfaaudit.facts.conditional_access.users import asks_guests
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Unknown

FIELD = Field(
    name="derived.guestsMfaPolicies",
    title="Policies that ask guests for MFA on all resources",
    kind=Kind.LIST,
    scope=Scope.TENANT,
)


def guests_mfa_policies(given: Given) -> Value | Unknown:
    """The display names of the policies that surely do, those for all users among them; unknown if some only may."""
    return names_of_those(given, asks_guests)


FACT = Fact(field=FIELD, source="conditionalAccessPolicies", also=ALSO, of_tenant=guests_mfa_policies)
