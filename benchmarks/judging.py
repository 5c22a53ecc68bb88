"""CPU of every shipped rule over a million users, against a plain Python loop that tests one field of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

USERS = 1_000_000


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    import polars as pl

    from mfaaudit.columns import REASONS
    from mfaaudit.findings import judge, load_pack, shipped_packs
    from mfaaudit.findings.examples import NOW, frame
    from mfaaudit.sources.field import Scope

    packs = [load_pack(name) for name in shipped_packs()]
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    cases = [one for rule in rules.values() for example in rule.examples for one in example.given]
    few = frame(cases, Scope.USER).with_columns(pl.col("^.*_reason$").cast(REASONS))
    users = few[pl.Series([place % few.height for place in range(USERS)], dtype=pl.UInt32)]
    tenant = frame([{"tenant.securityDefaults.isEnabled": False}], Scope.TENANT)

    start = time.process_time()
    judge(packs, users=users, tenant=tenant, now=NOW)
    ours = time.process_time() - start

    start = time.process_time()
    passed = 0
    for enabled, kind, registered in users.select(
        "user_accountEnabled", "user_userType", "registration_isMfaRegistered"
    ).iter_rows():
        if enabled and kind != "Guest":
            passed += registered is True
    theirs = time.process_time() - start
    what = f"judging: {len(rules)} rules of {len(packs)} packs, {USERS:,} users"
    yield figure(what, ours, "s", "as many plain Python loops, each one rule of three fields", theirs * len(rules))
