"""What an entry of the register is worth on the day of the run, and at the edges of its days."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from declared_by_hand import GONE, GROUP, days, declared, entry, states, uid, waived

from mfaaudit.declared.words import State
from mfaaudit.words import Reason, Unknown

EVERYBODY = ["E-1", None, None]


def test_every_state_has_a_meaning():
    assert all(state.meaning.endswith(".") for state in State)


@pytest.mark.parametrize(
    ("approved", "expires", "expected", "effective"),
    [
        (-10, 100, ["active"], True),
        (0, 100, ["active"], True),
        (1, 100, ["notYet"], False),
        (-10, 31, ["active"], True),
        (-10, 30, ["expiring"], True),
        (-10, 0, ["expiring"], True),
        (-10, -1, ["expired"], False),
        (0, 0, ["expiring"], True),
    ],
)
def test_the_days_themselves_are_inside(approved, expires, expected, effective):
    one = entry(approved_on=days(approved), expires_on=days(expires))

    assert states(one) == expected
    assert waived(declared(one), "LOW") == (EVERYBODY if effective else None)


def test_days_begin_and_end_in_utc():
    one = entry(expires_on=days(0))
    east = timezone(timedelta(hours=14))

    assert states(one, now=datetime(2026, 10, 2, 23, 59, 59, tzinfo=UTC)) == ["expiring"]
    assert states(one, now=datetime(2026, 10, 3, tzinfo=UTC)) == ["expired"]
    assert states(one, now=datetime(2026, 10, 3, 5, tzinfo=east)) == ["expiring"]


@pytest.mark.parametrize(
    ("rule", "kind", "longest"),
    [
        ("CRIT", "waiver", 30),
        ("HIGH", "waiver", 90),
        ("MED", "waiver", 180),
        ("LOW", "waiver", 365),
        ("INFO", "waiver", 365),
        ("CRIT", "break_glass", 365),
        ("CRIT", "service_account", 30),
        ("HIGH", "compensating_control", 90),
        ("MED", "false_positive", 180),
    ],
)
def test_the_longest_term_is_that_of_the_severity(rule, kind, longest):
    def one(approved, term):
        return entry(kind=kind, rules=f"[{rule}]", approved_on=days(approved), expires_on=days(approved + term))

    assert "tooLong" not in states(one(0, longest))
    assert "tooLong" in states(one(0, longest + 1))
    # It holds on the last day of the longest term, and no longer.
    assert waived(declared(one(-longest, longest + 1)), rule) == EVERYBODY
    assert states(one(-longest - 1, longest + 40)) == ["expired", "tooLong"]
    assert waived(declared(one(-longest - 1, longest + 40)), rule) is None


def test_a_term_ends_for_each_rule_by_itself():
    one = entry(rules="[HIGH, MED, LOW]", approved_on=days(-100), expires_on=days(100))
    made = declared(one)

    assert states(one) == ["active", "tooLong"]
    assert [waived(made, rule) for rule in ("HIGH", "MED", "LOW")] == [None, EVERYBODY, EVERYBODY]
    (row,) = made.entries({})
    assert {rule: day.isoformat() for rule, day in row.until.items()} == {"MED": days(80), "LOW": days(100)}
    assert row.effective_until == date.fromisoformat(days(100))


def test_an_entry_expires_soon_if_it_does_for_one_rule():
    one = entry(rules="[HIGH, LOW]", approved_on=days(-60), expires_on=days(100))

    assert states(one) == ["expiring", "tooLong"]


def test_even_a_rule_that_nobody_judged_is_not_excused_for_ever():
    one = entry(rules="[LATER]", approved_on=days(-366), expires_on="9999-12-31")

    assert states(one) == ["expired", "tooLong", "unknownRule"]


def test_the_last_of_all_days_is_a_day():
    assert states(entry(approved_on="9999-12-31", expires_on="9999-12-31")) == ["notYet"]


@pytest.mark.parametrize("approver", ["it@contoso.example", " IT@Contoso.Example ", "ＩＴ@contoso.example"])
def test_who_asks_cannot_approve(approver):
    one = entry(approved_by=f'"{approver}"')

    assert states(one) == ["selfApproved"]
    assert waived(declared(one), "LOW") is None


@pytest.mark.parametrize(
    ("drill", "expected"),
    [
        (-101, ["drillOverdue"]),
        (-100, ["active"]),
        (0, ["active"]),
        (1, ["drillOverdue"]),
        (None, ["drillOverdue"]),
    ],
)
def test_a_drill_is_at_most_a_hundred_days_ago(drill, expected):
    one = entry(kind="break_glass", last_drill_on=None if drill is None else days(drill))

    assert states(one) == expected
    assert waived(declared(one), "LOW") == (EVERYBODY if expected == ["active"] else None)


@pytest.mark.parametrize(
    ("subject", "groups", "expected"),
    [
        (f"{{userId: {uid(9)}}}", {}, ["orphaned"]),
        (f"{{userId: {GROUP}}}", {GROUP: frozenset({uid(0)})}, ["orphaned"]),
        (f"{{groupId: {uid(0)}}}", {uid(0): frozenset()}, ["orphaned"]),
        (f"{{groupId: {GROUP}}}", {GROUP: frozenset({uid(0)})}, ["active"]),
        (f"{{groupId: {GROUP}}}", {GROUP.upper(): frozenset({uid(0).upper()})}, ["active"]),
        (f"{{groupId: {GROUP}}}", {GROUP: frozenset()}, ["orphaned"]),
        (f"{{groupId: {GROUP}}}", {GROUP: frozenset({GONE})}, ["orphaned"]),
        (f"{{groupId: {GROUP}}}", {GROUP: Unknown(Reason.NOT_FOUND)}, ["orphaned"]),
        (f"{{groupId: {GROUP}}}", {GROUP: Unknown(Reason.NO_PERMISSION)}, ["unread"]),
        (f"{{groupId: {GROUP}}}", {}, ["unread"]),
    ],
)
def test_a_subject_is_somebody_in_the_tenant(subject, groups, expected):
    one = entry(subject=subject)

    assert states(one, groups=groups) == expected
    assert waived(declared(one, groups=groups), "LOW") == (EVERYBODY if expected == ["active"] else None)


def test_a_group_that_was_not_read_still_runs_out():
    one = entry(subject=f"{{groupId: {GROUP}}}", expires_on=days(5))
    (row,) = declared(one).entries({})

    assert row.states == ("expiring", "unread")
    assert (row.users, row.effective_until, row.until) == (None, None, {})


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("[LOW, LATER]", ["active", "unknownRule"]),
        ("[TENANT, LOW]", ["active", "tenantRule"]),
        ("[LOW, DQ]", ["active", "notWaivable"]),
        ("[LATER, TENANT, DQ]", ["active", "unknownRule", "tenantRule", "notWaivable"]),
    ],
)
def test_rules_that_cannot_be_waived_are_said(rules, expected):
    made = declared(entry(rules=rules))

    assert states(entry(rules=rules)) == expected
    assert [waived(made, rule) for rule in ("LATER", "TENANT", "DQ")] == [None, None, None]
    assert waived(made, "LOW") == (EVERYBODY if "LOW" in rules else None)


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        ({}, True),
        ({"subject": f"{{groupId: {GROUP}}}"}, True),
        ({"subject": f"{{userId: {uid(1)}}}"}, False),
        ({"rules": "[MED]"}, False),
        ({"rules": "[MED, LOW]"}, True),
        ({"approved_on": days(1)}, False),
        ({"expires_on": days(-1)}, False),
    ],
)
def test_two_entries_that_excuse_the_same_user_overlap(other, overlaps):
    rows = declared(entry(), entry("E-2", **other), groups={GROUP: frozenset({uid(0), uid(1)})}).entries({})

    assert [State.OVERLAPPING in row.states for row in rows] == [overlaps, overlaps]


@pytest.mark.parametrize(
    ("one", "used", "unused"),
    [
        ({}, {}, True),
        ({}, {"E-1": 0}, True),
        ({}, {"E-2": 3}, True),
        ({}, {"E-1": 3}, False),
        ({"kind": "break_glass"}, {}, False),
        ({"expires_on": days(-1)}, {}, False),
        ({"rules": "[TENANT]"}, {}, False),
        ({"rules": "[TENANT, LOW]"}, {}, True),
    ],
)
def test_an_entry_that_waived_nothing_is_unused(one, used, unused):
    (row,) = declared(entry(**one)).entries(used)

    assert (State.UNUSED in row.states) is unused
    assert row.waived == used.get("E-1", 0)


def test_rows_stand_in_the_order_of_the_file():
    made = declared(
        entry("Z"),
        entry("A", subject=f"{{groupId: {GROUP}}}"),
        groups={GROUP: frozenset({uid(1), uid(2)})},
    )

    assert [(row.entry.id, row.users) for row in made.entries({})] == [("Z", 1), ("A", 2)]
