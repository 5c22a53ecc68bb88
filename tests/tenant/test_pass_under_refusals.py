"""The real pass, reader and pace under random refusals of the simulated tenant, on a loop whose clock leaps."""

import asyncio
import random
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from unittest.mock import patch

import httpx
import pytest
from batch_service import SOURCES
from leaping_loop import hurried

from mfaaudit.evidence.batch import reads_of
from mfaaudit.evidence.journal import Journal
from mfaaudit.simulated import open_tenant
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.pace import identity_quota, paces
from mfaaudit.tenant.per_user import PerUserPass
from mfaaudit.tenant.reader import Reader
from mfaaudit.tenant.sign_in import GivenToken

ROOT = "https://graph.microsoft.com"
LATENCY = 0.05


def seconds(users, *, mood="refusing", whole=0.0, units=None):
    """How long the pass takes that reads everybody; `units` is what x-ms-resource-unit says of each read."""
    chance = random.Random(7)

    def late(app):
        inner = httpx.ASGITransport(app=app)

        async def answer(request):
            await asyncio.sleep(LATENCY)
            if chance.random() < whole:
                return httpx.Response(503, headers={"retry-after": "1"})
            response = await inner.handle_async_request(request)
            body = await response.aread()
            if units is not None:
                body = body.replace(b'"x-ms-resource-unit":"1"', b'"x-ms-resource-unit":"%s"' % units.encode())
            return httpx.Response(response.status_code, content=body)

        return httpx.MockTransport(answer)

    async def work(loop):
        tenant = open_tenant(users=users, mood=mood, now=datetime.now(UTC), clock=loop.time)
        graph = Graph(ROOT, GivenToken(tenant.access_token()), [f"{ROOT}/.default"], transport=late(tenant.app))
        reader = Reader(graph, Journal(), paces())
        reader.paces[Bucket.IDENTITY].allow(identity_quota(users))
        done = []
        reading = PerUserPass(reader, SOURCES, done.append)
        reading.add(reads_of([one.id for one in tenant.directory.accounts], SOURCES))
        reading.no_more()
        start = loop.time()
        await reading.run()
        await graph.close()
        assert sum(done) == 2 * users
        return loop.time() - start

    with asyncio.Runner(loop_factory=hurried) as runner, ExitStack() as clock:
        loop = runner.get_loop()
        clock.enter_context(patch.object(time, "monotonic", loop.time))
        return runner.run(work(loop))


@pytest.mark.parametrize("users", [20, 300])
def test_a_fifth_of_the_reads_refused_costs_seconds(users):
    assert seconds(users) <= 15


def test_a_fifth_of_the_requests_refused_beside_costs_seconds():
    assert seconds(300, whole=0.2) <= 20


@pytest.mark.parametrize("units", ["1e308", "1000000", "-5", "0", "nan", "inf", "-inf", "1e400", "x", ""])
def test_a_cost_that_no_read_has_is_not_believed(units):
    assert seconds(300, mood="tidy", units=units) <= 1.2 * seconds(300, mood="tidy") + 0.5
