"""The plan that Spark is given counts as judging does; here Polars runs it, so that nothing need be installed."""

from datetime import timedelta

import narwhals as nw
import polars as pl
import pytest
from rules_by_hand import (
    CAPABLE,
    FIRST,
    G3,
    MFA,
    NO_ROW,
    SECOND,
    TESTS,
    THROTTLED,
    VALUES,
    circumstances,
    pack,
    pack_of,
    tenant,
    told,
    told_by_judging,
    users,
)

from mfaaudit.errors import BundleProblem
from mfaaudit.findings import Circumstances, judge
from mfaaudit.findings.examples import frame as case_frame
from mfaaudit.findings.operators import OPERATORS
from mfaaudit.findings.results import Counts
from mfaaudit.sources.field import Scope
from mfaaudit.spark.counting import Answer, answer, count_words, questions, words_of
from mfaaudit.spark.judging import Counted
from mfaaudit.spark.portable import ages, boundary
from mfaaudit.spark.results import exit_code
from mfaaudit.spark.stored import Stored
from mfaaudit.words import Severity

PRECONDITION = {"preconditions": [{"tenant.securityDefaults.isEnabled": False}]}
PACKS = (
    pack(),
    pack("gated", every=5, **PRECONDITION),
    pack("people", every=7, population={"user.userType": {"ne": "Guest"}}),
)


def counted(packs, frames, row, around=None):
    """The answers of each of some bundles, all counted in one go: users, and when the audit began."""
    parts = [
        frame.with_columns(pl.lit(place).alias("bundle")).with_columns(
            pl.lit(began - timedelta(days=days)).dt.cast_time_unit("us").alias(boundary(days)) for days in ages(packs)
        )
        for place, (frame, began) in enumerate(frames)
    ]
    asked = [questions(packs, row, began, around or circumstances(row)) for _, began in frames]
    plan = count_words(nw.from_native(pl.concat(parts).lazy()), asked[0], FIRST)
    words = words_of(plan.collect().select("bundle", "question", "word", "n").rows())
    return [[answer(one, words[place, n]) for n, one in enumerate(ask)] for place, ask in enumerate(asked)]


def judged(packs, frame, row, began, around=None):
    findings = judge(packs, users=frame, tenant=row, now=began, circumstances=around or circumstances(row))
    return [*map(told_by_judging, findings.results)]


@pytest.mark.parametrize(
    ("defaults", "posture"), [(False, "mixed"), (True, "per-user"), (NO_ROW, "conditional-access"), (False, NO_ROW)]
)
def test_one_plan_for_two_bundles_counts_as_judging_each_does(defaults, posture):
    frames = [(users(200), FIRST), (users(77), SECOND)]
    row = tenant(defaults, posture)

    for answers, (frame, began) in zip(counted(PACKS, frames, row), frames, strict=True):
        assert [*map(told, answers)] == judged(PACKS, frame, row, began)


def test_rules_for_every_posture_are_counted_side_by_side():
    row, around = tenant(False, "security-defaults"), Circumstances(posture="security-defaults", every_posture=True)
    (answers,) = counted(PACKS[:1], [(users(50), FIRST)], row, around)

    assert [*map(told, answers)] == judged(PACKS[:1], users(50), row, FIRST, around)
    assert {one.rule.id: one.counts.judged for one in answers}["by-hand-P-2"] > 0


def test_a_rule_that_two_packs_hold_is_counted_once():
    (answers,) = counted([PACKS[0], PACKS[0]], [(users(20), FIRST)], tenant(False))

    assert [*map(told, answers)] == judged(PACKS[:1], users(20), tenant(False), FIRST)


def test_a_rule_that_cannot_be_asked_looks_at_nobody():
    row = tenant(False, "conditional-access")
    asked = {one.rule.id: one.asks for one in questions(PACKS[:1], row, FIRST, circumstances(row))}

    assert (asked["by-hand-P-1"], asked["by-hand-P-2"]) == (False, True)


def test_a_reason_of_another_version_is_no_reason():
    one = pack_of(require={MFA: True})
    frame = case_frame([{MFA: NO_ROW}], Scope.USER).with_columns(pl.lit("BAD_WEATHER").alias(f"{_column(MFA)}_reason"))

    with pytest.raises(BundleProblem, match="BAD_WEATHER") as caught:
        counted([one], [(frame, FIRST)], tenant(False))
    assert "O-1" in str(caught.value)


def _column(name):
    return name.replace(".", "_")


def test_the_rules_by_hand_see_every_verdict_and_the_ages_of_two_audits():
    first, second = counted(PACKS[:1], [(users(200), FIRST), (users(200), SECOND)], tenant(False))
    of_users = [one for one in first if one.rule.scope is Scope.USER]

    # All but one test are known of somebody: who is in the group g3 nobody asked.
    silent = [one.rule.require for one in of_users if not one.counts.pass_ and not one.counts.fail]
    assert [(one.operator.name, one.operand) for one in silent] == [("contains", G3)]
    assert {len(one.failures) for one in of_users} >= {0, 1, 2, 3}
    assert any(one.counts.not_evaluated and one.counts.not_applicable for one in of_users)
    assert {one.counts.total for one in of_users} == {200}
    differing = [one.rule.id for one, other in zip(first, second, strict=True) if one.counts != other.counts]
    assert differing


@pytest.mark.parametrize(
    ("people", "require", "coverage", "says"),
    [
        # Just as many could be read as have to be.
        ([(True, True), (True, THROTTLED)], {"percent": {"gte": 0}}, 50, ("PASS", {})),
        ([(True, True), (True, THROTTLED)], {"percent": {"gte": 0}}, 51, ("NOT_EVALUATED", {"THROTTLED": 1})),
        # The commonest reason counts, of those who are or may be in the population; where both are open, the first.
        ([(NO_ROW, THROTTLED), (True, True)], {"percent": {"gte": 99}}, 60, ("NOT_EVALUATED", {"NO_ROW": 1})),
        ([(False, THROTTLED)] * 3 + [(True, NO_ROW)], {"percent": {"gte": 99}}, 0, ("NOT_EVALUATED", {"NO_ROW": 1})),
        ([(False, True)], {"count": {"gte": 1}}, 0, ("NOT_APPLICABLE", {})),
        ([(True, False), (True, True)], {"count": {"gte": 2}}, 0, ("FAIL", {})),
    ],
)
def test_a_number_is_judged_as_ever(people, require, coverage, says):
    aggregate = {"count": {CAPABLE: True}, "over": {MFA: True}}
    one = pack_of(scope="tenant", aggregate=aggregate, require=require, min_coverage_percent=coverage)
    frame = case_frame([{MFA: over, CAPABLE: hit} for over, hit in people], Scope.USER)
    row = tenant(False)
    ((found,),) = counted([one], [(frame, FIRST)], row)
    (expected,) = judge([one], users=frame, tenant=row, now=FIRST).results

    assert told(found) == told_by_judging(expected)
    assert (expected.status.value, dict(found.reasons)) == says


def test_nobody_is_counted_as_nobody():
    (answers,) = counted(PACKS, [(users(0), FIRST)], tenant(False))

    assert [*map(told, answers)] == judged(PACKS, users(0), tenant(False), FIRST)


def test_the_rules_by_hand_leave_out_no_operator_of_a_field():
    tried = {name for tests in TESTS.values() for test in tests for name in test}

    assert set(TESTS) <= set(VALUES)
    # Numbers have operators of their own; no field of users is one.
    assert set(OPERATORS) - tried == {"lt", "lte", "gt", "gte", "between"}


def bundle_with(failures, *, open_=0, complete=True, unfit=(), on_data=False):
    """A counted bundle of one rule."""
    one = pack_of(require={MFA: True})
    counts = Counts(fail=sum(failures.values()), not_evaluated=open_, pass_=1)
    stored = Stored(
        bundle=None, run=None, complete=complete, every_posture=False, tenant=None, user_count=0, columns={}
    )
    return Counted(
        stored=stored,
        answers=(Answer(rule=one.rules[0], counts=counts, failures=failures),),
        about_data=frozenset({"O-1"}) if on_data else frozenset(),
        unfit=unfit,
    )


HIGH, MEDIUM, INFO = Severity.HIGH, Severity.MEDIUM, Severity.INFO


@pytest.mark.parametrize(
    ("bundle", "least", "code"),
    [
        (bundle_with({}), INFO, 0),
        # The severity of each failure counts, not that of its rule.
        (bundle_with({MEDIUM: 1}), MEDIUM, 10),
        (bundle_with({MEDIUM: 1}), HIGH, 0),
        (bundle_with({MEDIUM: 1, HIGH: 1}), HIGH, 10),
        (bundle_with({HIGH: 1}, on_data=True), HIGH, 11),
        (bundle_with({HIGH: 1}, on_data=True), Severity.CRITICAL, 0),
        (bundle_with({MEDIUM: 1}, open_=1), HIGH, 11),
        (bundle_with({}, complete=False), HIGH, 11),
        (bundle_with({}, unfit=PACKS[:1]), HIGH, 11),
        (bundle_with({HIGH: 1}, complete=False, unfit=PACKS[:1], open_=1), HIGH, 10),
    ],
)
def test_the_exit_code_is_that_of_an_audit(bundle, least, code):
    assert bundle.exit_code(least) == code
    assert exit_code([bundle, bundle_with({})], least) == code
