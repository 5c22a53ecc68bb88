"""Which Conditional Access policies ask every user for MFA on every resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Reason, Unknown

FIELD = Field(
    name="derived.allUsersMfaPolicies",
    title="Policies that ask all users for MFA on all resources",
    kind=Kind.LIST,
    scope=Scope.TENANT,
)

NARROWING = ("platforms", "locations", "devices", "clientApplications", "authenticationFlows", "insiderRiskLevels")
RISKS = ("signInRiskLevels", "userRiskLevels", "servicePrincipalRiskLevels")


def all_users_mfa_policies(given: Given) -> Value | Unknown:
    """The display names of the policies that surely do; unknown if there are only policies that may."""
    policies = given.objects("conditionalAccessPolicies")
    if isinstance(policies, Unknown):
        return policies
    answers = [(policy, asks_everybody(policy)) for policy in policies]
    names = sorted(name_of(policy) for policy, sure in answers if sure)
    if not names and any(sure is None for _, sure in answers):
        return Unknown(Reason.UNKNOWN_VALUE)
    return tuple(names)


def name_of(policy: Mapping[str, Any]) -> str:
    """What a policy is called; one without a name goes by its id."""
    return str(policy.get("displayName") or policy.get("id"))


def asks_everybody(policy: Mapping[str, Any]) -> bool | None:
    """Whether the policy asks every user for MFA everywhere; None if it holds what is not modelled here.

    The steps are those of the audit procedure of CIS Microsoft 365 Foundations 7.0.0, 5.2.2.2: enabled, all users,
    all resources, MFA or an authentication strength. Excluded users do not change the answer; they are a finding of
    their own.
    """
    conditions, grant = policy.get("conditions"), policy.get("grantControls")
    if policy.get("state") != "enabled" or not isinstance(conditions, dict) or not isinstance(grant, dict):
        return False
    users, resources = conditions.get("users") or {}, conditions.get("applications") or {}
    if "All" not in (users.get("includeUsers") or []):
        return False
    if "All" not in (resources.get("includeApplications") or []):
        return False
    if any(conditions.get(name) for name in RISKS):
        return False
    asked = _asks(grant)
    if asked is not True:
        return asked
    if conditions.get("clientAppTypes", ["all"]) != ["all"]:
        return None
    if resources.get("excludeApplications") or resources.get("applicationFilter"):
        return None
    if any(conditions.get(name) for name in NARROWING):
        return None
    return True


def _asks(grant: Mapping[str, Any]) -> bool | None:
    controls, strength = set(grant.get("builtInControls") or []), grant.get("authenticationStrength")
    # A strength of one's own may be content with a single factor, and says so.
    satisfied = strength.get("requirementsSatisfied") if isinstance(strength, dict) else "none"
    vague = satisfied not in ("mfa", "none")
    asked = "mfa" in controls or satisfied == "mfa"
    if grant.get("operator") != "AND":
        # Whatever else the user may choose instead takes the place of MFA.
        others = controls - {"mfa"} or grant.get("customAuthenticationFactors") or grant.get("termsOfUse")
        if others or (strength is not None and satisfied == "none"):
            return False
        asked = asked and not vague
    return True if asked else None if vague else False


FACT = Fact(field=FIELD, source="conditionalAccessPolicies", of_tenant=all_users_mfa_policies)
