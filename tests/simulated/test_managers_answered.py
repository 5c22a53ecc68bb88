"""How the simulated tenant tells who manages whom: as Graph does, refusals included."""

import pytest

PROPERTIES = {"@odata.type", "id", "displayName", "userPrincipalName", "mail"}
QUERY = "$select=id&$expand=manager($select=id,displayName,userPrincipalName,mail)"
URL = f"/v1.0/users?{QUERY}&$top=100"
USER, CONTACT = "#microsoft.graph.user", "#microsoft.graph.orgContact"
READERS = ("User.Read.All", "OrgContact.Read.All")
EVENTUAL = {"ConsistencyLevel": "eventual"}


@pytest.fixture
def managers(rows):
    """Each user's manager as it is answered, by the id of the user; None of whoever has none."""

    def reading(tenant, **how):
        return {row["id"]: row.get("manager") for row in rows(tenant, URL, **how)}

    return reading


@pytest.fixture
def accounts():
    """The accounts of a tenant by id."""
    return lambda tenant: {one.id: one for one in tenant.directory.accounts}


@pytest.mark.parametrize("mood", ["tidy", "messy", "managed", "drifting"])
def test_everybody_is_told_of_and_whoever_has_no_manager_has_no_such_property(open_one, rows, accounts, mood):
    tenant = open_one(mood=mood)
    found = rows(tenant, URL)

    assert {row["id"] for row in found} == set(accounts(tenant))
    assert {frozenset(row) for row in found} == {frozenset({"id"}), frozenset({"id", "manager"})}


def test_a_user_as_manager_is_told_as_the_directory_has_him(open_one, managers, accounts):
    tenant = open_one()
    known = accounts(tenant)
    found = [one for one in managers(tenant).values() if one and one["@odata.type"] == USER]

    assert len(found) > 150
    for one in found:
        account = known[one["id"]]
        assert one == {
            "@odata.type": USER,
            "id": account.id,
            "displayName": account.display_name,
            "userPrincipalName": account.user_principal_name,
            "mail": account.user_principal_name,
        }


def test_managers_of_the_messy_tenant_have_names_that_break_reports(open_one, managers):
    names = {one["displayName"] for one in managers(open_one(mood="messy", users=900)).values() if one}

    assert [name for name in names if name and name.startswith(("=", "+", "-", "@", "<"))]


@pytest.mark.parametrize("mood", ["tidy", "messy"])
def test_some_report_to_a_contact_who_has_no_principal_name(open_one, managers, mood):
    tenant = open_one(mood=mood)
    found = [one for one in managers(tenant, token=tenant.access_token(permissions=READERS)).values() if one]
    contacts = [one for one in found if one["@odata.type"] == CONTACT]

    assert 0 < len(contacts) < len(found) / 4
    assert {frozenset(one) for one in contacts} == {frozenset(PROPERTIES - {"userPrincipalName"})}
    assert {one["mail"] for one in contacts} == {"ines.haddad@brightfreight.example"}


def test_whoever_may_not_read_contacts_is_told_that_there_is_one_and_no_more(open_one, managers):
    tenant = open_one()
    contacts = [one for one in managers(tenant).values() if one and one["@odata.type"] == CONTACT]

    assert contacts
    assert {(one["displayName"], one["mail"]) for one in contacts} == {(None, None)}
    assert len({one["id"] for one in contacts}) == 1


@pytest.mark.parametrize(
    ("top", "sizes"), [("", [100, 100, 50]), ("&$top=999", [100, 100, 50]), ("&$top=60", [60] * 4 + [10])]
)
def test_a_page_with_managers_holds_a_hundred_at_most_whatever_is_asked_for(open_one, pages, top, sizes):
    found = pages(open_one(users=250), f"/v1.0/users?{QUERY}{top}")

    assert [len(page["value"]) for page in found] == sizes


def test_the_link_asks_for_managers_again(open_one, get):
    link = get(open_one(), URL).json()["@odata.nextLink"]

    second = get(open_one(), link).json()
    assert "manager(id,displayName,userPrincipalName,mail)" in second["@odata.context"]
    assert any("manager" in row for row in second["value"])


@pytest.mark.parametrize(
    ("query", "context", "properties"),
    [
        ("$select=id&$expand=manager($select=mail)", "users(id,manager(mail))", {"@odata.type", "mail", "id"}),
        (
            "$select=id&$expand=manager($levels=1;$select=mail)",
            "users(id,manager(mail))",
            {"@odata.type", "mail", "id"},
        ),
        ("$expand=manager", "users(manager())", {"@odata.type", "businessPhones", "jobTitle", "surname"}),
    ],
)
def test_the_manager_has_what_was_chosen_or_what_comes_unasked(open_one, get, query, context, properties):
    answer = get(open_one(), f"/v1.0/users?{query}").json()

    assert answer["@odata.context"].endswith(f"$metadata#{context}")
    told = [row["manager"] for row in answer["value"] if row.get("manager", {}).get("@odata.type") == USER]
    assert told
    assert all(set(one) >= properties for one in told)
    assert "$select=mail" not in query or {frozenset(one) for one in told} == {frozenset(properties)}


def test_one_user_has_the_manager_that_the_list_has(open_one, managers, get):
    tenant = open_one(users=60)

    for user, manager in managers(tenant).items():
        assert get(tenant, f"/v1.0/users/{user}?{QUERY}").json().get("manager") == manager


@pytest.mark.parametrize("path", ["", "/{user}"])
@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("$expand=manager,memberOf", 400, "BadRequest"),
        ("$expand=manager($select=id),directReports", 400, "BadRequest"),
        ("$expand=photo", 400, "ExpandNotSupported"),
        ("$expand=favouriteColour", 400, "BadRequest"),
        ("$expand=", 400, "BadRequest"),
        ("$expand=manager($select=favouriteColour)", 400, "BadRequest"),
        ("$expand=manager($colour=red)", 400, "BadRequest"),
    ],
)
def test_what_cannot_be_expanded_is_refused(open_one, get, code, path, query, status, error):
    tenant = open_one(users=5)

    answer = get(tenant, "/v1.0/users" + path.format(user=tenant.directory.accounts[0].id) + f"?{query}")

    assert (answer.status_code, code(answer)) == (status, error)


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        # The chain is for single users; and advanced queries expand nothing.
        ("$expand=manager($levels=max;$select=id)", {}),
        ("$expand=manager($levels=2)", {}),
        ("$count=true&$expand=manager", EVENTUAL),
    ],
)
def test_what_a_list_cannot_expand_is_refused(open_one, get, code, query, headers):
    answer = get(open_one(users=5), f"/v1.0/users?{query}", headers=headers)

    assert (answer.status_code, code(answer)) == (400, "Request_UnsupportedQuery")


def test_the_chain_of_a_single_user_is_not_simulated_and_says_so(open_one, get, code):
    tenant = open_one(users=5)
    url = f"/v1.0/users/{tenant.directory.accounts[0].id}?$expand=manager($levels=max;$select=id)"

    assert code(get(tenant, url, headers=EVENTUAL)) == "NotImplemented"


@pytest.mark.parametrize("path", ["", "/{user}"])
def test_the_names_of_users_alone_do_not_suffice(open_one, get, code, path):
    tenant = open_one(users=5)
    url = "/v1.0/users" + path.format(user=tenant.directory.accounts[0].id)
    basic, whole = (tenant.access_token(permissions=[one]) for one in ("User.ReadBasic.All", "User.Read.All"))

    answer = get(tenant, f"{url}?{QUERY}", token=basic)

    assert (answer.status_code, code(answer)) == (403, "Authorization_RequestDenied")
    assert get(tenant, url, token=basic).status_code == get(tenant, f"{url}?{QUERY}", token=whole).status_code == 200


@pytest.mark.parametrize("mood", ["unlicensed", "half-forbidden"])
def test_no_licence_and_nothing_but_the_users_is_needed(open_one, get, mood):
    assert get(open_one(mood=mood), URL).status_code == 200


def test_managers_cost_a_unit_more_than_the_users_alone(open_one, get):
    tenant = open_one()

    costs = [get(tenant, url).headers["x-ms-resource-unit"] for url in ("/v1.0/users?$select=id&$top=100", URL)]

    assert costs == ["1", "2"]


def test_managers_and_sign_ins_in_one_request_need_both(open_one, get, code):
    tenant = open_one(users=5)
    url = "/v1.0/users?$select=id,signInActivity&$expand=manager($select=id)"

    answers = {
        names: get(tenant, url, token=tenant.access_token(permissions=names))
        for names in (
            ("User.ReadBasic.All", "AuditLog.Read.All"),
            ("User.Read.All",),
            ("User.Read.All", "AuditLog.Read.All"),
        )
    }

    assert [one.status_code for one in answers.values()] == [403, 403, 200]
