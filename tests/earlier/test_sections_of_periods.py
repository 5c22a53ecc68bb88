"""The parts about several audits: how long failures lasted, and the sign-ins of each day."""

import json
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from types import SimpleNamespace

import pytest
from audits_by_hand import audit, but
from jsonschema import Draft202012Validator

from mfaaudit.earlier.time_to_fix import NOT_KNOWN
from mfaaudit.reports.results_periods import lasting, lasting_json, sign_ins, sign_ins_json
from mfaaudit.reports.sections import sign_ins_of_period, time_to_fix
from mfaaudit.snapshot.metrics import sign_ins_of
from mfaaudit.words import Reason, Unknown

FIRST = datetime(2026, 1, 10, 6, tzinfo=UTC)


def quarterly(letters, *, run="run"):
    """Audits 91 days apart, each with 30 days of sign-ins: 100 completed and 4 not on each day."""
    made = []
    for place, verdicts in enumerate(letters):
        users = {f"user-{n}": {"R-1": letter} for n, letter in enumerate(verdicts) if letter != " "}
        one = audit(users, day=91 * place, run=f"{run}-{place}")
        end = FIRST + timedelta(days=91 * place)
        days = sign_ins_of(end - timedelta(days=30), end, success={}, failure={}).days
        window = sign_ins_of(
            end - timedelta(days=30), end, success=dict.fromkeys(days, 100), failure=dict.fromkeys(days, 4)
        )
        made.append(but(one, sign_ins=window))
    return made


def beside(audits):
    *earlier, now = audits
    return SimpleNamespace(earlier=SimpleNamespace(audits=tuple(earlier), now=now))


def table(section, name):
    found = next(one for one in section.tables if one.name == name)
    rows = [dict(zip([column.key for column in found.columns], row, strict=True)) for row in found.rows()]
    assert len(rows) == found.row_count
    return rows


def test_what_was_seen_adds_up_in_every_row():
    section = time_to_fix.of_audits(quarterly(["FFFFF", "PFWNF", "PFFUP", "FFP F"]))
    for name in ("TimeToFixByRule", "TimeToFixBySeverity"):
        for row in table(section, name):
            ends = row["fixed"] + row["open"] + sum(row[one.value] for one in NOT_KNOWN)
            assert ends == row["total"] == 7
    [rule, total] = table(section, "TimeToFixByRule")
    assert (rule["ruleId"], total["ruleId"], total["title"]) == ("R-1", "Total", None)
    assert (rule["fixed"], rule["open"], rule["left"]) == (3, 3, 1)
    assert (rule["medianDays"], rule["longestDays"], rule["surelyDays"]) == (182, 273, 182)
    assert (rule["openMedianDays"], rule["openLongestDays"]) == (0, 273)
    facts = {one.label: one for one in section.facts}
    assert facts["Fixed"].note == "Half of them within 182 days, all within 273 days."
    assert facts["Not known how they ended"].note == "1 left."


def test_a_report_says_it_from_three_audits_on():
    assert time_to_fix.section(SimpleNamespace(earlier=None)) is None
    assert time_to_fix.section(beside(quarterly("FP"))) is None
    assert lasting(beside(quarterly("FP"))) is None
    assert time_to_fix.section(beside(quarterly("FFP"))).sheet == "Changes"
    assert lasting(beside(quarterly("FFP")))["all"]["longestDaysAtMost"] == 182


def test_nothing_failed():
    section = time_to_fix.of_audits(quarterly(["PP", "PP"]))
    assert table(section, "TimeToFixBySeverity") == []
    assert {one.label: one.note for one in section.facts if one.note} == {}


def test_days_that_no_audit_tells_of_are_named_and_drawn_as_a_gap():
    section = sign_ins_of_period.of_audits(quarterly("PP"))
    facts = {one.label: one for one in section.facts}
    gap = (FIRST.date() + timedelta(days=1), FIRST.date() + timedelta(days=60))
    assert facts["Days that no audit tells of"].value == f"{gap[0]} to {gap[1]}"
    assert facts["Days of which all is known"].value == "58 of 122 days"
    [chart] = section.charts
    by_day = dict(zip(chart.categories, chart.series[0].values, strict=True))
    assert by_day[gap[0].isoformat()] is None
    assert by_day["2026-01-05"] == 100
    rows = {row["day"]: row for row in table(section, "SignInsOfEachDay")}
    assert (rows[gap[0].isoformat()]["completed"], rows[gap[0].isoformat()]["known"]) == (None, "not known")
    assert (rows["2026-01-10"]["known"], rows["2026-01-05"]["known"]) == ("in part", "all of it")


def test_shares_are_of_what_is_known_and_days_of_the_calendar():
    section = sign_ins_of_period.of_audits(quarterly("PP"))
    by_name = {row["period"]: row for row in table(section, "SignInsByPeriod")}
    quarter = by_name["2026-Q1"]
    assert (quarter["days"], quarter["wholeDays"], quarter["partialDays"]) == (90, 9 + 19, 2)
    assert quarter["unknownDays"] == 90 - 30
    assert quarter["completed"] == 30 * 100
    assert float(quarter["completedShare"]) == pytest.approx(100 / 104)


def test_where_two_audits_differ_both_numbers_stand():
    first, second = quarterly("PP")
    day = date(2026, 1, 2)
    corrected = but(second, sign_ins=but(first.sign_ins, success=dict(first.sign_ins.success) | {day: 120}))
    section = sign_ins_of_period.of_audits([first, corrected])
    [row] = [one for one in table(section, "SignInsOfEachDay") if one["differing"]]
    assert (row["day"], row["completed"], row["runId"]) == ("2026-01-02", 120, "run-1")
    assert row["differing"] == "run-0: 100 completed"


def test_what_was_not_read_is_no_number():
    refused = Unknown(Reason.NO_PERMISSION)
    audits = [but(one, sign_ins=but(one.sign_ins, success=refused, failure=refused)) for one in quarterly("PP")]
    section = sign_ins_of_period.of_audits(audits)
    assert section.charts[0].summary == "0 of 122 days are known: not read how many completed, not read how many not."
    assert table(section, "SignInsByPeriod") == []
    assert sign_ins_json(audits)["all"]["completedPercent"] is None


def test_the_words_for_programs_are_those_of_the_schema():
    schema = json.loads(files("mfaaudit.reports").joinpath("results.schema.json").read_text(encoding="utf-8"))
    audits = quarterly(["FFFFF", "PFWNF", "PFFUP", "FFP F"])
    for name, made in (("timeToFix", lasting_json(audits)), ("signInsOfPeriod", sign_ins_json(audits))):
        part = {"$defs": schema["$defs"]} | schema["properties"][name]
        Draft202012Validator(part).validate(made)
        assert list(Draft202012Validator(part).iter_errors(made | {"more": 1}))
    assert sign_ins(SimpleNamespace(earlier=None)) is None
    one = sign_ins_json(audits)
    assert sum(month["success"] for month in one["months"]) == one["all"]["success"] == 4 * 31 * 100
