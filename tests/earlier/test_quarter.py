"""The sign-ins of several audits in one calendar: against hours counted one by one, and by hand."""

from datetime import UTC, date, datetime, timedelta

from audits_by_hand import audit, but
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.earlier.quarter import merged
from mfaaudit.snapshot.metrics import sign_ins_of
from mfaaudit.words import Reason, Unknown

BASE = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
AN_AUDIT = audit({"ada": {"R-1": "P"}})


def window(start, hours, *, run="one", success=lambda _: 10, failure=lambda _: 1):
    """An audit that read so many hours; `success` says how many there were in the hour that begins then."""
    end = start + hours * HOUR
    read = []
    for counted in (success, failure):
        if isinstance(counted, Unknown):
            read.append(counted)
            continue
        days = {}
        for number in range(hours):
            time = start + number * HOUR
            days[time.date()] = days.get(time.date(), 0) + counted(time)
        read.append(days)
    return but(AN_AUDIT, run_id=run, sign_ins=sign_ins_of(start, end, success=read[0], failure=read[1]))


def at(day, hour=0, month=1):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@given(
    st.lists(st.tuples(st.integers(0, 24 * 40), st.integers(1, 24 * 12)), min_size=1, max_size=5),
    st.integers(1, 5),
)
def test_each_day_is_that_of_one_window_and_nothing_is_made_up(windows, each):
    made = [window(BASE + start * HOUR, hours, success=lambda _: each) for start, hours in windows]
    found = merged(made)
    seen = [{BASE + (start + n) * HOUR for n in range(hours)} for start, hours in windows]
    for one in found.days:
        held = [sum(time.date() == one.day for time in hours) for hours in seen]
        if max(held) == 0:
            assert one.missing
            continue
        assert one.success.value == max(held) * each
        assert held[one.success.audit] == max(held)
        assert one.success.audit == max(place for place, hours in enumerate(held) if hours == max(held))
        assert one.success.whole == one.whole == (max(held) == 24)
    everything = set().union(*seen)
    assert (found.days[0].day, found.days[-1].day) == (min(everything).date(), max(everything).date())
    gaps = {first + timedelta(days=n) for first, last in found.gaps for n in range((last - first).days + 1)}
    assert gaps == {one.day for one in found.days} - {time.date() for time in everything}
    for periods in (found.months, found.quarters):
        assert (
            sum(one.success for one in periods)
            == found.in_all.success
            == sum(one.success.value for one in found.days if one.success)
        )
        assert sum(one.whole for one in periods) == found.whole
        assert sum(one.partial for one in periods) == len(found.partial)


def test_a_day_that_two_windows_cut_is_never_added_up():
    found = merged([window(at(1), 36), window(at(2, 12), 36)])
    second = found.days[1]
    assert (second.success.value, second.success.whole, second.success.audit) == (120, False, 1)
    assert [one.day for one in found.partial] == [date(2026, 1, 2)]


def test_whole_days_win_over_later_parts():
    found = merged([window(at(1), 48), window(at(2, 12), 36)])
    assert (found.days[1].success.value, found.days[1].success.audit) == (240, 0)
    assert not found.disagreements, "part of a day is no other number"


def test_where_two_audits_saw_all_of_a_day_and_differ_both_numbers_are_said():
    found = merged([window(at(1), 48), window(at(1), 72, success=lambda _: 11)])
    assert [one.day for one in found.disagreements] == [date(2026, 1, 1), date(2026, 1, 2)]
    first = found.days[0].success
    assert (first.value, first.audit, dict(first.others)) == (264, 1, {0: 240})
    assert not found.days[0].failure.others


def test_gaps_are_stretches_of_days():
    found = merged([window(at(1), 48), window(at(9), 24), window(at(11), 24)])
    assert found.gaps == ((date(2026, 1, 3), date(2026, 1, 8)), (date(2026, 1, 10), date(2026, 1, 10)))


def test_what_was_not_read_is_not_known_and_not_zero():
    unread = Unknown(Reason.NO_PERMISSION)
    found = merged([window(at(1), 48, success=unread), window(at(2), 48, failure=unread)])
    first, second, third = found.days
    assert (first.success, first.failure.value) == (None, 24)
    assert second.whole
    assert (third.success.value, third.failure) == (240, None)
    assert not found.gaps
    assert (found.in_all.whole, found.in_all.partial) == (1, 2)
    nothing = merged([window(at(1), 48, success=unread, failure=unread)])
    assert nothing.in_all.success is None
    assert nothing.in_all.share is None
    assert nothing.gaps == ((date(2026, 1, 1), date(2026, 1, 2)),)
    assert nothing.quarters == ()


def test_a_quarter_says_of_how_many_of_its_days_all_is_known():
    found = merged([window(at(1, month=1), 30 * 24), window(at(2, 6, month=3), 31 * 24)])
    [first, second] = found.quarters
    assert (first.name, first.days, first.covered) == ("2026-Q1", 90, "59 of 90 days")
    assert (second.name, second.whole, second.partial) == ("2026-Q2", 1, 1)
    assert [(one.name, one.days, one.whole) for one in found.months] == [
        ("2026-01", 31, 30),
        ("2026-03", 31, 29),
        ("2026-04", 30, 1),
    ]
    assert first.share == second.share


def test_the_year_ends_between_two_quarters():
    found = merged([window(datetime(2025, 12, 31, tzinfo=UTC), 48)])
    assert [(one.name, one.days) for one in found.quarters] == [("2025-Q4", 92), ("2026-Q1", 90)]


def test_a_day_on_which_nothing_happened_is_a_day_that_is_known():
    found = merged([window(at(1), 24, success=lambda _: 0, failure=lambda _: 0)])
    assert (found.whole, found.in_all.success, found.in_all.share) == (1, 0, None)
