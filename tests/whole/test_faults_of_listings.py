"""A fault of what is listed and counted: users, the directory's count, rows of the report; nobody is lost by it."""

import json

import pytest
from one_fault import (
    DETAILS,
    FOR_GOOD,
    PAGE,
    PREFERS,
    REFUSAL,
    STATE,
    USERS,
    differences,
    error,
    item,
    request,
    says,
    target,
)
from test_soak import NOW

from mfaaudit.errors import Unreachable
from mfaaudit.simulated import open_tenant
from mfaaudit.words import Reason


def users_page(change):
    """A fault of the list of users: `change(number, body, tenant)` alters each page as it is sent, from 0."""
    number = iter(range(FOR_GOOD))

    def fault(tenant, seen):
        if seen.path == "/v1.0/users":
            body = json.loads(seen.body)
            change(next(number), body, tenant)
            seen.body = json.dumps(body).encode()

    return fault


def test_an_empty_page_with_a_link_is_not_the_end(under, calm):
    links = []

    def hold_back(number, body, _):
        # The first page comes empty, and its link leads to itself under another address.
        if number == 0:
            links.append(body["@odata.nextLink"].partition("&$skiptoken")[0] + "&again=1")
            body |= {"value": [], "@odata.nextLink": links[0]}

    assert differences(calm, under(users_page(hold_back))) == {}
    assert links


EXPIRED = {"error": {"code": "Directory_ExpiredPageToken", "message": "x"}}


@pytest.mark.parametrize("path", ["/v1.0/users[?].*skiptoken", f"{DETAILS}.*skiptoken"])
def test_a_link_that_has_expired_begins_the_walk_again_and_changes_nothing(path, under, calm):
    found = under(request(says(400, EXPIRED), path, times=1))

    assert differences(calm, found) == {}
    assert (found.population, found.duplicates) == (calm.population, calm.duplicates)
    before, after = ({one.source: one.requests for one in each.coverage} for each in (calm, found))
    assert after != before


@pytest.mark.parametrize("spelled", [str.lower, str.upper])
def test_a_user_who_comes_again_on_a_later_page_is_one_user_and_is_told(spelled, under, calm):
    def repeat(number, body, tenant):
        if number == 1:
            body["value"].append({"id": spelled(tenant.directory.accounts[3].id), "displayName": "Somebody else"})

    found = under(users_page(repeat))

    assert differences(calm, found) == {}
    assert (found.population.duplicates, found.population.complete) == (1, True)
    assert "1 came twice" in found.population.statement


@pytest.mark.parametrize("row", [{"displayName": "Nobody"}, {"id": None}, {"id": ""}, 7], ids=repr)
def test_a_row_that_names_nobody_makes_the_population_incomplete(row, under, calm):
    def add(number, body, _):
        body["value"] += [row] if number == 1 else []

    found = under(users_page(add))

    assert differences(calm, found) == {}
    assert (found.population.nameless, found.population.complete) == (1, False)
    assert found.population.statement.startswith("INCOMPLETE: 1 row")


HERE = "https://graph.microsoft.com/v1.0/users?$top=20"


@pytest.mark.parametrize("link", ["https://evil.example/v1.0/users?page=2", "/v1.0/users?page=2", 7, "itself"])
def test_a_link_that_leads_elsewhere_or_back_stops_the_audit(link, under):
    def mislead(_, body, __):
        body["@odata.nextLink"] = HERE if link == "itself" else link

    with pytest.raises(Unreachable, match="not followed"):
        under(users_page(mislead))


def test_a_user_deleted_mid_run_is_kept_with_the_reason_and_the_counts_are_told(under, calm):
    missing = [item(error(404)), item(error(404), part="signInPreferences")]

    def late(tenant, seen):
        for one in missing:
            one(tenant, seen)
        # The last page of the list is out when the first read of the user comes to nothing.
        if seen.path.endswith("/$batch") and target(tenant).id.encode() in seen.request:
            tenant.directory.gone.add(target(tenant).id)

    found = under(late)

    user = target(open_tenant(users=USERS, mood="tidy", now=NOW)).id
    changed = differences(calm, found)
    assert {one for one, _ in changed} == {user}
    assert {column.partition("_")[0] for _, column in changed} == {"requirements", "signInPreferences", "derived"}
    assert changed[user, f"{STATE}_reason"] == changed[user, f"{PREFERS}_reason"] == Reason.NOT_FOUND.value
    assert (found.population.gone, found.population.complete) == (1, True)
    assert (found.population.count_before, found.population.count_after) == (USERS, USERS - 1)


def counts(*bodies):
    """A fault of the count before the run and of the one after."""
    # What is no number is asked for again, and believed the fifth time.
    left = [one for body in bodies for one in [body] * (5 if body == PAGE else 1)]

    def fault(_, seen):
        if seen.path.endswith("$count"):
            seen.says(200, left.pop(0), content_type="text/plain")

    return fault


@pytest.mark.parametrize(
    ("before", "after", "complete", "told"),
    [
        (b"40", b"41", True, "counted 40 before and 41 after"),
        (b"\xef\xbb\xbf40", b"40", True, "counted 40 before and 40 after"),
        (b"41", b"42", False, "does not agree with the directory's own count"),
        (b"40", PAGE, False, "could not be read before and after"),
        (PAGE, b"40", False, "could not be read before and after"),
    ],
)
def test_a_count_that_disagrees_or_is_none_is_told_and_costs_nobody_a_value(before, after, complete, told, under, calm):
    found = under(counts(before, after))

    assert differences(calm, found) == {}
    assert found.population.complete is complete
    assert told in found.population.statement


def test_a_count_that_is_a_page_of_a_proxy_once_is_asked_for_again(under, calm):
    found = under(request(says(200, PAGE), r"\$count", 1))

    assert differences(calm, found) == {}
    assert found.population.complete


def test_a_count_that_stays_refused_is_told_and_costs_nobody_a_value(under, calm):
    found = under(request(says(503, REFUSAL), r"\$count"))

    assert differences(calm, found) == {}
    assert (found.population.count_before, found.population.count_after) == (None, None)
    assert found.population.statement.startswith("INCOMPLETE")


def report_rows(change):
    """A fault of the registration report's first page: `change(rows, the row of somebody)`."""

    def fault(_, seen):
        if seen.path.endswith(DETAILS) and "skiptoken" not in seen.url:
            body = json.loads(seen.body)
            change(body["value"], body["value"][4])
            seen.body = json.dumps(body).encode()

    return fault


def test_rows_of_the_report_that_are_nobodys_or_come_again_touch_nobody(under, calm):
    def add(rows, row):
        rows += [row | {"isMfaRegistered": not row["isMfaRegistered"]}, {"isMfaCapable": True}, row | {"id": "nobody"}]

    found = under(report_rows(add))

    assert differences(calm, found) == {}
    assert found.orphans == ("nobody",)
    assert "rows of the report name nobody" in found.registration.comparisons[0].remark


def test_values_of_the_report_that_nobody_has_documented_are_kept_or_unknown_for_that_user_alone(under, calm):
    users = []

    def change(_, row):
        users.append(row["id"])
        row |= {"methodsRegistered": ["quantumHandshake"], "userPreferredMethodForSecondaryAuthentication": "thought"}
        row |= {"isMfaCapable": "yes"}

    changed = differences(calm, under(report_rows(change)))

    assert {user for user, _ in changed} == set(users)
    found = {column.partition("_")[2]: value for (_, column), value in changed.items()}
    assert found["methodsRegistered"] == ["quantumHandshake"]
    assert found["methodsRegistered_unclassified"] is True
    assert found["isMfaCapable"] is None
    assert found["isMfaCapable_reason"] == Reason.UNKNOWN_VALUE.value
    assert found["userPreferredMethodForSecondaryAuthentication_reason"] == Reason.UNKNOWN_VALUE.value
