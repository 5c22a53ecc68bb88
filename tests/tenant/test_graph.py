"""What goes over the wire: the token to one service only, and every answer as it came."""

import asyncio
import base64
import json
from types import SimpleNamespace

import httpx
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

from mfaaudit.errors import SignInFailed, Unreachable
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import LONGEST_LINE
from mfaaudit.sources import security_defaults

ROOT = "https://graph.microsoft.com"
SOURCE = security_defaults.SOURCE
CHALLENGE = {"access_token": {"nbf": {"essential": True, "value": "1604106651"}}}


def asking(url=None):
    async def work(reader):
        return await reader.ask(SOURCE, url or reader.url(SOURCE))

    return work


def renewed(*problems):
    """A credential that gives a new token each time, after its problems, and notes what it was asked."""
    asked, left = [], list(problems)

    async def get_token(*scopes, **options):
        asked.append((scopes, options))
        if left:
            raise left.pop(0)
        return AccessToken(f"token-{len(asked)}", 2**31)

    return SimpleNamespace(get_token=get_token, asked=asked)


@pytest.mark.parametrize(
    "root",
    [
        "https://graph.microsoft.com",
        "https://Graph.Microsoft.US",
        "https://proxy.example:8443",
        "https://proxy.example:443",
        "https://proxy.example/graph",
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "http://[::1]:8080",
    ],
)
def test_the_token_goes_to_the_service_that_was_chosen(root, on, script):
    service, seen = script((200, {}))

    on(service, asking(), root=root)

    assert [one.headers.get("authorization") for one in seen] == ["Bearer t0k3n"]


def test_the_token_goes_to_no_other_host(on, script):
    service, seen = script((200, {}))

    on(service, asking("https://evil.example/v1.0/users"))

    assert "authorization" not in seen[0].headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status, on, script):
    service, seen = script((status, b"", {"location": "https://evil.example/"}))

    response = on(service, asking())

    assert response.status == status
    assert [one.url.host for one in seen] == ["graph.microsoft.com"]


def test_the_audit_asks_to_be_dropped_first_under_pressure(on, script):
    service, seen = script((200, {}))

    on(service, asking())

    assert seen[0].headers["x-ms-throttle-priority"] == "Low"


def test_an_answer_is_kept_with_what_support_asks_for_and_without_the_networks_business(on, script):
    headers = {"request-id": "r-1", "date": "Sat, 21 Nov 2026 10:00:00 GMT", "set-cookie": "s", "x-other": "o"}
    service, _ = script((200, b'{"isEnabled":  true}', headers))

    response = on(service, asking())

    assert response.request_id == "r-1"
    assert response.body == b'{"isEnabled":  true}'
    assert {"set-cookie", "x-other", "authorization"}.isdisjoint(response.headers)


@pytest.mark.parametrize("path", ["/v1.0/us\x00ers", "/v1.0/" + "a" * 70_000], ids=["not printable", "too long"])
def test_an_address_that_cannot_be_asked_is_no_answer(path, on, script):
    service, seen = script((200, {}))

    response = on(service, asking(ROOT + path))

    assert response.status == 0
    assert response.problem
    assert not seen


def test_a_token_that_cannot_be_renewed_mid_way_ends_the_audit(on, script):
    service, _ = script((200, {}))
    credential = renewed(ClientAuthenticationError("AADSTS700082: the refresh token has expired\nTrace: 1"))

    with pytest.raises(SignInFailed, match="AADSTS700082") as problem:
        on(service, asking(), credential=credential)

    assert "Trace" not in str(problem.value)


def test_a_sign_in_service_that_is_away_is_told_from_a_refused_sign_in(on, script):
    service, _ = script((200, {}))

    with pytest.raises(Unreachable, match="sign-in service"):
        on(service, asking(), credential=renewed(ServiceRequestError("no route to host")))


def test_after_a_401_the_credential_is_asked_for_another_token(on, script):
    service, seen = script((401, {}), (200, {}))

    response = on(service, asking(), credential=renewed())

    assert response.ok
    assert [one.headers["authorization"] for one in seen] == ["Bearer token-1", "Bearer token-2"]


def test_a_challenge_for_more_claims_reaches_the_credential(on, script):
    claims = base64.b64encode(json.dumps(CHALLENGE).encode()).decode()
    service, seen = script((401, {}, {"www-authenticate": f'Bearer realm="", claims="{claims}"'}), (200, {}))
    credential = renewed()

    assert on(service, asking(), credential=credential).ok
    assert [options["claims"] for _, options in credential.asked] == [None, json.dumps(CHALLENGE)]
    assert len(seen) == 2


@pytest.mark.parametrize("claims", ["abc", "/w=="], ids=["not base64", "not text"])
def test_a_challenge_that_nobody_can_read_breaks_nothing_off(claims, on, script):
    service, _ = script((401, {}, {"www-authenticate": f'Bearer realm="", claims="{claims}"'}), (200, {}))

    assert on(service, asking()).ok


def test_requests_at_the_same_time_keep_their_answers_apart(on):
    def service(request):
        return httpx.Response(200, json={"path": request.url.path})

    async def work(reader):
        urls = [f"{ROOT}/v1.0/{number}" for number in range(40)]
        return await asyncio.gather(*(reader.ask(SOURCE, url) for url in urls))

    assert all(response.url.endswith(response.json()["path"]) for response in on(service, work))


def test_an_answer_that_is_too_long_to_be_kept_is_none(on, script, tmp_path):
    service, _ = script((200, {"isEnabled": True, "description": "x" * LONGEST_LINE}))

    response = on(service, asking())

    assert (response.status, response.body) == (0, b"")
    assert response.problem == "the answer is too long to be kept"
    (kept, *_) = read_journal(tmp_path, SOURCE.name)
    assert (kept.status, kept.problem) == (0, response.problem)
