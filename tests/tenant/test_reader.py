"""One request is asked until there is an answer, and every answer on the way is kept."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import NOT_PREMIUM, reason_of
from mfaaudit.sources import by_method, security_defaults, user_count, users
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.pace import LONGEST_WAIT
from mfaaudit.words import Reason

SOURCE = security_defaults.SOURCE
WELL = (200, {"isEnabled": True})
NO_LICENCE = (403, {"error": {"code": NOT_PREMIUM}})


def in_a_minute():
    return format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)


def ask(source=SOURCE):
    """Asks once, and returns the last answer with the seconds that were spent on pauses."""

    async def work(reader):
        start = asyncio.get_running_loop().time()
        response = await reader.ask(source, reader.url(source))
        return response, asyncio.get_running_loop().time() - start

    return work


@pytest.mark.parametrize(("header", "least"), [("60", 55), (in_a_minute, 50)])
def test_a_429_holds_back_its_whole_quota_and_no_other(header, least, on):
    seen = []

    def service(request):
        seen.append("reports" if "/reports/" in request.url.path else "identity")
        pause = header if isinstance(header, str) else header()
        status = 200 if seen[-1] == "reports" else 429
        return httpx.Response(status, json={}, headers={"retry-after": pause})

    async def other_quota(reader):
        # Several, so that by then whoever else might have asked has done so.
        for _ in range(5):
            await asyncio.sleep(0)
            await reader.ask(by_method.SOURCE, reader.url(by_method.SOURCE))

    async def work(reader):
        refused = asyncio.create_task(reader.ask(SOURCE, reader.url(SOURCE)))
        await other_quota(reader)
        late = asyncio.create_task(reader.ask(users.SOURCE, reader.url(users.SOURCE)))
        await other_quota(reader)
        held = reader.paces[Bucket.IDENTITY]._held_until - time.monotonic()
        refused.cancel()
        late.cancel()
        return held

    held = on(service, work)

    assert least < held <= 60
    assert (seen.count("identity"), seen.count("reports")) == (1, 10)


def test_a_request_that_was_throttled_is_asked_again(on, script, tmp_path):
    service, seen = script((429, {}, {"retry-after": "0"}), WELL)

    response, _ = on(service, ask())

    assert response.ok
    assert len(seen) == 2
    assert [one.status for one in read_journal(tmp_path, SOURCE.name)] == [429, 200]


def test_whoever_is_throttled_for_ever_gives_up_in_the_end(on, script, tmp_path):
    service, seen = script((429, {"error": {"code": "TooManyRequests"}}, {"retry-after": "0"}))

    async def work(reader):
        return await reader.ask(SOURCE, reader.url(SOURCE)), reader.requests, reader.throttled

    response, requests, throttled = on(service, work)

    assert reason_of(response.status, response.json()) is Reason.THROTTLED
    assert requests == throttled == len(seen)
    assert [one.attempt for one in read_journal(tmp_path, SOURCE.name)] == list(range(1, len(seen) + 1))


@pytest.mark.parametrize(("header", "least", "most"), [("7", 7, 7), ("0.5", 0.5, 0.5), (in_a_minute, 50, 60)])
def test_a_fault_of_the_server_is_asked_again_when_it_says(header, least, most, on, script):
    service, _ = script((503, {}, {"retry-after": header if isinstance(header, str) else header()}), WELL)

    response, waited = on(service, ask())

    assert response.ok
    assert least <= round(waited, 3) <= most


@pytest.mark.parametrize("header", ["86400", "1e999", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_an_absurd_pause_is_cut_for_a_fault_of_the_server_too(header, on, script):
    service, _ = script((503, {}, {"retry-after": header}), WELL)

    response, waited = on(service, ask())

    assert response.ok
    assert waited == pytest.approx(LONGEST_WAIT)


@pytest.mark.parametrize(
    "header", ["soon", "", "nan", "-5", "Fri, 99 Foo", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"]
)
def test_a_pause_that_nobody_can_read_stops_nothing(header, on, script):
    service, _ = script((503, {}, {"retry-after": header}), WELL)

    response, waited = on(service, ask())

    assert response.ok
    assert waited <= 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ((500, {"error": {"code": ""}}), Reason.SERVER_ERROR),
        ((502, b"<html>Bad gateway</html>"), Reason.SERVER_ERROR),
        ((503, {}), Reason.SERVER_ERROR),
        ((504, b""), Reason.SERVER_ERROR),
        (httpx.ConnectError("refused"), Reason.SERVER_ERROR),
        (httpx.RemoteProtocolError("cut"), Reason.SERVER_ERROR),
        (httpx.ReadTimeout("slow"), Reason.TIMEOUT),
        (httpx.ConnectTimeout("slow"), Reason.TIMEOUT),
    ],
)
def test_a_fault_that_stays_is_kept_with_its_reason(fault, reason, on, script, tmp_path):
    service, seen = script(fault)

    response, waited = on(service, ask())
    kept = list(read_journal(tmp_path, SOURCE.name))

    assert not response.ok
    assert reason_of(response.status, response.json(), problem=response.problem) is reason
    assert waited == pytest.approx(1 + 2 + 4 + 8)
    assert len(seen) == len(kept) == 5
    assert {(one.status, one.problem) for one in kept} == {(response.status, response.problem)}


@pytest.mark.parametrize("fault", [(500, {}), (504, b""), httpx.ReadTimeout("slow"), httpx.ConnectError("no")])
def test_a_fault_that_passes_leaves_a_whole_answer(fault, on, script):
    service, seen = script(fault, fault, WELL)

    response, _ = on(service, ask())

    assert response.json() == WELL[1]
    assert (response.attempt, len(seen)) == (3, 3)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 501])
def test_a_refusal_that_will_not_change_is_not_asked_again(status, on, script):
    service, seen = script((status, {"error": {"code": "x"}}))

    response, waited = on(service, ask())

    assert response.status == status
    assert len(seen) == 1
    assert waited == pytest.approx(0)


def test_the_want_of_a_licence_is_believed_the_third_time(on, script):
    service, seen = script(NO_LICENCE)

    response, _ = on(service, ask(by_method.SOURCE))

    assert reason_of(response.status, response.json()) is Reason.NO_LICENSE
    assert len(seen) == 3


def test_the_want_of_a_licence_that_was_said_in_error_is_forgotten(on, script):
    service, _ = script(NO_LICENCE, NO_LICENCE, (200, {"totalUserCount": 1}))

    assert on(service, ask(by_method.SOURCE))[0].ok


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"isEnabled": tr', b"\xff\xfe\x00", b"null", b"[" * 100_000], ids=range(6)
)
def test_a_body_that_is_no_json_is_asked_again_and_kept(body, on, script, tmp_path):
    service, seen = script((200, body), WELL)

    response, _ = on(service, ask())

    assert response.json() == WELL[1]
    assert len(seen) == 2
    assert next(read_journal(tmp_path, SOURCE.name)).body == body


def test_a_body_that_stays_broken_is_no_value_in_the_end(on, script):
    service, seen = script((200, b'{"isEnabled": tr'))

    response, _ = on(service, ask())

    assert response.json() is None
    assert reason_of(response.status, response.json()) is Reason.SERVER_ERROR
    assert len(seen) == 5


def test_a_count_is_plain_text_and_an_answer(on, script):
    service, seen = script((200, b"1200", {"content-type": "text/plain"}))

    response, _ = on(service, ask(user_count.SOURCE))

    assert (response.body, len(seen)) == (b"1200", 1)
