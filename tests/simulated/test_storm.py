"""The stormy tenant: every fault that it promises comes, each once in its way, and whoever repeats gets through."""

from itertools import pairwise

import pytest

from mfaaudit.simulated.storm.accounts import FOR_GOOD, KINDS, PASSING, SHARE
from mfaaudit.simulated.storm.wire import OF_BATCHES, OF_READS

PARTS = ("requirements", "signInPreferences")


class ConnectionBrokeOff(Exception):
    """What a client might raise when a connection is reset."""


@pytest.fixture
def stormy(open_one):
    return open_one(mood="stormy", users=500)


def of_kind(tenant, kind):
    return next(one for one in tenant.directory.accounts if one.fault == kind)


def item(account, part="requirements"):
    return {"id": f"{part}/{account.id}", "method": "GET", "url": f"/users/{account.id}/authentication/{part}"}


@pytest.fixture
def ask(send):
    """Asks for items in one batch, again until the batch itself is answered; returns the entries in their order."""

    def asking(tenant, *items):
        for _ in range(3):
            answer = send(tenant, "POST", "/beta/$batch", json={"requests": list(items)})
            if answer.status_code == 200 and answer.content.endswith(b"]}"):
                return answer.json()["responses"]
        raise AssertionError("the batch failed three times")

    return asking


@pytest.fixture
def answers(ask):
    """What the first `count` reads of the account with a fault give: lists of entries."""

    def asking(tenant, kind, count=2):
        return [ask(tenant, item(of_kind(tenant, kind))) for _ in range(count)]

    return asking


@pytest.mark.parametrize("users", [30, 500, 3 * SHARE])
def test_each_fault_has_as_many_accounts_as_its_share_and_nobody_has_two(open_one, users):
    faults = [one.fault for one in open_one(mood="stormy", users=users).directory.accounts if one.fault]

    expected = max(1, users // SHARE)
    counts = {kind: faults.count(kind) for kind in KINDS}
    assert sum(counts.values()) == len(faults)
    assert set(counts.values()) == {expected} if users >= 60 else max(counts.values()) == 1


def test_values_that_nobody_has_documented_are_there_and_can_be_read(stormy):
    odd = [one for one in stormy.directory.accounts if one.state in ("unknownFutureValue", "postponed", None)]

    assert len(odd) == 3
    assert not [one.fault for one in odd if one.fault]


@pytest.mark.parametrize("kind", PASSING)
def test_a_passing_fault_passes_when_it_is_asked_again(stormy, answers, kind):
    (first,), (second,) = answers(stormy, kind)

    assert first["status"] == int(kind[:3])
    assert first["body"]["error"]["code"] != "" or kind == "500"
    assert second["status"] == 200
    assert second["body"]["perUserMfaState"] == of_kind(stormy, kind).state


@pytest.mark.parametrize(
    ("kind", "pause"),
    [
        ("429 without a pause", None),
        ("429 with seconds", "1"),
        ("429 with a fraction", "0.5"),
        ("429 with a date", "Mon, 02 Mar 2026 09:30:01 GMT"),
        ("503", "0"),
        ("500", None),
    ],
)
def test_the_pause_that_an_item_asks_for(stormy, answers, kind, pause):
    ((entry,),) = answers(stormy, kind, 1)

    assert entry["headers"].get("Retry-After") == pause


@pytest.mark.parametrize(("kind", "status"), [*zip(FOR_GOOD, (403, 500), strict=True)])
def test_a_fault_for_good_never_passes(stormy, answers, kind, status):
    assert [entry["status"] for (entry,) in answers(stormy, kind, 6)] == [status] * 6


def test_an_account_is_deleted_when_it_is_read_and_the_directory_counts_one_less(stormy, answers):
    assert [entry["status"] for (entry,) in answers(stormy, "vanishes")] == [404, 404]
    assert stormy.user_count == 499


def test_an_item_comes_without_a_body_or_with_text_for_one(stormy, answers):
    (nothing,), (whole,) = answers(stormy, "no body")
    (text,), _ = answers(stormy, "text for a body")

    assert (nothing["status"], "body" in nothing, "body" in whole) == (200, False, True)
    assert (text["status"], type(text["body"])) == (200, str)


def test_an_item_is_missing_from_the_answer_once(stormy, answers):
    assert [len(entries) for entries in answers(stormy, "missing")] == [0, 1]


def test_an_item_comes_twice_and_the_second_contradicts_the_first(stormy, answers):
    (first, second), again = answers(stormy, "doubled")

    assert first["id"] == second["id"]
    assert first["body"]["perUserMfaState"] == of_kind(stormy, "doubled").state
    assert first["body"]["perUserMfaState"] != second["body"]["perUserMfaState"]
    assert again == [first]


def test_an_answer_comes_for_somebody_who_was_not_asked_for_and_it_is_wrong(stormy, answers):
    (own, other), again = answers(stormy, "accompanied")

    named = {one.id: one for one in stormy.directory.accounts}
    assert own["id"] == f"requirements/{of_kind(stormy, 'accompanied').id}"
    assert other["id"].removeprefix("requirements/") in named
    assert other["id"] != own["id"]
    assert again == [own]


def test_each_fault_of_whole_batches_comes_once_to_batches_that_were_not_asked_before(open_one, send):
    tenant = open_one(mood="stormy", users=500, breaks_off=ConnectionBrokeOff)
    sound = [one for one in tenant.directory.accounts if not one.fault]
    seen = []
    for one in sound[: 2 * len(OF_BATCHES) + 4]:
        batch = {"requests": [item(one, part) for part in PARTS]}
        for _ in range(2):
            try:
                answer = send(tenant, "POST", "/beta/$batch", json=batch)
                seen.append((answer.status_code, _is_json(answer)))
            except ConnectionBrokeOff:
                seen.append("reset")

    struck = [one for one in seen if one != (200, True)]
    told = [(429, True), (200, False), (401, True), "reset", (200, False), (502, False), (503, True), (429, True)]
    assert struck == told
    assert all(later == (200, True) for one, later in pairwise(seen) if one != (200, True))


def test_the_first_read_of_a_page_may_fail_and_the_second_does_not(open_one, get):
    tenant = open_one(mood="stormy", users=500)
    start = url = "/v1.0/users?$top=999"
    asked, seen = set(), []
    while url is not None:
        first, second = get(tenant, url), get(tenant, url)
        if url not in asked and first.status_code != 400:
            seen.append((first.status_code, _is_json(first)))
        asked.add(url)
        # One link runs out: no request that passes if it is repeated, but a walk that passes if it is.
        assert second.status_code in (200, 400)
        url = start if second.status_code == 400 else second.json().get("@odata.nextLink")

    # The page of the proxy, and its empty answer where a connection was reset.
    assert sorted(seen[: len(OF_READS)]) == [
        (200, False), (200, False), (429, True), (502, False), (502, False), (503, True)
    ]  # fmt: skip
    assert set(seen[len(OF_READS) :]) == {(200, True)}


def test_what_stands_between_does_not_speak_as_graph(open_one, get):
    tenant = open_one(mood="stormy", users=500)

    found = [get(tenant, f"/v1.0/users?$top={size}") for size in range(1, 9)]

    (page,) = [one for one in found if one.headers["content-type"] == "text/html"]
    assert page.status_code == 502
    assert "request-id" not in page.headers


def _is_json(answer):
    try:
        return isinstance(answer.json(), dict)
    except ValueError:
        return False


def _is_meant(answer):
    return answer.is_success or answer.status_code == 400


@pytest.fixture
def listed(get):
    """The pages of the list of users, each asked until it comes whole, from the start again where a link runs out."""

    def walking(tenant):
        first = url = "/v1.0/users?$select=id,userPrincipalName&$top=999"
        found = []
        while url is not None:
            answer = next(one for one in (get(tenant, url) for _ in range(3)) if _is_json(one) and _is_meant(one))
            if answer.is_success:
                found.append(answer.json()["value"])
                url = answer.json().get("@odata.nextLink")
            else:
                url, found = first, []
        return found

    return walking


@pytest.mark.parametrize("users", [120, 500, 2500])
def test_the_list_holds_everybody_some_twice_on_two_pages_a_row_without_an_id_and_an_empty_page(
    open_one, listed, users
):
    tenant = open_one(mood="stormy", users=users)
    pages = listed(tenant)

    ids = [[row["id"] for row in page if "id" in row] for page in pages]
    flat = [one for page in ids for one in page]
    assert set(flat) == {one.id for one in tenant.directory.accounts}
    assert len(flat) == users + 2
    assert all(len(set(page)) == len(page) for page in ids)
    assert sum("id" not in row for page in pages for row in page) == 1
    assert [number for number, page in enumerate(pages) if not page] == [1]


@pytest.mark.parametrize("users", [0, 1, 19, 20, 21])
def test_a_small_stormy_tenant_lists_everybody_too(open_one, listed, users):
    tenant = open_one(mood="stormy", users=users)

    found = {row["id"] for page in listed(tenant) for row in page if "id" in row}

    assert found == {one.id for one in tenant.directory.accounts}


def test_a_user_who_comes_again_does_so_though_deleted_since(open_one, listed):
    tenant = open_one(mood="stormy", users=500)
    before = _all_ids(listed(tenant))
    again = next(one for one in before if before.count(one) == 2)
    tenant.directory.gone.add(again)

    assert _all_ids(listed(tenant)).count(again) == 1


def _all_ids(pages):
    return [row["id"] for page in pages for row in page if "id" in row]
