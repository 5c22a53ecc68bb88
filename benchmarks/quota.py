"""How much of the documented quota of the largest tenants the per-user pass uses once its bucket is empty."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import per_user
from serving import served

USERS = 13_000
"""26,000 reads: 10 seconds to warm up, and 20 and more to measure."""
QUOTA = 800.0
"""Units a second above 500 users (throttling-limits page)."""
WARM_UP_S = 10.0


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    with served(USERS, quota=True) as (root, token):
        ids = asyncio.run(per_user.list_ids(root, token))
        answers = asyncio.run(read_all(root, token, ids))
    start = answers[0][0]
    after = [one for one in answers if (one[0] - start).total_seconds() >= WARM_UP_S]
    seconds = (after[-1][0] - after[0][0]).total_seconds()
    rate = sum(done for _, done, _ in after[1:]) / seconds
    yield figure(f"quota: reads a second after {WARM_UP_S:.0f} s", rate, "1/s", "the documented quota", QUOTA)
    refused, done = sum(one[2] for one in answers), sum(one[1] for one in answers)
    share = 1000 * refused / (refused + done)
    yield figure("quota: reads answered 429, of a thousand", share, "", "one half percent", 5.0)


async def read_all(root: str, token: str, ids: Sequence[str]) -> list[tuple[datetime, int, int]]:
    """When each batch was answered, and how many of its reads were done and refused."""
    from mfaaudit.evidence.batch import BATCH, outcomes, reads_of
    from mfaaudit.evidence.journal import Journal, read_journal
    from mfaaudit.sources import OWN_READS
    from mfaaudit.sources.source import Bucket
    from mfaaudit.tenant.graph import Graph
    from mfaaudit.tenant.pace import identity_quota, paces
    from mfaaudit.tenant.per_user import PerUserPass
    from mfaaudit.tenant.reader import Reader
    from mfaaudit.tenant.sign_in import GivenToken

    graph = Graph(root, GivenToken(token), [f"{root}/.default"])
    with tempfile.TemporaryDirectory() as folder:
        with Journal(Path(folder)) as journal:
            reader = Reader(graph, journal, paces())
            reader.paces[Bucket.IDENTITY].allow(identity_quota(len(ids)))
            work = PerUserPass(reader, OWN_READS, lambda _: None)
            work.add(reads_of(ids, OWN_READS))
            work.no_more()
            await work.run()
        await graph.close()
        return [
            (
                response.read_at,
                sum(outcome.ok for _, outcome in found),
                sum(outcome.status == 429 for _, outcome in found),
            )
            for response in read_journal(Path(folder), BATCH)
            for found in [list(outcomes(response))]
        ]
