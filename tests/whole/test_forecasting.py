"""A forecast costs four calls, and foretells the requests and units that an audit of the same tenant then makes."""

import json
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import parse_qsl

import httpx
import pytest
from leaping_loop import in_no_time

from mfaaudit.bundle import EVIDENCE
from mfaaudit.connecting import Connection
from mfaaudit.errors import Refused
from mfaaudit.evidence.batch import BATCH, outcomes
from mfaaudit.evidence.journal import read_journal
from mfaaudit.forecasting import forecast, to_json
from mfaaudit.simulated import open_tenant
from mfaaudit.simulated.quota import units
from mfaaudit.sources import SOURCES
from mfaaudit.sources.source import Bucket, Shape
from mfaaudit.tenant.cost import units_of
from mfaaudit.tenant.sign_in import GivenToken

ROOT = "https://graph.microsoft.com"
# Those of the jobs that the results are compared with.
USERS, SEED = 120, 7


def forecast_of(mood="tidy", users=USERS, change=lambda _, answer: answer, groups=(), **token):
    """The forecast for a tenant and the calls that it made; `change` sees each answer, and may give another."""
    tenant = open_tenant(users=users, seed=SEED, mood=mood, now=datetime.now(UTC), quota=False)
    inside, calls = httpx.ASGITransport(app=tenant.app), []

    async def service(request):
        calls.append(request)
        return change(request, await inside.handle_async_request(request))

    connection = Connection(
        root=ROOT,
        cloud="global",
        auth="token",
        credential=GivenToken(tenant.access_token(**token)),
        scopes=[f"{ROOT}/.default"],
        tenant=None,
        transport=httpx.MockTransport(service),
    )
    found = to_json(in_no_time(forecast(connection, lambda *_: None, groups=groups)))
    return SimpleNamespace(found=found, lines={one["source"]: one for one in found["sources"]}, calls=calls)


def counting(number):
    """The same tenant, with another number in its count of users."""

    def change(request, answer):
        return httpx.Response(200, text=str(number)) if request.url.path.endswith("/$count") else answer

    return change


def test_five_calls_are_made_and_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = forecast_of()
    assert len(made.calls) == made.found["requestsMade"] == 5
    assert {call.method for call in made.calls} == {"GET"}
    assert not [call for call in made.calls if "authentication" in call.url.path]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mood", ["tidy", "half-forbidden"])
def test_an_audit_then_makes_as_many_requests_within_a_few_percent(jobs, mood):
    run = jobs[mood].results["run"]
    assert forecast_of(mood).found["requests"] == pytest.approx(run["requests"], rel=0.05)


def test_an_audit_then_asks_each_source_as_often(jobs):
    tidy, lines = jobs["tidy"].results, forecast_of().lines
    asked = {one["source"]: one["requests"] for one in tidy["coverage"]}
    per_user = {source.name for source in SOURCES if source.shape is Shape.PER_USER}
    assert {name: lines[name]["requests"] for name in asked if name not in per_user} == {
        name: number for name, number in asked.items() if name not in per_user
    }
    assert {asked[name] for name in per_user} == {lines["$batch"]["requests"]}
    assert {lines[name]["reads"] for name in per_user} == {tidy["population"]["enumerated"]}


def test_an_audit_is_then_charged_as_many_units(jobs):
    charged = Counter()
    for source in SOURCES:
        for answer in read_journal(jobs["tidy"].bundle / EVIDENCE, source.name):
            charged[source.name] += int(answer.headers["x-ms-resource-unit"])
    for answer in read_journal(jobs["tidy"].bundle / EVIDENCE, BATCH):
        for item, outcome in outcomes(answer):
            charged[item.source] += int(outcome.headers["x-ms-resource-unit"])
    lines = forecast_of().lines
    identity = [source.name for source in SOURCES if source.bucket is Bucket.IDENTITY and source.name in lines]
    assert {name: lines[name]["units"] for name in identity} == {name: charged[name] for name in identity}


def test_what_each_read_costs_is_what_the_documented_table_says():
    for source in SOURCES:
        path, _, query = source.path.partition("?")
        assert units_of(source) == units(path.lower(), dict(parse_qsl(query))), source.name


@pytest.mark.parametrize(("users", "quota"), [(49, 3_500), (50, 5_000), (500, 5_000), (501, 8_000)])
def test_the_quota_is_that_of_the_size_of_the_tenant(users, quota):
    buckets = {one["bucket"]: one for one in forecast_of(users=1, change=counting(users)).found["buckets"]}
    assert (buckets["identity"]["quota"], buckets["identity"]["periodSeconds"]) == (quota, 10)
    # Graph's pages name neither the per-user reads nor the sign-in metrics.
    assert {name for name, one in buckets.items() if one["documented"]} == {"conditional access"}
    assert (buckets["reports"]["quota"], buckets["conditional access"]["quota"]) == (5, 1)


def test_a_hundred_thousand_users_take_minutes_at_the_quota_and_hours_at_a_cautious_rate():
    made = forecast_of(users=1, change=counting(100_000))
    assert made.lines["users"]["requests"] == made.lines["userRegistrationDetails"]["requests"] == 101
    assert made.lines["$batch"]["requests"] == 10_000
    seconds = made.found["seconds"]
    # 200,000 reads: 800 units a second; 3 reads a second; 5 requests in 10 s.
    assert seconds["atQuota"] == pytest.approx(250, rel=0.01)
    assert seconds["cautious"] == pytest.approx(66_667, rel=0.01)
    assert seconds["countedWithReports"] == pytest.approx(400_000, rel=0.01)


def test_a_tenant_without_users():
    made = forecast_of(users=0)
    assert made.found["users"] == made.lines["$batch"]["requests"] == 0
    assert made.lines["users"]["requests"] == 1


def test_every_group_that_holds_a_role_is_one_request_more():
    assert forecast_of(users=40, change=named_by_policies()).lines["groupMembers"]["requests"] == 0
    made = forecast_of(users=400, change=named_by_policies())
    assert (made.lines["groupMembers"]["requests"], made.lines["groupMembers"]["units"]) == (1, 4)


def test_roles_that_go_on_to_another_page_make_the_number_a_least_one():
    def change(request, answer):
        if not request.url.path.endswith("/roleAssignments"):
            return answer
        return httpx.Response(200, json={"value": [], "@odata.nextLink": f"{request.url}&$skiptoken=x"})

    made = forecast_of(change=change)
    assert {name for name, line in made.lines.items() if line["atLeast"]} == {
        "roleAssignments",
        "namedGroups",
        "groupMembers",
    }
    assert made.lines["roleAssignments"]["requests"] == 2


def group(letter):
    """The object id of a group."""
    return f"0e5b3f0a-41c7-4d3a-9d5e-00000000000{letter}"


def named_by_policies(*names):
    """The same tenant, with one policy that excludes these groups."""
    policy = {"conditions": {"users": {"includeUsers": ["All"], "excludeGroups": [group(name) for name in names]}}}

    def change(request, answer):
        return httpx.Response(200, json={"value": [policy]}) if "conditionalAccess" in request.url.path else answer

    return change


def options_of(made):
    return {one["option"]: one for one in made.found["options"]}


def test_what_an_option_reads_is_no_part_of_the_sum_and_its_price_stands_beside():
    made = forecast_of(users=1, change=counting(100_000))
    assert not {"signInActivity", "roleEligibilitySchedules", "listedStates"} & set(made.lines)
    activity = options_of(made)["--with-signin-activity"]
    # 500 users a request, 10 requests a minute.
    assert (activity["requests"], activity["seconds"], activity["atLeast"]) == (200, 1_200, False)
    assert activity["price"] == "--with-signin-activity adds 200 requests, about 20 minutes at Graph's 10 a minute."
    assert made.found["seconds"]["atQuota"] < 1_200


def test_the_price_of_eligible_roles_is_a_least_one():
    eligible = options_of(forecast_of())["--with-eligible-roles"]
    assert (eligible["requests"], eligible["units"], eligible["atLeast"]) == (1, 2, True)


def test_each_group_that_a_policy_names_and_that_holds_no_role_is_a_request():
    # A rule of the pack that every audit is judged with unless another is named asks for them.
    made = forecast_of(change=named_by_policies("a", "b", "A"))
    line = made.lines["groupMembers"]
    assert (line["requests"], line["units"], line["atLeast"]) == (2, 8, True)
    found = options_of(made)["--with-policy-groups"]
    assert (found["requests"], found["units"], found["atLeast"]) == (0, 0, False)
    none = forecast_of(change=named_by_policies()).lines["groupMembers"]
    assert (none["requests"], none["units"], none["atLeast"]) == (0, 0, False)


def test_a_group_that_a_rule_names_is_part_of_the_sum_and_not_of_the_price_of_the_option():
    plain = forecast_of(change=named_by_policies("a", "b"))
    made = forecast_of(change=named_by_policies("a", "b"), groups=[group("A"), group("C")])
    assert (made.lines["groupMembers"]["requests"], made.lines["groupMembers"]["atLeast"]) == (3, True)
    # What the group is, and who is in it.
    assert made.found["requests"] == plain.found["requests"] + 2
    assert options_of(made)["--with-policy-groups"]["requests"] == 0


def test_policies_that_may_not_be_read_leave_that_price_open_and_end_nothing():
    permissions = ["User.Read.All", "RoleManagement.Read.Directory"]
    found = options_of(forecast_of(permissions=permissions))["--with-policy-groups"]
    assert (found["requests"], found["seconds"], found["atLeast"]) == (None, None, True)
    assert "for each group" in found["price"]


def test_both_ways_to_collect_stand_side_by_side():
    made = forecast_of(users=400, change=counting(100_000))
    per_user, bulk = made.found["ways"]
    assert (per_user["collect"], bulk["collect"]) == ("per-user", "verified-bulk")
    assert (per_user["requests"], per_user["units"]) == (made.found["requests"], made.found["units"])
    assert per_user["seconds"] == made.found["seconds"]
    assert per_user["perUserReads"] == 200_000
    # Of each state 300 users, and those who hold a role themselves.
    assert 2 * 900 < bulk["perUserReads"] < 0.02 * per_user["perUserReads"]
    assert bulk["atLeast"]
    # The list with the states comes on top of what is left.
    assert bulk["requests"] == per_user["requests"] - (200_000 - bulk["perUserReads"]) // 20 + 101
    assert bulk["seconds"]["cautious"] < per_user["seconds"]["cautious"] / 50


def test_in_a_tenant_that_the_sample_exhausts_both_ways_read_everybody_singly():
    per_user, bulk = forecast_of().found["ways"]
    assert bulk["perUserReads"] == per_user["perUserReads"] == 2 * USERS


def test_users_that_may_not_be_counted_end_it():
    with pytest.raises(Refused, match=r"403"):
        forecast_of(permissions=["User.Read"])


def test_the_size_of_a_bundle_is_of_the_order_that_was_foretold(jobs):
    bundle, found = jobs["tidy"].bundle, forecast_of().found
    sizes = {path: path.stat().st_size for path in bundle.rglob("*") if path.is_file()}
    evidence = sum(size for path, size in sizes.items() if path.parent.name == EVIDENCE)
    assert evidence / 2 < found["evidenceBytes"] < 2 * evidence
    assert sum(sizes.values()) / 2 < found["diskBytes"] < 2 * sum(sizes.values())


def test_the_result_is_json_through_and_through():
    found = forecast_of().found
    assert json.loads(json.dumps(found)) == found
