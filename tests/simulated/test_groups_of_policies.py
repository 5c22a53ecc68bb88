"""Groups that Conditional Access policies name: members at any depth, and one that is gone."""

import pytest

POLICIES = "/v1.0/identity/conditionalAccess/policies"
GROUP, USER = "#microsoft.graph.group", "#microsoft.graph.user"
EVENTUAL = {"ConsistencyLevel": "eventual"}


@pytest.fixture
def named(get):
    """The ids of the groups that policies include and leave out."""

    def reading(tenant):
        # The messy tenant denies its licence once.
        found = [get(tenant, POLICIES) for _ in range(2)][-1].json()["value"]
        users = [one["conditions"]["users"] for one in found]
        return tuple({group for one in users for group in one[key]} for key in ("includeGroups", "excludeGroups"))

    return reading


@pytest.fixture
def nesting(named, get):
    """The group of exclusions, which has another in it."""

    def finding(tenant):
        for group in sorted(named(tenant)[1]):
            answer = get(tenant, f"/v1.0/groups/{group}")
            if answer.status_code == 200 and answer.json()["displayName"] == "CA exclusions":
                return group
        raise AssertionError("no policy leaves it out")

    return finding


@pytest.fixture
def inside(rows):
    """The objects in a group."""

    def reading(tenant, group, path="members", query="", **how):
        return rows(tenant, f"/v1.0/groups/{group}/{path}{query}", **how)

    return reading


def test_the_tidy_policy_leaves_out_a_group_that_is_there(open_one, named, get):
    tenant = open_one()

    included, excluded = named(tenant)

    assert (included, len(excluded)) == (set(), 1)
    assert [get(tenant, f"/v1.0/groups/{group}").status_code for group in excluded] == [200]


def test_a_policy_of_the_messy_tenant_names_a_group_that_was_deleted(open_one, named, get, code):
    tenant = open_one(mood="messy")
    included, excluded = named(tenant)

    statuses = {group: get(tenant, f"/v1.0/groups/{group}").status_code for group in included | excluded}

    (gone,) = (group for group, status in statuses.items() if status == 404)
    assert gone in included & excluded
    assert sorted(statuses.values()) == [200, 200, 404]
    for path in ("", "/members", "/transitiveMembers", "/transitiveMembers/microsoft.graph.user?$count=true"):
        answer = get(tenant, f"/v1.0/groups/{gone}{path}", headers=EVENTUAL)
        assert (answer.status_code, code(answer)) == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_members_of_a_group_in_a_group_are_members_transitively_and_once(open_one, nesting, inside, mood):
    tenant = open_one(mood=mood)
    group = nesting(tenant)

    direct, every = inside(tenant, group), inside(tenant, group, "transitiveMembers")
    (inner,) = (one["id"] for one in direct if one["@odata.type"] == GROUP)
    deeper = inside(tenant, inner)

    ids = [one["id"] for one in every]
    assert len(ids) == len(set(ids))
    assert set(ids) == {one["id"] for one in direct + deeper}
    # Somebody is in both.
    assert len(ids) < len(direct) + len(deeper)
    assert len(ids) > len(direct)
    assert {one["@odata.type"] for one in every} == {USER, GROUP}


@pytest.mark.parametrize("path", ["members", "transitiveMembers"])
def test_a_cast_keeps_one_type(open_one, nesting, inside, path):
    tenant = open_one()
    group = nesting(tenant)
    objects = inside(tenant, group, path)

    for kind in (USER, GROUP):
        cast = inside(tenant, group, path, f"/{kind[1:]}?$count=true&$select=id", headers=EVENTUAL)
        assert cast == [{"id": one["id"]} for one in objects if one["@odata.type"] == kind] != []


def test_a_count_of_a_cast_counts_that_type(open_one, nesting, get):
    tenant = open_one()
    url = f"/v1.0/groups/{nesting(tenant)}/members"

    counts = [
        get(tenant, f"{url}{cast}?$count=true", headers=EVENTUAL).json()["@odata.count"]
        for cast in ("/microsoft.graph.user", "/microsoft.graph.group", "")
    ]

    assert counts == [2, 1, 3]


def test_pages_of_members_lose_nobody_and_repeat_nobody(open_one, nesting, inside):
    tenant = open_one()
    group = nesting(tenant)

    assert inside(tenant, group, "transitiveMembers", "?$top=3") == inside(tenant, group, "transitiveMembers")


def test_emergency_and_service_accounts_are_left_out(open_one, nesting, inside):
    tenant = open_one()

    users = inside(tenant, nesting(tenant), "transitiveMembers", "/microsoft.graph.user?$count=true", headers=EVENTUAL)

    assert {one["userPrincipalName"][:4] for one in users} == {"emer", "svc-"}


def test_a_member_who_was_deleted_is_in_no_group(open_one, nesting, inside):
    tenant = open_one()
    group = nesting(tenant)
    leaver = next(one["id"] for one in inside(tenant, group) if one["@odata.type"] == USER)

    tenant.directory.gone.add(leaver)

    for path in ("members", "transitiveMembers"):
        assert leaver not in {one["id"] for one in inside(tenant, group, path)}


def test_the_pilot_of_the_messy_tenant_is_some_of_its_people(open_one, named, inside, get):
    tenant = open_one(mood="messy")

    (pilot,) = (group for group in named(tenant)[0] if get(tenant, f"/v1.0/groups/{group}").status_code == 200)

    assert get(tenant, f"/v1.0/groups/{pilot}").json()["isAssignableToRole"] is None
    assert 0 < len(inside(tenant, pilot)) < tenant.user_count / 4


@pytest.mark.parametrize("users", [0, 1, 5])
@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_in_the_smallest_tenants_groups_may_be_empty(open_one, nesting, inside, mood, users):
    tenant = open_one(mood=mood, users=users)

    found = inside(tenant, nesting(tenant), "transitiveMembers")

    assert len([one for one in found if one["@odata.type"] == USER]) <= users


@pytest.mark.parametrize("path", ["", "/members", "/transitiveMembers"])
def test_groups_need_a_permission_of_their_own(open_one, nesting, get, code, path):
    tenant = open_one(users=60)
    url = f"/v1.0/groups/{nesting(tenant)}{path}"

    allowed = get(tenant, url, token=tenant.access_token(permissions=["GroupMember.Read.All"]))
    refused = get(tenant, url, token=tenant.access_token(permissions=["Policy.Read.All", "User.Read.All"]))

    assert allowed.status_code == 200
    assert (refused.status_code, code(refused)) == (403, "Authorization_RequestDenied")
