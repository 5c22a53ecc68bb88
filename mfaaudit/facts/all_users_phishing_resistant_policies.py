"""Which Conditional Access policies ask every user for phishing-resistant MFA on every resource."""

from __future__ import annotations

from mfaaudit.facts.conditional_access.covering import names_of_those
from mfaaudit.facts.conditional_access.listed import ALSO
from mfaaudit.facts.conditional_access.users import asks_all
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Unknown

FIELD = Field(
    name="derived.allUsersPhishingResistantPolicies",
    title="Policies that ask all users for phishing-resistant MFA on all resources",
    kind=Kind.LIST,
    scope=Scope.TENANT,
)


def all_users_phishing_resistant_policies(given: Given) -> Value | Unknown:
    """The display names of the policies that surely do; unknown if there are only policies that may."""
    return names_of_those(given, asks_all, resistant=True)


FACT = Fact(field=FIELD, source="conditionalAccessPolicies", also=ALSO, of_tenant=all_users_phishing_resistant_policies)
