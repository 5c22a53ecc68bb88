"""The list of users: everybody once whatever the page size, counted, and as awkward as in the field."""

import unicodedata
from urllib.parse import urlsplit

import pytest

EVENTUAL = {"ConsistencyLevel": "eventual"}


@pytest.mark.parametrize("mood", ["tidy", "messy"])
@pytest.mark.parametrize("top", [1, 7, 60, 61, 100, 999])
def test_pages_of_any_size_lose_nobody_and_repeat_nobody(open_one, rows, mood, top):
    tenant = open_one(users=61, mood=mood)

    ids = [row["id"] for row in rows(tenant, f"/v1.0/users?$select=id&$top={top}")]

    assert len(ids) == len(set(ids)) == 61
    assert set(ids) == {account.id for account in tenant.directory.accounts}


@pytest.mark.parametrize(("users", "top", "expected"), [(250, "", 3), (250, "&$top=999", 1), (100, "&$top=50", 2)])
def test_a_page_holds_a_hundred_or_what_was_asked_for(open_one, pages, users, top, expected):
    found = pages(open_one(users=users), f"/v1.0/users?$select=id{top}")

    assert len(found) == expected
    assert all("@odata.nextLink" in page for page in found[:-1])
    assert "@odata.nextLink" not in found[-1]


@pytest.mark.parametrize("top", ["0", "1000", "-1", "many", "%C2%B2", "1.5"])
def test_a_page_size_that_graph_refuses_is_refused(open_one, get, top):
    assert get(open_one(users=5), f"/v1.0/users?$top={top}").status_code == 400


def test_an_application_that_asks_for_sign_in_activity_gets_smaller_pages(open_one, get):
    tenant = open_one(users=5)

    assert get(tenant, "/v1.0/users?$select=id,signInActivity&$top=500").status_code == 200
    assert get(tenant, "/v1.0/users?$select=id,signInActivity&$top=501").status_code == 400


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_the_link_leads_to_the_same_service_and_repeats_the_query(open_one, get, version):
    link = get(open_one(), f"/{version}/users?$select=id,displayName&$top=9").json()["@odata.nextLink"]

    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "graph.microsoft.com", f"/{version}/users")
    assert {"$select=id,displayName", "$top=9"} < set(parts.query.split("&"))
    assert "$skiptoken=" in parts.query


def test_the_link_names_the_host_that_was_asked(open_one, get):
    answer = get(open_one(), "http://127.0.0.1:8123/v1.0/users?$top=5")

    assert answer.json()["@odata.nextLink"].startswith("http://127.0.0.1:8123/v1.0/users?")


def test_a_page_link_that_is_no_longer_good_says_so(open_one, get, code):
    answer = get(open_one(), "/v1.0/users?$skiptoken=bm9uc2Vuc2U=")

    assert (answer.status_code, code(answer)) == (400, "Directory_ExpiredPageToken")


def test_skip_is_not_supported(open_one, get):
    assert get(open_one(), "/v1.0/users?$skip=10").status_code == 400


def test_the_messy_directory_sends_a_page_without_users_and_goes_on(open_one, pages):
    sizes = [len(page["value"]) for page in pages(open_one(mood="messy"), "/v1.0/users?$select=id")]

    assert sizes == [100, 0, 100, 100]


def test_the_count_comes_with_the_first_page_and_only_with_eventual_consistency(open_one, pages):
    tenant = open_one()
    url = "/v1.0/users?$count=true&$select=id"

    counts = [page.get("@odata.count") for page in pages(tenant, url, headers=EVENTUAL)]

    assert counts == [300, None, None]
    assert [page.get("@odata.count") for page in pages(tenant, url)] == [None, None, None]


def test_a_count_that_is_declined_does_not_come(open_one, get):
    answer = get(open_one(), "/v1.0/users?$count=false", headers=EVENTUAL)

    assert "@odata.count" not in answer.json()


def test_the_bare_count_is_text_and_equals_the_list(open_one, get, rows):
    tenant = open_one()

    answer = get(tenant, "/v1.0/users/$count", headers=EVENTUAL)

    assert answer.headers["content-type"].startswith("text/plain")
    assert int(answer.text) == tenant.user_count == len(rows(tenant, "/v1.0/users"))


def test_the_bare_count_needs_eventual_consistency(open_one, get):
    assert get(open_one(), "/v1.0/users/$count").status_code == 400


def test_all_counts_follow_when_somebody_is_deleted(open_one, get, rows):
    tenant = open_one(mood="messy")
    leaver = next(one for one in tenant.directory.accounts if one.fault == "vanishes")

    get(tenant, f"/beta/users/{leaver.id}/authentication/requirements")

    assert leaver.id not in {row["id"] for row in rows(tenant, "/v1.0/users?$select=id")}
    assert get(tenant, "/v1.0/users/$count", headers=EVENTUAL).text == "299"
    assert get(tenant, "/v1.0/users?$count=true&$top=1", headers=EVENTUAL).json()["@odata.count"] == 299


def test_select_gives_what_was_chosen_and_the_id(open_one, get):
    row = get(open_one(), "/v1.0/users?$select=accountEnabled,userType").json()["value"][0]

    assert set(row) == {"accountEnabled", "userType", "id"}


def test_without_select_the_properties_of_an_audit_are_missing(open_one, get):
    row = get(open_one(), "/v1.0/users").json()["value"][0]

    assert {"id", "displayName", "userPrincipalName", "mail"} <= set(row)
    assert not {"accountEnabled", "userType", "createdDateTime", "onPremisesSyncEnabled"} & set(row)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("$select=id,favouriteColour", 400),
        ("$select=id,aboutMe", 501),
        ("$filter=favouriteColour eq 'red'", 400),
        ("$filter=userType eq", 400),
        ("$filter=userType eq true", 400),
        ("$filter=accountEnabled eq 'Member'", 400),
        ("$filter=userType ne 'Guest'", 400),
    ],
)
def test_a_query_that_graph_does_not_understand_is_refused(open_one, get, query, status):
    assert get(open_one(users=5), f"/v1.0/users?{query}").status_code == status


@pytest.mark.parametrize(
    ("query", "keeps"),
    [
        ("accountEnabled eq true", lambda one: one.enabled),
        ("accountEnabled eq false", lambda one: not one.enabled),
        ("userType eq 'Guest'", lambda one: one.user_type == "Guest"),
        ("userType ne 'Guest'", lambda one: one.user_type != "Guest"),
    ],
)
def test_a_filter_keeps_the_right_people_and_counts_them(open_one, pages, query, keeps):
    tenant = open_one(mood="messy")
    expected = {one.id for one in tenant.directory.accounts if keeps(one)}

    found = pages(tenant, f"/v1.0/users?$count=true&$filter={query}", headers=EVENTUAL)

    assert {row["id"] for page in found for row in page["value"]} == expected
    assert found[0]["@odata.count"] == len(expected) > 0


def test_one_user_is_found_by_id_and_by_principal_name_whatever_the_case(open_one, get):
    tenant = open_one()
    guest = next(one for one in tenant.directory.accounts if one.user_type == "Guest")
    name = guest.user_principal_name.replace("#", "%23")

    keys = (guest.id, guest.id.upper(), name, name.upper())

    assert {get(tenant, f"/v1.0/users/{key}").json()["id"] for key in keys} == {guest.id}


def test_an_unknown_user_is_not_found(open_one, get, code):
    answer = get(open_one(), "/v1.0/users/11111111-2222-4333-8444-555555555555")

    assert (answer.status_code, code(answer)) == (404, "Request_ResourceNotFound")


def test_the_messy_tenant_holds_the_names_that_break_reports(open_one, rows):
    names = [row["displayName"] for row in rows(open_one(mood="messy"), "/v1.0/users?$select=displayName")]
    given = [name for name in names if name]

    assert len(given) < len(names)
    assert any(name.startswith("=HYPERLINK(") for name in given)
    assert {name[0] for name in given} >= set("=+-@\t")
    assert any("<script>" in name for name in given)
    assert any(unicodedata.category(letter) == "Cc" for name in given for letter in name)
    assert any("\u202e" in name for name in given)
    assert max(len(name) for name in given) > 32_767


@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_there_are_guests_disabled_and_synchronised_accounts_and_the_others(open_one, rows, mood):
    select = "id,userPrincipalName,userType,accountEnabled,onPremisesSyncEnabled,createdDateTime"
    people = rows(open_one(mood=mood), f"/v1.0/users?$select={select}")
    guests = [row for row in people if row["userType"] == "Guest"]

    assert 0 < len(guests) < len(people) / 2
    assert all("#EXT#@" in row["userPrincipalName"] for row in guests)
    assert not any("#EXT#" in row["userPrincipalName"] for row in people if row["userType"] == "Member")
    assert {row["accountEnabled"] for row in people} == {True, False}
    # Graph says null, not false, of an account that never was synchronised.
    assert {row["onPremisesSyncEnabled"] for row in people} == {True, None}


def test_an_empty_directory_has_an_empty_page(open_one, get):
    answer = get(open_one(users=0), "/v1.0/users?$count=true", headers=EVENTUAL).json()

    assert (answer["value"], answer["@odata.count"]) == ([], 0)
    assert "@odata.nextLink" not in answer


@pytest.mark.parametrize("token", [None, "a.b.c", "x", "e30.W10.e30"])
def test_without_a_good_token_there_is_no_answer(open_one, get, code, token):
    answer = get(open_one(users=5), "/v1.0/users", token=token)

    assert (answer.status_code, code(answer)) == (401, "InvalidAuthenticationToken")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_that_ran_out_or_is_another_tenants_is_refused(open_one, get, code):
    tenant, other = open_one(users=5), open_one(users=5, seed=8)

    for token in (tenant.access_token(lifetime_seconds=-60), other.access_token()):
        answer = get(tenant, "/v1.0/users", token=token)
        assert (answer.status_code, code(answer)) == (401, "InvalidAuthenticationToken")
    assert get(tenant, "/v1.0/users", token=other.access_token()).status_code == 401


def test_without_the_permission_the_directory_says_so(open_one, get, code):
    tenant = open_one(users=5)

    answer = get(tenant, "/v1.0/users", token=tenant.access_token(permissions=["Policy.Read.All"]))

    assert (answer.status_code, code(answer)) == (403, "Authorization_RequestDenied")
