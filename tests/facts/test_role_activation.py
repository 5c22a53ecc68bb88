"""What activating a role takes, from the rules of role management policies as Graph's page shows them."""

import copy

import pytest
from policies_by_hand import NO_LICENSE, STRANGE, policy

from mfaaudit.facts.given import Given
from mfaaudit.facts.role_activation import APPROVED_ROLES, FACTS
from mfaaudit.known_ids import SCUBA_PRIVILEGED

GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLES = APPROVED_ROLES
BY_NAME = {fact.field.name: fact for fact in FACTS}
RULES = {
    "Expiration_Admin_Assignment": {"isExpirationRequired": True, "maximumDuration": "P180D"},
    "Enablement_EndUser_Assignment": {"enabledRules": ["MultiFactorAuthentication", "Justification"]},
    "Approval_EndUser_Assignment": {
        "setting": {"isApprovalRequired": True, "approvalStages": [{"primaryApprovers": [{"groupId": "g"}]}]}
    },
    "AuthenticationContext_EndUser_Assignment": {"isEnabled": False, "claimValue": None},
}
FOR_CONTEXT = policy(
    applications={"includeApplications": [], "includeAuthenticationContextClassReferences": ["c1"]},
)


def rows(roles=SCUBA_PRIVILEGED, **change):
    """The assignments of these roles, each with the rules; None takes a rule out of Global Administrator."""
    made = []
    for role in roles:
        rules = copy.deepcopy(RULES)
        if role == GLOBAL_ADMINISTRATOR:
            rules = {name: change.get(name, rule) for name, rule in rules.items()}
        listed = [{"id": name, **rule} for name, rule in rules.items() if rule is not None]
        made.append({"roleDefinitionId": role, "policy": {"rules": listed}})
    return made


def found(name, assignments, policies=()):
    both = dict.fromkeys(("conditionalAccessPolicies", "conditionalAccessPoliciesBeta"), policies)
    sources = {"roleManagementPolicyAssignments": assignments, "conditionalAccessPlans": (), **both}
    given = Given(objects=sources.__getitem__, members=lambda _: STRANGE, user_ids=(), column=lambda _: [])
    return BY_NAME[f"derived.{name}"].of_tenant(given)


@pytest.mark.parametrize("name", [name.removeprefix("derived.") for name in BY_NAME])
def test_strict_roles_are_in_order_and_what_was_not_read_says_why(name):
    assert found(name, rows()) == ()
    assert found(name, NO_LICENSE) == NO_LICENSE
    # A role without settings in the answer is not known, nor is one whose rules did not come.
    assert found(name, rows(SCUBA_PRIVILEGED[1:])) == STRANGE
    assert found(name, [{"roleDefinitionId": role, "policy": {}} for role in SCUBA_PRIVILEGED]) == STRANGE


@pytest.mark.parametrize(
    ("name", "rule", "change", "answer"),
    [
        ("rolesWithoutActivationMfa", "Enablement_EndUser_Assignment", {"enabledRules": ["Justification"]}, True),
        ("rolesWithoutActivationMfa", "Enablement_EndUser_Assignment", {"enabledRules": []}, True),
        ("rolesWithoutActivationMfa", "Enablement_EndUser_Assignment", {}, None),
        ("rolesWithoutActivationMfa", "Enablement_EndUser_Assignment", None, None),
        ("rolesHeldForGood", "Expiration_Admin_Assignment", {"isExpirationRequired": False}, True),
        ("rolesHeldForGood", "Expiration_Admin_Assignment", {"isExpirationRequired": "no"}, None),
        ("rolesHeldForGood", "Expiration_Admin_Assignment", None, None),
        ("rolesWithoutApproval", "Approval_EndUser_Assignment", {"setting": {"isApprovalRequired": False}}, True),
        ("rolesWithoutApproval", "Approval_EndUser_Assignment", {"setting": {}}, None),
        ("rolesWithoutApproval", "Approval_EndUser_Assignment", {"setting": {"isApprovalRequired": True}}, False),
        ("rolesWithoutApprover", "Approval_EndUser_Assignment", {"setting": {"isApprovalRequired": False}}, True),
        ("rolesWithoutApprover", "Approval_EndUser_Assignment", {"setting": {"isApprovalRequired": True}}, None),
        (
            "rolesWithoutApprover",
            "Approval_EndUser_Assignment",
            {"setting": {"isApprovalRequired": True, "approvalStages": [{"primaryApprovers": []}]}},
            True,
        ),
    ],
)
def test_a_rule_of_a_role_decides(name, rule, change, answer):
    expected = {True: (GLOBAL_ADMINISTRATOR,), False: (), None: STRANGE}[answer]

    assert found(name, rows(**{rule: change})) == expected


@pytest.mark.parametrize(
    ("policies", "answer"),
    [
        ([FOR_CONTEXT], ()),
        ([], (GLOBAL_ADMINISTRATOR,)),
        ([FOR_CONTEXT | {"state": "disabled"}], (GLOBAL_ADMINISTRATOR,)),
        ([policy()], (GLOBAL_ADMINISTRATOR,)),
        (NO_LICENSE, STRANGE),
    ],
)
def test_an_authentication_context_counts_where_a_policy_for_it_requires_mfa(policies, answer):
    assignments = rows(
        Enablement_EndUser_Assignment={"enabledRules": []},
        AuthenticationContext_EndUser_Assignment={"isEnabled": True, "claimValue": "c1"},
    )

    assert found("rolesWithoutActivationMfa", assignments, policies) == answer


def test_one_role_that_fails_is_named_whatever_is_not_known_of_others():
    assignments = rows(SCUBA_PRIVILEGED[:2], Expiration_Admin_Assignment={"isExpirationRequired": False})

    assert found("rolesHeldForGood", assignments) == (GLOBAL_ADMINISTRATOR,)


def test_roles_are_found_whatever_the_case_of_their_ids():
    upper = [row | {"roleDefinitionId": row["roleDefinitionId"].upper()} for row in rows()]

    assert found("rolesWithoutApproval", upper) == ()
