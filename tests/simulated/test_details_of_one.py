"""One user's row of the registration report, asked for by object id (userregistrationdetails-get page)."""

import pytest

DETAILS = "/v1.0/reports/authenticationMethods/userRegistrationDetails"


@pytest.mark.parametrize("mood", ["tidy", "messy", "drifting"])
def test_it_is_the_row_of_the_list(open_one, get, rows, mood):
    tenant = open_one(mood=mood, users=80)
    get(tenant, DETAILS)  # the messy tenant begins with a false word about its licence
    listed = {row["id"]: row for row in rows(tenant, DETAILS)}

    for user, row in listed.items():
        body = get(tenant, f"{DETAILS}/{user.upper()}").json()
        # The page shows the row within `value`, and only the messy tenant does as the page says.
        assert ("value" in body) == (mood == "messy")
        told = body.get("value", body)
        assert {name: told[name] for name in row} == row


def test_whoever_has_no_row_is_not_found(open_one, get, code):
    tenant = open_one()
    disabled = next(one for one in tenant.directory.accounts if not one.enabled)

    for name in (disabled.id, "00000000-0000-4000-8000-000000000000", disabled.user_principal_name):
        answer = get(tenant, f"{DETAILS}/{name}")
        assert (answer.status_code, code(answer)) == (404, "Request_ResourceNotFound")


def test_it_asks_what_the_list_asks_of_its_caller(open_one, get, code):
    tenant, unlicensed = open_one(), open_one(mood="unlicensed")
    user = tenant.directory.accounts[0].id

    refused = get(tenant, f"{DETAILS}/{user}", token=tenant.access_token(permissions=["User.Read.All"]))
    assert (refused.status_code, code(refused)) == (403, "Authentication_MSGraphPermissionMissing")
    refused = get(unlicensed, f"{DETAILS}/{user}")
    assert (refused.status_code, code(refused)) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")


def test_it_is_counted_with_the_reports_in_a_batch_too(open_one, send):
    tenant = open_one(quota=True)
    users = [one.id for one in tenant.directory.accounts if one.enabled][:8]
    url = "/reports/authenticationMethods/userRegistrationDetails/"
    items = [{"id": user, "method": "GET", "url": url + user} for user in users]

    answers = send(tenant, "POST", "/v1.0/$batch", json={"requests": items}).json()["responses"]

    assert sorted(one["status"] for one in answers) == [200] * 5 + [429] * 3
