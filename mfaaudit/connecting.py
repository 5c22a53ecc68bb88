"""Who we are and whom we talk to: a connection to one tenant, the sign-in, and whether it is the right tenant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from azure.core.exceptions import AzureError

from mfaaudit.errors import WrongTenant
from mfaaudit.evidence.run import Identity, Machine
from mfaaudit.machine import this_machine
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.claims import claims_of, identity_of
from mfaaudit.tenant.graph import Graph, without_token
from mfaaudit.tenant.organisation import Tenant
from mfaaudit.tenant.pace import Pace, paces


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How to reach one tenant."""

    root: str
    cloud: str
    auth: str
    credential: Any
    scopes: list[str]
    tenant: str | None
    """The tenant that was asked for, by id or by domain; None for whichever the credential leads to."""
    transport: httpx.AsyncBaseTransport | None = None
    simulated: bool = False
    paces: Callable[[], Mapping[Bucket, Pace]] = paces
    """How fast each quota may be used to begin with."""
    machine: Callable[[], Machine] = this_machine
    """Where it is read from."""


@asynccontextmanager
async def connected(connection: Connection) -> AsyncIterator[Graph]:
    """The Graph service of a connection; closes it, and the credential, in the end."""
    graph = Graph(connection.root, connection.credential, connection.scopes, transport=connection.transport)
    try:
        yield graph
    finally:
        await graph.close()
        await _close(connection.credential)


async def sign_in(connection: Connection) -> Identity:
    """Gets a token once, before anything else, and says whose it is. Raises SignInFailed or Unreachable."""
    try:
        # As the SDK will ask for each request: the library keeps other tokens apart, and would ask a person again.
        token = connection.credential.get_token(*connection.scopes, enable_cae=True)
        # The credentials that ask a person exist in azure-identity only without async.
        found = await token if hasattr(token, "__await__") else token
    except AzureError as error:
        raise without_token(error, f"--auth {connection.auth}") from error
    return identity_of(claims_of(found.token), auth=connection.auth)


def check_tenant(asked: str | None, tenant: Tenant, identity: Identity) -> None:
    """Raises WrongTenant unless the token, the answers and the option speak of one tenant."""
    if identity.tenant_id and tenant.id and identity.tenant_id.lower() != tenant.id.lower():
        raise WrongTenant(
            f"the token is for tenant {identity.tenant_id}, but {tenant.id} answered",
            hint="Sign in to the tenant that is to be audited.",
        )
    names = {tenant.id.lower(), *tenant.domains}
    if asked is not None and asked.lower() not in names:
        raise WrongTenant(
            f"--tenant asks for {asked}, but the sign-in leads to {tenant.id} ({tenant.default_domain or 'no domain'})",
            hint="Sign in to the right tenant, or correct --tenant; a tenant is named by its id or a verified domain.",
        )


async def _close(credential: Any) -> None:
    closing: Any = credential.close() if hasattr(credential, "close") else None
    if hasattr(closing, "__await__"):
        await closing
