"""One audit from sign-in to evidence: read the tenant, or what is left of it, and write down how it was read."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import platform
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mfaaudit import __version__
from mfaaudit.bundle import EVIDENCE, MANIFEST, READY, create, default_out, held, write_whole
from mfaaudit.connecting import Connection, check_tenant, connected, sign_in
from mfaaudit.errors import UsageProblem, WrongTenant
from mfaaudit.evidence.batch import Item
from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.mending import mend
from mfaaudit.evidence.past import Past
from mfaaudit.evidence.run import (
    BEGUN_FILE,
    RUN_FILE,
    Asked,
    Begun,
    Identity,
    Order,
    Run,
    Session,
)
from mfaaudit.snapshot.verification import wanted
from mfaaudit.sources.listed_states import VERIFIED_BULK
from mfaaudit.tenant.collect import Collection, Progress
from mfaaudit.tenant.organisation import Tenant, read_tenant
from mfaaudit.tenant.reader import Reader

CARRIERS = ("msgraph-sdk", "msgraph-core", "azure-identity", "httpx")


async def collect(
    connection: Connection,
    order: Order,
    out: Path | None,
    progress: Progress,
    on_folder: Callable[[Path], None],
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Reads a tenant into a new bundle and returns its folder.

    Raises SignInFailed, WrongTenant, Refused, Unreachable or OutputProblem. What had been read by then stays, and
    `go_on` reads the rest.
    """
    async with connected(connection) as graph:
        now, identity = datetime.now(UTC), await sign_in(connection)
        with Journal() as journal:
            reader = Reader(graph, journal, connection.paces())
            tenant = await _ask_who(connection, reader, identity, progress)
            bundle = create(out or default_out(tenant.default_domain or tenant.id, now))
            on_folder(bundle)
            begun = _begin(connection, order, tenant, identity, now)
            with held(bundle):
                _keep(bundle, begun)
                journal.open(bundle / EVIDENCE)
                return await _read_all(reader, begun, bundle, now, progress, say)


async def go_on(
    connection: Connection,
    order: Order,
    bundle: Path,
    progress: Progress,
    on_folder: Callable[[Path], None],
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Reads what an audit that was broken off had not read yet, into its own bundle.

    Raises BundleProblem if there is no such audit, or it is damaged; UsageProblem if it was begun with another
    `order`; and what `collect` raises.
    """
    begun = Begun.load(bundle / EVIDENCE / BEGUN_FILE)
    # Killed while its results took their places, it is judged, but has not said how.
    was_judging = (bundle / READY).is_dir()
    if (bundle / MANIFEST).exists() and not was_judging:
        raise UsageProblem(
            f"{bundle} holds an audit that came to its end",
            hint="Judge it again with `mfaaudit evaluate`, or audit again without --resume.",
        )
    if begun.order != order:
        raise UsageProblem(
            f"{bundle} was begun with {begun.order}, not with {order}",
            hint="Go on with the same options, or audit again without --resume.",
        )
    if (bundle / EVIDENCE / RUN_FILE).exists():
        with held(bundle):
            return bundle
    async with connected(connection) as graph:
        now, identity = datetime.now(UTC), await sign_in(connection)
        with held(bundle), Journal() as journal:
            mend(bundle / EVIDENCE)
            progress("What had been read", 0, None)
            past = Past(bundle / EVIDENCE)
            reader = Reader(graph, journal, connection.paces(), past)
            tenant = await _ask_who(connection, reader, identity, progress)
            if (tenant.id, connection.cloud, connection.root) != (begun.tenant_id, begun.cloud, begun.graph):
                raise WrongTenant(
                    f"{bundle} holds tenant {begun.tenant_id} of {begun.graph}, but {tenant.id} of {connection.root} "
                    "answered",
                    hint="Sign in to the tenant that the audit was begun with, or audit again without --resume.",
                )
            on_folder(bundle)
            begun = _go_on(begun, past, _session(connection, identity, now, resume=True))
            _keep(bundle, begun)
            journal.open(bundle / EVIDENCE)
            return await _read_all(reader, begun, bundle, now, progress, say)


def broken_off(here: Path) -> list[Path]:
    """The bundles in a folder that audits were broken off in, under the names that audits give them."""
    folders = sorted(path.parent.parent for path in here.glob(f"mfaaudit-*/{EVIDENCE}/{BEGUN_FILE}"))
    return [folder for folder in folders if not (folder / MANIFEST).exists() or (folder / READY).is_dir()]


async def _ask_who(connection: Connection, reader: Reader, identity: Identity, progress: Progress) -> Tenant:
    progress("Tenant", 0, None)
    tenant = await read_tenant(reader)
    check_tenant(connection.tenant, tenant, identity)
    return tenant


async def _read_all(
    reader: Reader, begun: Begun, bundle: Path, now: datetime, progress: Progress, say: Callable[[str], None]
) -> Path:
    collection = Collection(reader, begun.order, started_at=begun.started_at, now=now, progress=progress, say=say)
    await collection.lists()
    if begun.collect == VERIFIED_BULK:
        await _verify(reader, collection, begun, bundle / EVIDENCE)
    await collection.count()
    finished_at = datetime.now(UTC)
    *before, last = begun.sessions
    facts = {field.name: getattr(begun, field.name) for field in dataclasses.fields(begun)}
    run = Run(
        **(facts | {"sessions": (*before, dataclasses.replace(last, ended_at=finished_at))}),
        finished_at=finished_at,
        metrics_from=collection.metrics_from,
        metrics_to=collection.metrics_to,
        requests=reader.requests,
        throttled=reader.throttled,
    )
    # Written last: without it the evidence is that of an audit that was broken off.
    reader.journal.close()
    write_whole(bundle / EVIDENCE / RUN_FILE, run.to_json().encode("utf-8"))
    return bundle


async def _verify(reader: Reader, collection: Collection, begun: Begun, evidence: Path) -> None:
    """Reads from the documented endpoints whatever the bulk sources leave open, until nothing is."""
    asked: set[Item] = set()
    while True:
        reader.journal.settle()
        found = wanted(evidence, begun.id)
        items = [Item(source, user) for source, users in found.items() for user in users]
        items = [item for item in reader.past.left(items) if item not in asked]
        if not items:
            return
        await collection.read(items)
        asked.update(items)


def _begin(connection: Connection, order: Order, tenant: Tenant, identity: Identity, now: datetime) -> Begun:
    return Begun(
        id=str(uuid.uuid4()),
        tool="mfaaudit",
        tool_version=__version__,
        platform=f"Python {platform.python_version()} on {platform.system()}",
        packages={name: importlib.metadata.version(name) for name in CARRIERS},
        started_at=now,
        tenant_id=tenant.id,
        tenant_name=tenant.name,
        default_domain=tenant.default_domain,
        cloud=connection.cloud,
        graph=connection.root,
        identity=identity,
        collect=order.collect,
        options=order.options,
        groups=order.groups,
        metrics_interval=order.metrics_interval,
        simulated=connection.simulated,
        sessions=(_session(connection, identity, now, resume=False),),
    )


def _session(connection: Connection, identity: Identity, now: datetime, *, resume: bool) -> Session:
    return Session(
        started_at=now,
        ended_at=None,
        identity=identity,
        tool_version=__version__,
        machine=connection.machine(),
        asked=Asked(auth=connection.auth, tenant=connection.tenant or "", resume=resume),
    )


def _go_on(begun: Begun, past: Past, here: Session) -> Begun:
    """The same audit with one more session; the one before ended when it read for the last time."""
    *before, last = begun.sessions
    ended = dataclasses.replace(last, ended_at=max(last.started_at, past.last_read or last.started_at))
    return dataclasses.replace(begun, sessions=(*before, ended, here))


def _keep(bundle: Path, begun: Begun) -> None:
    write_whole(bundle / EVIDENCE / BEGUN_FILE, begun.to_json().encode("utf-8"))
