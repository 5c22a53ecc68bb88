"""What the simulated tenant leaves out as Graph does: previews in v1.0, later words, hidden members, counts."""

import socket
import threading
from dataclasses import replace

import httpx
import pytest

from mfaaudit.cli.simulate import server_of
from mfaaudit.simulated.mood import MOOD, REAL, Mood
from mfaaudit.simulated.preview_policies import NAME

POLICIES = "/identity/conditionalAccess/policies"
PREFER = {"Prefer": "odata.maxpagesize=5, include-unknown-enum-members"}
SENTINEL = "unknownFutureValue"


@pytest.fixture
def odd(open_one, monkeypatch):
    """Opens a tenant that is like a mood but for some fields."""

    def opening(mood="managed", **fields):
        monkeypatch.setitem(MOOD, "odd", replace(MOOD[mood], **fields))
        return open_one(mood="odd", users=80)

    return opening


def names(answer):
    return {one["displayName"] for one in answer.json()["value"]}


def test_only_beta_lists_a_policy_with_a_preview(odd, get):
    tenant = odd("tidy", previews=True)
    older, newer = names(get(tenant, f"/v1.0{POLICIES}")), names(get(tenant, f"/beta{POLICIES}"))

    assert newer - older == {NAME}
    assert older < newer


def test_later_members_of_enums_come_to_those_who_ask_for_them(odd, get):
    tenant = odd("tidy", later_words=True)

    def last(**how):
        policy = get(tenant, f"/v1.0{POLICIES}", **how).json()["value"][-1]
        return policy["grantControls"]["builtInControls"], policy["conditions"]["platforms"]["includePlatforms"]

    assert last() == ([SENTINEL], [SENTINEL])
    assert last(headers={"Prefer": "return=minimal"}) == ([SENTINEL], [SENTINEL])
    assert last(headers=PREFER) == (["riskRemediation"], ["linux"])


@pytest.mark.parametrize(("states", "status"), [(None, 400), ((), 200), (("enabled", "disabled"), 200)])
def test_plans_are_in_beta_alone_where_the_service_knows_them(odd, get, states, status):
    tenant = odd("tidy", plans=states)
    answer = get(tenant, "/beta/identity/conditionalAccess/plans")

    assert answer.status_code == status
    assert get(tenant, "/v1.0/identity/conditionalAccess/plans").status_code == 405
    if status == 200:
        rows = answer.json()["value"]
        assert [row["state"] for row in rows] == list(states)
        for row in rows:
            rules = get(tenant, f"/beta/identity/conditionalAccess/plans/{row['id']}/rules").json()["value"]
            assert rules[0]["controls"]["grantControls"]["builtInControls"] == ["mfa"]


def test_hidden_members_are_shown_to_nobody_without_the_permission_and_nothing_is_refused(odd, get):
    tenant = odd(hidden_groups=True)
    hidden = next(one for one in tenant.directory.groups.values() if one.hidden)
    url = f"/v1.0/groups/{hidden.id}/transitiveMembers"

    assert get(tenant, f"/v1.0/groups/{hidden.id}?$select=id,visibility").json()["visibility"] == "HiddenMembership"
    without = get(tenant, url)
    seeing = tenant.access_token(permissions=[*tenant.directory.mood.permissions, "Member.Read.Hidden"])
    assert (without.status_code, without.json()["value"]) == (200, [])
    assert get(tenant, url, token=seeing).json()["value"] != []


@pytest.mark.parametrize(("kind", "status"), [("AAD", 200), ("AAD B2C", 400), ("CIAM", 400)])
def test_tenants_of_customers_do_not_count_their_users(odd, get, kind, status):
    tenant = odd(tenant_type=kind)

    assert get(tenant, "/v1.0/organization").json()["value"][0]["tenantType"] == kind
    counted = get(tenant, "/v1.0/users/$count", headers={"ConsistencyLevel": "eventual"})
    assert counted.status_code == status


def test_the_real_mood_has_many_oddities_and_a_field_more_is_a_line(open_one, get):
    fields = {field for field in Mood.__dataclass_fields__ if field in REAL}
    assert fields == set(REAL)
    assert len(REAL) >= 8

    tenant = open_one(mood="real", users=120)
    # The first premium read is refused, as in any messy tenant.
    assert get(tenant, f"/beta{POLICIES}").status_code == 403
    assert NAME in names(get(tenant, f"/beta{POLICIES}"))
    assert any(one.hidden for one in tenant.directory.groups.values())
    assert "one-sided" in {one.fault for one in tenant.directory.accounts}


def test_the_served_tenant_sends_one_date(open_one):
    tenant = open_one(users=5)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    server = server_of(tenant.app)
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]))
    thread.start()
    try:
        headers = {"Authorization": f"Bearer {tenant.access_token()}"}
        answer = httpx.get(f"http://127.0.0.1:{listener.getsockname()[1]}/v1.0/organization", headers=headers)
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listener.close()

    assert answer.status_code == 200
    assert len(answer.headers.get_list("date")) == 1
