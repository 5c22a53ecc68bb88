"""A claims challenge: what it says, who answers it, how often, and what is said where nobody can."""

import asyncio
import base64
import json
from types import SimpleNamespace

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from mfaaudit.errors import SignInFailed
from mfaaudit.sources import security_defaults
from mfaaudit.tenant.challenge import challenge_in
from mfaaudit.tenant.sign_in import GivenToken

SOURCE = security_defaults.SOURCE
WORDS = "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: "
REVOKED = {"nbf": {"essential": True, "value": "1604106651"}}


def header(wanted, encode=base64.b64encode):
    claims = encode(json.dumps({"access_token": wanted}).encode()).decode()
    return f'Bearer realm="", authorization_uri="https://x/authorize", error="insufficient_claims", claims="{claims}"'


def body(code):
    return {"error": {"code": "InvalidAuthenticationToken", "message": WORDS + code}}


@pytest.mark.parametrize(
    ("code", "wanted", "words"),
    [
        ("TokenIssuedBeforeRevocationTimestamp", REVOKED, "the session was revoked, by an administrator or because"),
        ("TokenCreatedWithOutdatedPolicies", REVOKED, "a Conditional Access policy has changed since the sign-in"),
        ("LocationConditionEvaluationSatisfied", {}, "does not allow access from this network"),
        ("", REVOKED, "the session was revoked"),
        ("", {"xms_rp_ipaddr": {"value": "203.0.113.9"}}, "does not allow access from this network"),
        ("", {"acrs": {"essential": True, "value": "c1"}}, "requires a stronger sign-in"),
        ("Unheard_of", {"other": {}}, "it wants these claims: other"),
    ],
)
def test_the_reason_in_words_with_graphs_code_and_the_moment(code, wanted, words):
    challenge = challenge_in(401, header(wanted), body(code))

    assert words in challenge.why
    assert code in challenge.why
    assert ("2020-10-31 01:10:51 UTC" in challenge.why) == (wanted is REVOKED)
    assert json.loads(challenge.claims) == {"access_token": wanted}


def test_claims_may_come_in_the_other_alphabet_and_without_padding():
    def bare(content):
        return base64.urlsafe_b64encode(content).rstrip(b"=")

    wanted = {"acrs": {"value": "ÿÿ>>??"}}
    assert json.loads(challenge_in(401, header(wanted, bare), None).claims) == {"access_token": wanted}


@pytest.mark.parametrize(
    ("status", "text", "content"),
    [
        (200, header(REVOKED), None),
        (403, header(REVOKED), None),
        (401, "", body("TokenIssuedBeforeRevocationTimestamp")),
        (401, 'Bearer realm=""', None),
        (401, 'Bearer claims="abc"', None),
        (401, 'Bearer claims="/w=="', None),
        (401, 'Bearer claims="W10="', None),
        (401, 'Bearer claims="e30="', None),
        (401, f'Bearer claims="{base64.b64encode(b"[" * 9000).decode()}"', None),
    ],
)
def test_other_answers_are_no_challenge(status, text, content):
    assert challenge_in(status, text, content) is None


@pytest.mark.parametrize("content", [None, [], {"error": 1}, {"error": {"message": 5}}, "text"])
@pytest.mark.parametrize("value", [5, "soon", "-1", "9" * 30, None, "99999999999"])
def test_odd_answers_give_a_reason_all_the_same(content, value):
    assert challenge_in(401, header({"nbf": {"value": value}}), content).why


def service_of(good, code="TokenIssuedBeforeRevocationTimestamp"):
    """A service that takes only tokens that are in `good`, and challenges all others."""
    import httpx

    seen = []

    def service(request):
        token = request.headers["authorization"].removeprefix("Bearer ")
        seen.append(token)
        if token in good:
            return httpx.Response(200, json={"isEnabled": True})
        return httpx.Response(401, json=body(code), headers={"www-authenticate": header(REVOKED)})

    return service, seen


def credential(*answers):
    """A credential that gives `old` until it is asked with claims, and then what it is given, one after the other."""
    asked, left = [], list(answers)

    async def get_token(*scopes, claims=None, enable_cae=False):
        # Without it Graph would send no challenge, but refuse the token when it has run out.
        assert enable_cae
        if claims is None:
            return AccessToken("old", 2**33)
        asked.append((scopes, claims))
        await asyncio.sleep(0.1)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return AccessToken(answer, 2**33)

    return SimpleNamespace(get_token=get_token, asked=asked)


def many(count=30):
    async def work(reader):
        return await asyncio.gather(*(reader.ask(SOURCE, f"{reader.graph.root}/v1.0/{at}") for at in range(count)))

    return work


def test_it_is_answered_once_for_all_requests_that_meet_it(on):
    service, seen = service_of({"new"})
    asked = credential("new")

    assert all(response.ok for response in on(service, many(), credential=asked))
    assert len(asked.asked) == 1
    assert json.loads(asked.asked[0][1]) == {"access_token": REVOKED}
    assert (seen.count("old"), seen.count("new")) == (30, 30)


def test_another_revocation_is_answered_again(on):
    good = {"new"}
    service, _ = service_of(good)
    asked = credential("new", "newer")

    async def work(reader):
        await many()(reader)
        good.clear()
        good.add("newer")
        return await many()(reader)

    assert all(response.ok for response in on(service, work, credential=asked))
    assert len(asked.asked) == 2


def test_a_credential_that_blocks_answers_beside_the_loop(on):
    service, _ = service_of({"new"})

    def get_token(*_, claims=None, **__):
        return AccessToken("old" if claims is None else "new", 2**33)

    assert all(response.ok for response in on(service, many(), credential=SimpleNamespace(get_token=get_token)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (GivenToken("old"), "no other could be had (MFAAUDIT_ACCESS_TOKEN holds one fixed token)"),
        (credential(ClientAuthenticationError("AADSTS50173: revoked\nTrace: 1")), "had (AADSTS50173: revoked)"),
        (credential("old"), "gives the same one again"),
        (credential("bad", "worse"), "nor the one that was got to replace it"),
    ],
    ids=["a fixed token", "refused", "the same", "no better"],
)
def test_where_it_cannot_be_answered_the_reason_is_told(given, words, on):
    service, seen = service_of(set())

    with pytest.raises(SignInFailed) as problem:
        on(service, many(1), credential=given)

    assert words in str(problem.value)
    assert "the session was revoked" in str(problem.value)
    assert "TokenIssuedBeforeRevocationTimestamp" in str(problem.value)
    assert "--resume" in problem.value.hint
    assert len(seen) <= 2
