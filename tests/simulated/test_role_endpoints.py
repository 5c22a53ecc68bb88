"""Directory roles, and who holds them directly or through a group."""

from uuid import UUID

import pytest

GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
ASSIGNMENTS = "/v1.0/roleManagement/directory/roleAssignments"
EVENTUAL = {"ConsistencyLevel": "eventual"}


@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_the_administrators_of_the_report_are_those_who_hold_a_role(open_one, get, rows, mood):
    tenant = open_one(mood=mood)
    details = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
    get(tenant, details)
    reported = {row["id"] for row in rows(tenant, details) if row["isAdmin"]}

    holders = set()
    for one in rows(tenant, f"{ASSIGNMENTS}?$expand=principal"):
        if one["principal"]["@odata.type"] == "#microsoft.graph.group":
            url = f"/v1.0/groups/{one['principalId']}/transitiveMembers/microsoft.graph.user?$count=true&$select=id"
            holders |= {row["id"] for row in rows(tenant, url, headers=EVENTUAL)}
        else:
            holders.add(one["principalId"])

    assert holders == reported
    assert len(holders) > 10


def test_assignments_name_principals_only_when_asked_to(open_one, rows):
    tenant = open_one()

    bare, whole = rows(tenant, ASSIGNMENTS), rows(tenant, f"{ASSIGNMENTS}?$expand=principal")

    assert [{k: v for k, v in one.items() if k != "principal"} for one in whole] == bare
    assert all(one["principal"]["id"] == one["principalId"] for one in whole)
    assert {one["principal"]["@odata.type"] for one in whole} == {
        "#microsoft.graph.user",
        "#microsoft.graph.group",
    }
    assert len({one["id"] for one in bare}) == len(bare)


@pytest.mark.parametrize("top", [1, 3, 999])
def test_pages_of_assignments_lose_nobody_and_repeat_nobody(open_one, rows, top):
    tenant = open_one()

    assert rows(tenant, f"{ASSIGNMENTS}?$top={top}") == rows(tenant, ASSIGNMENTS)


def test_assignments_can_be_filtered_by_role_and_by_principal(open_one, rows, get):
    tenant = open_one()

    admins = rows(tenant, f"{ASSIGNMENTS}?$filter=roleDefinitionId eq '{GLOBAL_ADMINISTRATOR}'")
    first = admins[0]["principalId"]

    assert len(admins) >= 2
    assert {one["roleDefinitionId"] for one in admins} == {GLOBAL_ADMINISTRATOR}
    assert admins[0] in rows(tenant, f"{ASSIGNMENTS}?$filter=principalId eq '{first}'")
    assert get(tenant, f"{ASSIGNMENTS}?$filter=roleDefinitionId ne 'x'").status_code == 400


def test_every_role_that_is_held_has_a_definition_with_a_name(open_one, rows):
    tenant = open_one()
    url = "/v1.0/roleManagement/directory/roleDefinitions?$select=id,displayName,templateId"

    definitions = {row["id"]: row for row in rows(tenant, url)}

    assert {one["roleDefinitionId"] for one in rows(tenant, ASSIGNMENTS)} <= set(definitions)
    assert definitions[GLOBAL_ADMINISTRATOR]["displayName"] == "Global Administrator"
    assert {frozenset(row) for row in definitions.values()} == {frozenset({"id", "displayName", "templateId"})}


def test_directory_roles_have_ids_of_their_own_and_the_same_holders(open_one, rows):
    tenant = open_one()
    assigned = {}
    for one in rows(tenant, ASSIGNMENTS):
        assigned.setdefault(one["roleDefinitionId"], set()).add(one["principalId"])

    roles = rows(tenant, "/v1.0/directoryRoles")

    assert {role["roleTemplateId"] for role in roles} == set(assigned)
    assert len({role["id"] for role in roles}) == len(roles)
    assert all(str(UUID(role["id"])) == role["id"] for role in roles)
    assert not {role["id"] for role in roles} & set(assigned)
    for role in roles:
        members = rows(tenant, f"/v1.0/directoryRoles/{role['id']}/members")
        assert {one["id"] for one in members} == assigned[role["roleTemplateId"]]


def test_a_role_that_is_not_there_has_no_members(open_one, get, code):
    answer = get(open_one(), f"/v1.0/directoryRoles/{GLOBAL_ADMINISTRATOR}/members")

    assert (answer.status_code, code(answer)) == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize("path", ["members", "transitiveMembers"])
def test_the_members_of_the_group_come_as_objects_or_as_users(open_one, rows, get, path):
    tenant = open_one()
    url = f"/v1.0/groups/{tenant.directory.group}/{path}"

    objects = rows(tenant, url)
    users = rows(tenant, f"{url}/microsoft.graph.user?$count=true&$select=id&$top=3", headers=EVENTUAL)
    first = get(tenant, f"{url}/microsoft.graph.user?$count=true", headers=EVENTUAL).json()

    assert {one["@odata.type"] for one in objects} == {"#microsoft.graph.user"}
    assert {frozenset(one) for one in users} == {frozenset({"id"})}
    assert [one["id"] for one in users] == [one["id"] for one in objects]
    assert first["@odata.count"] == len(users) == 4


@pytest.mark.parametrize(("query", "headers"), [("", EVENTUAL), ("?$count=true", {}), ("?$count=false", EVENTUAL)])
def test_the_cast_to_users_is_an_advanced_query(open_one, get, code, query, headers):
    tenant = open_one()
    url = f"/v1.0/groups/{tenant.directory.group}/transitiveMembers/microsoft.graph.user{query}"

    answer = get(tenant, url, headers=headers)

    assert (answer.status_code, code(answer)) == (400, "Request_UnsupportedQuery")


def test_the_group_holds_the_role_and_no_other_id_is_a_group(open_one, get, rows):
    tenant = open_one()
    held = {one["principalId"] for one in rows(tenant, f"{ASSIGNMENTS}?$filter=roleDefinitionId eq '{HELPDESK}'")}

    assert get(tenant, f"/v1.0/groups/{tenant.directory.group}").json()["isAssignableToRole"] is True
    assert tenant.directory.group in held
    for path in ("", "/members", "/transitiveMembers"):
        assert get(tenant, f"/v1.0/groups/{tenant.tenant_id}{path}").status_code == 404


@pytest.mark.parametrize("url", [ASSIGNMENTS, "/v1.0/roleManagement/directory/roleDefinitions", "/v1.0/directoryRoles"])
def test_roles_need_a_permission_of_their_own(open_one, get, code, url):
    tenant = open_one(users=60)

    allowed = get(tenant, url, token=tenant.access_token(permissions=["RoleManagement.Read.Directory"]))
    refused = get(tenant, url, token=tenant.access_token(permissions=["User.Read.All"]))

    assert allowed.status_code == 200
    assert (refused.status_code, code(refused)) == (403, "Authorization_RequestDenied")
