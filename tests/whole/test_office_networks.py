"""Networks of real offices: TLS that is inspected, proxies with a password, and both ways out of this machine alike."""

import asyncio
import dataclasses
import json
import ssl
from datetime import UTC, datetime

import pytest
from azure.core.pipeline.transport import AsyncioRequestsTransport
from azure.core.rest import HttpRequest
from inspecting_proxy import GRAPH, SIGN_IN, Issuer, microsoft, proxy, served

from mfaaudit.auditing import collect
from mfaaudit.bundle import EVIDENCE
from mfaaudit.cli.audit import connect
from mfaaudit.connecting import connected, sign_in
from mfaaudit.errors import Unreachable, UsageProblem
from mfaaudit.evidence.run import Order
from mfaaudit.simulated import open_tenant
from mfaaudit.snapshot import take
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.wires import SignInWire

ADDRESS = f"https://{GRAPH}/v1.0/organization"
BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(scope="module")
def tenant():
    return open_tenant(users=5, mood="tidy", now=datetime.now(UTC), quota=False)


@pytest.fixture(scope="module")
def service(tenant):
    with served(microsoft(tenant)) as address:
        yield address


@pytest.fixture(scope="module")
def office(service, tmp_path_factory):
    """An office's proxy that inspects TLS."""
    with proxy(tmp_path_factory.mktemp("office"), service) as made:
        yield made


@pytest.fixture(autouse=True)
def environment(monkeypatch, tenant, tmp_path):
    """Sets variables, in an environment that has none which matter here; ~/.netrc is no way round either."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_DIR", *BUNDLES):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("AZURE_TENANT_ID", tenant.tenant_id)
    monkeypatch.setenv("AZURE_CLIENT_ID", "99999999-8888-7777-6666-555555555555")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "s3cr3t")

    async def at_once(self, duration):
        """azure-core waits between its tries."""

    monkeypatch.setattr(AsyncioRequestsTransport, "sleep", at_once)

    def put(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))

    return put


def signed_in(auth="secret"):
    """Signs in, and asks Graph who the tenant is."""

    async def work():
        connection = connect(tenant=None, auth=auth, cloud="global", graph_url=None)
        async with connected(connection) as graph:
            await sign_in(connection)
            return await graph.send("organization", ADDRESS)

    return asyncio.run(work())


def to_graph():
    """Asks Graph alone, with a token at hand."""

    async def work():
        async with connected(connect(tenant=None, auth="token", cloud="global", graph_url=None)) as graph:
            return await graph.send("organization", ADDRESS)

    return asyncio.run(work())


def blocking(environment, url=f"https://{SIGN_IN}/t/oauth2/v2.0/token"):
    """Asks the sign-in service as the credentials do that ask a person."""
    with SignInWire(environment) as wire:
        return wire.send(HttpRequest("POST", url, data={"a": "b"}))


@pytest.mark.parametrize("variable", [*BUNDLES, "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE as a folder"])
def test_each_variable_makes_the_offices_certificates_count_for_graph_and_for_the_sign_in(
    variable, office, environment, tmp_path
):
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / "office.crt").write_bytes(office.issuer.pem)
    (folder / "README").write_text("no certificate")
    name = variable.partition(" ")[0]
    value = office.issuer.file if variable in BUNDLES else folder
    environment(HTTPS_PROXY=office.url, **{name: value})
    before = len(office.connects)

    assert signed_in().ok
    assert blocking({"HTTPS_PROXY": office.url, name: str(value)}).status_code == 200
    assert set(office.connects[before:]) == {f"{GRAPH}:443", f"{SIGN_IN}:443"}


def test_the_systems_own_store_counts_and_a_bundle_is_added_to_it(office, environment, tmp_path, monkeypatch):
    other = Issuer(tmp_path / "other")
    paths = ssl.get_default_verify_paths()
    monkeypatch.setattr("ssl.get_default_verify_paths", lambda: paths._replace(openssl_cafile=str(office.issuer.file)))

    environment(HTTPS_PROXY=office.url)
    assert signed_in().ok
    environment(SSL_CERT_FILE=other.file, REQUESTS_CA_BUNDLE=other.file)
    assert signed_in().ok


@pytest.mark.parametrize("system", ["Windows", "Darwin"])
def test_where_the_system_judges_certificates_itself_a_bundle_is_added_too(system, office, environment, monkeypatch):
    monkeypatch.setattr("mfaaudit.tenant.trust.platform.system", lambda: system)
    environment(HTTPS_PROXY=office.url)
    with pytest.raises(Unreachable):
        signed_in()

    environment(SSL_CERT_FILE=office.issuer.file)
    assert signed_in().ok


def test_without_them_either_way_out_is_refused_with_what_to_do(office, environment, tmp_path):
    environment(HTTPS_PROXY=office.url, SSL_CERT_FILE=Issuer(tmp_path / "other").file)
    with pytest.raises(Unreachable, match="sign-in service") as of_sign_in:
        signed_in()
    environment(MFAAUDIT_ACCESS_TOKEN="t0k3n")
    with pytest.raises(Unreachable, match="Graph cannot be reached") as of_graph:
        to_graph()

    for problem in (of_sign_in.value, of_graph.value):
        assert "certificate verify failed" in str(problem)
        for word in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "inspects TLS"):
            assert word in problem.hint


def test_a_certificate_for_another_host_is_refused(office, environment, monkeypatch):
    environment(HTTPS_PROXY=office.url, SSL_CERT_FILE=office.issuer.file, MFAAUDIT_ACCESS_TOKEN="t0k3n")
    mine = office.issuer.context_for
    monkeypatch.setattr(office.issuer, "context_for", lambda _: mine("graph.evil.example"))

    for ask in (signed_in, to_graph):
        with pytest.raises(Unreachable, match="certificate"):
            ask()


@pytest.mark.parametrize("variable", [*BUNDLES, "SSL_CERT_DIR"])
def test_what_is_no_bundle_is_an_error_that_names_the_variable_and_the_file(variable, environment, tmp_path):
    empty, text, cut = tmp_path / "empty", tmp_path / "text.pem", tmp_path / "cut.pem"
    folder = tmp_path / "folder"
    folder.mkdir()
    empty.touch()
    text.write_text("MIIB…")
    cut.write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    huge = tmp_path / "huge.pem"
    with huge.open("wb") as file:
        file.truncate(1 << 30)

    for path in (tmp_path / "none", empty, text, cut, folder, huge):
        environment(**{variable: path})
        for auth in ("secret", "device-code", "managed-identity", "default"):
            with pytest.raises(UsageProblem) as problem:
                connect(tenant=None, auth=auth, cloud="global", graph_url=None)
            assert f"{variable} names {path}" in str(problem.value)
            assert problem.value.hint


def test_a_proxy_that_wants_a_password_gets_it_from_the_variable(service, environment, tmp_path):
    with proxy(tmp_path / "proxy", service, credentials="user@office:pä§#word") as made:
        address = made.url.replace("//", "//user%40office:p%C3%A4%C2%A7%23word@")
        environment(HTTPS_PROXY=address, SSL_CERT_FILE=made.issuer.file)
        assert signed_in().ok
        assert blocking({"HTTPS_PROXY": address, "SSL_CERT_FILE": str(made.issuer.file)}).status_code == 200


def test_a_password_that_is_missing_or_wrong_is_told_with_what_to_do_and_not_shown(service, environment, tmp_path):
    with proxy(tmp_path / "proxy", service, credentials="user:right") as made:
        for who in ("", "user:wr0ng@"):
            environment(
                HTTPS_PROXY=made.url.replace("//", f"//{who}"),
                SSL_CERT_FILE=made.issuer.file,
                MFAAUDIT_ACCESS_TOKEN="t0k3n",
            )
            for ask in (signed_in, to_graph):
                with pytest.raises(Unreachable, match="407") as problem:
                    ask()
                assert "HTTPS_PROXY" in problem.value.hint
                assert "NTLM" in problem.value.hint
                assert "wr0ng" not in f"{problem.value} {problem.value.hint}"


@pytest.mark.parametrize(
    "no_proxy", ["10.0.0.0/8,fe80::/10", "[::1]", "::1", "[::1]:8080", "10.0.0.0/8 fe80::/10 ,,", ".internal:8080"]
)
def test_every_spelling_of_no_proxy_is_understood_on_both_ways(no_proxy, office, environment):
    environment(HTTPS_PROXY=office.url, SSL_CERT_FILE=office.issuer.file, NO_PROXY=no_proxy)
    assert signed_in().ok
    assert blocking(
        {"HTTPS_PROXY": office.url, "NO_PROXY": no_proxy, "SSL_CERT_FILE": str(office.issuer.file)}
    ).status_code


@pytest.mark.parametrize(
    "variables",
    [{"HTTPS_PROXY": "http://user:s3cr3t@host:port"}, {"ALL_PROXY": "socks5://user:s3cr3t@host:1080"},
     {"HTTPS_PROXY": "http://host:1", "NO_PROXY": "a,fe80::/999"}],
)  # fmt: skip
@pytest.mark.parametrize("auth", ["secret", "device-code", "managed-identity", "default", "token"])
def test_a_variable_that_cannot_be_understood_ends_it_before_anything_is_sent(auth, variables, environment):
    environment(MFAAUDIT_ACCESS_TOKEN="t0k3n", **variables)
    with pytest.raises(UsageProblem) as problem:
        signed_in(auth)
    assert any(name in str(problem.value) for name in variables)
    assert "user:s3cr3t" not in str(problem.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_nothing_for_this_machine_is_ever_heard_by_a_proxy(host, service, tenant, environment, tmp_path):
    with proxy(tmp_path / "proxy") as made:
        every = {f"{name}_PROXY": made.url for name in ("HTTP", "HTTPS", "ALL")}
        environment(MFAAUDIT_ACCESS_TOKEN=tenant.access_token(), NO_PROXY="", **every)
        environment(**{name.lower(): value for name, value in every.items()})

        async def work():
            root = f"http://{host}:{service[1]}"
            connection = connect(tenant=None, auth="token", cloud="global", graph_url=root)
            async with connected(connection) as graph:
                return await graph.send("organization", f"{root}/v1.0/organization")

        assert asyncio.run(work()).ok
        assert blocking(every | {"http_proxy": made.url}, f"http://{host}:{service[1]}/token").status_code
        assert made.heard == []


def test_a_managed_identitys_tokens_do_not_pass_a_proxy(environment, tmp_path, monkeypatch):
    async def app(scope, receive, send):
        if scope["type"] == "http":
            content = json.dumps({"access_token": "t0k3n", "expires_in": 3600, "resource": "r"}).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": content})

    with served(app) as (host, port), proxy(tmp_path / "proxy") as made:
        environment(HTTP_PROXY=made.url, ALL_PROXY=made.url, IDENTITY_HEADER="h")
        environment(IDENTITY_ENDPOINT=f"http://{host}:{port}/msi/token")

        async def work():
            connection = connect(tenant=None, auth="managed-identity", cloud="global", graph_url=None)
            try:
                return await connection.credential.get_token(*connection.scopes)
            finally:
                await connection.credential.close()

        assert asyncio.run(work()).token == "t0k3n"
        assert made.heard == []


def test_a_whole_audit_behind_such_a_proxy(office, environment, tenant, tmp_path):
    environment(HTTPS_PROXY=office.url, REQUESTS_CA_BUNDLE=office.issuer.file)

    async def work():
        connection = connect(tenant=tenant.tenant_id, auth="secret", cloud="global", graph_url=None)
        fast = {bucket: Pace(Controller(ceiling=1e6)) for bucket in Bucket}
        connection = dataclasses.replace(connection, paces=lambda: fast)
        await collect(connection, Order(), tmp_path / "bundle", lambda *_: None, lambda _: None)

    asyncio.run(work())
    snapshot = take(tmp_path / "bundle" / EVIDENCE)
    assert snapshot.population.enumerated == 5
    assert snapshot.users["requirements_perUserMfaState"].null_count() == 0
