"""A large tenant in a storm of faults: everybody ends in one place, with their own values, the same ones every time.

With MFAAUDIT_SOAK=1 in the environment there are 20,000 users instead of 2,000.
"""

import asyncio
import os
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx
import polars as pl
import pytest
import raw_evidence
from in_process import connected
from leaping_loop import in_no_time

from mfaaudit.auditing import collect
from mfaaudit.brief import brief
from mfaaudit.bundle import EVIDENCE
from mfaaudit.evidence.run import Order
from mfaaudit.judging import judge_snapshot
from mfaaudit.simulated import open_tenant
from mfaaudit.simulated.account import ABSENT
from mfaaudit.snapshot import take
from mfaaudit.words import Reason

HOW = brief(("baseline", "legacy-per-user-mfa"), "low", "json", posture="per-user")
NOW = datetime.now(UTC)
USERS = 20_000 if os.environ.get("MFAAUDIT_SOAK") == "1" else 2_000
SEED = 11
PER_USER = ("requirements", "signInPreferences")
LASTING = {
    "vanishes": Reason.NOT_FOUND,
    "forbidden": Reason.NO_PERMISSION,
    "broken for good": Reason.SERVER_ERROR,
}
"""The faults that do not pass, and what they leave; everybody else is read."""
PREFERENCES = {"push", "oath", "voiceMobile", "voiceAlternateMobile", "voiceOffice", "sms", "none"}


def audit(app, tenant, bundle, *, credential=None):
    """Reads and judges in this process without sitting through a pause."""
    given = {} if credential is None else {"credential": credential}
    connection = connected(tenant, transport=httpx.ASGITransport(app=app), **given)

    async def whole():
        # A day on the leaping clock: whatever hangs fails instead.
        async with asyncio.timeout(86_400):
            await collect(connection, Order(), bundle, lambda *_: None, lambda _: None)

    in_no_time(whole())
    return judge_snapshot(take(bundle / EVIDENCE), HOW)


def through_a_storm(bundle):
    tenant = open_tenant(
        users=USERS, seed=SEED, mood="stormy", now=NOW, quota=False, breaks_off=lambda: httpx.ReadError("reset")
    )
    made = audit(tenant.app, tenant, bundle)
    snapshot, findings = made.snapshot, made.findings
    return SimpleNamespace(
        snapshot=snapshot,
        findings=findings,
        bundle=bundle,
        accounts={one.id: one for one in tenant.directory.accounts},
        rows={row["user_id"]: row for row in snapshot.users.to_dicts()},
    )


@pytest.fixture(scope="module")
def storm(tmp_path_factory):
    """One audit of the stormy tenant; nobody changes it."""
    return through_a_storm(tmp_path_factory.mktemp("storm") / "bundle")


def test_the_storm_was_one(storm):
    seen = raw_evidence.lines(storm.bundle, "perUser")

    assert {one["status"] for one in seen} == {0, 200, 401, 429, 502, 503}
    garbled = [one for one in seen if one["status"] == 200 and not one["body"].endswith("]}")]
    assert len(garbled) >= 2
    assert storm.snapshot.run.throttled > 20


def test_everybody_is_listed_once(storm):
    assert storm.snapshot.users["user_id"].is_unique().all()
    assert set(storm.rows) == set(storm.accounts)


@pytest.mark.parametrize("source", PER_USER)
def test_everybody_ends_in_exactly_one_place_for_each_source(storm, source):
    failed = [(one.user_id, one.reason) for one in storm.snapshot.failures if one.source == source]
    (covered,) = [one for one in storm.snapshot.coverage if one.source == source]

    expected = {one.id: LASTING[one.fault] for one in storm.accounts.values() if one.fault in LASTING}
    assert len(failed) == len(expected) >= 3 * (USERS // 500)
    assert dict(failed) == expected
    assert (covered.wanted, covered.read) == (USERS, USERS - len(expected))
    assert sum(covered.reasons.values()) == len(expected)
    read = {user for user, row in storm.rows.items() if row[f"{source}_readAt"] is not None}
    assert read == set(storm.accounts) - set(expected)


def test_no_value_belongs_to_somebody_else(storm):
    wrong = [
        (user, name, row[name], value)
        for user, row in storm.rows.items()
        for name, value in own_values(storm.accounts[user]).items()
        if row[name] != value
    ]

    assert wrong == []


def own_values(account):
    """What the directory itself holds of an account, by column; None where it must be unknown."""
    preferred = "none" if account.preferred in (None, "") else account.preferred
    known = account.fault not in LASTING
    found = {
        "user_userPrincipalName": account.user_principal_name,
        "user_accountEnabled": account.enabled,
        "user_department": account.department or "",
        "requirements_perUserMfaState": account.state if known and account.state in STATES else None,
        "signInPreferences_isSystemPreferredAuthenticationMethodEnabled": account.system_preferred if known else None,
        "signInPreferences_userPreferredMethodForSecondaryAuthentication": (
            preferred if known and preferred is not ABSENT and preferred in PREFERENCES else None
        ),
        "registration_methodsRegistered": None,
        "registration_isMfaCapable": None,
    }
    if account.enabled and account.in_report:
        found["registration_methodsRegistered"] = list(account.methods)
        found["registration_isMfaCapable"] = account.registered and account.capable
    return found


STATES = ("disabled", "enabled", "enforced")


def test_whatever_is_not_known_says_why_and_whatever_is_known_does_not(storm):
    frame = storm.snapshot.users
    for name in (one.removesuffix("_reason") for one in frame.columns if one.endswith("_reason")):
        both = frame.filter(pl.col(name).is_null() == pl.col(f"{name}_reason").is_null())
        assert both.height == 0, name


def test_the_counts_of_every_rule_add_up_to_everybody(storm):
    about_users = [one for one in storm.findings.results if one.frame["user_id"].null_count() == 0]

    assert len(about_users) >= 9
    for one in about_users:
        assert one.counts.total == USERS, one.rule.id
        assert set(one.frame["user_id"]) == set(storm.accounts), one.rule.id


def test_nobody_whose_state_was_not_read_passes_or_fails_for_it(storm):
    unread = [one.id for one in storm.accounts.values() if one.fault in LASTING]
    (result,) = [one for one in storm.findings.results if one.rule.id == "PUM-01"]

    verdicts = result.frame.filter(pl.col("user_id").is_in(unread))["verdict"].cast(pl.String)
    assert set(verdicts) <= {"NOT_EVALUATED", "NOT_APPLICABLE"}
    assert "NOT_EVALUATED" in set(verdicts)


def test_the_population_tells_of_those_who_came_twice_were_gone_or_have_no_name(storm):
    gone = sum(one.fault == "vanishes" for one in storm.accounts.values())
    found = storm.snapshot.population

    assert (found.enumerated, found.count_before, found.count_after) == (USERS, USERS, USERS - gone)
    assert (found.duplicates, found.nameless, found.gone) == (2, 1, gone)
    assert not found.complete
    assert found.statement.startswith("INCOMPLETE: 1 row")
    assert "2 came twice and were counted once" in found.statement
    assert f"{gone:,} were gone" in found.statement


def test_the_same_seed_gives_the_same_values_again(storm, tmp_path):
    again = through_a_storm(tmp_path / "bundle")

    # When, and in which answer, a value came is not the same.
    own = [name for name in storm.snapshot.users.columns if not name.endswith(("_readAt", "_requestId"))]
    assert again.snapshot.users.select(own).equals(storm.snapshot.users.select(own))
    assert [one.counts for one in again.findings.results] == [one.counts for one in storm.findings.results]
    assert again.snapshot.population == storm.snapshot.population
