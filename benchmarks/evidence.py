"""Evidence of a large tenant within minutes: a small simulated one is read, and its answers are kept under new ids."""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BASE = 5_000
"""Users of the tenant that is read."""
MULTIPLIED = ("users", "userRegistrationDetails", "$batch")
"""The sources that speak of every user; what the others say of the tenant is kept as it is."""
_ID = re.compile(rb"[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


def make(bundle: Path, users: int, **tenant: Any) -> None:
    """A new bundle with the evidence of so many users, up to a multiple of BASE; `tenant` says what theirs is like."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder, "base")
        asyncio.run(collect(base, min(users, BASE), **tenant))
        multiply(base / "evidence", bundle / "evidence", -(-users // BASE))


async def collect(bundle: Path, users: int, **like: Any) -> None:
    from mfaaudit import auditing
    from mfaaudit.evidence.run import Order
    from mfaaudit.simulated import open_tenant

    tenant = open_tenant(users=users, now=datetime.now(UTC), quota=False, **like)
    await auditing.collect(connect(tenant, tenant.app), Order(), bundle, lambda *_: None, lambda _: None)


def connect(tenant: Any, app: Any) -> Any:
    """A connection to a tenant in this process, through the application that stands before it."""
    import httpx

    from mfaaudit.connecting import Connection
    from mfaaudit.tenant.clouds import CLOUDS
    from mfaaudit.tenant.sign_in import GivenToken

    return Connection(
        root=CLOUDS["global"].graph,
        cloud="global",
        auth="token",
        credential=GivenToken(tenant.access_token()),
        scopes=[CLOUDS["global"].scope],
        tenant=tenant.tenant_id,
        transport=httpx.ASGITransport(app=app),
        simulated=True,
    )


def multiply(base: Path, target: Path, times: int) -> None:
    """The same answers `times` over, the users of each time with ids of their own."""
    from mfaaudit.evidence.journal import Journal, read_journal
    from mfaaudit.sources import BY_NAME

    shutil.copytree(base, target)
    with Journal(target) as journal:
        for source in MULTIPLIED:
            for time in range(1, times):
                for response in read_journal(base, source):
                    request = renamed(time)(response.request.encode()).decode()
                    journal.append(replace(response, request=request, body=renamed(time)(response.body)))
    # The directory's own count grows with it, or the population would not be complete.
    counts = [replace(one, body=b"%d" % (times * int(one.body))) for one in read_journal(base, "userCount")]
    (target / "userCount.jsonl.gz").unlink()
    with Journal(target) as journal:
        for count in counts:
            journal.append(count)
    assert set(MULTIPLIED) - {"$batch"} <= set(BY_NAME)


def renamed(time: int) -> Callable[[bytes], bytes]:
    """Changes the first part of every object id that stands in a text."""
    return lambda text: _ID.sub(lambda found: b"%08x" % (int(found[0], 16) ^ time), text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path, help="the folder to make")
    parser.add_argument("users", type=int)
    given = parser.parse_args()
    make(given.bundle, given.users)


if __name__ == "__main__":
    main()
