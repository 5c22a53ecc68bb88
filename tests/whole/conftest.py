"""An audit of a small tidy tenant, undisturbed or under one fault."""

from functools import partial

import pytest
from one_fault import USERS, disturbed
from test_soak import NOW, audit

from mfaaudit.simulated import open_tenant


@pytest.fixture
def under(tmp_path):
    """Audits the tidy tenant under one fault."""

    def go(fault, users=USERS, **how):
        tenant = open_tenant(users=users, mood="tidy", now=NOW, quota=False)
        app = disturbed(tenant.app, partial(fault, tenant))
        made = audit(app, tenant, tmp_path / "bundle", **how)
        snapshot, findings = made.snapshot, made.findings
        assert {one.counts.total for one in findings.results} == {users, 1}
        return snapshot

    return go


@pytest.fixture(scope="session")
def calm(tmp_path_factory):
    """The undisturbed snapshot; nobody changes it."""
    tenant = open_tenant(users=USERS, mood="tidy", now=NOW, quota=False)
    return audit(disturbed(tenant.app, lambda _: None), tenant, tmp_path_factory.mktemp("calm") / "bundle").snapshot
