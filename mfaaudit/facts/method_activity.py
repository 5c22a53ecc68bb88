"""How often registrations and resets failed, and how often one factor was used: the tenant's own counts, in percent."""

from __future__ import annotations

from mfaaudit.facts.given import Fact
from mfaaudit.sources.field import Field, Kind, Scope

FACTS = (
    Fact(
        field=Field(
            name="derived.registrationFailurePercent",
            title="Registrations of methods that failed in 30 days, in percent",
            kind=Kind.NUMBER,
            scope=Scope.TENANT,
        ),
        source="userRegistrationActivity",
        of_all=True,
        of_tenant=lambda given: given.reading.registration_failures,
    ),
    Fact(
        field=Field(
            name="derived.resetFailurePercent",
            title="Password resets that failed in 30 days, in percent",
            kind=Kind.NUMBER,
            scope=Scope.TENANT,
        ),
        source="userRegistrationActivity",
        of_all=True,
        of_tenant=lambda given: given.reading.reset_failures,
    ),
    Fact(
        field=Field(
            name="derived.singleFactorSignInPercent",
            title="Sign-ins with a single factor, in percent",
            kind=Kind.NUMBER,
            scope=Scope.TENANT,
        ),
        source="userMfaSignInSummary",
        of_all=True,
        of_tenant=lambda given: given.reading.single_factor_sign_ins,
    ),
)
