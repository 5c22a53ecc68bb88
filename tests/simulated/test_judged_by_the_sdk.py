"""The published models judge the answers: generated from Graph's own description, they leave over what it lacks.

One file, v1.0 first and then beta, so that few workers pay for the imports.
"""

import dataclasses
import importlib
import json
import re
from collections import Counter
from dataclasses import replace
from enum import Enum

import pytest
from depth import DEEP

from mfaaudit.simulated.mood import MOOD

MODELS = "generated.models"
REPORTS = "/reports/authenticationMethods"
CREDENTIALS = "get_credential_user_registration_count"
WINDOW = "inclusiveIntervalStartDateTime=2026-02-27T00:00:00Z,exclusiveIntervalEndDateTime=2026-03-02T00:00:00Z"
ELIGIBLE = "/roleManagement/directory/roleEligibilitySchedules"
ANNOTATION = "@odata.context"
SIGNS = str.maketrans(".-", "__")


def metrics(kind):
    name = f"get_metrics_for_mfa_sign_in_{kind}_with_inclusive_interval_start_date_time"
    name += "_with_exclusive_interval_end_date_time_with_aggregation_interval_in_minutes"
    url = f"/reports/serviceActivity/getMetricsForMfaSignIn{kind.capitalize()}({WINDOW})"
    return url, f"generated.reports.service_activity.{name}.{name}_get_response"


def use_of_methods(name, module):
    module = f"{module}_with_period"
    return f"{REPORTS}/{name}(period='d30')", f"generated.reports.authentication_methods.{module}.{module}_get_response"


EVERYTHING_OF_A_USER = (
    "/users?$select=id,displayName,userPrincipalName,accountEnabled,userType,createdDateTime,onPremisesSyncEnabled,"
    "department,companyName,jobTitle,employeeId,usageLocation,mail,businessPhones,assignedLicenses&$count=true&$top=5"
)
BOTH = (
    ("/users?$top=5", f"{MODELS}.user_collection_response"),
    (EVERYTHING_OF_A_USER, f"{MODELS}.user_collection_response"),
    ("/users/{user}", f"{MODELS}.user"),
    ("/users?$select=id,signInActivity&$top=40", f"{MODELS}.user_collection_response"),
    ("/users/{user}?$select=id,signInActivity", f"{MODELS}.user"),
    (
        "/users?$select=id&$expand=manager($select=id,displayName,userPrincipalName,mail)",
        f"{MODELS}.user_collection_response",
    ),
    ("/users?$expand=manager", f"{MODELS}.user_collection_response"),
    ("/users/{user}?$expand=manager", f"{MODELS}.user"),
    (f"{REPORTS}/userRegistrationDetails?$top=40", f"{MODELS}.user_registration_details_collection_response"),
    (f"{REPORTS}/userRegistrationDetails/{{user}}", f"{MODELS}.user_registration_details"),
    (f"{REPORTS}/usersRegisteredByFeature", f"{MODELS}.user_registration_feature_summary"),
    (f"{REPORTS}/usersRegisteredByMethod", f"{MODELS}.user_registration_method_summary"),
    (
        "/policies/identitySecurityDefaultsEnforcementPolicy",
        f"{MODELS}.identity_security_defaults_enforcement_policy",
    ),
    ("/policies/authenticationMethodsPolicy", f"{MODELS}.authentication_methods_policy"),
    (
        "/policies/crossTenantAccessPolicy/default",
        f"{MODELS}.cross_tenant_access_policy_configuration_default",
    ),
    (
        "/policies/crossTenantAccessPolicy/partners",
        f"{MODELS}.cross_tenant_access_policy_configuration_partner_collection_response",
    ),
    ("/identity/conditionalAccess/policies", f"{MODELS}.conditional_access_policy_collection_response"),
    ("/organization", f"{MODELS}.organization_collection_response"),
    ("/directoryRoles", f"{MODELS}.directory_role_collection_response"),
    ("/directoryRoles/{role}/members", f"{MODELS}.directory_object_collection_response"),
    (
        "/roleManagement/directory/roleAssignments?$expand=principal",
        f"{MODELS}.unified_role_assignment_collection_response",
    ),
    (ELIGIBLE, f"{MODELS}.unified_role_eligibility_schedule_collection_response"),
    (f"{ELIGIBLE}?$expand=principal", f"{MODELS}.unified_role_eligibility_schedule_collection_response"),
    ("/roleManagement/directory/roleDefinitions", f"{MODELS}.unified_role_definition_collection_response"),
    ("/groups/{group}", f"{MODELS}.group"),
    ("/groups/{group}/members", f"{MODELS}.directory_object_collection_response"),
    (
        "/groups/{group}/transitiveMembers/microsoft.graph.user?$count=true&$top=2",
        f"{MODELS}.user_collection_response",
    ),
    ("/groups/{nesting}", f"{MODELS}.group"),
    ("/groups/{nesting}/members", f"{MODELS}.directory_object_collection_response"),
    ("/groups/{nesting}/transitiveMembers", f"{MODELS}.directory_object_collection_response"),
    ("/groups/{nesting}/members/microsoft.graph.group?$count=true", f"{MODELS}.group_collection_response"),
)
BETA = (
    ("/users/{user}/authentication/requirements", f"{MODELS}.strong_authentication_requirements"),
    ("/users/{user}/authentication/signInPreferences", f"{MODELS}.sign_in_preferences"),
    (
        "/reports/getCredentialUserRegistrationCount",
        f"generated.reports.{CREDENTIALS}.{CREDENTIALS}_get_response",
    ),
    metrics("success"),
    metrics("failure"),
    use_of_methods("userRegistrationActivity", "user_registration_activity"),
    use_of_methods("userSignInsByAuthMethodSummary", "user_sign_ins_by_auth_method_summary"),
    (f"{REPORTS}/userMfaSignInSummary", f"{MODELS}.user_mfa_sign_in_summary_collection_response"),
    ("/me/authentication/requirements", f"{MODELS}.strong_authentication_requirements"),
)
SDK = {"v1.0": "msgraph", "beta": "msgraph_beta"}

# What live answers carry and no published description does: other tools read it there.
UNDECLARED = {"/users/{user}/authentication/signInPreferences": {"systemPreferredAuthenticationMethod"}}


@pytest.fixture(scope="module")
def parse():
    """Reads an answer with the SDK's model: its module holds one class of nearly its own name."""
    factory = importlib.import_module("kiota_serialization_json.json_parse_node_factory").JsonParseNodeFactory()

    def parsing(version, module, content):
        found = importlib.import_module(f"{SDK[version]}.{module}")
        wanted = module.rpartition(".")[2].replace("_", "")
        (model,) = (vars(found)[name] for name in vars(found) if name.lower() == wanted)
        return factory.get_root_parse_node("application/json", content).get_object_value(model)

    return parsing


@pytest.fixture
def fetch(get):
    """One address of one version, with the tenant's own ids in it."""

    def fetching(tenant, version, url):
        nesting = next(one for one in tenant.directory.groups.values() if one.groups)
        ids = {"user": tenant.directory.accounts[0].id, "group": tenant.directory.group, "nesting": nesting.id}
        if "{role}" in url:
            ids["role"] = get(tenant, "/v1.0/directoryRoles").json()["value"][0]["id"]
        return get(tenant, f"/{version}" + url.format(**ids), headers={"ConsistencyLevel": "eventual"})

    return fetching


def telling(body):
    """The same answer with those of its rows alone that hold something which none before them does.

    The models take 15 ms for a row. What is new is a property, another kind of value in it, or one word that more than
    one row has, as the members of enumerations are. With MFAAUDIT_DEEP=1 all rows are read.
    """
    if DEEP or not isinstance(body.get("value"), list):
        return body
    often = Counter(token for row in body["value"] for token in set(tokens(row)))
    kept, seen = [], set()
    for row in body["value"]:
        new = {token if often[token] > 1 and WORD.fullmatch(token[1]) else kind_of(token) for token in tokens(row)}
        new -= seen
        if new:
            kept.append(row)
            seen |= new
    return body | {"value": kept}


def tokens(raw, path=""):
    """Pairs of a place in a row and the value there."""
    if isinstance(raw, (dict, list)) and raw:
        inner = raw.items() if isinstance(raw, dict) else (("[]", one) for one in raw)
        for key, one in inner:
            yield from tokens(one, f"{path}/{key}")
    else:
        yield path, json.dumps(raw)


WORD = re.compile(r'"[A-Za-z]+"|[a-z]+')


def kind_of(token):
    """A place, and what kind of value is there: of text its signs, and of letters and digits only where they are."""
    return token[0], re.sub(r"\w+", "w", token[1])


def left_over(model):
    """The properties that the model does not know, wherever they are in it."""
    if isinstance(model, list):
        return {name for one in model for name in left_over(one)}
    if not dataclasses.is_dataclass(model):
        return set()
    values = {one.name: getattr(model, one.name) for one in dataclasses.fields(model) if one.name != "backing_store"}
    unknown = set(values.pop("additional_data", {}))
    return unknown.union(*map(left_over, values.values()))


def unread(raw, model):
    """Pairs of a property and the value that the model could not read: an unknown member, or another type."""
    if isinstance(raw, list):
        if not isinstance(model, list) or len(raw) != len(model):
            return {("a list", len(raw))}
        return {pair for one, read in zip(raw, model, strict=True) for pair in unread(one, read)}
    if not isinstance(raw, dict):
        return set() if raw is None or model is not None else {("an element", raw)}
    found = set()
    for key, value in raw.items():
        if value is None or key in model.additional_data:
            continue
        read = getattr(model, re.sub("([A-Z])", r"_\1", key).lower().replace("@", "").translate(SIGNS))
        nested = isinstance(value, (dict, list)) and read is not None
        found |= unread(value, read) if nested else set() if read is not None else {(key, value)}
    return found


# Not a test an address: they would be spread over the workers, and each would load the models.
@pytest.mark.parametrize(("version", "cases"), [("v1.0", BOTH), ("beta", BOTH + BETA)])
def test_the_published_models_know_every_property_and_read_every_value(
    open_one, fetch, parse, subtests, version, cases
):
    tenant = open_one()
    for url, module in cases:
        with subtests.test(url):
            answer = fetch(tenant, version, url)
            assert answer.status_code == 200

            raw = telling(answer.json())
            model = parse(version, module, json.dumps(raw).encode())

            assert left_over(model) == {ANNOTATION} | UNDECLARED.get(url, set())
            # The sample on the report's page sends an empty string for an enumeration without a value.
            empty = {("userPreferredMethodForSecondaryAuthentication", "")}
            assert unread(raw, model) == (empty if "userRegistrationDetails?" in url else set())


@pytest.mark.parametrize("mood", ["messy", "managed"])
def test_awkward_policies_are_still_what_graph_describes(open_one, fetch, parse, mood):
    tenant = open_one(mood=mood)
    # A messy tenant denies its licence once.
    fetch(tenant, "beta", "/identity/conditionalAccess/policies")
    policies = [(url, module) for url, module in BOTH if "olic" in url]

    for url, module in policies:
        answer = fetch(tenant, "beta", url)
        model = parse("beta", module, answer.content)
        assert (left_over(model), unread(answer.json(), model)) == ({ANNOTATION}, set()), url


def test_newer_methods_and_passkey_profiles_are_what_graph_describes(open_one, fetch, parse, monkeypatch):
    loose = {"passkey_profiles": True, "newer_methods": True, "loose_methods": True, "sentinels": True}
    monkeypatch.setitem(MOOD, "newer", replace(MOOD["tidy"], **loose))

    answer = fetch(open_one(mood="newer", users=60), "beta", "/policies/authenticationMethodsPolicy")
    model = parse("beta", f"{MODELS}.authentication_methods_policy", answer.content)
    # The published models are older than the profiles' own properties, where they do not know them.
    known = left_over(model) - {ANNOTATION}

    assert known <= {"passkeyProfiles", "defaultPasskeyProfile", "allowedPasskeyProfiles"}
    assert unread(answer.json(), model) == set()
    assert {one.id for one in model.authentication_method_configurations} >= {"QRCodePin", "VerifiableCredentials"}


def test_each_enumeration_comes_out_as_its_member(open_one, fetch, parse):
    tenant = open_one()
    account = tenant.directory.accounts[0]

    (requirements, preferences) = (
        parse("beta", module, fetch(tenant, "beta", url).content) for url, module in BETA[:2]
    )

    assert isinstance(requirements.per_user_mfa_state, Enum)
    assert requirements.per_user_mfa_state.value == account.state
    assert preferences.user_preferred_method_for_secondary_authentication.value == account.preferred


@pytest.mark.parametrize(
    ("part", "module", "expected"),
    [
        ("requirements", BETA[0][1], {("perUserMfaState", "postponed")}),
        (
            "signInPreferences",
            BETA[1][1],
            # The description of beta has no member for "no preference"; the one of the report has.
            {("userPreferredMethodForSecondaryAuthentication", value) for value in ("", "none")},
        ),
    ],
)
def test_of_the_messy_tenants_values_just_the_invented_ones_cannot_be_read(
    open_one, get, parse, part, module, expected
):
    tenant = open_one(mood="messy")
    found = set()

    for account in tenant.directory.accounts:
        answer = get(tenant, f"/beta/users/{account.id}/authentication/{part}")
        if answer.status_code == 200:
            found |= unread(answer.json(), parse("beta", module, answer.content))

    assert found == expected


def test_of_the_messy_tenants_sign_ins_just_the_time_that_is_no_time_cannot_be_read(open_one, fetch, parse):
    tenant = open_one(mood="messy")
    url = "/users?$select=id,signInActivity&$top=500"
    # The messy tenant denies its licence once.
    fetch(tenant, "beta", url)

    raw = telling(fetch(tenant, "beta", url).json())
    model = parse("beta", f"{MODELS}.user_collection_response", json.dumps(raw).encode())

    assert left_over(model) == {ANNOTATION}
    # An example of the user-list page writes it so.
    assert unread(raw, model) == {("lastSuccessfulSignInDateTime", "")}


def test_the_messy_older_count_has_the_names_of_its_page_which_no_model_knows(open_one, fetch, parse):
    tenant = open_one(mood="messy")
    url, module = BETA[2]
    fetch(tenant, "beta", url)

    model = parse("beta", module, fetch(tenant, "beta", url).content)

    assert left_over(model) == {ANNOTATION, "userRegistrationStatus", "userRegistationCount"}


def test_the_state_that_other_tools_select_on_the_list_is_in_no_description(open_one, fetch, parse):
    answer = fetch(open_one(), "beta", "/users?$select=id,perUserMfaState&$top=5")

    assert left_over(parse("beta", BOTH[0][1], answer.content)) == {ANNOTATION, "perUserMfaState"}


@pytest.mark.parametrize(
    ("url", "status", "spelling"),
    [
        ("/users/nobody", 404, set()),
        ("/users?$top=0", 400, set()),
        (f"{REPORTS}/userRegistrationDetails", 403, set()),
        # Some services write the inner error in small letters.
        ("/policies/identitySecurityDefaultsEnforcementPolicy", 403, {"innererror"}),
        ("/groups/nobody", 403, set()),
    ],
)
def test_an_error_is_an_odata_error(open_one, get, parse, url, status, spelling):
    tenant = open_one(users=10)
    answer = get(tenant, f"/beta{url}", token=tenant.access_token(permissions=["User.Read.All"]))

    model = parse("beta", f"{MODELS}.o_data_errors.o_data_error", answer.content)

    assert answer.status_code == status
    assert left_over(model) == spelling
    assert unread(answer.json(), model) == set()
    assert model.error.code == answer.json()["error"]["code"] != ""


def test_what_an_item_of_a_batch_holds_is_the_same_object(open_one, send, parse):
    tenant = open_one(users=40)
    user = tenant.directory.accounts[0]
    requests = [
        {"id": url, "method": "GET", "url": url.format(user=user.id)} for url, _ in (*BETA[:2], ("/users/nobody", ""))
    ]

    answer = send(tenant, "POST", "/beta/$batch", json={"requests": requests})
    found = {one["id"]: one for one in answer.json()["responses"]}

    for url, module in (*BETA[:2], ("/users/nobody", f"{MODELS}.o_data_errors.o_data_error")):
        body = found[url]["body"]
        model = parse("beta", module, json.dumps(body).encode())
        assert left_over(model) <= {ANNOTATION} | UNDECLARED.get(url, set())
        assert unread(body, model) == set()
