"""The tenant's own settings: security defaults, authentication methods, Conditional Access, organization."""

from uuid import UUID

import pytest


@pytest.fixture
def policies(get):
    """The Conditional Access policies by name."""

    def reading(tenant):
        # The messy tenant denies its licence once.
        found = [get(tenant, "/v1.0/identity/conditionalAccess/policies") for _ in range(2)][-1]
        return {policy["displayName"]: policy for policy in found.json()["value"]}

    return reading


@pytest.mark.parametrize("mood", ["tidy", "messy", "unlicensed"])
def test_security_defaults_are_off(open_one, get, mood):
    body = get(open_one(mood=mood), "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy").json()

    assert body["isEnabled"] is False
    assert body["id"] == "00000000-0000-0000-0000-000000000005"
    assert body["@odata.context"].endswith("#policies/identitySecurityDefaultsEnforcementPolicy/$entity")


def test_only_beta_declares_the_system_preferred_setting(open_one, get):
    tenant = open_one()
    v1, beta = (get(tenant, f"/{one}/policies/authenticationMethodsPolicy").json() for one in ("v1.0", "beta"))

    setting = beta.pop("systemCredentialPreferences")
    assert setting["state"] == "enabled"
    assert [target["id"] for target in setting["includeTargets"]] == ["all_users"]
    assert beta.pop("reportSuspiciousActivitySettings")["state"] == "enabled"
    # The context names the version, and two features of Authenticator and a method are declared in beta alone.
    methods = beta["authenticationMethodConfigurations"]
    assert methods.pop()["id"] == "HardwareOath"
    features = next(one["featureSettings"] for one in methods if one["id"] == "MicrosoftAuthenticator")
    assert {features.pop(name)["state"] for name in ("companionAppAllowedState", "numberMatchingRequiredState")}
    assert {**v1, "@odata.context": ""} == {**beta, "@odata.context": ""}


@pytest.mark.parametrize(
    ("mood", "sms", "migration"),
    [
        ("tidy", "enabled", "migrationComplete"),
        ("messy", "disabled", "migrationInProgress"),
        ("unlicensed", "enabled", None),
    ],
)
def test_the_methods_policy_says_which_methods_are_allowed(open_one, get, mood, sms, migration):
    body = get(open_one(mood=mood), "/beta/policies/authenticationMethodsPolicy").json()

    states = {one["id"]: one["state"] for one in body["authenticationMethodConfigurations"]}
    assert {
        "Fido2",
        "MicrosoftAuthenticator",
        "Sms",
        "TemporaryAccessPass",
        "SoftwareOath",
        "HardwareOath",
        "Voice",
        "Email",
        "X509Certificate",
    } == set(states)
    assert set(states.values()) == {"enabled", "disabled"}
    assert (states["Sms"], body["policyMigrationState"]) == (sms, migration)


def test_the_tidy_tenants_only_policy_asks_nobody_for_mfa(open_one, policies):
    (policy,) = policies(open_one()).values()

    assert policy["state"] == "enabled"
    assert policy["grantControls"]["builtInControls"] == ["block"]
    assert policy["conditions"]["clientAppTypes"] == ["exchangeActiveSync", "other"]


def test_the_messy_tenant_has_policies_that_look_like_protection(open_one, policies):
    found = policies(open_one(mood="messy"))

    for_all = [one for one in found.values() if one["conditions"]["users"]["includeUsers"] == ["All"]]
    asking = [one for one in for_all if one["grantControls"]["builtInControls"] == ["mfa"]]
    everywhere = [one for one in asking if one["conditions"]["applications"]["includeApplications"] == ["All"]]
    assert {one["state"] for one in found.values()} == {
        "enabled",
        "disabled",
        "enabledForReportingButNotEnforced",
    }
    assert {one["state"] for one in everywhere if one["conditions"]["locations"] is None} == {
        "enabledForReportingButNotEnforced"
    }
    assert all(one["conditions"]["locations"] for one in everywhere if one["state"] == "enabled")
    assert len({one["id"] for one in found.values()}) == len(found)
    assert all(str(UUID(one["id"])) == one["id"] for one in found.values())


def test_policies_leave_out_accounts_that_exist(open_one, policies, get):
    tenant = open_one(mood="messy")

    excluded = {user for one in policies(tenant).values() for user in one["conditions"]["users"]["excludeUsers"]}

    names = {get(tenant, f"/v1.0/users/{user}").json()["userPrincipalName"] for user in excluded}
    assert len(names) == 2
    assert all(name.lower().startswith("emergency") for name in names)


def test_the_organization_is_the_tenant_of_the_token_with_one_default_domain(open_one, get):
    tenant = open_one()

    (found,) = get(tenant, "/v1.0/organization").json()["value"]

    assert found["id"] == tenant.tenant_id
    domains = {one["name"]: one for one in found["verifiedDomains"]}
    assert [name for name, one in domains.items() if one["isDefault"]] == [tenant.default_domain]
    assert [name for name, one in domains.items() if one["isInitial"]] == ["northharbour.onmicrosoft.com"]


def test_accounts_are_in_the_domains_of_the_organization(open_one, get, rows):
    tenant = open_one()
    domains = {one["name"] for one in get(tenant, "/v1.0/organization").json()["value"][0]["verifiedDomains"]}

    people = rows(tenant, "/v1.0/users?$select=userPrincipalName")

    assert {row["userPrincipalName"].rpartition("@")[2] for row in people} == domains


@pytest.mark.parametrize(
    ("url", "permission", "refusal"),
    [
        ("/v1.0/policies/identitySecurityDefaultsEnforcementPolicy", "Policy.Read.All", "accessDenied"),
        ("/beta/policies/authenticationMethodsPolicy", "Policy.Read.AuthenticationMethod", "accessDenied"),
        ("/v1.0/identity/conditionalAccess/policies", "Policy.Read.All", "accessDenied"),
        ("/v1.0/policies/crossTenantAccessPolicy/default", "Policy.Read.All", "accessDenied"),
        ("/v1.0/policies/crossTenantAccessPolicy/partners", "Policy.Read.All", "accessDenied"),
        ("/v1.0/organization", "User.Read", "Authorization_RequestDenied"),
    ],
)
def test_each_needs_its_permission(open_one, get, code, url, permission, refusal):
    tenant = open_one(users=60)

    allowed = get(tenant, url, token=tenant.access_token(permissions=[permission]))
    refused = get(tenant, url, token=tenant.access_token(permissions=["AuditLog.Read.All"]))

    assert allowed.status_code == 200
    assert (refused.status_code, code(refused)) == (403, refusal)


@pytest.mark.parametrize(
    ("mood", "is_default", "accepted", "of_partners"),
    [("tidy", False, True, [None]), ("messy", False, False, [None, True]), ("unlicensed", True, False, [])],
)
def test_what_is_accepted_from_other_tenants(open_one, get, mood, is_default, accepted, of_partners):
    tenant, path = open_one(mood=mood), "/v1.0/policies/crossTenantAccessPolicy"
    default, partners = (get(tenant, f"{path}/{part}").json() for part in ("default", "partners"))

    assert (default["isServiceDefault"], default["inboundTrust"]["isMfaAccepted"]) == (is_default, accepted)
    trusts = [one["inboundTrust"] for one in partners["value"]]
    assert [None if one is None else one["isMfaAccepted"] for one in trusts] == of_partners


@pytest.mark.parametrize(
    ("mood", "shown", "everywhere", "lite"),
    [
        ("tidy", "enabled", True, "disabled"),
        ("messy", "enabled", False, "default"),
        ("unlicensed", "default", True, "default"),
    ],
)
def test_what_authenticator_shows(open_one, get, mood, shown, everywhere, lite):
    body = get(open_one(mood=mood), "/beta/policies/authenticationMethodsPolicy").json()
    (one,) = (one for one in body["authenticationMethodConfigurations"] if one["id"] == "MicrosoftAuthenticator")
    features, nobody = one["featureSettings"], "00000000-0000-0000-0000-000000000000"

    assert features["displayAppInformationRequiredState"]["state"] == shown
    location = features["displayLocationInformationRequiredState"]
    assert (location["includeTarget"]["id"], location["excludeTarget"]["id"] == nobody) == ("all_users", everywhere)
    assert features["companionAppAllowedState"]["state"] == lite
    assert one["isSoftwareOathEnabled"] is (mood == "messy")
