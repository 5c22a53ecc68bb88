"""One audit from sign-in to evidence: who are we, which tenant is it, read it, write down how it was read."""

from __future__ import annotations

import importlib.metadata
import platform
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from azure.core.exceptions import AzureError, ClientAuthenticationError

from mfaaudit import __version__
from mfaaudit.bundle import EVIDENCE, create, default_out, write_private
from mfaaudit.errors import SignInFailed, Unreachable, WrongTenant
from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.run import RUN_FILE, Identity, Run
from mfaaudit.tenant.claims import claims_of, identity_of
from mfaaudit.tenant.collect import Collection, Progress, Tenant, read_tenant
from mfaaudit.tenant.graph import Graph, first_line
from mfaaudit.tenant.pace import paces
from mfaaudit.tenant.reader import Reader

CARRIERS = ("msgraph-sdk", "msgraph-core", "azure-identity", "httpx")


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


async def collect(
    connection: Connection, out: Path | None, progress: Progress, on_folder: Callable[[Path], None]
) -> Path:
    """Reads a tenant into a new bundle and returns its folder.

    Raises SignInFailed, WrongTenant, Refused, Unreachable or OutputProblem. What had been read by then stays.
    """
    async with connected(connection) as graph:
        identity = await sign_in(connection)
        with Journal() as journal:
            return await _collect(connection, identity, Reader(graph, journal, paces()), out, progress, on_folder)


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
    except ClientAuthenticationError as error:
        raise SignInFailed(
            f"--auth {connection.auth}: {first_line(error)}",
            hint="Check the credential, the tenant and the consent given to the application, then try again.",
        ) from error
    except AzureError as error:
        raise Unreachable(
            f"the sign-in service did not answer: {first_line(error)}",
            hint="Check the network, the proxy and --cloud, then try again.",
        ) from error
    return identity_of(claims_of(found.token), auth=connection.auth)


async def _collect(
    connection: Connection,
    identity: Identity,
    reader: Reader,
    out: Path | None,
    progress: Progress,
    on_folder: Callable[[Path], None],
) -> Path:
    started_at = datetime.now(UTC)
    progress("Tenant", 0, None)
    tenant = await read_tenant(reader)
    check_tenant(connection.tenant, tenant, identity)
    bundle = create(out or default_out(tenant.default_domain or tenant.id, started_at))
    on_folder(bundle)
    reader.journal.open(bundle / EVIDENCE)
    collection = Collection(reader, started_at=started_at, progress=progress)
    await collection.run()
    run = Run(
        id=str(uuid.uuid4()),
        tool="mfaaudit",
        tool_version=__version__,
        platform=f"Python {platform.python_version()} on {platform.system()}",
        packages={name: importlib.metadata.version(name) for name in CARRIERS},
        started_at=started_at,
        finished_at=datetime.now(UTC),
        tenant_id=tenant.id,
        tenant_name=tenant.name,
        default_domain=tenant.default_domain,
        cloud=connection.cloud,
        graph=connection.root,
        identity=identity,
        collect="per-user",
        metrics_from=collection.metrics_from,
        metrics_to=collection.metrics_to,
        requests=reader.requests,
        throttled=reader.throttled,
        simulated=connection.simulated,
    )
    # Written last: without it the evidence is that of an audit that was broken off.
    reader.journal.close()
    write_private(bundle / EVIDENCE / RUN_FILE, run.to_json().encode("utf-8"))
    return bundle


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
