"""In the storm everybody stands in one bucket of the ledger, and who came twice or belongs to nobody is named."""

from collections import Counter
from types import SimpleNamespace

import httpx
import pytest
from test_soak import LASTING, NOW, audit

from mfaaudit.findings import ledger_of
from mfaaudit.reports.results import results_of
from mfaaudit.simulated import open_tenant
from mfaaudit.simulated.storm import listing
from mfaaudit.words import Reason

USERS = 240


@pytest.fixture(scope="module")
def storm(tmp_path_factory):
    """One audit: the accounts of the directory, and what was found of them."""
    tenant = open_tenant(
        users=USERS, seed=5, mood="stormy", now=NOW, quota=False, breaks_off=lambda: httpx.ReadError("reset")
    )
    made = audit(tenant.app, tenant, tmp_path_factory.mktemp("storm") / "bundle")
    return SimpleNamespace(
        accounts=tenant.directory.accounts, snapshot=made.snapshot, findings=made.findings, results=results_of(made)
    )


def said_of_users(findings):
    """For each user the verdict and the reason of every rule about users."""
    found = {}
    for one in findings.results:
        for user, verdict, reason in one.frame.select("user_id", "verdict", "reason").iter_rows():
            if user is not None:
                found.setdefault(user, []).append((verdict, reason))
    return found


def bucket(own):
    order = [one.value for one in Reason]
    unread = [reason for verdict, reason in own if verdict == "NOT_EVALUATED"]
    if unread:
        return "unreadable", min(unread, key=order.index)
    return ("outOfScope" if {verdict for verdict, _ in own} == {"NOT_APPLICABLE"} else "evaluated"), None


def test_everybody_stands_in_exactly_one_bucket(storm):
    said = said_of_users(storm.findings)
    failing = Counter(bucket(own) for own in said.values() if "FAIL" in {verdict for verdict, _ in own})

    assert set(said) == {one.id for one in storm.accounts}
    expected = {key: (count, failing[key]) for key, count in Counter(map(bucket, said.values())).items()}
    rows = ledger_of(storm.findings).rows
    assert {(one.bucket, one.reason): (one.users, one.failing) for one in rows if one.users} == expected
    assert sum(one.users for one in rows) == USERS


def test_nobody_whose_own_reads_failed_for_good_counts_as_evaluated(storm):
    said = said_of_users(storm.findings)
    lost = [one for one in storm.accounts if one.fault in LASTING and one.enabled and one.user_type == "Member"]

    assert len(lost) >= 3
    for one in lost:
        assert bucket(said[one.id])[0] == "unreadable", one.fault


def test_who_came_twice_or_belongs_to_nobody_is_named_in_the_results(storm):
    population, ids = storm.results["population"], {one.id for one in storm.accounts}

    again = [one.account.id for one in listing.rows(storm.accounts) if one.named and not one.first]
    assert population["duplicateIds"] == again
    assert len(again) == population["duplicates"] == 2
    assert population["orphanIds"]
    assert not ids & set(population["orphanIds"])


def test_a_row_that_names_nobody_leaves_the_whole_tenant_without_a_conclusion(storm):
    assert storm.results["population"]["withoutId"] == 1
    assert storm.results["conclusion"]["exitCode"] != 0
    assert "NO CONCLUSION ABOUT THE WHOLE TENANT" in storm.results["conclusion"]["statement"]
