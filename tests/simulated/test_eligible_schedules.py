"""Who may take up which role: schedules of people and of a group, and their own refusals."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from mfaaudit.simulated.mood import MOOD

URL = "/v1.0/roleManagement/directory/roleEligibilitySchedules"
ASSIGNMENTS = "/v1.0/roleManagement/directory/roleAssignments"
GROUP, USER = "#microsoft.graph.group", "#microsoft.graph.user"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
EVENTUAL = {"ConsistencyLevel": "eventual"}
READERS = ("RoleEligibilitySchedule.Read.Directory", "RoleManagement.Read.Directory", "RoleManagement.Read.All")


def test_a_row_is_that_of_the_page(open_one, rows):
    for one in rows(open_one(), URL):
        assert set(one) == {
            "id", "principalId", "roleDefinitionId", "directoryScopeId", "appScopeId", "createdUsing",
            "createdDateTime", "modifiedDateTime", "status", "memberType", "scheduleInfo",
        }  # fmt: skip
        assert set(one["scheduleInfo"]) == {"startDateTime", "recurrence", "expiration"}
        assert set(one["scheduleInfo"]["expiration"]) == {"type", "endDateTime", "duration"}
        assert (one["status"], one["memberType"], one["appScopeId"]) == ("Provisioned", "Direct", None)
        assert str(UUID(one["id"])) == one["id"] == one["createdUsing"]


def test_each_kind_of_expiration_holds_what_belongs_to_it(open_one, rows):
    found = [one["scheduleInfo"]["expiration"] for one in rows(open_one(), URL)]

    filled = {one["type"]: (one["endDateTime"] is not None, one["duration"] is not None) for one in found}
    assert filled == {
        "noExpiration": (False, False),
        "afterDateTime": (True, False),
        "afterDuration": (False, True),
    }


@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_a_few_people_are_eligible_and_a_group_whose_members_then_are(open_one, rows, mood):
    tenant = open_one(mood=mood)

    found = rows(tenant, f"{URL}?$expand=principal")

    direct = [one for one in found if one["memberType"] == "Direct"]
    people = {one["principalId"] for one in direct if one["principal"]["@odata.type"] == USER}
    (group,) = (one for one in direct if one["principal"]["@odata.type"] == GROUP)
    url = f"/v1.0/groups/{group['principalId']}/transitiveMembers/microsoft.graph.user?$count=true&$select=id"
    members = {row["id"] for row in rows(tenant, url, headers=EVENTUAL)}
    assert (len(people), len(members), people & members) == (4, 3, set())
    assert group["principal"]["isAssignableToRole"] is True
    assert all(one["principal"]["id"] == one["principalId"] for one in found)


def test_whoever_is_only_eligible_holds_no_role_and_is_no_administrator_of_the_report(open_one, rows):
    tenant = open_one()
    eligible = {one["principalId"] for one in rows(tenant, URL)}

    report = rows(tenant, "/v1.0/reports/authenticationMethods/userRegistrationDetails")

    assert not eligible & {one["principalId"] for one in rows(tenant, ASSIGNMENTS)}
    assert {row["isAdmin"] for row in report if row["id"] in eligible} == {False}


def test_the_messy_tenant_lists_a_member_of_the_group_beside_the_group(open_one, rows):
    tenant = open_one(mood="messy")

    found = rows(tenant, URL)

    (inherited,) = (one for one in found if one["memberType"] == "Group")
    group = next(one["principalId"] for one in found if one["principalId"] in tenant.directory.groups)
    assert inherited["principalId"] in {one["id"] for one in rows(tenant, f"/v1.0/groups/{group}/members")}
    assert inherited["roleDefinitionId"] in {one["roleDefinitionId"] for one in found if one["principalId"] == group}


def test_the_messy_tenant_has_one_for_later_and_for_a_part_of_the_directory(open_one, rows):
    tenant = open_one(mood="messy")

    found, now = rows(tenant, URL), tenant.directory.now

    later = [one for one in found if datetime.fromisoformat(one["scheduleInfo"]["startDateTime"]) > now]
    assert [one["directoryScopeId"].startswith("/administrativeUnits/") for one in later] == [True]
    assert {one["directoryScopeId"] for one in found if one not in later} == {"/"}


def test_times_lie_in_order(open_one, rows):
    for one in rows(open_one(), URL):
        schedule = one["scheduleInfo"]
        start, end = schedule["startDateTime"], schedule["expiration"]["endDateTime"]
        assert datetime.fromisoformat(one["createdDateTime"]) <= datetime.fromisoformat(start)
        assert end is None or datetime.fromisoformat(start) < datetime.fromisoformat(end)
        # As the page writes what was never modified.
        assert datetime.fromisoformat(one["modifiedDateTime"]) == datetime(1, 1, 1, 8, tzinfo=UTC)


def test_schedules_are_filtered_and_paged_as_assignments_are(open_one, rows, get):
    tenant = open_one()
    whole = rows(tenant, URL)

    admins = rows(tenant, f"{URL}?$filter=roleDefinitionId eq '{GLOBAL_ADMINISTRATOR}'")
    first = rows(tenant, f"{URL}?$filter=principalId eq '{whole[0]['principalId']}'")

    assert {one["roleDefinitionId"] for one in admins} == {GLOBAL_ADMINISTRATOR}
    assert first == [whole[0]]
    assert rows(tenant, f"{URL}?$top=2") == whole
    assert get(tenant, f"{URL}?$filter=status ne 'x'").status_code == 400


def test_both_versions_tell_the_same(open_one, rows):
    tenant = open_one()

    assert rows(tenant, URL.replace("v1.0", "beta")) == rows(tenant, URL)


@pytest.mark.parametrize("permission", READERS)
@pytest.mark.parametrize("kind", ["delegated", "application"])
def test_each_of_its_permissions_is_enough(open_one, get, permission, kind):
    tenant = open_one(users=60)

    assert get(tenant, URL, token=tenant.access_token(kind=kind, permissions=[permission])).status_code == 200


def test_without_one_the_reason_is_text_within_an_unknown_error(open_one, get, code):
    tenant = open_one(users=60)

    answer = get(tenant, URL, token=tenant.access_token(permissions=["Directory.Read.All", "User.Read.All"]))

    assert (answer.status_code, code(answer)) == (403, "UnknownError")
    inner = json.loads(answer.json()["error"]["message"])
    assert inner["errorCode"] == "PermissionScopeNotGranted"
    assert all(permission in inner["message"] for permission in READERS)


def test_a_tenant_without_p2_answers_400_though_it_may_have_p1(open_one, get, code, monkeypatch):
    monkeypatch.setitem(MOOD, "with P1", replace(MOOD["tidy"], p2=False))
    for tenant in (open_one(mood="with P1", users=60), open_one(mood="unlicensed", users=60)):
        answer = get(tenant, URL)
        assert (answer.status_code, code(answer)) == (400, "AadPremiumLicenseRequired")
        assert get(tenant, ASSIGNMENTS).status_code == 200
    details = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
    assert get(open_one(mood="with P1", users=60), details).status_code == 200


@pytest.mark.parametrize("users", [0, 1, 4, 12])
def test_a_tenant_with_too_few_people_has_fewer_schedules(open_one, rows, users):
    assert len(rows(open_one(users=users), f"{URL}?$expand=principal")) <= users
