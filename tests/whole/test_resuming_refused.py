"""What an audit is not gone on with: another tenant's journal, another order, one that is in use, damaged or done."""

import asyncio
import random

import pytest
from broken_off import USERS, session, tear, tenant_of
from filelock import FileLock
from in_process import connected
from test_soak import NOW

from mfaaudit.auditing import go_on
from mfaaudit.bundle import EVIDENCE, LOCK, MANIFEST
from mfaaudit.errors import BundleProblem, OutputProblem, UsageProblem, WrongTenant
from mfaaudit.evidence.run import Order
from mfaaudit.simulated import open_tenant


def test_an_audit_that_came_to_its_end_is_not_gone_on_with(tmp_path):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    assert session(tenant, bundle)
    (bundle / MANIFEST).write_text("{}", encoding="utf-8")

    with pytest.raises(UsageProblem, match="came to its end"):
        session(tenant, bundle)


def test_another_tenants_journal_is_refused_and_stays_as_it_is(tmp_path):
    bundle = tmp_path / "bundle"
    assert not session(tenant_of("tidy"), bundle, requests=15)
    other = open_tenant(users=USERS, seed=6, mood="tidy", now=NOW, quota=False)
    assert other.tenant_id != tenant_of("tidy").tenant_id
    tear(bundle, random.Random(1))

    with pytest.raises(WrongTenant, match=other.tenant_id):
        session(other, bundle)

    assert session(tenant_of("tidy"), bundle)


def test_a_journal_that_was_begun_with_other_options_is_refused(tmp_path):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    assert not session(tenant, bundle, requests=15)

    with pytest.raises(UsageProblem, match="--collect per-user") as problem:
        session(tenant, bundle, order=Order(collect="verified-bulk"))

    assert "--collect verified-bulk" in str(problem.value)


def test_a_journal_that_another_process_writes_is_refused(tmp_path):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    assert not session(tenant, bundle, requests=15)

    with FileLock(bundle / LOCK), pytest.raises(OutputProblem, match="another mfaaudit command is writing"):
        session(tenant, bundle)

    assert session(tenant, bundle)
    assert (bundle / LOCK).stat().st_size == 0


def test_a_folder_without_an_audit_is_refused(tmp_path):
    with pytest.raises(BundleProblem, match="no audit that was begun"):
        asyncio.run(go_on(connected(tenant_of("tidy")), Order(), tmp_path, lambda *_: None, lambda _: None))


def test_a_journal_that_is_damaged_in_the_middle_is_refused(tmp_path):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    assert not session(tenant, bundle, requests=20)
    assert not session(tenant, bundle, requests=4)
    path = bundle / EVIDENCE / "organization.jsonl.gz"
    data = bytearray(path.read_bytes())
    data[40] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(BundleProblem, match="damaged"):
        session(tenant, bundle)
