"""An audit that is broken off and gone on with is the audit that would have been; what was read is not read again."""

import json
import shutil
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import polars as pl
import pytest
from broken_off import in_pieces, session, tenant_of
from one_fault import people
from one_run import timeless
from test_soak import NOW

from mfaaudit.brief import brief
from mfaaudit.bundle import EVIDENCE
from mfaaudit.errors import OutputProblem
from mfaaudit.evidence.batch import BATCH, outcomes
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.mending import mend
from mfaaudit.evidence.response import error_code
from mfaaudit.evidence.run import BEGUN_FILE, RUN_FILE, Order, Run
from mfaaudit.judging import judge_bundle
from mfaaudit.reports.sections.run import section
from mfaaudit.snapshot import take
from mfaaudit.sources import SOURCES
from mfaaudit.tenant.reader import EXPIRED

OWN = (
    "requirements_perUserMfaState",
    "signInPreferences_isSystemPreferredAuthenticationMethodEnabled",
    "signInPreferences_userPreferredMethodForSecondaryAuthentication",
)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """The bundle of an audit in one piece, by mood."""
    made = {}

    def of(mood):
        if mood not in made:
            made[mood] = tmp_path_factory.mktemp(mood) / "bundle"
            assert session(tenant_of(mood), made[mood])
        return made[mood]

    return of


def judged(bundle):
    return judge_bundle(bundle, brief(("baseline", "legacy-per-user-mfa"), "low", "json"), lambda *_: None)


def results(bundle):
    judged(bundle)
    return timeless(json.loads((bundle / "results.json").read_text(encoding="utf-8")))


def reads(bundle):
    """How often each user's own read was answered with a value."""
    answers = read_journal(bundle / EVIDENCE, BATCH)
    return Counter(item.id for one in answers for item, outcome in outcomes(one) if outcome.ok)


@pytest.mark.parametrize("mood", ["tidy", "messy", "half-forbidden"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_audit_in_pieces_gives_the_results_of_one_in_one_piece(mood, seed, unbroken, tmp_path):
    bundle = tmp_path / "bundle"
    assert in_pieces(tenant_of(mood), bundle, seed) > 1

    assert people(take(bundle / EVIDENCE)) == people(take(unbroken(mood) / EVIDENCE))
    # A copy, for the fixture's bundle is everybody's.
    whole = shutil.copytree(unbroken(mood), tmp_path / "whole")
    assert results(bundle) == results(whole)


@pytest.mark.parametrize(("mood", "seed"), [("tidy", 4), ("half-forbidden", 5), ("half-forbidden", 6)])
def test_a_loss_of_power_costs_answers_that_are_asked_for_again(mood, seed, unbroken, tmp_path):
    bundle = tmp_path / "bundle"
    in_pieces(tenant_of(mood), bundle, seed, torn=True)

    assert people(take(bundle / EVIDENCE)) == people(take(unbroken(mood) / EVIDENCE))


@pytest.mark.parametrize("mood", ["tidy", "drifting"])
def test_bulk_reads_in_pieces_are_verified_by_one_sample_and_give_the_same_values(mood, unbroken, tmp_path):
    bundle, bulk = tmp_path / "bundle", Order(collect="verified-bulk")
    assert in_pieces(tenant_of(mood), bundle, 2, order=bulk) > 1

    snapshot, whole = take(bundle / EVIDENCE), take(unbroken(mood) / EVIDENCE)
    assert {one.seed for one in snapshot.verification} == {snapshot.run.id}
    assert {one.fell_back for one in snapshot.verification} == {mood == "drifting"}
    assert set(reads(bundle).values()) == {1}
    asked = {item.partition(".")[2] for item in reads(bundle)}
    # Who is disabled is not in the report, and is not asked for unless everybody is.
    unread = snapshot.users["signInPreferences_source"].is_null()
    assert unread.any() == (mood == "tidy")
    assert not snapshot.users.filter(unread)["user_accountEnabled"].any()
    read = set(snapshot.users.filter(~unread)["user_id"])
    values = {user: {name: row[name] for name in OWN} for user, row in people(snapshot).items() if user in read}
    assert values == {user: {name: row[name] for name in OWN} for user, row in people(whole).items() if user in read}
    assert asked <= set(people(whole))


def test_what_was_read_is_not_read_again(tmp_path):
    bundle, tenant = tmp_path / "bundle", tenant_of("messy")
    in_pieces(tenant, bundle, 7)

    assert set(reads(bundle).values()) == {1}


def test_only_the_batches_in_flight_are_sent_again(tmp_path):
    bundle, tenant, answered = tmp_path / "bundle", tenant_of("tidy"), []
    assert not session(tenant, bundle, requests=30, answered=answered)
    kept = sum(1 for one in everything(bundle) if one.status)
    assert session(tenant, bundle, answered=answered)

    batches = [path for path in answered if path.endswith("$batch")]
    # 130 users, two reads each, twenty to a batch: thirteen, and whatever was on its way when the first was killed.
    assert len(batches) <= 13 + (30 - kept)


def everything(bundle):
    """All that was written, whatever the state of the files."""
    mend(bundle / EVIDENCE)
    for name in (BATCH, *(source.name for source in SOURCES)):
        yield from read_journal(bundle / EVIDENCE, name)


def test_links_that_expire_in_between_begin_the_walk_again_and_lose_nobody(unbroken, tmp_path):
    bundle, clock = tmp_path / "bundle", [0.0]
    tenant = tenant_of("tidy", page_token_seconds=60, clock=lambda: clock[0])
    for requests in (16, 12, 10**9):
        done = session(tenant, bundle, requests=requests)
        clock[0] += 3600
    assert done

    assert any(error_code(one.json()) in EXPIRED for one in read_journal(bundle / EVIDENCE, "users"))
    assert people(take(bundle / EVIDENCE)) == people(take(unbroken("tidy") / EVIDENCE))
    population = take(bundle / EVIDENCE).population
    assert (population.complete, population.duplicates) == (True, 0)


def test_each_session_is_told_with_its_time(tmp_path):
    bundle = tmp_path / "bundle"
    sessions = in_pieces(tenant_of("tidy"), bundle, 8)

    run = Run.load(bundle / EVIDENCE / RUN_FILE)
    assert len(run.sessions) == sessions
    assert run.started_at == run.sessions[0].started_at
    assert run.finished_at == run.sessions[-1].ended_at
    times = [time for one in run.sessions for time in (one.started_at, one.ended_at)]
    assert times == sorted(times)
    told = {one.label: one.value for one in section(judged(bundle)).facts}["Time span of the evidence"]
    assert f"in {sessions} sessions" in told
    (table,) = [one for one in section(judged(bundle)).tables if one.name == "Sessions"]
    assert [row[0] for row in table.rows()] == list(range(1, sessions + 1))


def test_metrics_that_are_asked_for_too_late_are_asked_for_in_hours_that_can_still_be_had(tmp_path, monkeypatch):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    assert not session(tenant, bundle, requests=9)
    path = bundle / EVIDENCE / BEGUN_FILE
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["started_at"] = (NOW - timedelta(hours=9)).isoformat()
    path.write_text(json.dumps(facts), encoding="utf-8")

    assert session(tenant, bundle)

    run = Run.load(bundle / EVIDENCE / RUN_FILE)
    assert run.metrics_to > NOW - timedelta(hours=1)
    assert isinstance(take(bundle / EVIDENCE).metrics.success, dict)


def test_an_audit_that_was_read_to_its_end_is_only_judged(tmp_path):
    bundle, tenant, answered = tmp_path / "bundle", tenant_of("tidy"), []
    assert session(tenant, bundle)
    (bundle / "report.xlsx.part").write_bytes(b"half")

    assert session(tenant, bundle, answered=answered)

    assert answered == []
    assert not (bundle / "report.xlsx.part").exists()


@contextmanager
def no_file_over(size):
    """The system writes so many bytes of a file, and then no more."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no sizes of files")
def test_a_full_disk_stops_the_audit_and_what_was_written_can_be_gone_on_with(tmp_path, unbroken):
    bundle, tenant = tmp_path / "bundle", tenant_of("tidy")
    assert not session(tenant, bundle, requests=12)
    with no_file_over(4_000), pytest.raises(OutputProblem, match="could not be written") as problem:
        session(tenant, bundle)

    assert "--resume" in problem.value.hint
    assert session(tenant, bundle)
    assert people(take(bundle / EVIDENCE)) == people(take(unbroken("tidy") / EVIDENCE))


def test_values_of_all_sessions_have_their_own_time_and_answer(tmp_path):
    bundle = tmp_path / "bundle"
    in_pieces(tenant_of("tidy"), bundle, 9)

    users = take(bundle / EVIDENCE).users
    assert users["requirements_readAt"].null_count() == 0
    assert users["requirements_readAt"].n_unique() > 1
    assert users.filter(pl.col("requirements_requestId") == "").is_empty()
