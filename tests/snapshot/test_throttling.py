"""What Graph refused with 429, by source: whole requests and reads in batches, pauses, pressure and scopes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from evidence_by_hand import NOW, answer, batch, count, page, refusal, user, write

from mfaaudit.snapshot import take
from mfaaudit.snapshot.throttling import Heard, throttling_of

EVERYBODY = page("users", [user("a"), user("b")])
NO = (429, "TooManyRequests")
STATE = {"perUserMfaState": "enforced"}
SCOPE = "Tenant_Application/ReadWrite/9c0f-application/72f9-tenant"


def saying(response, **headers):
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(response, headers={**response.headers, **said})


def of(tmp_path, *answers):
    write(tmp_path / "evidence", *answers)
    return {one.source: one for one in take(tmp_path / "evidence").throttling}


def inner(given, headers):
    """A batch whose items carry headers of their own, by user."""
    made = batch(given)
    body = made.json()
    for one in body["responses"]:
        one["headers"] = headers.get(one["id"].partition(".")[2], {})
    return answer("$batch", body, request=made.request)


def test_only_sources_that_were_asked_have_a_row(tmp_path):
    found = of(tmp_path, EVERYBODY, count(2))

    assert list(found) == ["userCount", "users"]
    assert found["users"].requests == 1
    assert (found["users"].refused, found["users"].longest_wait, found["users"].pressure) == (0, None, None)
    assert found["users"].total_wait == 0
    assert not found["users"].items
    assert not found["users"].scopes


def test_whole_requests_that_were_refused_and_asked_again(tmp_path):
    found = of(
        tmp_path,
        saying(refusal("users", 429, "TooManyRequests"), retry_after="7", x_ms_throttle_scope=SCOPE),
        saying(refusal("users", 429, "TooManyRequests", attempt=2), retry_after="2.5"),
        replace(EVERYBODY, attempt=3),
    )["users"]

    assert (found.requests, found.repeated, found.refused, found.throttled) == (3, 2, 2, 2)
    assert (found.longest_wait, found.total_wait) == (7.0, 9.5)
    assert found.scopes == ("Tenant_Application/ReadWrite",)


def test_reads_in_a_batch_count_by_source_and_their_pause_once(tmp_path):
    given = {("requirements", "a"): NO, ("requirements", "b"): NO, ("signInPreferences", "a"): NO}
    some = inner(given, {"a": {"Retry-After": "3"}, "b": {"Retry-After": "5"}})
    well = batch({("requirements", "a"): STATE}, attempt=2)
    found = of(tmp_path, EVERYBODY, some, well)["$batch"]

    assert (found.requests, found.repeated, found.refused) == (2, 1, 0)
    assert found.items == {"requirements": 2, "signInPreferences": 1}
    assert (found.longest_wait, found.total_wait, found.throttled) == (5.0, 5.0, 3)


def test_a_batch_that_was_refused_whole_refuses_each_read_in_it(tmp_path):
    lost = batch({("requirements", "a"): STATE, ("requirements", "b"): STATE})
    lost = saying(replace(lost, status=429, body=b"{}"), retry_after="4")
    found = of(tmp_path, EVERYBODY, lost)["$batch"]

    assert (found.refused, found.items, found.throttled) == (1, {"requirements": 2}, 2)
    assert found.total_wait == 4.0


def test_the_highest_pressure_stands_wherever_it_was_said(tmp_path):
    inside = inner({("requirements", "a"): STATE}, {"a": {"x-ms-throttle-limit-percentage": "1.25"}})
    outside = saying(batch({("requirements", "b"): STATE}), x_ms_throttle_limit_percentage="0.91")
    strange = saying(batch({("requirements", "b"): STATE}), x_ms_throttle_limit_percentage="nan")

    assert of(tmp_path, EVERYBODY, outside, inside, strange)["$batch"].pressure == 1.25


def test_a_date_is_a_pause_from_the_time_of_the_answer(tmp_path):
    refused = refusal("users", 429)
    until = refused.read_at + timedelta(seconds=30)
    found = of(tmp_path, saying(refused, retry_after=until.strftime("%a, %d %b %Y %H:%M:%S GMT")), EVERYBODY)

    assert found["users"].longest_wait == 30.0


@pytest.mark.parametrize("text", ["soon", "nan", ""])
def test_a_pause_that_is_none_is_none(tmp_path, text):
    assert of(tmp_path, saying(refusal("users", 429), retry_after=text))["users"].longest_wait is None


def test_no_answer_makes_a_number_that_json_cannot_hold(tmp_path):
    found = of(tmp_path, *(saying(refusal("users", 429), retry_after="1e308") for _ in range(3)))["users"]

    assert found.longest_wait == 1e9
    assert found.total_wait == 3e9


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Tenant/Write/application/tenant", "Tenant/Write"),
        ("Application/Read", "Application/Read"),
        ("ada@contoso.example/Read", "other"),
        ("Tenant", "other"),
    ],
)
def test_a_scope_stands_without_whoever_it_names(said, kept):
    heard = Heard()
    heard.hear(saying(refusal("users", 429), x_ms_throttle_scope=said))

    assert throttling_of({"users": [heard]})[0].scopes == (kept,)


def test_a_link_that_was_not_followed_is_no_request(tmp_path):
    more = page("users", [user("a")], more=True)
    stopped = answer("users", b"", 0, attempt=0, problem="not followed", url=f"{NOW}")

    assert of(tmp_path, more, stopped)["users"].requests == 1
