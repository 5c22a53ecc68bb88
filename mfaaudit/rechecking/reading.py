"""Reads the flagged users again, into a folder of its own; the audit's bundle is not touched."""

from __future__ import annotations

import json
import platform
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mfaaudit import __version__
from mfaaudit.bundle import EVIDENCE, RECHECK, create, default_out, held, write_whole
from mfaaudit.connecting import Connection, check_tenant, connected, sign_in
from mfaaudit.errors import SignInFailed, TenantProblem, Unreachable, WrongTenant
from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.run import Identity, Order, Run
from mfaaudit.reports.material import iso
from mfaaudit.tenant.collect import Collection, Progress
from mfaaudit.tenant.organisation import read_tenant
from mfaaudit.tenant.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The audit that is rechecked."""

    bundle: str
    """The name of its folder."""
    run: Run
    manifest_sha256: str

    def facts(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "bundle": self.bundle,
            "runId": self.run.id,
            "startedAt": iso(self.run.started_at),
            "manifestSha256": self.manifest_sha256,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Who read the users again, when, and of which tenant."""

    id: str
    origin: Origin
    started_at: datetime
    finished_at: datetime
    tenant_id: str
    tenant_name: str
    default_domain: str
    cloud: str
    graph: str
    identity: Identity
    order: Order
    simulated: bool
    requests: int = 0
    throttled: int = 0

    @property
    def tenant(self) -> str:
        """What a person calls the tenant."""
        return self.tenant_name or self.default_domain or self.tenant_id

    def facts(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "id": self.id,
            "tool": "mfaaudit",
            "toolVersion": __version__,
            "platform": f"Python {platform.python_version()} on {platform.system()}",
            "startedAt": iso(self.started_at),
            "finishedAt": iso(self.finished_at),
            "tenantId": self.tenant_id,
            "tenantName": self.tenant_name,
            "defaultDomain": self.default_domain,
            "cloud": self.cloud,
            "graph": self.graph,
            "simulated": self.simulated,
            "identity": self.identity.facts(),
            "options": list(self.order.options),
            "requests": self.requests,
            "throttled": self.throttled,
        }


async def read_again(
    connection: Connection,
    origin: Origin,
    order: Order,
    users: Sequence[str],
    out: Path | None,
    progress: Progress,
    on_folder: Callable[[Path], None],
    say: Callable[[str], None],
) -> tuple[Path, Reading]:
    """Reads these users of the audit's tenant into a new folder.

    Raises SignInFailed, WrongTenant, Refused, Unreachable or OutputProblem.
    """
    try:
        async with connected(connection) as graph:
            now, identity = datetime.now(UTC), await sign_in(connection)
            with Journal() as journal:
                reader = Reader(graph, journal, connection.paces())
                progress("Tenant", 0, None)
                tenant = await read_tenant(reader)
                check_tenant(connection.tenant, tenant, identity)
                _check_origin(origin, tenant.id, connection.cloud)
                folder = create(out or default_out(tenant.default_domain or tenant.id, now, "recheck"))
                on_folder(folder)
                begun = Reading(
                    id=str(uuid.uuid4()),
                    origin=origin,
                    started_at=now,
                    finished_at=now,
                    tenant_id=tenant.id,
                    tenant_name=tenant.name,
                    default_domain=tenant.default_domain,
                    cloud=connection.cloud,
                    graph=connection.root,
                    identity=identity,
                    order=order,
                    simulated=connection.simulated or origin.run.simulated,
                )
                with held(folder):
                    _keep(folder, begun, {"users": list(users)})
                    journal.open(folder / EVIDENCE)
                    collection = Collection(reader, order, started_at=now, now=now, progress=progress, say=say)
                    await collection.some(users)
                    done = replace(
                        begun, finished_at=datetime.now(UTC), requests=reader.requests, throttled=reader.throttled
                    )
                    journal.close()
                    _keep(folder, done, {"users": list(users)})
    except (Unreachable, SignInFailed) as error:
        raise _without_resume(error) from error
    return folder, done


def _check_origin(origin: Origin, tenant_id: str, cloud: str) -> None:
    run = origin.run
    if (tenant_id.lower(), cloud) != (run.tenant_id.lower(), run.cloud):
        raise WrongTenant(
            f"{origin.bundle} is an audit of tenant {run.tenant_id} ({run.cloud}), but {tenant_id} ({cloud}) answered",
            hint="Sign in to the tenant that was audited, or give the bundle of an audit of this one.",
        )


def _without_resume(error: TenantProblem) -> TenantProblem:
    # The machinery that reads is that of an audit, which could be gone on with.
    if "--resume" not in error.hint:
        return error
    return type(error)(error.message, hint="See to the connection and the sign-in, then recheck again from the start.")


def _keep(folder: Path, reading: Reading, more: Mapping[str, Any]) -> None:
    facts = {"recheckOf": reading.origin.facts(), **reading.facts(), **more}
    text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / EVIDENCE / RECHECK, text.encode("utf-8"))
