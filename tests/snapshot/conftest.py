"""Evidence of a simulated tenant, read by the real collector once for all, and evidence that is written by hand."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from evidence_by_hand import NOBODY, NOW, ROOT, write, write_run

from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.run import Order
from mfaaudit.simulated import open_tenant
from mfaaudit.simulated.mood import MOOD, READ_ALL
from mfaaudit.snapshot import take
from mfaaudit.sources.options import POLICY_GROUPS
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.collect import Collection
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.organisation import read_tenant
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.reader import Reader
from mfaaudit.tenant.sign_in import GivenToken


async def read(tenant, folder, order=None, *, app=None, permissions=READ_ALL):
    order, token = order or Order(), tenant.access_token(permissions=permissions)
    transport = httpx.ASGITransport(app=app or tenant.app)
    graph = Graph(ROOT, GivenToken(token), [f"{ROOT}/.default"], transport=transport)
    # The simulated tenant has no quotas here, so nobody need wait for them.
    paces = {bucket: Pace(Controller(ceiling=1e6)) for bucket in Bucket}
    try:
        with Journal(folder) as journal:
            reader = Reader(graph, journal, paces)
            await read_tenant(reader)
            collection = Collection(reader, order, started_at=NOW, now=NOW, progress=lambda *_: None)
            await collection.lists()
            await collection.count()
    finally:
        await graph.close()
    identity = replace(NOBODY, permissions=tuple(permissions))
    metrics = {"metrics_from": collection.metrics_from, "metrics_to": collection.metrics_to}
    write_run(folder, options=order.options, identity=identity, **metrics)


@pytest.fixture(scope="session")
def audit(tmp_path_factory):
    """Reads a simulated tenant of a given mood; gives the tenant and the folder of the evidence."""
    made = {}

    def of(mood):
        if mood not in made:
            tenant = open_tenant(users=120, seed=7, mood=mood, now=NOW, quota=False)
            folder = tmp_path_factory.mktemp(mood)
            asyncio.run(read(tenant, folder, permissions=MOOD[mood].permissions))
            made[mood] = tenant, folder
        return made[mood]

    return of


@pytest.fixture(scope="session")
def tidy(audit):
    """A tenant that was read whole: the simulation, and what the evidence gives."""
    tenant, folder = audit("tidy")
    return tenant, take(folder)


@pytest.fixture(scope="session")
def forbidden(audit):
    """A tenant that an application was let see the half of."""
    tenant, folder = audit("half-forbidden")
    return tenant, take(folder)


@pytest.fixture
def odd(tmp_path, monkeypatch):
    """Reads a simulated tenant that is like a mood but for some fields; gives the tenant and the snapshot."""

    def of(mood, *, permissions=READ_ALL, wrap=lambda app: app, users=60, **fields):
        monkeypatch.setitem(MOOD, "odd", replace(MOOD[mood], **fields))
        tenant = open_tenant(users=users, seed=7, mood="odd", now=NOW, quota=False)
        folder = tmp_path / "odd"
        folder.mkdir()
        order = Order(options=(POLICY_GROUPS.name,))
        asyncio.run(read(tenant, folder, order, app=wrap(tenant.app), permissions=permissions))
        return tenant, take(folder)

    return of


@pytest.fixture
def taken(tmp_path):
    """The snapshot that answers written by hand give."""

    def take_of(*answers, **changes):
        write(tmp_path / "evidence", *answers, **changes)
        return take(tmp_path / "evidence")

    return take_of
