"""A reader on a service written by hand, and a loop on which a pause costs no time."""

import asyncio
import json

import httpx
import pytest
from leaping_loop import hurried, in_no_time

from mfaaudit.evidence.journal import Journal
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.controller import Controller
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.pace import Pace
from mfaaudit.tenant.reader import Reader
from mfaaudit.tenant.sign_in import GivenToken

ROOT = "https://graph.microsoft.com"


@pytest.fixture
def on(tmp_path):
    """Does some work with a reader whose service is a function; what it reads is written into tmp_path."""

    def go(service, work, *, root=ROOT, credential=None):
        async def whole():
            transport = httpx.MockTransport(service)
            graph = Graph(root, credential or GivenToken("t0k3n"), [f"{root}/.default"], transport=transport)
            try:
                # A day on the leaping clock: whatever hangs fails instead.
                with Journal(tmp_path) as journal:
                    async with asyncio.timeout(86_400):
                        return await work(
                            Reader(graph, journal, {bucket: Pace(Controller(ceiling=1e6)) for bucket in Bucket})
                        )
            finally:
                await graph.close()

        return in_no_time(whole(), hurried)

    return go


@pytest.fixture
def script():
    """Makes a service that gives the answers one after the other, the last for ever, and notes the requests.

    An answer is an exception to raise, or a status, a body and headers.
    """

    def make(*answers):
        seen = []

        def service(request):
            seen.append(request)
            answer = answers[min(len(seen), len(answers)) - 1]
            if isinstance(answer, Exception):
                raise answer
            status, body, headers = (*answer, {}, {})[:3] if len(answer) < 3 else answer
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            return httpx.Response(status, content=content, headers=headers)

        return service, seen

    return make
