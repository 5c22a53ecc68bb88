"""What rules may ask of the reading itself: numbers that are rounded against the tool, and unknown where they are."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from mfaaudit.facts import FACTS
from mfaaudit.facts.given import NOT_READ, Given, OwnReads, Reading
from mfaaudit.words import Reason, Unknown

STARTED = datetime(2026, 3, 10, 9, tzinfo=UTC)
FORBIDDEN, UNLICENSED, NO_ROW, GONE = (
    Unknown(Reason(one)) for one in ("NO_PERMISSION", "NO_LICENSE", "NO_ROW", "NOT_FOUND")
)
OF_RUN = {fact.field.name.removeprefix("run."): fact for fact in FACTS if fact.field.name.startswith("run.")}


def value(name, **reading):
    given = Given(
        objects=lambda _: FORBIDDEN,
        members=lambda _: FORBIDDEN,
        user_ids=(),
        column=lambda _: (),
        reading=Reading(**reading),
    )
    return OF_RUN[name].of_tenant(given)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("enumerated", "enumerated"),
        ("countBefore", "count_before"),
        ("countAfter", "count_after"),
        ("isPopulationComplete", "complete"),
        ("hasRegistrationReport", "report_whole"),
        ("signInMetricDays", "metric_days"),
    ],
)
@pytest.mark.parametrize("said", [7, False, FORBIDDEN])
def test_what_is_told_as_it_was_read(name, part, said):
    assert value(name, **{part: said}) is said
    # From nothing else: another number in each of the others changes nothing.
    others = {one.name: 1 for one in fields(Reading) if one.name not in (part, "own_reads")}
    assert value(name, **others | {part: said}) is said


def test_of_a_run_that_nobody_described_nothing_is_known():
    known = {name for name in OF_RUN if value(name) != NOT_READ}

    assert known == {"hasMfaCapableCount", "hasSignInMetrics"}
    assert value("hasSignInMetrics") is False


def reads(*numbers):
    return [OwnReads(source=str(at), wanted=one[0], read=one[1], gone=one[2]) for at, one in enumerate(numbers)]


@pytest.mark.parametrize(
    ("numbers", "percent"),
    [
        ([(100, 100, 0), (100, 100, 0)], 100),
        # The worse of the two, and never rounded up to all.
        ([(1000, 1000, 0), (1000, 999, 0)], 99),
        ([(1000, 994, 0), (1000, 1000, 0)], 99),
        ([(3, 0, 0), (3, 3, 0)], 0),
        ([(3, 2, 0)], 66),
        # Who was gone is not wanted.
        ([(10, 9, 1), (10, 8, 2)], 100),
        ([(10, 8, 1), (10, 9, 1)], 88),
        # A share of nobody is no share.
        ([(0, 0, 0), (0, 0, 0)], NOT_READ),
        ([(2, 0, 2), (2, 2, 0)], GONE),
        ([(2, 0, 0), (2, 0, 2)], GONE),
        ([], NOT_READ),
    ],
)
def test_the_share_of_users_whose_own_reads_were_answered(numbers, percent):
    assert value("perUserCoveragePercent", own_reads=reads(*numbers)) == percent


@pytest.mark.parametrize(
    ("before", "hours"),
    [
        (timedelta(0), 0),
        (timedelta(minutes=59), 0),
        (timedelta(hours=1), 1),
        (timedelta(days=3, minutes=-1), 71),
        # Refreshed while the audit ran.
        (-timedelta(hours=5), 0),
    ],
)
def test_the_age_of_the_oldest_row_in_whole_hours(before, hours):
    assert value("registrationReportAgeHours", started_at=STARTED, oldest_row=STARTED - before) == hours


@pytest.mark.parametrize(
    ("ours", "theirs", "percent"),
    [
        (100, 100, 0),
        (0, 0, 0),
        (100, 99, 1),
        (99, 100, 1),
        (1000, 999, 1),
        (200, 198, 1),
        (200, 197, 2),
        (0, 5, 100),
        (5, 0, 100),
        (FORBIDDEN, 5, FORBIDDEN),
        (5, FORBIDDEN, FORBIDDEN),
        (UNLICENSED, FORBIDDEN, UNLICENSED),
    ],
)
def test_how_far_two_counts_lie_apart_rounded_up(ours, theirs, percent):
    assert value("mfaCapableDifferencePercent", mfa_capable=ours, mfa_capable_counted=theirs) == percent


@pytest.mark.parametrize(("found", "listed"), [(["b", "a"], ("a", "b")), ([], ()), (FORBIDDEN, FORBIDDEN)])
def test_methods_that_nobody_classified(found, listed):
    assert value("unclassifiedMethods", unclassified_methods=found) == listed


@pytest.mark.parametrize(("counted", "there"), [(0, True), (7, True), (FORBIDDEN, False)])
def test_the_tenants_own_count_is_there_or_not(counted, there):
    assert value("hasMfaCapableCount", mfa_capable_counted=counted) is there


@pytest.mark.parametrize(("days", "there"), [(30, True), (FORBIDDEN, False)])
def test_counts_of_sign_ins_are_there_or_not(days, there):
    assert value("hasSignInMetrics", metric_days=days) is there


def test_what_tells_of_the_reading_is_never_missing_for_want_of_a_source():
    assert {name for name, fact in OF_RUN.items() if fact.of_run} == {
        "enumerated",
        "isPopulationComplete",
        "perUserCoveragePercent",
        "hasRegistrationReport",
        "hasMfaCapableCount",
        "hasSignInMetrics",
    }
    assert all(fact.of_run is False for fact in FACTS if not fact.field.name.startswith("run."))
