"""What it takes to activate a directory role, by the role management policies of Privileged Identity Management.

Sources, read 2026-12-01: CISA SCuBA MS.AAD.7.4v1 and MS.AAD.7.6v1 (ScubaGear 1.8.0); CIS Microsoft 365 Foundations
7.0.0, 5.3.4 and 5.3.5 (audit steps as in Prowler); Graph's page policyroot-list-rolemanagementpolicyassignments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mfaaudit.facts.conditional_access.covering import policies_in
from mfaaudit.facts.conditional_access.criteria import every, requires_mfa
from mfaaudit.facts.conditional_access.listed import ALSO, further
from mfaaudit.facts.conditional_access.policy import Policy, State
from mfaaudit.facts.conditional_access.values import words
from mfaaudit.facts.given import Fact, Given
from mfaaudit.known_ids import GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, SCUBA_PRIVILEGED
from mfaaudit.sources.field import STRANGE, Field, Kind, Scope, Value
from mfaaudit.sources.options import ROLE_POLICIES
from mfaaudit.words import Unknown

SOURCE = "roleManagementPolicyAssignments"
APPROVED_ROLES = (GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR)
"""The roles whose activation CIS 5.3.4 and 5.3.5 want approved."""

Rules = Mapping[str, Mapping[str, Any]]
Fails = Callable[[Given, Rules], bool | None]


def roles_that_fail(given: Given, roles: tuple[str, ...], fails: Fails) -> Value | Unknown:
    """The template ids of those of the roles whose settings surely fail; unknown if there are only some that may.

    A role without settings in the answer is not known.
    """
    rows = given.objects(SOURCE)
    if isinstance(rows, Unknown):
        return rows
    rules = {str(row.get("roleDefinitionId")).lower(): _rules(row) for row in rows}
    answers = {role: None if (found := rules.get(role)) is None else fails(given, found) for role in roles}
    names = tuple(sorted(role for role, failing in answers.items() if failing))
    return STRANGE if not names and None in answers.values() else names


def _rules(row: Mapping[str, Any]) -> Rules | None:
    policy = row.get("policy")
    rules = policy.get("rules") if isinstance(policy, dict) else None
    if not isinstance(rules, list):
        return None
    return {str(rule.get("id")): rule for rule in rules if isinstance(rule, dict)}


def asks_no_mfa(given: Given, rules: Rules) -> bool | None:
    """Whether a role can be activated without MFA: neither its own rule nor its authentication context asks."""
    enablement = rules.get("Enablement_EndUser_Assignment")
    enabled = None if enablement is None or "enabledRules" not in enablement else words(enablement, "enabledRules")
    if enabled is None:
        return None
    if "MultiFactorAuthentication" in enabled:
        return False
    context = rules.get("AuthenticationContext_EndUser_Assignment")
    is_on = None if context is None else context.get("isEnabled")
    if is_on is not True:
        return True if is_on is False else None
    return _context_asks_no_mfa(given, context.get("claimValue") if context is not None else None)


def _context_asks_no_mfa(given: Given, claim: Any) -> bool | None:
    # The context asks for nothing by itself: a policy for it does.
    policies = policies_in(given)
    if isinstance(policies, Unknown) or not isinstance(claim, str):
        return None
    answers = {_is_for_context(policy, claim) for policy in policies}
    if True in answers:
        return False
    return None if None in answers or further(given) is not None else True


def _is_for_context(policy: Policy, claim: str) -> bool | None:
    conditions = policy.raw.get("conditions")
    applications = conditions.get("applications") if isinstance(conditions, dict) else None
    if not isinstance(applications, dict):
        return None
    contexts = words(applications, "includeAuthenticationContextClassReferences")
    return every(
        [
            None if policy.state is None else policy.state is State.ENABLED,
            None if contexts is None else claim in contexts,
            requires_mfa(policy),
        ]
    )


def may_be_held_for_good(_: Given, rules: Rules) -> bool | None:
    """Whether an active assignment of a role needs no end."""
    rule = rules.get("Expiration_Admin_Assignment")
    required = None if rule is None else rule.get("isExpirationRequired")
    return not required if isinstance(required, bool) else None


def needs_no_approval(_: Given, rules: Rules) -> bool | None:
    """Whether a role can be activated without anybody's approval."""
    setting = _approval(rules)
    required = None if setting is None else setting.get("isApprovalRequired")
    return not required if isinstance(required, bool) else None


def names_no_approver(given: Given, rules: Rules) -> bool | None:
    """Whether a role can be activated without approval, or nobody is named who would give it."""
    free = needs_no_approval(given, rules)
    if free is not False:
        return free
    setting = _approval(rules)
    stages = None if setting is None else setting.get("approvalStages")
    if not isinstance(stages, list):
        return None
    approvers = [stage.get("primaryApprovers") if isinstance(stage, dict) else None for stage in stages]
    if not all(isinstance(named, list) for named in approvers):
        return None
    return not any(approvers)


def _approval(rules: Rules) -> Mapping[str, Any] | None:
    rule = rules.get("Approval_EndUser_Assignment")
    setting = None if rule is None else rule.get("setting")
    return setting if isinstance(setting, dict) else None


def _fact(name: str, title: str, roles: tuple[str, ...], fails: Fails, also: tuple[str, ...] = ()) -> Fact:
    return Fact(
        field=Field(name=f"derived.{name}", title=title, kind=Kind.LIST, scope=Scope.TENANT),
        source=SOURCE,
        also=also,
        option=ROLE_POLICIES.name,
        of_tenant=partial(roles_that_fail, roles=roles, fails=fails),
    )


FACTS = (
    _fact(
        "rolesWithoutActivationMfa",
        "Highly privileged roles that can be activated without MFA",
        SCUBA_PRIVILEGED,
        asks_no_mfa,
        also=("conditionalAccessPolicies", *ALSO),
    ),
    _fact(
        "rolesHeldForGood",
        "Highly privileged roles that may be active without an end",
        SCUBA_PRIVILEGED,
        may_be_held_for_good,
    ),
    _fact(
        "rolesWithoutApproval",
        "Roles that can be activated without approval, of Global and Privileged Role Administrator",
        APPROVED_ROLES,
        needs_no_approval,
    ),
    _fact(
        "rolesWithoutApprover",
        "Roles without a named approver, of Global and Privileged Role Administrator",
        APPROVED_ROLES,
        names_no_approver,
    ),
)
