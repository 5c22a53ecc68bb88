"""One audit from sign-in to evidence: the right tenant or none, what was read stays, and the token stays nowhere."""

import asyncio
import gzip
import json
import logging
import stat
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError
from azure.identity import CredentialUnavailableError
from in_process import ROOT, connected
from leaping_loop import in_no_time

from mfaaudit.auditing import collect
from mfaaudit.bundle import EVIDENCE
from mfaaudit.connecting import check_tenant
from mfaaudit.errors import BundleProblem, OutputProblem, Refused, SignInFailed, Unreachable, WrongTenant
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.run import RUN_FILE, Order, Run
from mfaaudit.simulated import open_tenant
from mfaaudit.tenant.claims import identity_of
from mfaaudit.tenant.organisation import Tenant
from mfaaudit.tenant.sign_in import GivenToken

CONTOSO = Tenant(
    id="aaaaaaaa-0000-0000-0000-000000000001",
    name="Contoso",
    default_domain="contoso.example",
    domains=("contoso.example", "contoso.onmicrosoft.example"),
)
OTHER = "bbbbbbbb-0000-0000-0000-000000000002"


def quiet(*_):
    """Nobody looks at the progress."""


@pytest.fixture
def tenant():
    return open_tenant(users=80, seed=7, mood="tidy", now=datetime.now(UTC), quota=False)


@pytest.fixture
def connect(tenant):
    """A connection into the tenant; `before` sees each request, and may answer or raise in the tenant's stead."""
    inside = httpx.ASGITransport(app=tenant.app)

    def make(before=lambda _: None, **changes):
        async def service(request):
            return before(request) or await inside.handle_async_request(request)

        return connected(tenant, **{"transport": httpx.MockTransport(service), "simulated": False} | changes)

    return make


def audit(connection, out, *, progress=quiet):
    return in_no_time(collect(connection, Order(), out, progress, quiet))


def credential_with(token=None, problem=None):
    """A credential of the library's kind that notes what it is asked."""
    asked, closed = [], []

    async def get_token(*scopes, **options):
        asked.append((scopes, tuple(sorted((name, value) for name, value in options.items() if value is not None))))
        if problem is not None:
            raise problem
        return AccessToken(token, 2**31)

    async def close():
        closed.append(True)

    return SimpleNamespace(get_token=get_token, close=close, asked=asked, closed=closed)


@pytest.mark.parametrize("asked", [None, CONTOSO.id, CONTOSO.id.upper(), *CONTOSO.domains, "Contoso.Example"])
@pytest.mark.parametrize("claims", [{}, {"tid": CONTOSO.id}, {"tid": CONTOSO.id.upper()}])
def test_the_right_tenant_by_any_of_its_names_passes(asked, claims):
    assert check_tenant(asked, CONTOSO, identity_of(claims, auth="token")) is None


@pytest.mark.parametrize("asked", [OTHER, "fabrikam.example", "example", "", "contoso.example.evil.example", "Contoso"])
def test_another_tenant_than_the_one_asked_for_is_refused(asked):
    with pytest.raises(WrongTenant, match=r"contoso\.example") as problem:
        check_tenant(asked, CONTOSO, identity_of({}, auth="token"))

    assert "--tenant" in problem.value.hint


@pytest.mark.parametrize("asked", [None, CONTOSO.id])
def test_a_token_of_another_tenant_than_the_one_that_answers_is_refused(asked):
    with pytest.raises(WrongTenant, match=OTHER):
        check_tenant(asked, CONTOSO, identity_of({"tid": OTHER}, auth="token"))


def test_the_wrong_tenant_leaves_no_folder_behind(connect, tmp_path):
    with pytest.raises(WrongTenant, match=r"fabrikam\.example"):
        audit(connect(tenant="fabrikam.example"), tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_token_that_the_tenant_did_not_issue_is_refused_with_what_to_do(connect, tmp_path):
    elsewhere = open_tenant(users=1, seed=8, mood="tidy", now=datetime.now(UTC))

    with pytest.raises(Refused, match="401") as problem:
        audit(connect(credential=GivenToken(elsewhere.access_token())), tmp_path / "out")

    assert "sign in again" in problem.value.hint
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        (ClientAuthenticationError("AADSTS7000215: Invalid client secret provided.\nTrace ID: 1"), SignInFailed),
        (CredentialUnavailableError("Azure CLI not found on path"), SignInFailed),
        (ServiceRequestError("Failed to resolve 'login.microsoftonline.com'"), Unreachable),
    ],
)
def test_without_a_token_graph_is_never_asked(problem, error, connect, tmp_path):
    seen = []
    credential = credential_with(problem=problem)

    with pytest.raises(error, match=str(problem).split(":")[0]) as raised:
        audit(connect(seen.append, credential=credential, auth="secret"), tmp_path / "out")

    assert "Trace ID" not in str(raised.value)
    assert raised.value.hint
    assert not seen
    assert credential.closed


def test_a_person_is_asked_to_sign_in_once(connect, tmp_path, tenant):
    # The library keeps one store of tokens for each set of scopes and options, and asks a person again for another.
    credential = credential_with(tenant.access_token())

    with pytest.raises(WrongTenant):
        audit(connect(credential=credential, tenant="fabrikam.example"), tmp_path / "out")

    assert len(credential.asked) > 1
    assert len(set(credential.asked)) == 1
    assert credential.closed


def test_a_folder_with_something_in_it_is_left_alone(connect, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(OutputProblem):
        audit(connect(), tmp_path)

    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def crash_on_the_listing(error):
    def before(request):
        if request.url.path == "/v1.0/users":
            raise error

    return before


def forbid_the_listing(request):
    return httpx.Response(403, json={}) if request.url.path == "/v1.0/users" else None


@pytest.mark.parametrize(
    ("before", "error"),
    [
        (forbid_the_listing, Refused),
        (crash_on_the_listing(RuntimeError("a defect")), RuntimeError),
        (crash_on_the_listing(KeyboardInterrupt()), KeyboardInterrupt),
    ],
)
def test_what_had_been_read_before_a_crash_stays_and_is_no_finished_audit(before, error, connect, tmp_path):
    with pytest.raises(error):
        audit(connect(before), tmp_path / "out")

    evidence = tmp_path / "out" / EVIDENCE
    assert [one.status for one in read_journal(evidence, "organization")] == [200]
    assert [one.body for one in read_journal(evidence, "userCount")] == [b"80"]
    with pytest.raises(BundleProblem, match="no finished audit"):
        Run.load(evidence / RUN_FILE)


def test_a_bundle_is_for_its_owner_only_and_named_for_its_tenant(connect, tenant, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(Refused):
        audit(connect(forbid_the_listing), None)

    (bundle,) = tmp_path.iterdir()
    assert bundle.name.startswith(f"mfaaudit-{tenant.default_domain}-")
    assert {stat.S_IMODE(one.stat().st_mode) for one in (bundle, bundle / EVIDENCE)} == {0o700}
    assert {stat.S_IMODE(one.stat().st_mode) for one in (bundle / EVIDENCE).iterdir()} == {0o600}


def test_over_a_real_socket_the_token_reaches_the_service_and_no_log(connect, tmp_path, caplog, tenant):
    caplog.set_level(logging.DEBUG)
    heads, token = [], tenant.access_token()

    async def refuse(reader, writer):
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    async def whole():
        async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
            root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            await collect(
                connect(root=root, credential=GivenToken(token), transport=None), Order(), tmp_path, quiet, quiet
            )

    with pytest.raises(Refused, match="403"):
        asyncio.run(whole())

    assert len(heads) == 1
    assert f"Bearer {token}\r\n" in heads[0]
    assert caplog.records
    assert token not in "".join(str(vars(one)) for one in caplog.records)


def test_a_finished_audit_ends_with_its_facts_and_keeps_the_token_nowhere(connect, tmp_path, caplog, tenant):
    caplog.set_level(logging.DEBUG)
    out, token, early = tmp_path / "out", tenant.access_token(), []
    connection = connect(credential=GivenToken(token))

    audit(connection, out, progress=lambda *_: early.append((out / EVIDENCE / RUN_FILE).exists()))

    run = Run.load(out / EVIDENCE / RUN_FILE)
    assert early
    assert not any(early)
    assert (run.tenant_id, run.graph, run.collect) == (tenant.tenant_id, ROOT, "per-user")
    assert run.identity.kind == "delegated"
    assert run.started_at < run.finished_at

    files = [one for one in out.rglob("*") if one.is_file()]
    texts = [gzip.decompress(one.read_bytes()) if one.suffix == ".gz" else one.read_bytes() for one in files]
    lines = sum(text.count(b"\n") for one, text in zip(files, texts, strict=True) if one.suffix == ".gz")
    assert run.requests == lines
    # Written last; the clock of a disk may tick but once in some milliseconds.
    assert max(one.stat().st_mtime_ns for one in files) == (out / EVIDENCE / RUN_FILE).stat().st_mtime_ns
    # Neither the token nor its middle part, which says who signed in.
    secrets = (token, token.split(".")[1])
    assert not [one for one, text in zip(files, texts, strict=True) for secret in secrets if secret.encode() in text]
    assert json.dumps([str(vars(one)) for one in caplog.records]).count(secrets[1]) == 0
