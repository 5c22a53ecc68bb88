"""Evidence of a simulated tenant, read by the real collector once for all, and evidence that is written by hand."""

import asyncio

import httpx
import pytest
from evidence_by_hand import NOW, ROOT, write, write_run

from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.run import Order
from mfaaudit.simulated import open_tenant
from mfaaudit.snapshot import take
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.collect import Collection
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.organisation import read_tenant
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.reader import Reader
from mfaaudit.tenant.sign_in import GivenToken


async def read(tenant, folder):
    graph = Graph(
        ROOT, GivenToken(tenant.access_token()), [f"{ROOT}/.default"], transport=httpx.ASGITransport(app=tenant.app)
    )
    # The simulated tenant has no quotas here, so nobody need wait for them.
    paces = {bucket: Pace(Controller(ceiling=1e6)) for bucket in Bucket}
    try:
        with Journal(folder) as journal:
            reader = Reader(graph, journal, paces)
            await read_tenant(reader)
            collection = Collection(reader, Order(), started_at=NOW, now=NOW, progress=lambda *_: None)
            await collection.lists()
            await collection.count()
    finally:
        await graph.close()
    write_run(folder, metrics_from=collection.metrics_from, metrics_to=collection.metrics_to)


@pytest.fixture(scope="session")
def audit(tmp_path_factory):
    """Reads a simulated tenant of a given mood; gives the tenant and the folder of the evidence."""
    made = {}

    def of(mood):
        if mood not in made:
            tenant = open_tenant(users=120, seed=7, mood=mood, now=NOW, quota=False)
            folder = tmp_path_factory.mktemp(mood)
            asyncio.run(read(tenant, folder))
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
def taken(tmp_path):
    """The snapshot that answers written by hand give."""

    def take_of(*answers, **changes):
        write(tmp_path / "evidence", *answers, **changes)
        return take(tmp_path / "evidence")

    return take_of
