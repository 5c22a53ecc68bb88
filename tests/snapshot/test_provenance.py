"""Each value says which source it came from, when and in which answer; a stand-in's value never hides a failed read."""

import polars as pl
import pytest
from bulk_by_hand import ADMIN, BOTH, ONE, OTHER, SAMPLE, STATES, audited, but, evidence, of
from evidence_by_hand import batch, page, preferring, refusal, user

from mfaaudit.sources import SOURCES
from mfaaudit.words import Reason

STATE, ORIGIN = "requirements_perUserMfaState", "requirements_source"
SYSTEM = "signInPreferences_isSystemPreferredAuthenticationMethodEnabled"
PREFERRED = "signInPreferences_userPreferredMethodForSecondaryAuthentication"
EVERYBODY, SINGLY = set(STATES), SAMPLE | {ADMIN}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "evidence"


def rows(snapshot):
    return {row["user_id"]: row for row in snapshot.words().iter_rows(named=True)}


def covered(snapshot, source):
    return next(one for one in snapshot.coverage if one.source == source)


def test_every_value_has_the_source_the_time_and_the_answer_that_it_came_from(folder):
    snapshot, _ = audited(folder, *evidence(rows={ONE: preferring(ONE, "oath", system=False, isAdmin=False)}))
    found = rows(snapshot)
    assert {one for one, row in found.items() if row[ORIGIN] == "requirements"} == SINGLY
    assert {one for one, row in found.items() if row[ORIGIN] == "listedStates"} == EVERYBODY - SINGLY
    assert {row["signInPreferences_source"] for one, row in found.items() if one in SINGLY} == {"signInPreferences"}
    assert found[ONE]["signInPreferences_source"] == "userRegistrationDetails"
    assert (found[ONE][SYSTEM], found[ONE][PREFERRED]) == (False, "oath")
    bulk, own = found[ONE], found[ADMIN]
    assert (bulk["requirements_requestId"], own["requirements_requestId"]) == ("listedStates-1", "$batch-60")
    assert bulk["signInPreferences_requestId"] == bulk["registration_requestId"] == "userRegistrationDetails-1"
    assert (bulk["requirements_readAt"].second, own["requirements_readAt"].minute) == (1, 1)
    assert {one: row[STATE] for one, row in found.items()} == STATES


def test_a_read_that_was_asked_for_and_failed_leaves_its_reason(folder):
    failing = sorted(SAMPLE)[3]
    snapshot, _ = audited(folder, *evidence(), say=but(**{failing: {"requirements": (503, "serviceNotAvailable")}}))
    row = rows(snapshot)[failing]
    assert (row[STATE], row[f"{STATE}_reason"], row[ORIGIN]) == (None, "SERVER_ERROR", None)
    assert [(one.source, one.user_id) for one in snapshot.failures] == [("requirements", failing)]
    assert covered(snapshot, "requirements").reasons == {Reason.SERVER_ERROR: 1}
    assert sum(one.unreadable for one in of(snapshot, "requirements").strata) == 1


def test_where_it_fell_back_nobody_has_a_value_of_the_stand_in(folder):
    odd = {ADMIN: {"requirements": {"perUserMfaState": "enforced"}}, ONE: {"requirements": (500, "x")}}
    snapshot, _ = audited(folder, *evidence(), say=but(**odd))
    found = rows(snapshot)
    assert {row[ORIGIN] for one, row in found.items() if one != ONE} == {"requirements"}
    assert (found[ADMIN][STATE], found[ONE][STATE], found[ONE][ORIGIN]) == ("enforced", None, None)


def test_a_finished_audit_that_verified_nothing_takes_nothing(taken):
    snapshot = taken(*evidence(), collect="verified-bulk")
    assert set(snapshot.users[f"{STATE}_reason"]) == {"NOT_REQUESTED"}
    assert all(one.fell_back and one.stood_in == 0 for one in snapshot.verification)


def test_whoever_should_have_been_asked_and_was_not_has_no_value(taken):
    one_of_each = [one for one in ("e0", "f0", "d1", "d2", "d3", "d4", "d5") if one in SAMPLE]
    reads = batch({("requirements", one): {"perUserMfaState": STATES[one]} for one in one_of_each})
    snapshot = taken(*evidence(), reads, collect="verified-bulk", id="run")
    found = rows(snapshot)
    assert not of(snapshot, "requirements").fell_back
    assert (found[ADMIN][STATE], found[ADMIN][f"{STATE}_reason"]) == (None, "NOT_REQUESTED")
    assert found[ONE][ORIGIN] == "listedStates"


def test_a_disabled_account_that_the_report_leaves_out_stays_not_asked_for(folder):
    people = {one: user(one, accountEnabled=False) for one in (ONE, OTHER)}
    snapshot, asked = audited(folder, *evidence(people=people, rows={ONE: None}))
    row = rows(snapshot)[ONE]
    assert ONE not in asked["signInPreferences"]
    assert (row[SYSTEM], row[f"{SYSTEM}_reason"]) == (None, "NOT_REQUESTED")
    assert row[STATE] == "disabled"
    made = of(snapshot, "signInPreferences")
    assert (made.unknown, made.left_out, made.unread) == (1, 1, 1)


def test_everybody_is_read_singly_or_in_bulk_or_not_at_all(folder):
    people = {one: user(one, accountEnabled=False) for one in (ONE, OTHER)}
    failing = {one: dict.fromkeys(BOTH, (404, "gone")) for one in sorted(SAMPLE)[:5]}
    snapshot, _ = audited(folder, *evidence(people=people, rows={ONE: None}), say=but(**failing))
    for source in BOTH:
        made, coverage = of(snapshot, source), covered(snapshot, source)
        origins = snapshot.words()[f"{source}_source"].to_list()
        assert made.documented + made.stood_in + made.unread == len(STATES) == coverage.wanted
        assert coverage.read == made.documented + made.stood_in
        assert sum(coverage.reasons.values()) == coverage.unread == made.unread == origins.count(None)
        assert (origins.count(source), origins.count(made.stand_in)) == (made.documented, made.stood_in)
        assert sum(one.size for one in made.strata) + made.unknown == len(STATES)
        assert all(one.verified + one.unreadable == one.wanted <= one.size for one in made.strata)
        assert made.administrators_read == made.administrators == 1


def test_the_bound_is_that_of_the_worst_state(folder):
    unread = {one: {"requirements": (500, "x")} for one in sorted(one for one in SAMPLE if one[0] == "d")[:100]}
    made = of(audited(folder, *evidence(), say=but(**unread))[0], "requirements")
    assert [(one.state, one.size, one.verified) for one in made.strata] == [
        ("disabled", 330, 200),
        ("enabled", 6, 6),
        ("enforced", 4, 4),
    ]
    assert ([one.bound for one in made.strata], made.bound) == ([3 / 200, 0, 0], 3 / 200)


def test_an_audit_of_the_usual_kind_reads_no_stand_in_and_verifies_nothing(taken):
    read = batch({("requirements", "a"): {"perUserMfaState": "enabled"}, ("requirements", "b"): {}})
    people = page("users", [user(one) for one in "abc"])
    snapshot = taken(people, read, page("userRegistrationDetails", [preferring(one) for one in "abc"]))
    assert snapshot.verification == ()
    assert snapshot.users[ORIGIN].to_list() == ["requirements", "requirements", None]
    assert snapshot.users["signInPreferences_source"].null_count() == 3
    assert snapshot.users[f"{SYSTEM}_reason"].to_list() == ["NOT_REQUESTED"] * 3


def test_a_source_of_another_way_of_collecting_is_not_listed(taken, folder):
    usual, bulk = taken(page("users", [user("a")])), audited(folder.with_name("bulk"), *evidence())[0]
    names = [source.name for source in SOURCES if not source.option]
    assert [one.source for one in bulk.coverage] == names
    assert [one.source for one in usual.coverage] == [name for name in names if name != "listedStates"]
    listed = covered(bulk, "listedStates")
    assert (listed.wanted, listed.read, listed.requests) == (len(STATES), len(STATES), 1)


def test_a_list_of_states_that_was_refused_is_a_failed_read(folder):
    snapshot, _ = audited(folder, *evidence(listedStates=[refusal("listedStates", 403, "accessDenied")]))
    assert covered(snapshot, "listedStates").reasons == {Reason.NO_PERMISSION: len(STATES)}
    assert [one.source for one in snapshot.failures] == ["listedStates"]


def test_every_way_of_collecting_gives_the_same_columns(taken, folder):
    usual, bulk = taken(page("users", [user("a")])), audited(folder.with_name("bulk"), *evidence())[0]
    assert bulk.users.schema == usual.users.schema
    origins = [name for name in usual.users.columns if name.endswith("_source")]
    assert origins == ["requirements_source", "signInPreferences_source"]
    assert set(bulk.words().select(origins).dtypes) == {pl.String()}
