"""The examples on Graph's own pages again: the tenant, its policies and roles, batches, and what we ask for."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from mfaaudit.evidence.batch import BATCH, Item, outcomes, request_body
from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.response import Response, error_code, reason_of
from mfaaudit.facts.all_users_mfa_policies import all_users_mfa_policies
from mfaaudit.facts.given import Given
from mfaaudit.facts.mfa_trusted_from_home import mfa_trusted_from_home
from mfaaudit.facts.roles import roles_of_users
from mfaaudit.sources import BY_NAME, SOURCES
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.organisation import Tenant, read_tenant
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.reader import Reader
from mfaaudit.tenant.sign_in import GivenToken
from mfaaudit.words import Reason, Unknown

FOLDER = Path(__file__).parents[1] / "fixtures" / "graph_pages"
PAGES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
ROW_OF_ONE = "userregistrationdetails-get"
"""Asked by a recheck alone, of whoever was flagged; test_details_of_one holds its answers against the page."""
REQUESTS = [name for name, page in PAGES.items() if page["request"].startswith("GET ") and name != ROW_OF_ONE]
ROOT = "https://graph.microsoft.com"
USER = "071cc716-8147-4397-a5ba-b2105951cc0b"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"


@pytest.fixture
def given():
    """What a derived fact may look at, made of the answers of pages."""

    def giving(users=(), **answers):
        return Given(
            objects=lambda source: answers[source]["value"],
            members=lambda _: Unknown(Reason.NOT_REQUESTED),
            user_ids=users,
            column=lambda _: [],
        )

    return giving


def answer_of(name):
    return PAGES[name]["answer"]


@pytest.mark.parametrize("name", REQUESTS)
def test_the_request_on_the_page_is_one_that_we_send(name):
    page = PAGES[name]
    asked = page["request"].removeprefix(f"GET {ROOT}")

    sent = [f"/{one.version}{one.path}".replace("{id}", USER) for one in SOURCES if one.page == page["page"]]

    assert asked.partition("?")[0].partition("(")[0] in {url.partition("?")[0].partition("(")[0] for url in sent}


def test_the_request_for_the_row_of_one_user_is_that_of_its_page():
    path, _, user = PAGES[ROW_OF_ONE]["request"].removeprefix(f"GET {ROOT}/v1.0").rpartition("/")

    assert BY_NAME["userRegistrationDetails"].of_one.replace("{id}", user) == f"{path}/{user}"


@pytest.mark.parametrize("name", REQUESTS)
def test_the_simulated_tenant_answers_with_the_properties_of_the_page(open_one, get, name):
    tenant = open_one(mood="messy" if "conditionalaccess" in name else "tidy")
    url = PAGES[name]["request"].removeprefix("GET ").replace(USER, tenant.directory.accounts[0].id)
    # Sign-ins reach back thirty days only.
    url = url.replace("2023-01-01", "2026-03-01")
    # The messy tenant denies its licence once.
    answers = [get(tenant, url) for _ in range(2)]

    left_out = {
        "organization-list": {"deletedDateTime", "businessPhones", "city", "country"},
        # On the page, and in no published description of v1.0.
        "rbacapplication-list-roleassignments": {"resourceScope"},
    }
    documented, answered = answer_of(name), answers[-1].json()
    assert set(documented) <= set(answered)
    first, ours = (one["value"][0] if "value" in one else one for one in (documented, answered))
    assert set(first) - left_out.get(name, set()) <= set(ours)
    both = [key for key in first if first[key] is not None and ours.get(key) is not None]
    assert {key: type(first[key]) for key in both} == {key: type(ours[key]) for key in both}


def test_the_tenant_and_its_default_domain(tmp_path):
    async def read():
        page = httpx.MockTransport(lambda _: httpx.Response(200, json=answer_of("organization-list")))
        graph = Graph(ROOT, GivenToken("a.b.c"), [f"{ROOT}/.default"], transport=page)
        try:
            with Journal(tmp_path) as journal:
                return await read_tenant(
                    Reader(graph, journal, {bucket: Pace(Controller(ceiling=1e6)) for bucket in Bucket})
                )
        finally:
            await graph.close()

    assert asyncio.run(read()) == Tenant(
        id="84841066-274d-4ec0-a5c1-276be684bdd3",
        name="Contoso",
        default_domain="Contoso.onmicrosoft.com",
        domains=("contoso.onmicrosoft.com",),
        type="AAD",
    )


def test_security_defaults_and_the_migration_of_the_methods_policy():
    def read(source, page):
        return [field.read(answer_of(page)) for field in BY_NAME[source].fields]

    defaults = "identitySecurityDefaultsEnforcementPolicy"
    assert read(defaults, f"{defaults.lower()}-get") == [True]
    # The page's example is older than two of the properties, and leaves out some methods.
    migration, preferences, *methods = read("authenticationMethodsPolicy", "authenticationmethodspolicy-get")
    assert migration == preferences == (not_sent := Unknown(Reason.NOT_SENT))
    assert methods == [
        "disabled",
        "disabled",
        "enabled",
        "disabled",
        not_sent,
        not_sent,
        not_sent,
        "enabled",
        not_sent,
        True,
        True,
        # Of Authenticator's passcodes the example says nothing.
        not_sent,
        False,
    ]


def test_what_is_accepted_from_other_tenants(given):
    pages = {
        "crossTenantAccessPolicyDefault": "crosstenantaccesspolicyconfigurationdefault-get",
        "crossTenantAccessPolicyPartners": "crosstenantaccesspolicy-list-partners",
    }
    default, partners = (answer_of(page) for page in pages.values())

    def trusted(default):
        answers = {"crossTenantAccessPolicyDefault": {"value": [default]}, "crossTenantAccessPolicyPartners": partners}
        facts = replace(given(users=[USER], **answers), column=lambda name: ["Guest" if "Type" in name else "g@x"])
        return mfa_trusted_from_home(facts)

    # The partner of the page follows the default.
    assert trusted(default) == [False]
    assert trusted({**default, "inboundTrust": {**default["inboundTrust"], "isMfaAccepted": True}}) == [True]


def test_who_holds_a_role(given):
    holders = [one["principalId"] for one in answer_of("rbacapplication-list-roleassignments")["value"]]
    facts = given(
        users=[*(holder.upper() for holder in holders), USER],
        roleAssignments=answer_of("rbacapplication-list-roleassignments"),
    )

    assert roles_of_users(facts) == [(GLOBAL_ADMINISTRATOR,)] * 3 + [()]


def lists(answer):
    """The same answer from both versions of the list, and no plans."""
    both = dict.fromkeys(("conditionalAccessPolicies", "conditionalAccessPoliciesBeta"), answer)
    return both | {"conditionalAccessPlans": {"value": []}}


@pytest.mark.parametrize(("change", "names"), [({}, ()), ({"state": "enabled"}, ("SimplePolicy2",))])
def test_which_policies_ask_everybody(given, change, names):
    answer = answer_of("conditionalaccessroot-list-policies")
    assert all_users_mfa_policies(given(**lists(answer))) == ()

    # The page's examples are switched off and for nobody; here they are for all when they are on.
    policies = [json.loads(json.dumps(one).replace('"None"', '"All"')) | change for one in answer["value"]]

    assert all_users_mfa_policies(given(**lists({"value": policies}))) == names


def test_the_items_of_a_batch():
    items = [Item("requirements", f"user-{number}") for number in range(1, 6)]
    answer = json.loads(json.dumps(answer_of("json-batching")))
    for entry in answer["responses"]:
        entry["id"] = items[int(entry["id"]) - 1].id
    response = Response(
        source=BATCH,
        method="POST",
        url=f"{ROOT}/v1.0/$batch",
        read_at=datetime(2026, 3, 2, tzinfo=UTC),
        status=200,
        request=request_body(items, BY_NAME),
        body=json.dumps(answer).encode(),
    )

    found = [outcome for _, outcome in outcomes(response)]

    assert [(one.status, one.ok) for one in found] == [
        (200, True),
        (403, False),
        (403, False),
        (405, False),
        (200, True),
    ]
    # A code may be empty.
    codes = [error_code(one.body) for one in found]
    assert codes == ["", "", "Authorization_RequestDenied", "Request_BadRequest", ""]
    assert [reason_of(one.status, one.body) for one in found[1:3]] == [Reason.NO_PERMISSION] * 2
    assert found[2].headers["x-ms-resource-unit"] == "1"


def test_a_throttled_answer():
    body = answer_of("throttling")

    assert error_code(body) == "TooManyRequests"
    assert reason_of(429, body) is Reason.THROTTLED
