"""The failure rate of each method beside its registrations, in page, workbook and results; or why it was not read."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import openpyxl
import pytest
from judged_by_hand import audited, facts, rows

from mfaaudit.reports.results_activity import activity_json
from mfaaudit.reports.sections import method_activity
from mfaaudit.snapshot.method_activity import Activity, DaySignIns, MethodActivity, MethodSignIns
from mfaaudit.words import Reason, Unknown

STRANGE, UNLICENSED = Unknown(Reason.UNKNOWN_VALUE), Unknown(Reason.NO_LICENSE)
TABLES = ("MethodAttempts", "MethodSignIns", "FactorsByDay")
TITLES = ("Failure rate by method", "Successful sign-ins by method", "Single-factor and multifactor sign-ins by day")


def attempts(method, succeeded, failed, feature="registration"):
    return Activity(feature=feature, method=method, succeeded=succeeded, failed=failed)


@pytest.fixture
def drawn(jobs):
    """The part with other reports of use than those that a job read."""

    def drawing(activities=(), sign_ins=(), days=None, remarks=()):
        made = audited(jobs["tidy"].bundle)
        activity = MethodActivity(
            activities=activities, sign_ins=sign_ins, days={} if days is None else days, remarks=remarks
        )
        registration = SimpleNamespace(by_method={"email": 40})
        return method_activity.section(
            replace(made, snapshot=replace(made.snapshot, activity=activity, registration=registration))
        )

    return drawing


def test_the_rate_stands_beside_the_users_who_are_registered(drawn):
    part = drawn([attempts("email", 3, 1), attempts("sms", 0, 0, "reset"), attempts("fido2SecurityKey", 8, 2)])

    found = [tuple(row.values()) for row in rows(part, "MethodAttempts")]
    assert found == [
        ("Registration", "fido2SecurityKey", None, 8, 2, Fraction(1, 5)),
        ("Registration", "email", 40, 3, 1, Fraction(1, 4)),
        ("Password reset", "sms", None, 0, 0, None),
    ]
    told = facts(part)
    assert told["Registration attempts that failed"].value == 3
    assert told["Registration attempts that failed"].note == "21.4 % of 14 attempts."
    assert told["Password reset attempts that failed"].note == "No attempts were counted."


def test_unknown_words_and_counts_are_shown_for_what_they_are(drawn):
    part = drawn(
        [attempts("unknownFutureValue", 1, 0), attempts("", 1, 1), attempts("sms", 1, STRANGE, "recovery")],
        [MethodSignIns(method="palmVein", succeeded=STRANGE)],
        remarks=("One row was odd.",),
    )

    assert [tuple(row.values())[:2] for row in rows(part, "MethodAttempts")] == [
        ("Registration", "No method named"),
        ("Registration", "Newer method that Graph does not name"),
        ("recovery", "sms"),
    ]
    assert rows(part, "MethodAttempts")[-1]["failureRate"] == STRANGE
    assert rows(part, "MethodSignIns")[0]["succeeded"] == STRANGE
    assert facts(part)["Irregular rows"].note == "One row was odd."


def test_what_was_not_read_says_why_in_place_of_every_row_and_is_no_nought(drawn):
    part = drawn(UNLICENSED, UNLICENSED, UNLICENSED)

    for table in part.tables:
        assert table.row_count == 0
        assert table.empty.startswith("Not read. Graph refused the read: it needs a Microsoft Entra ID P1")
    assert facts(part)["Registration attempts that failed"].value == UNLICENSED
    assert facts(part)["Single-factor sign-ins"].value == UNLICENSED
    assert part.charts[0].summary.startswith("Not read.")


def test_what_was_read_and_is_empty_says_so(drawn):
    assert {table.empty for table in drawn().tables} == {"Graph counted none in these 30 days."}


@pytest.mark.parametrize("mood", ["tidy", "messy", "half-forbidden", "unlicensed"])
def test_page_workbook_and_results_say_the_same(jobs, mood):
    job = jobs[mood]
    made = audited(job.bundle)
    part = method_activity.section(made)

    assert job.results["registration"]["activity"] == json.loads(json.dumps(activity_json(made.snapshot.activity)))
    sheet = openpyxl.load_workbook(job.bundle / "report.xlsx", read_only=True)["Tenant"]
    cells = {str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None}
    page = (job.bundle / "report.html").read_text(encoding="utf-8")
    for title, table in zip(TITLES, part.tables, strict=True):
        assert title in page
        assert title in cells
        if not table.row_count:
            assert table.empty in cells
    assert [table.name for table in part.tables] == list(TABLES)
    read = mood in ("tidy", "messy")
    assert bool(part.tables[0].row_count) == read
    if mood == "half-forbidden":
        # An application may read the days, and no more of it.
        assert part.tables[2].row_count
        assert "Sign in as a person" in part.tables[0].empty


def test_the_numbers_of_the_results():
    said = activity_json(
        MethodActivity(
            activities=[attempts("email", 2, 1), attempts("", 1, STRANGE)],
            sign_ins=[MethodSignIns(method="", succeeded=4)],
            days={date(2026, 3, day): DaySignIns(total=3, single_factor=1, multi_factor=STRANGE) for day in (5, 7)},
            remarks=("Odd.",),
        )
    )

    assert said["registrationAndReset"] == [
        {
            "feature": "registration",
            "method": "email",
            "succeeded": 2,
            "failed": 1,
            "failedPercent": 33.3,
            "reason": None,
        },
        {
            "feature": "registration",
            "method": None,
            "succeeded": 1,
            "failed": None,
            "failedPercent": None,
            "reason": "UNKNOWN_VALUE",
        },
    ]
    assert said["totals"]["registration"]["failed"] is None
    assert said["totals"]["reset"] == {"succeeded": 0, "failed": 0, "failedPercent": None, "reason": None}
    assert said["signInsByMethod"] == [{"method": None, "succeeded": 4, "reason": None}]
    assert said["signInsByDay"]["2026-03-05"] == {"total": 3, "singleFactor": 1, "multiFactor": None}
    assert (said["missingDays"], said["remarks"]) == (["2026-03-06"], ["Odd."])
