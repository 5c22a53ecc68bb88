"""Each way of signing in gives its own credential, for the right authority, and tells no secret."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from azure import identity
from azure.identity import aio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mfaaudit.cli.options import AUTHS
from mfaaudit.errors import SignInFailed, UsageProblem
from mfaaudit.sources import SOURCES
from mfaaudit.tenant.clouds import CLOUDS
from mfaaudit.tenant.sign_in import (
    GRAPH_COMMAND_LINE_TOOLS,
    WAYS,
    GivenToken,
    SignIn,
    credential_for,
    scopes_for,
)

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "99999999-8888-7777-6666-555555555555"
SECRET, PASSWORD, TOKEN = "s3cr3t-of-the-app", "pa55-of-the-file", "t0k3n-as-given"
PEOPLE = ("browser", "device-code")

KINDS = {
    "default": aio.DefaultAzureCredential,
    "browser": identity.InteractiveBrowserCredential,
    "device-code": identity.DeviceCodeCredential,
    "secret": aio.ClientSecretCredential,
    "certificate": aio.CertificateCredential,
    "managed-identity": aio.ManagedIdentityCredential,
    "workload": aio.WorkloadIdentityCredential,
    "azure-cli": aio.AzureCliCredential,
    "token": GivenToken,
}
NEEDED = {
    "secret": ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"),
    "certificate": ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH"),
    "workload": ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"),
    "token": ("MFAAUDIT_ACCESS_TOKEN",),
}


@pytest.fixture(autouse=True)
def _bare_process(monkeypatch):
    # azure-identity reads the process's own variables too, and a developer's machine may have some.
    for name in (
        "IDENTITY_ENDPOINT",
        "IDENTITY_HEADER",
        "MSI_ENDPOINT",
        "AZURE_AUTHORITY_HOST",
        "AZURE_TENANT_ID",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in (
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_TOKEN_CREDENTIALS",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def certificate(tmp_path, key):
    """Writes a self-made certificate with its key, the key encrypted if there is a password."""

    def write(password=None):
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mfa audit")])
        now = datetime(2026, 1, 1, tzinfo=UTC)
        made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=9))
        hidden = serialization.BestAvailableEncryption(password.encode()) if password else None
        path = tmp_path / "app.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                hidden or serialization.NoEncryption(),
            )
            + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        return path

    return write


@pytest.fixture
def everything(certificate, tmp_path):
    """An environment that has whatever any way of signing in may ask for."""
    return {
        "AZURE_TENANT_ID": TENANT,
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_CLIENT_SECRET": SECRET,
        "AZURE_CLIENT_CERTIFICATE_PATH": str(certificate()),
        "AZURE_FEDERATED_TOKEN_FILE": str(tmp_path / "assertion"),
        "MFAAUDIT_ACCESS_TOKEN": TOKEN,
    }


def given(auth, environment, *, cloud="global", tenant=None):
    return SignIn(auth=auth, tenant=tenant, cloud=CLOUDS[cloud], environment=environment)


def authority_of(credential):
    """The authority inside a credential; azure-identity keeps it in one of three places."""
    for owner in (credential, getattr(credential, "_client", None), getattr(credential, "_credential", None)):
        if hasattr(owner, "_authority"):
            return owner._authority
    return authority_of(credential._credential)


def test_the_command_line_offers_exactly_the_ways_that_exist():
    assert set(AUTHS) == set(WAYS) == set(KINDS)


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("auth", AUTHS)
def test_each_way_gives_its_own_credential_in_each_cloud(auth, cloud, everything):
    assert type(credential_for(given(auth, everything, cloud=cloud))) is KINDS[auth]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("auth", ["browser", "device-code", "secret", "certificate", "workload"])
def test_the_token_is_asked_of_the_authority_of_the_cloud(auth, cloud, everything):
    credential = credential_for(given(auth, everything, cloud=cloud))

    assert authority_of(credential) == CLOUDS[cloud].authority


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_default_way_asks_the_authority_of_the_cloud_too(cloud, everything, monkeypatch):
    for name in NEEDED["secret"]:
        monkeypatch.setenv(name, everything[name])

    chain = credential_for(given("default", everything, cloud=cloud))

    assert authority_of(chain.credentials[0]) == CLOUDS[cloud].authority


@pytest.mark.parametrize(("auth", "name"), [(auth, name) for auth, names in NEEDED.items() for name in names])
@pytest.mark.parametrize("found", [None, "", " "], ids=["absent", "empty", "blank"])
def test_a_missing_variable_is_named_and_no_secret_is(auth, name, found, everything):
    environment = {key: value for key, value in everything.items() if key != name}
    environment |= {} if found is None else {name: found}

    with pytest.raises(UsageProblem) as problem:
        credential_for(given(auth, environment))

    text = f"{problem.value} {problem.value.hint}"
    assert name in text
    assert f"--auth {auth}" in text
    assert not [secret for secret in (SECRET, PASSWORD, TOKEN) if secret in text]


def test_the_option_for_the_tenant_stands_in_for_the_variable(everything):
    del everything["AZURE_TENANT_ID"]

    credential = credential_for(given("secret", everything, tenant="contoso.example"))

    assert credential._client._tenant_id == "contoso.example"


def test_a_tenant_that_cannot_be_one_is_refused_with_a_hint(everything):
    with pytest.raises(SignInFailed) as problem:
        credential_for(given("secret", everything, tenant="no tenant/at all"))

    assert "tenant" in problem.value.hint


@pytest.mark.parametrize("auth", PEOPLE)
def test_a_person_needs_no_application_of_their_own(auth):
    assert credential_for(given(auth, {}))._client_id == GRAPH_COMMAND_LINE_TOOLS


@pytest.mark.parametrize("auth", PEOPLE)
def test_a_person_may_use_their_own_application(auth):
    assert credential_for(given(auth, {"AZURE_CLIENT_ID": CLIENT}))._client_id == CLIENT


@pytest.mark.parametrize("auth", PEOPLE)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_person_is_asked_for_consent_to_reading_only(auth, cloud):
    scopes = scopes_for(auth, CLOUDS[cloud])
    names = [scope.removeprefix(f"{CLOUDS[cloud].graph}/") for scope in scopes]

    assert names == sorted({source.permissions[0] for source in SOURCES})
    assert all(".Read" in name for name in names)
    assert not [name for name in names if "Write" in name or name == ".default"]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("auth", [auth for auth in AUTHS if auth not in PEOPLE])
def test_an_application_asks_for_what_was_granted_to_it(auth, cloud):
    assert scopes_for(auth, CLOUDS[cloud]) == [f"{CLOUDS[cloud].graph}/.default"]


def test_a_certificate_with_an_encrypted_key_opens_with_its_password(certificate, everything):
    everything["AZURE_CLIENT_CERTIFICATE_PATH"] = str(certificate(PASSWORD))
    everything["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = PASSWORD

    assert type(credential_for(given("certificate", everything))) is aio.CertificateCredential


@pytest.mark.parametrize(
    ("locked_with", "opened_with"), [(PASSWORD, None), (PASSWORD, "an0ther-one"), (None, PASSWORD)]
)
def test_a_password_that_does_not_fit_the_key_is_refused_and_not_told(
    locked_with, opened_with, certificate, everything
):
    everything["AZURE_CLIENT_CERTIFICATE_PATH"] = str(certificate(locked_with))
    everything["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = opened_with or ""

    with pytest.raises(SignInFailed) as problem:
        credential_for(given("certificate", everything))

    assert "password" in problem.value.hint
    assert not [one for one in (PASSWORD, "an0ther-one") if one in str(problem.value)]


@pytest.mark.parametrize("content", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
def test_a_broken_certificate_is_refused_with_a_hint(content, everything, tmp_path):
    (tmp_path / "broken.pem").write_bytes(content)
    everything["AZURE_CLIENT_CERTIFICATE_PATH"] = str(tmp_path / "broken.pem")

    with pytest.raises(SignInFailed, match="--auth certificate") as problem:
        credential_for(given("certificate", everything))

    assert "certificate" in problem.value.hint


def test_a_certificate_that_is_not_there_is_named(everything, tmp_path):
    everything["AZURE_CLIENT_CERTIFICATE_PATH"] = str(tmp_path / "nowhere.pem")

    with pytest.raises(SignInFailed, match=r"nowhere\.pem"):
        credential_for(given("certificate", everything))


@pytest.mark.parametrize("auth", AUTHS)
def test_no_secret_shows_in_what_a_log_or_a_traceback_would_print(auth, everything, caplog):
    caplog.set_level(logging.DEBUG)
    sign_in = given(auth, everything)
    shown = f"{sign_in!r} {credential_for(sign_in)!r} {caplog.text}"

    assert not [secret for secret in (SECRET, TOKEN, "PRIVATE KEY") if secret in shown]


def test_a_given_token_is_used_as_it_is_for_whatever_is_asked(everything):
    everything["MFAAUDIT_ACCESS_TOKEN"] = f" {TOKEN}\n"

    credential = credential_for(given("token", everything))

    assert credential.get_token("anything", claims=None, enable_cae=True).token == TOKEN


@pytest.mark.parametrize("token", ["two\nlines", "Bearer t0k3n", "t\u00f6k3n", "zero\0", "\u200bt0k3n"])
def test_a_token_that_was_pasted_wrong_is_refused_before_an_error_can_quote_it(token, everything):
    with pytest.raises(UsageProblem, match="MFAAUDIT_ACCESS_TOKEN") as problem:
        credential_for(given("token", everything | {"MFAAUDIT_ACCESS_TOKEN": token}))

    assert token not in f"{problem.value} {problem.value.hint}"
