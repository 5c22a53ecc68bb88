"""Turns a way of signing in into a credential; secrets come from the environment or from files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from mfaaudit.errors import SignInFailed, UsageProblem
from mfaaudit.known_ids import GRAPH_COMMAND_LINE_TOOLS
from mfaaudit.sources import SOURCES
from mfaaudit.tenant.claims import claims_of
from mfaaudit.tenant.clouds import Cloud

LAST_SECOND = 253_402_300_799
"""Of the year 9999, in seconds since 1970; a token that says it lives longer says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Everything that a way of signing in may need."""

    auth: str
    tenant: str | None
    cloud: Cloud
    # Not in the repr, which a traceback may show: it holds the secrets.
    environment: Mapping[str, str] = field(repr=False)

    def value(self, name: str) -> str:
        """A variable of the environment. Raises UsageProblem if it is not set."""
        found = self.environment.get(name, "")
        if not found.strip():
            raise UsageProblem(
                f"--auth {self.auth} needs the environment variable {name}",
                hint=f"Set {name} in the environment (never on the command line), then try again.",
            )
        return found

    @property
    def tenant_id(self) -> str:
        """The tenant to sign in to. Raises UsageProblem if none was given."""
        if self.tenant is None:
            return self.value("AZURE_TENANT_ID")
        return self.tenant

    @property
    def authority(self) -> str:
        """The host that issues the cloud's tokens."""
        return urlsplit(self.cloud.authority).netloc

    def wired(self, *, blocking: bool = False) -> dict[str, Any]:
        """The arguments that give a credential of azure-identity our network. Raises UsageProblem if it has none."""
        from mfaaudit.tenant.proxy import proxy_for
        from mfaaudit.tenant.wires import AsyncSignInWire, SignInWire

        # Asked here, since some credentials take every error of the network for a service that is not there.
        proxy_for(self.cloud.authority, self.environment)
        return {"transport": (SignInWire if blocking else AsyncSignInWire)(self.environment)}

    def wired_near(self) -> dict[str, Any]:
        """Those arguments for a managed identity."""
        # The endpoint of Service Fabric has a certificate of its own making, which azure-identity knows how to take.
        return {} if "IDENTITY_SERVER_THUMBPRINT" in self.environment else self.wired()


class GivenToken:
    """A token that somebody else got, from MFAAUDIT_ACCESS_TOKEN; it cannot be renewed."""

    def __init__(self, token: str) -> None:
        self._token = token
        expires = claims_of(token).get("exp")
        if isinstance(expires, bool) or not isinstance(expires, int | float) or not 0 <= expires <= LAST_SECOND:
            expires = time.time() + 3600
        self._expires = int(expires)

    def get_token(self, *scopes: str, claims: str | None = None, **_: Any) -> AccessToken:
        """The token as it was given, whatever scopes are asked for.

        Raises ClientAuthenticationError if Graph wants other claims.
        """
        if claims is not None:
            raise ClientAuthenticationError("MFAAUDIT_ACCESS_TOKEN holds one fixed token")
        return AccessToken(self._token, self._expires)

    def close(self) -> None:
        """Nothing to close."""


def read_only_scopes(cloud: Cloud) -> list[str]:
    """The delegated permissions to ask for: the least of each source, all of them for reading."""
    names = sorted({source.permissions[0] for source in SOURCES})
    return [f"{cloud.graph}/{name}" for name in names]


def scopes_for(auth: str, cloud: Cloud) -> list[str]:
    """What to ask the authority for; applications and command-line logins carry what was granted to them."""
    return read_only_scopes(cloud) if auth in ("browser", "device-code") else [cloud.scope]


def credential_for(sign_in: SignIn) -> Any:
    """The credential for one way of signing in.

    Raises UsageProblem if something it needs is not there, SignInFailed if its library refuses what is.
    """
    try:
        return WAYS[sign_in.auth](sign_in)
    except (ValueError, TypeError, OSError) as error:
        # A key without its password, or a password without its key, is a TypeError to the library.
        raise SignInFailed(
            f"--auth {sign_in.auth} could not be prepared: {error}",
            hint="Check the tenant, the client id and, for a certificate, its file and password.",
        ) from error


def _default(given: SignIn) -> Any:
    from azure.identity.aio import DefaultAzureCredential

    return DefaultAzureCredential(authority=given.authority, **given.wired_near())


def _browser(given: SignIn) -> Any:
    from azure.identity import InteractiveBrowserCredential

    return InteractiveBrowserCredential(
        authority=given.authority,
        tenant_id=given.tenant or "organizations",
        client_id=_client(given),
        **given.wired(blocking=True),
    )


def _device_code(given: SignIn) -> Any:
    from azure.identity import DeviceCodeCredential

    return DeviceCodeCredential(
        authority=given.authority,
        tenant_id=given.tenant or "organizations",
        client_id=_client(given),
        **given.wired(blocking=True),
    )


def _secret(given: SignIn) -> Any:
    from azure.identity.aio import ClientSecretCredential

    return ClientSecretCredential(
        tenant_id=given.tenant_id,
        client_id=given.value("AZURE_CLIENT_ID"),
        client_secret=given.value("AZURE_CLIENT_SECRET"),
        authority=given.authority,
        **given.wired(),
    )


def _certificate(given: SignIn) -> Any:
    from azure.identity.aio import CertificateCredential

    return CertificateCredential(
        tenant_id=given.tenant_id,
        client_id=given.value("AZURE_CLIENT_ID"),
        certificate_path=given.value("AZURE_CLIENT_CERTIFICATE_PATH"),
        password=given.environment.get("AZURE_CLIENT_CERTIFICATE_PASSWORD"),
        authority=given.authority,
        **given.wired(),
    )


def _managed_identity(given: SignIn) -> Any:
    from azure.identity.aio import ManagedIdentityCredential

    return ManagedIdentityCredential(client_id=given.environment.get("AZURE_CLIENT_ID"), **given.wired_near())


def _workload(given: SignIn) -> Any:
    from azure.identity.aio import WorkloadIdentityCredential

    return WorkloadIdentityCredential(
        tenant_id=given.tenant_id,
        client_id=given.value("AZURE_CLIENT_ID"),
        token_file_path=given.value("AZURE_FEDERATED_TOKEN_FILE"),
        authority=given.authority,
        **given.wired(),
    )


def _azure_cli(given: SignIn) -> Any:
    from azure.identity.aio import AzureCliCredential

    return AzureCliCredential(tenant_id=given.tenant or "")


def _token(given: SignIn) -> Any:
    token = given.value("MFAAUDIT_ACCESS_TOKEN").strip()
    # A token with a break in it would be refused further down, by an error that quotes it.
    if not token.isascii() or not token.isprintable() or " " in token:
        raise UsageProblem(
            "MFAAUDIT_ACCESS_TOKEN holds something that no access token can hold",
            hint="Set it to the bare token: one line, no spaces, without the word Bearer.",
        )
    return GivenToken(token)


def _client(given: SignIn) -> str:
    return given.environment.get("AZURE_CLIENT_ID") or GRAPH_COMMAND_LINE_TOOLS


WAYS: Mapping[str, Callable[[SignIn], Any]] = {
    "default": _default,
    "browser": _browser,
    "device-code": _device_code,
    "secret": _secret,
    "certificate": _certificate,
    "managed-identity": _managed_identity,
    "workload": _workload,
    "azure-cli": _azure_cli,
    "token": _token,
}


def environment() -> Mapping[str, str]:
    """The variables that the process was started with."""
    return os.environ
