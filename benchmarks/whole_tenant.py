"""The whole collection of a large tenant on a simulated clock (leaping.py), against what its documented quotas allow.

The tenant fills its quotas by the clock that the client lives by, and refuses what is above them. So the client cannot
be faster than the quota but by asking for less, and whatever makes it slower shows: pauses, refusals, reads that are
repeated, latency and CPU. That each user was read, and every page, is asserted of the evidence.

The floor is worked out from the tenant and not from what was asked for, or waste would raise it. `per-user`: two units
for each user and nothing else, at 800 units a second. `verified-bulk`: the fewest pages that hold the registration
report, and the five other reports, at 5 requests in 10 s. A quota that is full at the start gives 10 s more at once,
which the floor leaves out: a tenant of a few thousand users may be read in less than that.

Reads are counted by the tenant as its quota does: each request, each item of a batch, refused ones as well. Samples
have a fixed size, so that the share of `verified-bulk` falls as the tenant grows: MFAAUDIT_BENCH_USERS is the size.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import evidence
import leaping

USERS = int(os.environ.get("MFAAUDIT_BENCH_USERS", "100000"))
ADMINS, DISABLED = 0.005, 0.05
"""Shares of the users."""
UNITS_A_SECOND, REPORTS_A_SECOND = 800.0, 0.5
"""Documented for a tenant above 500 users (throttling-limits page)."""
REPORT_PAGE, OTHER_REPORTS = 1000, 5


@dataclass(slots=True)
class Heard:
    """What the tenant was asked for."""

    by_path: Counter[str] = field(default_factory=Counter)
    reads: int = 0

    def __call__(self, url: str, body: bytes) -> None:
        """One request."""
        self.reads += len(json.loads(body)["requests"]) if "$batch" in url else 1
        self.by_path[url.split("?")[0]] += 1


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    per_user, seconds, floor = collected("per-user")
    yield figure(f"per-user, {USERS:,} users: whole collection", seconds, "s", "2 reads a user / quota", floor)
    bulk, seconds, floor = collected("verified-bulk")
    yield figure(f"verified-bulk, {USERS:,} users: whole collection", seconds, "s", "report pages / quota", floor)
    yield figure("verified-bulk: reads, as the quota counts", bulk, "", "the reads of per-user", per_user)


def collected(way: str) -> tuple[int, float, float]:
    """Collects a tenant of its own in one way: the reads it took, the seconds, and the floor of the quotas."""
    from mfaaudit import auditing
    from mfaaudit.evidence.run import Order
    from mfaaudit.simulated import open_tenant

    clock, heard = leaping.Clock(), Heard()
    tenant = open_tenant(users=USERS, mood="tidy", now=datetime.now(UTC), clock=clock.time)
    rearrange(tenant.directory.accounts)
    connection = evidence.connect(tenant, leaping.Far(tenant.app, clock, heard))
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder, "bundle")
        work = auditing.collect(connection, Order(collect=way), bundle, lambda *_: None, lambda _: None)
        seconds = leaping.run(clock, work)
        check(bundle, way)
    rows = len(tenant.directory.reported)
    reports = (math.ceil(rows / REPORT_PAGE) + OTHER_REPORTS) / REPORTS_A_SECOND
    own = 2 * USERS / UNITS_A_SECOND if way == "per-user" else 0.0
    return heard.reads, seconds, max(reports, own)


def rearrange(accounts: list[Any]) -> None:
    """Makes the shares of administrators and of disabled accounts what they are to be."""
    from mfaaudit.simulated.roles import READER

    disabled = [one for one in accounts if not one.enabled]
    for one in disabled[round(DISABLED * len(accounts)) :]:
        one.enabled = one.in_report = True
    admins = sum(one.is_admin for one in accounts)
    for one in accounts:
        if admins < ADMINS * len(accounts) and one.enabled and one.user_type == "Member" and not one.is_admin:
            one.roles, one.state = (READER,), "enforced"
            admins += 1


def check(bundle: Path, way: str) -> None:
    """Raises AssertionError unless everybody was read, and the stand-ins stood in: a figure of half a job is none."""
    from mfaaudit.bundle import EVIDENCE
    from mfaaudit.snapshot import take

    snapshot = take(bundle / EVIDENCE)
    assert snapshot.population.complete
    assert snapshot.users.height == USERS
    assert not snapshot.failures
    assert snapshot.users["requirements_perUserMfaState"].null_count() == 0
    for one in snapshot.verification:
        assert not one.fell_back, one.why
        assert one.administrators >= ADMINS * USERS
    assert bool(snapshot.verification) == (way == "verified-bulk")
