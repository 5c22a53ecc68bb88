"""Role management policies and the device registration policy, as their pages describe them."""

import json

import pytest

ASSIGNMENTS = "/v1.0/policies/roleManagementPolicyAssignments"
OF_ROLES = "?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'"
RULES = "&$expand=policy($expand=rules)"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"


def rules_of(answer, role=GLOBAL_ADMINISTRATOR):
    row = next(row for row in answer.json()["value"] if row["roleDefinitionId"] == role)
    return {rule["id"]: rule for rule in row["policy"]["rules"]}


def test_the_filter_is_required_and_the_rules_come_only_where_they_are_asked_for(open_one, get):
    tenant = open_one(mood="tidy")

    assert get(tenant, ASSIGNMENTS).status_code == 400
    assert "policy" not in get(tenant, ASSIGNMENTS + OF_ROLES).json()["value"][0]
    assert "rules" not in get(tenant, f"{ASSIGNMENTS}{OF_ROLES}&$expand=policy").json()["value"][0]["policy"]
    one = get(tenant, f"{ASSIGNMENTS}{OF_ROLES} and roleDefinitionId eq '{GLOBAL_ADMINISTRATOR}'{RULES}").json()
    assert [row["roleDefinitionId"] for row in one["value"]] == [GLOBAL_ADMINISTRATOR]


def test_the_tidy_organisation_is_strict_and_the_messy_one_is_as_it_came(open_one, get):
    tidy, messy = (rules_of(get(open_one(mood=mood), ASSIGNMENTS + OF_ROLES + RULES)) for mood in ("tidy", "messy"))

    assert [rules["Expiration_Admin_Assignment"]["isExpirationRequired"] for rules in (tidy, messy)] == [True, False]
    settings = [rules["Approval_EndUser_Assignment"]["setting"] for rules in (tidy, messy)]
    assert [setting["isApprovalRequired"] for setting in settings] == [True, False]
    assert [bool(setting["approvalStages"][0]["primaryApprovers"]) for setting in settings] == [True, False]


def test_without_p2_they_are_refused_as_eligible_roles_are(open_one, get):
    answer = get(open_one(mood="unlicensed"), ASSIGNMENTS + OF_ROLES + RULES)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "AadPremiumLicenseRequired")


def test_without_a_permission_the_refusal_names_those_that_suffice(open_one, get):
    tenant = open_one(mood="tidy")
    headers = {"Authorization": f"Bearer {tenant.access_token(permissions=['User.Read.All'])}"}

    answer = get(tenant, ASSIGNMENTS + OF_ROLES, headers=headers)

    assert answer.status_code == 403
    assert "RoleManagementPolicy.Read.Directory" in json.loads(answer.json()["error"]["message"])["message"]


@pytest.mark.parametrize(
    ("kind", "permission", "status"),
    [
        ("delegated", "Policy.Read.All", 200),
        ("application", "Policy.Read.All", 403),
        ("application", "Policy.Read.DeviceConfiguration", 200),
    ],
)
def test_an_application_needs_a_permission_of_its_own_for_the_device_registration_policy(
    open_one, get, kind, permission, status
):
    tenant = open_one(mood="tidy")
    headers = {"Authorization": f"Bearer {tenant.access_token(kind=kind, permissions=[permission])}"}

    answer = get(tenant, "/v1.0/policies/deviceRegistrationPolicy", headers=headers)

    assert answer.status_code == status
    if status == 200:
        assert answer.json()["multiFactorAuthConfiguration"] == "required"
