"""MFA sign-ins are added up by day in UTC, and one interval that cannot be placed makes the sum unknown."""

from datetime import UTC, date, datetime, timedelta

import pytest
from evidence_by_hand import page, refusal

from mfaaudit.evidence.journal import read_journal
from mfaaudit.snapshot.metrics import FAILURE, SUCCESS
from mfaaudit.words import Reason, Unknown

START = datetime(2026, 3, 8, 10, tzinfo=UTC)
WINDOW = {"metrics_from": START, "metrics_to": START + timedelta(days=2)}
FIRST, SECOND, THIRD = date(2026, 3, 8), date(2026, 3, 9), date(2026, 3, 10)
GRAPH, OLD = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M"


def intervals(minutes, pattern=GRAPH, value=lambda time: 1):
    """The whole window in intervals of so many minutes."""
    times = [START + timedelta(minutes=n) for n in range(0, 2 * 24 * 60, minutes)]
    return [{"intervalStartDateTime": time.strftime(pattern), "value": value(time) * minutes} for time in times]


@pytest.mark.parametrize("pattern", [GRAPH, OLD], ids=["Graph's form", "the old form"])
@pytest.mark.parametrize("minutes", [5, 10, 15, 30])
def test_the_sum_of_a_day_does_not_hang_on_the_size_of_the_intervals(taken, minutes, pattern):
    metrics = taken(page(SUCCESS, intervals(minutes, pattern)), **WINDOW).metrics

    # One sign-in a minute; the first day begins at ten, and the last one ends then.
    assert metrics.success == {FIRST: 14 * 60, SECOND: 24 * 60, THIRD: 10 * 60}
    assert metrics.total(metrics.success) == 48 * 60


def test_the_day_is_that_of_utc(taken):
    rows = [
        {"intervalStartDateTime": "2026-03-09T00:30:00+02:00", "value": 3},
        {"intervalStartDateTime": "2026-03-08T23:59:59.9999999Z", "value": 4},
        {"intervalStartDateTime": "2026-03-09T00:00:00Z", "value": 50},
    ]

    assert taken(page(FAILURE, rows), **WINDOW).metrics.failure == {FIRST: 7, SECOND: 50}


def test_pages_are_added_up(taken):
    rows = intervals(30)
    metrics = taken(page(SUCCESS, rows[:20], more=True), page(SUCCESS, rows[20:]), **WINDOW).metrics

    assert metrics.total(metrics.success) == 48 * 60


def test_a_day_without_a_row_is_named_and_is_no_nought(taken):
    rows = [row for row in intervals(30) if "03-09" not in row["intervalStartDateTime"]]
    metrics = taken(page(SUCCESS, rows), **WINDOW).metrics

    assert metrics.success == {FIRST: 14 * 60, THIRD: 10 * 60}
    assert metrics.missing(metrics.success) == (SECOND,)
    assert metrics.on(metrics.success, SECOND) == Unknown(Reason.OUT_OF_SOURCE_WINDOW)
    assert metrics.on(metrics.success, THIRD) == metrics.total(metrics.success) - 14 * 60 == 10 * 60


def test_an_interval_that_comes_twice_counts_once(taken):
    rows = intervals(30)

    assert taken(page(SUCCESS, [*rows, *rows[40:60]]), **WINDOW).metrics.success[SECOND] == 24 * 60


def test_an_interval_that_comes_with_two_values_makes_the_whole_unknown(taken):
    rows = intervals(30)
    other = rows[50] | {"value": 31}

    assert taken(page(SUCCESS, [*rows, other]), **WINDOW).metrics.success == Unknown(Reason.UNKNOWN_VALUE)


def test_an_interval_that_begins_where_the_window_ends_belongs_to_the_next_one(taken):
    after = {"intervalStartDateTime": "2026-03-10T10:00:00Z", "value": 1000}

    assert taken(page(SUCCESS, [*intervals(30), after]), **WINDOW).metrics.success[THIRD] == 10 * 60


def test_no_rows_at_all_are_no_sum_of_nought(taken):
    metrics = taken(page(SUCCESS, []), **WINDOW).metrics

    assert metrics.days == metrics.missing(metrics.success) == (FIRST, SECOND, THIRD)
    assert metrics.success == {}
    assert metrics.total(metrics.success) == Unknown(Reason.OUT_OF_SOURCE_WINDOW)
    # Failures were not asked for: that is no nought.
    assert metrics.failure == metrics.total(metrics.failure) == Unknown(Reason.NOT_REQUESTED)


def test_a_window_that_ends_at_midnight_has_no_day_more(taken):
    metrics = taken(metrics_from=datetime(2026, 3, 8, tzinfo=UTC), metrics_to=datetime(2026, 3, 10, tzinfo=UTC)).metrics

    assert metrics.days == (FIRST, SECOND)


@pytest.mark.parametrize(
    "row",
    [
        {"intervalStartDateTime": "2026-03-11T00:00:00Z", "value": 1},
        {"intervalStartDateTime": "2026-03-07T23:30:00Z", "value": 1},
        {"intervalStartDateTime": "2026-03-08T09:30:00Z", "value": 1},
        {"intervalStartDateTime": "2026-03-10T10:30:00Z", "value": 1},
        {"intervalStartDateTime": "yesterday", "value": 1},
        {"intervalStartDateTime": None, "value": 1},
        {"intervalStartDateTime": "2026-03-09T00:00:00Z", "value": None},
        {"intervalStartDateTime": "2026-03-09T00:00:00Z", "value": "1"},
        {"intervalStartDateTime": "2026-03-09T00:00:00Z", "value": True},
        {"intervalStartDateTime": "2026-03-09T00:00:00Z"},
    ],
)
def test_one_interval_that_cannot_be_placed_makes_the_whole_unknown(taken, row):
    metrics = taken(page(SUCCESS, [*intervals(30), row]), page(FAILURE, intervals(30)), **WINDOW).metrics

    assert metrics.success == metrics.total(metrics.success) == Unknown(Reason.UNKNOWN_VALUE)
    assert metrics.total(metrics.failure) == 48 * 60


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([refusal(SUCCESS, 403, "x")], Reason.NO_PERMISSION),
        ([refusal(SUCCESS, 404, "x")], Reason.CLOUD_UNSUPPORTED),
        ([page(SUCCESS, intervals(30), more=True)], Reason.SERVER_ERROR),
        ([page(SUCCESS, intervals(30), more=True), refusal(SUCCESS, 429)], Reason.THROTTLED),
    ],
)
def test_metrics_that_were_not_read_to_their_end_are_unknown(taken, answers, reason):
    assert taken(*answers, **WINDOW).metrics.success == Unknown(reason)


def test_what_the_tenant_sent_is_what_is_added_up(audit, tidy):
    _, folder = audit("tidy")
    metrics = tidy[1].metrics

    assert len(metrics.days) == 31
    for source, counts in ((SUCCESS, metrics.success), (FAILURE, metrics.failure)):
        rows = [row for one in read_journal(folder, source) for row in one.json()["value"]]
        days = {row["intervalStartDateTime"][:10] for row in rows}
        assert {str(day) for day in counts} == days
        assert {str(day): n for day, n in counts.items()} == {
            day: sum(row["value"] for row in rows if row["intervalStartDateTime"].startswith(day)) for day in days
        }
        assert metrics.total(counts) == sum(row["value"] for row in rows) > 0
