"""Some users alone are known as they are among all: no value of theirs depends on who else was read."""

import random

import httpx
import pytest
from in_process import connected
from rechecks_by_hand import NOW, Log, audit, in_no_time, recheck

from mfaaudit.auditing import collect
from mfaaudit.bundle import EVIDENCE
from mfaaudit.connecting import connected as connecting
from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.run import Order
from mfaaudit.facts import FACTS
from mfaaudit.simulated import open_tenant
from mfaaudit.snapshot import take
from mfaaudit.snapshot.some_users import take_some
from mfaaudit.sources.options import OPTIONS
from mfaaudit.tenant.collect import Collection
from mfaaudit.tenant.reader import Reader
from mfaaudit.words import Reason

DATED = ("_readAt", "_requestId", "_source")
EVERY_OPTION = Order(options=tuple(OPTIONS))


def read(tenant, order, folder, ids):
    """The evidence of these users alone."""
    folder.mkdir()
    connection = connected(tenant, transport=httpx.ASGITransport(app=Log().app(tenant.app)))

    async def whole():
        async with connecting(connection) as graph:
            with Journal(folder) as journal:
                reader = Reader(graph, journal, connection.paces())
                collection = Collection(reader, order, started_at=NOW, now=NOW, progress=lambda *_: None)
                await collection.some(ids)

    in_no_time(whole())
    return take_some(folder, ids)


@pytest.mark.parametrize("mood", ["tidy", "messy", "managed", "unlicensed", "half-forbidden"])
@pytest.mark.parametrize("seed", [1, 2])
def test_some_of_them_are_what_they_are_among_all(mood, seed, tmp_path):
    tenant = open_tenant(users=60, seed=seed, mood=mood, now=NOW, quota=False)
    everybody = audited(tenant, tmp_path / "all")
    ids = random.Random(seed).sample([*everybody.users["user_id"]], 25)

    some = read(tenant, EVERY_OPTION, tmp_path / "some", ids)

    left = tenant.directory.gone
    kept = [user for user in ids if user not in left]
    assert some.gone.to_list() == [user in left for user in ids]
    values = [name for name in some.users.columns if not name.endswith(DATED)]
    assert {one.field.column for one in FACTS if one.of_user is not None} <= set(values)
    theirs = rows(everybody.users, kept)
    ours = rows(some.users, kept)
    for name in values:
        assert [row[name] for row in ours] == [row[name] for row in theirs], name
    assert some.groups == everybody.groups
    assert some.role_names == everybody.role_names


def audited(tenant, folder):
    in_no_time(collect(connected(tenant), EVERY_OPTION, folder, lambda *_: None, lambda _: None))
    return take(folder / EVIDENCE)


def rows(users, ids):
    """The rows of these users, in the order of the ids."""
    by_id = {row["user_id"]: row for row in users.iter_rows(named=True)}
    return [by_id[user] for user in ids]


@pytest.mark.parametrize("mood", ["tidy", "messy", "managed"])
def test_of_the_tenant_nothing_is_said_that_would_have_to_be_counted(mood, tmp_path):
    tenant = open_tenant(users=60, seed=3, mood=mood, now=NOW, quota=False)
    everybody = audited(tenant, tmp_path / "all")
    ids = [*everybody.users["user_id"]][:9]

    some = read(tenant, EVERY_OPTION, tmp_path / "some", ids)

    counted = {one.field.column for one in FACTS if one.of_all}
    told, ours = everybody.tenant.row(0, named=True), some.tenant.row(0, named=True)
    for name in counted:
        assert (ours[name], ours[f"{name}_reason"]) == (None, Reason.NOT_REQUESTED.value)
    assert set(told) == set(ours)
    rest = [name for name in told if name.removesuffix("_reason") not in counted]
    assert {name: ours[name] for name in rest} == {name: told[name] for name in rest}


def test_nobody_who_was_not_asked_for_is_there(tmp_path):
    tenant = open_tenant(users=60, seed=3, mood="messy", now=NOW, quota=False)
    audit(tenant, tmp_path / "bundle", ("baseline",))
    made = recheck(tenant, tmp_path / "bundle", tmp_path / "recheck")

    found = take_some(tmp_path / "recheck" / EVIDENCE, made.flagged.users)
    assert found.users["user_id"].to_list() == list(made.flagged.users)
