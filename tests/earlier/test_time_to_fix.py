"""How long failures lasted: against a walk through each account's letters, and by hand where words decide."""

from collections import Counter

import polars as pl
import pytest
from audits_by_hand import audit, but, one_rule
from hypothesis import given
from hypothesis import strategies as st

from mfaaudit.earlier.time_to_fix import NOT_KNOWN, End, time_to_fix

DAYS = (0, 30, 91, 182, 300)
GOES_ON = {"W": End.WAIVED, "N": End.OUT_OF_SCOPE, "U": End.UNREAD, "E": End.UNREAD, " ": End.LEFT, "F": End.OPEN}


def audits_of(stories):
    """Audits in which each user has a letter under R-1; a space is an audit that does not list the user."""
    made = []
    for place, day in enumerate(DAYS[: len(stories[0])]):
        users = {f"user-{n}": {"R-1": story[place]} for n, story in enumerate(stories) if story[place] != " "}
        made.append(audit(users | {"bob": {"R-1": "P"}}, day=day))
    return made


def walked(story):
    """The failures of one account: how each ended, and in which audits it was seen first, last and cured."""
    first = last = None
    for place, letter in enumerate(story):
        if letter == "F":
            first, last = (place if first is None else first), place
        elif letter == "P" and first is not None:
            yield End.FIXED, first, last, place
            first = last = None
    if first is not None:
        yield GOES_ON[story[-1]], first, last, None


def upper_middle(numbers):
    return sorted(numbers)[len(numbers) // 2] if numbers else None


@given(st.integers(2, 5).flatmap(lambda n: st.lists(st.text("PFWNUE ", min_size=n, max_size=n), min_size=1)))
def test_every_failure_is_found_once_and_lasted_as_long_as_its_letters_say(stories):
    found = time_to_fix(audits_of(stories))
    expected = Counter((f"user-{n}", *one) for n, story in enumerate(stories) for one in walked(story))
    rows = found.episodes.select("account", "end", "first", "last", "cured").rows()
    assert Counter((found.ids[who], End(end), *places) for who, end, *places in rows) == expected

    [(rule, by_rule)] = found.by_rule()
    assert (rule.id, by_rule) == ("R-1", found.in_all())
    ends = Counter(end for _, end, *_ in expected.elements())
    assert by_rule.total == sum(ends.values())
    assert by_rule.not_known == {end: ends[end] for end in NOT_KNOWN}
    spans = [
        (DAYS[last] - DAYS[first], DAYS[cured] - DAYS[first])
        for _, e, first, last, cured in expected.elements()
        if e is End.FIXED
    ]
    assert (by_rule.fixed, by_rule.open) == (len(spans), ends[End.OPEN])
    assert by_rule.median == upper_middle([most for _, most in spans])
    assert by_rule.longest == max((most for _, most in spans), default=None)
    assert by_rule.surely == max((least for least, _ in spans), default=None)
    open_ = [DAYS[len(stories[0]) - 1] - DAYS[first] for _, e, first, *_ in expected.elements() if e is End.OPEN]
    assert by_rule.open_median == upper_middle(open_)
    assert by_rule.open_longest == max(open_, default=None)


@pytest.mark.parametrize("letter", "WNUE ")
def test_only_a_pass_ends_a_failure(letter):
    found = time_to_fix(one_rule("F", letter, "F")).in_all()
    assert (found.fixed, found.open, found.open_longest) == (0, 1, 2)
    assert time_to_fix(one_rule("F", letter)).in_all().not_known[GOES_ON[letter]] == 1


def test_who_was_fixed_and_left_since_counts_as_fixed():
    found = time_to_fix(one_rule("F", "P", " ", " "))
    assert (found.in_all().fixed, found.in_all().longest, found.in_all().surely) == (1, 1, 0)


def test_days_are_rounded_against_the_tenant():
    first, second, third = one_rule("F", "F", "P")
    hours = [
        but(one, started_at=one.started_at.replace(hour=hour)) for one, hour in ((first, 8), (second, 7), (third, 9))
    ]
    found = time_to_fix(hours).in_all()
    assert (found.surely, found.longest) == (0, 3)


def test_a_rule_is_followed_back_to_where_it_asked_something_else():
    first, second, third = one_rule("F", "F", "P")
    changed = but(first, rules=tuple(but(one, fingerprint="another") for one in first.rules))
    [(_, found)] = time_to_fix([changed, second, third]).by_rule()
    assert (found.fixed, found.longest) == (1, 1)


def test_an_audit_that_was_not_judged_with_the_rule_ends_nothing():
    first, _, third = one_rule("F", "F", "P")
    without = audit({"ada": {"R-2": "P"}}, day=1)
    assert {rule.id: one.longest for rule, one in time_to_fix([first, without, third]).by_rule()} == {"R-1": 2}


def test_a_failure_of_the_tenant_is_one_of_them_and_one_of_the_data_is_not():
    made = [
        audit({"ada": {"DQ-1": "F"}}, day=day, data=("DQ-1", "DQ-T"), tenant_rules={"T-1": letter, "DQ-T": letter})
        for day, letter in enumerate("FFP")
    ]
    found = time_to_fix(made)
    assert [(rule.id, one.fixed, one.longest) for rule, one in found.by_rule()] == [("T-1", 1, 2)]
    assert found.episodes["account"].to_list() == [None]


def test_a_failure_counts_under_the_severity_that_it_had_last():
    severities = [{"R-1": {"ada": word}} for word in ("low", "critical", None)]
    made = [audit({"ada": {"R-1": letter}}, day=day, severities=severities[day]) for day, letter in enumerate("FFP")]
    found = time_to_fix(made)
    assert [(severity.value, one.fixed) for severity, one in found.by_severity()] == [("critical", 1)]


def test_by_severity_and_by_rule_add_up_to_all():
    users = [{"R-1": "F", "R-2": "F"}, {"R-1": "P", "R-2": "W"}, {"R-1": "F", "R-2": "F"}]
    found = time_to_fix([audit({"ada": one}, day=day) for day, one in enumerate(users)])
    assert sum(one.total for _, one in found.by_rule()) == found.in_all().total == 3
    assert sum(one.total for _, one in found.by_severity()) == 3


def test_nothing_that_failed_is_nothing_that_lasted():
    found = time_to_fix(one_rule("P", "P"))
    assert isinstance(found.episodes, pl.DataFrame)
    assert (found.in_all().total, found.in_all().median, found.in_all().open_longest) == (0, None, None)
