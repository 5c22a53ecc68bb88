"""Links to further pages that are good for a while only, and, in a storm, one of each long list that is not."""

import pytest

from mfaaudit.simulated.storm.expiry import PAGE_THAT_RUNS_OUT

USERS = "/v1.0/users?$select=id&$top=50"
DETAILS = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
ASSIGNMENTS = "/v1.0/roleManagement/directory/roleAssignments"
LISTS = (USERS, DETAILS, ASSIGNMENTS)


@pytest.fixture
def clock():
    """A clock to be moved by hand: the seconds are its only element."""
    return [1000.0]


@pytest.fixture
def expiring(open_one):
    """The stormy tenant, in which links run out."""
    return lambda users=500: open_one(mood="stormy", users=users)


@pytest.fixture
def insist(get):
    """Asks for one address as often as it takes to get JSON, or to be refused for good."""

    def asking(tenant, url):
        for _ in range(3):
            answer = get(tenant, url)
            if answer.status_code in (200, 400) and answer.content.endswith(b"}"):
                return answer
        raise AssertionError("it failed three times")

    return asking


@pytest.fixture
def walk(insist, code):
    """One walk through a list: its rows, and the link that was refused, or None."""

    def walking(tenant, url):
        found = []
        while url is not None:
            answer = insist(tenant, url)
            if answer.status_code == 400:
                assert code(answer) == "Directory_ExpiredPageToken"
                return found, url
            found += answer.json()["value"]
            url = answer.json().get("@odata.nextLink")
        return found, None

    return walking


@pytest.mark.parametrize("url", [USERS, f"{DETAILS}?$top=50", f"{ASSIGNMENTS}?$top=5"])
def test_a_link_is_good_as_long_as_was_said_and_no_longer(open_one, get, code, clock, url):
    tenant = open_one(page_token_seconds=60, clock=lambda: clock[0])
    link = get(tenant, url).json()["@odata.nextLink"]

    clock[0] += 60
    assert get(tenant, link).status_code == 200
    clock[0] += 0.5
    late = get(tenant, link)

    assert (late.status_code, code(late)) == (400, "Directory_ExpiredPageToken")
    assert get(tenant, link).status_code == 400
    # Another walk has links of its own.
    assert get(tenant, get(tenant, url).json()["@odata.nextLink"]).status_code == 200


def test_each_link_counts_from_when_it_was_given_out(open_one, get, clock):
    tenant = open_one(page_token_seconds=60, clock=lambda: clock[0])
    url, pages = USERS, 0
    while url is not None:
        body = get(tenant, url).json()
        url, pages = body.get("@odata.nextLink"), pages + 1
        clock[0] += 50

    assert pages == 6


def test_unless_it_is_said_a_link_is_good_for_ever(open_one, get, clock):
    tenant = open_one(clock=lambda: clock[0])
    link = get(tenant, USERS).json()["@odata.nextLink"]

    clock[0] += 1e9

    assert get(tenant, link).status_code == 200


@pytest.mark.parametrize("url", LISTS)
def test_in_the_storm_a_link_of_each_list_runs_out_and_repeating_it_does_not_help(expiring, walk, insist, url):
    tenant = expiring()

    found, refused = walk(tenant, url)

    assert found
    assert [insist(tenant, refused).status_code for _ in range(4)] == [400] * 4


@pytest.mark.parametrize("url", LISTS)
def test_who_begins_the_list_again_gets_to_its_end_with_every_row(expiring, walk, url):
    tenant = expiring()

    found, refused = walk(tenant, url)
    whole, again = walk(tenant, url)

    assert (refused is not None, again) == (True, None)
    assert [one for one in whole if one not in found] != []
    assert found == whole[: len(found)]


def test_going_back_by_a_page_is_not_beginning_again(expiring, insist, walk):
    tenant = expiring()
    links, url = [], USERS
    while (answer := insist(tenant, url)).status_code == 200:
        url = answer.json()["@odata.nextLink"]
        links.append(url)

    _, refused = walk(tenant, links[-2])

    assert refused == links[-1]


def test_it_happens_once_to_each_list_and_to_no_other_walk(expiring, walk):
    tenant = expiring()
    refused = {url: [walk(tenant, url)[1] is not None for _ in range(3)] for url in LISTS}

    assert refused == {url: [True, False, False] for url in LISTS}


def test_two_walks_side_by_side_are_not_both_struck(expiring, insist):
    tenant = expiring()
    first, second = (insist(tenant, f"/v1.0/users?$select={one}&$top=50").json() for one in ("id", "displayName"))
    for _ in range(PAGE_THAT_RUNS_OUT["/users"] - 1):
        first, second = (insist(tenant, one["@odata.nextLink"]).json() for one in (first, second))

    statuses = [insist(tenant, one["@odata.nextLink"]).status_code for one in (second, first)]

    assert statuses == [400, 200]


@pytest.mark.parametrize("users", [0, 1, 21, 61])
def test_small_tenants_are_read_with_one_more_attempt(expiring, walk, users):
    tenant = expiring(users)

    for _ in range(2):
        found, refused = walk(tenant, USERS)

    assert refused is None
    assert {row["id"] for row in found if "id" in row} == {one.id for one in tenant.directory.accounts}
