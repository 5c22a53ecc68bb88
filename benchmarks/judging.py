"""CPU of every shipped rule over many users, against a plain Python loop that tests one field of each."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

USERS = 100_000


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    from mfaaudit.findings import judge, load_packs, shipped_packs
    from mfaaudit.findings.examples import NOW, frame
    from mfaaudit.sources.field import Scope

    packs = load_packs(shipped_packs())
    cases = [example.given[0] for pack in packs for rule in pack.rules for example in rule.examples if example.given]
    users = frame(list(itertools.islice(itertools.cycle(cases), USERS)), Scope.USER)
    tenant = frame([{"tenant.securityDefaults.isEnabled": False}], Scope.TENANT)
    rules = sum(len(pack.rules) for pack in packs)

    start = time.process_time()
    judge(packs, users=users, tenant=tenant, now=NOW)
    ours = time.process_time() - start

    start = time.process_time()
    sum(row["user_accountEnabled"] is True for row in users.iter_rows(named=True))
    theirs = time.process_time() - start
    what = f"judging: {rules} rules, {USERS:,} users"
    yield figure(what, 1000 * ours, "ms", "a Python loop over the rows that tests one field", 1000 * theirs)
