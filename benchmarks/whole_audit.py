"""Peak memory of a whole audit, all reports included, of a tenant that another process serves without quotas.

The audit is `mfaaudit audit` with its paces off, or it would take minutes that show nothing of memory; by itself this
file audits a tenant of any size so: `whole_audit.py USERS [WAY]`. Growth is told as bytes a user, between sizes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from peak import peak
from serving import served

USERS, FEWER = 100_000, 20_000
BUDGET = 400.0
"""MB."""
POLICIES = ("--policy", "baseline", "--policy", "legacy-per-user-mfa")


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    few, many = audited(FEWER, "per-user"), audited(USERS, "per-user")
    yield figure(f"whole audit, per-user, {USERS:,} users: peak", many, "MB", "the budget", BUDGET)
    bulk = audited(USERS, "verified-bulk")
    yield figure(f"whole audit, verified-bulk, {USERS:,} users: peak", bulk, "MB", "the budget", BUDGET)
    growth = 1e6 * (many - few) / (USERS - FEWER)
    yield figure(f"whole audit: growth from {FEWER:,} users", growth, "B/user", "2 GB for a million users", 2_000.0)


def audited(users: int, way: str) -> float:
    """The peak in MB. Raises AssertionError if the audit does not end with findings."""
    with served(users, quota=False) as (root, token), tempfile.TemporaryDirectory() as folder:
        options = ["--graph-url", root, "--auth", "token", "--collect", way, "--out", str(Path(folder, "bundle"))]
        command = [__file__, "audit", *options, *POLICIES, "--quiet"]
        return peak(command, (10, 11), os.environ | {"MFAAUDIT_ACCESS_TOKEN": token})


def unpaced(arguments: list[str]) -> None:
    """The program, whose requests go out as soon as they can."""
    from mfaaudit.cli import main as mfaaudit
    from mfaaudit.tenant.pace import Pace

    async def permit(_: Pace) -> float:
        return time.monotonic()

    with patch.object(Pace, "permit", permit):
        sys.exit(mfaaudit(arguments))


def main() -> None:
    if sys.argv[1] == "audit":
        unpaced(sys.argv[1:])
    users, way = int(sys.argv[1]), (sys.argv[2:] or ["per-user"])[0]
    print(f"{users:,} users, {way}: {audited(users, way):,.0f} MB at most")


if __name__ == "__main__":
    main()
