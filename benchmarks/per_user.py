"""Client CPU of the two reads of each user over a socket, against typed calls of the beta SDK, one after another."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from serving import served

USERS, TYPED_USERS = 2_000, 150


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    with served(USERS, quota=False) as (root, token):
        ids = asyncio.run(list_ids(root, token))
        ours = asyncio.run(in_batches(root, token, ids))
        theirs = asyncio.run(typed(root, token, ids[:TYPED_USERS]))
    yield figure("per-user pass: client CPU a user", ours, "µs", "msgraph-beta-sdk, typed calls, sequential", theirs)


async def list_ids(root: str, token: str) -> list[str]:
    import httpx

    ids: list[str] = []
    url: str | None = f"{root}/v1.0/users?$select=id&$top=999"
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
        while url:
            page = (await client.get(url)).json()
            ids += [one["id"] for one in page["value"]]
            url = page.get("@odata.nextLink")
    return ids


async def in_batches(root: str, token: str, ids: Sequence[str]) -> float:
    from mfaaudit.evidence.batch import reads_of
    from mfaaudit.evidence.journal import Journal
    from mfaaudit.sources import OWN_READS
    from mfaaudit.sources.source import Bucket
    from mfaaudit.tenant.controller import Controller
    from mfaaudit.tenant.graph import Graph
    from mfaaudit.tenant.pace import Pace
    from mfaaudit.tenant.per_user import PerUserPass
    from mfaaudit.tenant.reader import Reader
    from mfaaudit.tenant.sign_in import GivenToken

    graph = Graph(root, GivenToken(token), [f"{root}/.default"])
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder)) as journal:
        reader = Reader(graph, journal, {bucket: Pace(Controller(ceiling=1e6)) for bucket in Bucket})
        work = PerUserPass(reader, OWN_READS, lambda _: None)
        start = time.process_time()
        work.add(reads_of(ids, OWN_READS))
        work.no_more()
        await work.run()
        spent = time.process_time() - start
    await graph.close()
    return 1e6 * spent / len(ids)


async def typed(root: str, token: str, ids: Sequence[str]) -> float:
    import httpx
    from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
    from msgraph_beta import GraphServiceClient
    from msgraph_beta.graph_request_adapter import GraphRequestAdapter

    from mfaaudit.tenant.sign_in import GivenToken

    provider = AzureIdentityAuthenticationProvider(GivenToken(token), None, [f"{root}/.default"], ["127.0.0.1"])
    async with httpx.AsyncClient() as http:
        adapter = GraphRequestAdapter(provider, http)
        adapter.base_url = f"{root}/beta"
        client = GraphServiceClient(request_adapter=adapter)
        authentication = [client.users.by_user_id(one).authentication for one in ids]
        await authentication[0].requirements.get()
        start = time.process_time()
        for one in authentication:
            await one.requirements.get()
            await one.sign_in_preferences.get()
        return 1e6 * (time.process_time() - start) / len(ids)
