"""The organisation that enforces MFA by Conditional Access: its policies, its exclusions, its leftovers."""

import pytest

POLICIES = "/v1.0/identity/conditionalAccess/policies"
EVENTUAL = {"ConsistencyLevel": "eventual"}


@pytest.fixture
def managed(open_one):
    return open_one(mood="managed", users=600)


@pytest.fixture
def policies(managed, get):
    """All policies by the first word of their names."""
    # A messy tenant denies its licence once.
    found = [get(managed, POLICIES) for _ in range(2)][-1].json()["value"]
    return {one["displayName"].split()[0]: one for one in found}


@pytest.fixture
def left_out(managed, policies, rows):
    """The users whom the policy for all users leaves out by id or by group."""
    users = policies["CA001"]["conditions"]["users"]
    (group,) = users["excludeGroups"]
    url = f"/v1.0/groups/{group}/transitiveMembers/microsoft.graph.user?$count=true&$select=id"
    return {*users["excludeUsers"], *(one["id"] for one in rows(managed, url, headers=EVENTUAL))}


def test_it_has_a_policy_of_each_kind(policies):
    def of(name):
        one = policies[name]
        return one["state"], one["grantControls"], one["conditions"], one["conditions"]["users"]

    assert {one["state"] for one in policies.values()} == {
        "enabled",
        "disabled",
        "enabledForReportingButNotEnforced",
    }
    state, grant, conditions, users = of("CA001")
    assert (state, grant["builtInControls"], users["includeUsers"]) == ("enabled", ["mfa"], ["All"])
    assert conditions["applications"]["includeApplications"] == ["All"]
    assert conditions["locations"] is None
    _, grant, _, users = of("CA002")
    assert set(grant["authenticationStrength"]["allowedCombinations"]) == {
        "windowsHelloForBusiness",
        "fido2",
        "x509CertificateMultiFactor",
    }
    # The two controls cannot be used together.
    assert grant["builtInControls"] == []
    assert "62e90394-69f5-4237-9190-012177145e10" in users["includeRoles"]
    assert of("CA003")[3]["includeGuestsOrExternalUsers"]["externalTenants"]["membershipKind"] == "all"
    assert of("CA004")[2]["locations"]["excludeLocations"] == ["AllTrusted"]
    assert set(of("CA007")[1]["builtInControls"]) == {"mfa", "compliantDevice"}
    assert of("CA007")[1]["operator"] == "OR"
    assert of("CA008")[2]["applications"]["applicationFilter"]["mode"] == "include"
    assert of("CA009")[2]["applications"]["includeUserActions"] == ["urn:user:registersecurityinfo"]
    assert of("Block")[1]["builtInControls"] == ["block"]
    assert of("CA010")[2]["authenticationFlows"]["transferMethods"] == "deviceCodeFlow,authenticationTransfer"
    assert of("CA011")[1] is None
    assert policies["CA011"]["sessionControls"]["signInFrequency"]["value"] == 4
    assert policies["CA012"]["sessionControls"]["signInFrequency"]["frequencyInterval"] == "everyTime"
    assert of("CA012")[2]["signInRiskLevels"] == ["high", "medium"]
    assert len({one["id"] for one in policies.values()}) == len(policies) == 13


def test_security_defaults_are_off_the_methods_policy_is_migrated_and_p2_is_there(managed, get):
    defaults = get(managed, "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy").json()
    methods = get(managed, "/beta/policies/authenticationMethodsPolicy").json()
    plans = get(managed, "/v1.0/organization").json()["value"][0]["assignedPlans"]

    assert defaults["isEnabled"] is False
    assert methods["policyMigrationState"] == "migrationComplete"
    assert "eec0eb4f-6444-4f95-aba0-50c24d67f998" in {plan["servicePlanId"] for plan in plans}


def test_emergency_and_service_accounts_are_left_out_of_the_policy_for_all(managed, left_out):
    names = {one.user_principal_name[:4] for one in managed.directory.accounts if one.id in left_out}

    assert names == {"emer", "svc-"}


def test_per_user_mfa_is_a_leftover(managed, left_out):
    people = [one for one in managed.directory.accounts if one.enabled and one.user_type == "Member"]
    left = [one for one in people if one.state in ("enabled", "enforced")]

    assert {one.state for one in left} == {"enabled", "enforced"}
    assert 0 < len(left) < len(people) / 5
    assert any(one.id in left_out for one in left)
    assert any(not one.registered for one in left if one.id in left_out)
    assert any(not one.registered for one in left if one.id not in left_out)
    assert any(one.state == "disabled" for one in people if one.id in left_out)
    assert {one.state for one in people if one.user_principal_name.startswith("emergency")} == {"disabled"}


def test_one_excluded_group_is_gone(managed, policies, get):
    named = {group for one in policies.values() for group in one["conditions"]["users"]["excludeGroups"]}

    assert sorted(get(managed, f"/v1.0/groups/{group}").status_code for group in named) == [200, 404]


@pytest.mark.parametrize("users", [0, 1, 5])
def test_the_smallest_tenants_have_the_same_policies(open_one, get, users):
    tenant = open_one(mood="managed", users=users)

    found = [get(tenant, POLICIES) for _ in range(2)][-1].json()["value"]

    assert len(found) == 13
