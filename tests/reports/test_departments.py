"""Departments are groups: everybody is counted once, and no number is about fewer than five users."""

import pytest
from judged_by_hand import MFA, OPEN, material

from mfaaudit.reports.departments import CHARTED, departments_chart, departments_of, departments_table
from mfaaudit.reports.small_groups import FEWEST
from mfaaudit.words import Reason, Unknown

GONE = Unknown(Reason.NO_PERMISSION)


def people(department, passing, failing=0, unclear=0):
    kinds = [True] * passing + [False] * failing + [OPEN] * unclear
    return [{MFA: kind, "user.department": department} for kind in kinds]


def made(*groups):
    return departments_of(material(*[one for group in groups for one in group]))


def test_the_department_with_the_most_failing_users_stands_first():
    found = made(people("Sales", 9, 1), people("Legal", 2, 3), people("", 6), people(GONE, 1, 1))

    assert [(one.name, one.users, one.failing) for one in found] == [
        ("Legal", 5, 3),
        ("Sales", 10, 1),
        ("(no department)", 6, 0),
        (GONE, 2, 1),
    ]


def test_small_departments_are_merged_and_nobody_is_lost():
    found = made(people("Big", 6), people("A", 3, 1), people("B", 2), people("C", 1))

    assert [(one.name, one.users, one.failing, one.merged) for one in found] == [
        ("Big", 6, 0, 0),
        ("(other departments: 3)", 7, 1, 3),
    ]


@pytest.mark.parametrize("small", [1, FEWEST - 1])
def test_one_small_department_takes_another_with_it(small):
    found = made(people("Big", 9), people("Next", 5), people("Boss", 0, small))

    assert [(one.name, one.users) for one in found] == [("Big", 9), ("(other departments: 2)", 5 + small)]
    assert all(one.users >= FEWEST for one in found)


def test_the_table_adds_up_to_everybody():
    found = made(people("Sales", 9, 1, 2), people("Legal", 2, 3), people("Boss", 0, 1), people(GONE, 1))
    *own, total = departments_table(found).rows()

    assert total[0] == "Total"
    assert total[1] == 19
    assert [sum(row[place] for row in own) for place in range(1, 8)] == total[1:8]
    assert sum(total[2:8]) == total[1]


def test_the_chart_shows_no_more_than_can_be_read_and_cuts_what_is_long():
    found = made(*[people(f"Department {number:02} {'x' * 100}", 5) for number in range(CHARTED + 3)])
    chart = departments_chart(found)

    assert len(chart.categories) == CHARTED
    assert all(len(one) <= 40 for one in chart.categories)
    assert chart.summary.endswith("; 3 more in the table")
    assert all(len(one.values) == CHARTED for one in chart.series)
