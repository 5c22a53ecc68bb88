"""Graph revokes the session in mid-run: nothing is lost if it is answered; else `--resume` goes on with a new token."""

import asyncio
import json
import shutil

import httpx
import pytest
from azure.core.credentials import AccessToken
from in_process import connected
from leaping_loop import in_strides
from one_fault import disturbed, people
from one_run import timeless
from test_soak import NOW

from mfaaudit.auditing import collect, go_on
from mfaaudit.brief import brief
from mfaaudit.bundle import EVIDENCE
from mfaaudit.errors import SignInFailed
from mfaaudit.evidence.run import RUN_FILE, Order
from mfaaudit.judging import judge_bundle
from mfaaudit.simulated import open_tenant
from mfaaudit.snapshot import take
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.sign_in import GivenToken

USERS = 40
CODES = {
    "TokenIssuedBeforeRevocationTimestamp": "the session was revoked",
    "TokenCreatedWithOutdatedPolicies": "a Conditional Access policy has changed",
    "LocationConditionEvaluationSatisfied": "does not allow access from this network",
}


class Signing:
    """A credential that asks the simulated sign-in service for each token, as a secret or a certificate does."""

    def __init__(self, tenant):
        self._tenant = tenant
        self._cached = tenant.access_token()
        self.answered = 0

    async def get_token(self, *_, claims=None, **__):
        if claims is not None:
            self.answered += 1
            self._cached = self._tenant.access_token(claims=claims)
        return AccessToken(self._cached, 2**33)


def opened(revokes_after=None, code="TokenIssuedBeforeRevocationTimestamp"):
    return open_tenant(users=USERS, mood="tidy", now=NOW, quota=False, revokes_after=revokes_after, revokes_with=code)


def read(tenant, bundle, credential, how=collect, app=None):
    # Small pages, so that there is a middle to revoke in.
    transport = httpx.ASGITransport(app=disturbed(app or tenant.app, lambda _: None))

    async def work():
        fast = {bucket: Pace(Controller(ceiling=1e6)) for bucket in Bucket}
        connection = connected(tenant, credential=credential, transport=transport, paces=lambda: fast)
        await how(connection, Order(), bundle, lambda *_: None, lambda _: None)

    with asyncio.Runner(loop_factory=in_strides) as runner:
        runner.run(work())


def results(bundle):
    judge_bundle(bundle, brief(("baseline",), "low", "json"), lambda *_: None)
    return timeless(json.loads((bundle / "results.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """The bundle of an audit that nothing disturbed."""
    bundle = tmp_path_factory.mktemp("calm") / "bundle"
    read(tenant := opened(), bundle, GivenToken(tenant.access_token()))
    return bundle


@pytest.fixture(scope="module")
def calm_results(calm, tmp_path_factory):
    """Its results."""
    return results(shutil.copytree(calm, tmp_path_factory.mktemp("judged") / "bundle"))


@pytest.mark.parametrize("after", [0, 2, 9, 20])
def test_with_a_credential_that_can_answer_nothing_is_lost(after, calm, tmp_path):
    tenant = opened(after)
    credential = Signing(tenant)
    read(tenant, tmp_path / "bundle", credential)

    assert tenant.revocation.challenges
    assert credential.answered == 1
    assert people(take(tmp_path / "bundle" / EVIDENCE)) == people(take(calm / EVIDENCE))


@pytest.mark.parametrize(
    ("after", "code"), [(2, "TokenIssuedBeforeRevocationTimestamp"), *zip((9, 14, 20), CODES, strict=True)]
)
def test_with_a_fixed_token_it_stops_with_the_reason_and_is_gone_on_with(after, code, calm, calm_results, tmp_path):
    tenant, bundle = opened(after, code), tmp_path / "bundle"
    with pytest.raises(SignInFailed) as problem:
        read(tenant, bundle, GivenToken(tenant.access_token()))
    assert CODES[code] in str(problem.value)
    assert code in str(problem.value)
    assert "--resume" in problem.value.hint
    assert not (bundle / EVIDENCE / RUN_FILE).exists()

    challenges = tenant.revocation.challenges
    read(tenant, bundle, GivenToken(tenant.access_token(claims=tenant.revocation.claims)), go_on)
    assert tenant.revocation.challenges == challenges
    assert people(take(bundle / EVIDENCE)) == people(take(calm / EVIDENCE))
    assert results(bundle) == calm_results


def test_a_challenge_of_items_in_a_batch_is_answered_too(calm, tmp_path):
    tenant = opened()
    credential = Signing(tenant)

    async def revoking(scope, receive, send):
        if scope["path"].endswith("$batch") and not tenant.revocation.challenges:
            # The outer request passes; the services behind it refuse.
            tenant.revocation.revoke()
        await tenant.app(scope, receive, send)

    read(tenant, tmp_path / "bundle", credential, app=revoking)

    assert credential.answered == 1
    assert people(take(tmp_path / "bundle" / EVIDENCE)) == people(take(calm / EVIDENCE))


def test_a_challenge_of_items_that_cannot_be_answered_stops_with_the_reason(tmp_path):
    tenant = opened()

    async def revoking(scope, receive, send):
        if scope["path"].endswith("$batch"):
            tenant.revocation.revoke()
        await tenant.app(scope, receive, send)

    with pytest.raises(SignInFailed, match="the session was revoked"):
        read(tenant, tmp_path / "bundle", GivenToken(tenant.access_token()), app=revoking)
