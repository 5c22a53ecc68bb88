"""The part Changes: the trend, each rule, and one sentence where no earlier audit was given."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from changes_by_hand import FAIL, PASS, beside, past, three_audits
from judged_by_hand import DEFAULTS, NOW, facts, material, pack, rows, rule, uid

from mfaaudit.cli.terminal import print_summary
from mfaaudit.earlier import Change
from mfaaudit.reports.change_numbers import UNPROVED, first_failed, in_short
from mfaaudit.reports.content import document_of
from mfaaudit.reports.document import Tone
from mfaaudit.reports.results_earlier import changes, trend
from mfaaudit.reports.sections.changes import NONE_GIVEN, section
from mfaaudit.reports.sections.changes_by_user import section as by_user
from mfaaudit.words import Reason, Unknown


@pytest.fixture(scope="module")
def compared():
    return three_audits()


def test_without_earlier_audits_there_is_a_sheet_that_says_how_to_get_it():
    made = section(material(PASS))

    assert (made.title, made.lead, made.on_page, made.in_workbook) == ("Changes", (NONE_GIVEN,), False, True)
    assert (made.tables, made.charts, made.facts) == ((), (), ())
    assert "--earlier" in NONE_GIVEN
    assert by_user(material(PASS)) is None


def test_the_numbers_of_each_rule_add_up(compared):
    *rules, total = rows(section(compared), "ChangesByRule")

    (only,) = rules
    assert {key: one for key, one in only.items() if isinstance(one, int)} == {
        "failedBefore": 4,
        "fixed": 1,
        "stillFailing": 1,
        "becameWaived": 0,
        "noLongerJudged": 1,
        "outOfScope": 0,
        "left": 1,
        "ruleGone": 0,
        "failNow": 3,
        "newFailure": 1,
        "waiverEnded": 0,
        "newlyJudged": 1,
        "joined": 0,
        "back": 0,
        "newRule": 0,
    }
    assert total["ruleId"] == "Total"
    assert {key: one for key, one in total.items() if isinstance(one, int)} == {
        key: one for key, one in only.items() if isinstance(one, int)
    }
    assert only["comparison"] == "compared"


def test_the_trend_has_a_row_an_audit(compared):
    shown = rows(section(compared), "Trend")

    assert [one["runId"] for one in shown] == ["run-90", "run-30", "now"]
    assert [one["startedAt"] for one in shown] == [NOW - timedelta(90), NOW - timedelta(30), NOW]
    assert [(one["users"], one["failedUsers"], one["openUsers"], one["failures"]) for one in shown] == [
        (7, 4, 0, 4),
        (6, 4, 1, 4),
        (5, 3, 1, 3),
    ]
    assert [one["sameFailures"] for one in shown] == [4, 4, 3]
    assert [str(one["passShare"]) for one in shown] == ["3/7", "1/5", "1/4"]


def test_what_was_not_read_stays_unknown_along_time(compared):
    shown = rows(section(compared), "TrendOfUse")

    assert {one["success"] for one in shown} == {Unknown(Reason.NO_PERMISSION)}
    assert {one["passwordlessCapable"] for one in shown} == {Unknown(Reason.UNKNOWN_VALUE)}
    assert {one["mfaCapable"] for one in shown} == {2}
    assert [one["signInMetrics"]["successReason"] for one in trend(compared)] == ["NO_PERMISSION"] * 3


def test_the_verdicts_before_and_now_add_up_to_everybody_of_both(compared):
    shown = {one["before"]: one for one in rows(section(compared), "BeforeAndNow")}

    assert shown["Total"]["total"] == 6, "five are listed now, and one left"
    assert shown["FAIL"]["total"] == 4
    assert shown["FAIL"]["Not listed"] == 1
    assert shown["Not listed"]["total"] == 0
    assert shown["Total"]["FAIL"] == 3


def test_the_lead_says_it_in_one_sentence(compared):
    (said, *_) = section(compared).lead

    assert said == in_short(compared.earlier)
    assert said == (
        "Since 2026-09-02: 1 new failure, 1 fixed, 1 still failing, 1 newly judged and failing, 1 no longer judged, "
        "1 failure of users who left; users: 1 left; causes: account 2, data 2, listing 1."
    )


def test_the_facts_add_up(compared):
    found = facts(section(compared))

    assert found["Failures before"].value == 4
    assert found["Failures before"].note.startswith("1 fixed + 1 still failing + 0 became waived + 1 no longer judged")
    assert found["Failures now"].value == 3
    assert found["Fixed"].tone is Tone.GOOD
    assert found["New failures"].tone is Tone.BAD
    assert "Became waived" not in found


@pytest.mark.parametrize(("before", "now"), [(True, False), (False, True)])
def test_a_population_that_was_not_proved_complete_is_said_wherever_people_come_and_go(before, now):
    made = beside(material(FAIL, complete=now), past(material(FAIL, FAIL, complete=before), 30))
    drawn = section(made)

    assert UNPROVED in drawn.lead
    for label in ("Users who joined", "Users who left"):
        assert UNPROVED in facts(drawn)[label].note
        assert facts(drawn)[label].tone is Tone.OPEN
    (table,) = [one for one in drawn.tables if one.name == "PeopleWhoMoved"]
    assert UNPROVED in table.note
    assert changes(made)["populationsComplete"] is False
    assert rows(by_user(made), "Changes")[-1]["change"] == "left", "and never fixed"


def test_rules_on_the_data_stand_apart():
    data = pack("data", rule("DQ-1", {DEFAULTS: True}, scope="tenant"), judges="data")
    how = {"packs": (pack("mine", rule()), data)}
    made = beside(
        material(FAIL, tenant={DEFAULTS: False}, **how), past(material(FAIL, tenant={DEFAULTS: True}, **how), 9)
    )
    drawn = section(made)

    assert rows(drawn, "DataBeforeAndNow") == [
        {"ruleId": "DQ-1", "title": "Title DQ-1", "before": "PASS", "now": "FAIL", "comparison": "compared"}
    ]
    assert {one["ruleId"] for one in rows(by_user(made), "Changes")} == {"R-1"}
    assert made.earlier.total(Change.NEW_FAILURE) == 0
    assert not [
        one for one in section(beside(material(FAIL), past(material(FAIL), 9))).tables if one.name[:4] == "Data"
    ]


def test_the_shares_of_the_trend_are_of_users_alone():
    how = {"packs": (pack("mine", rule(), rule("T-1", {DEFAULTS: True}, scope="tenant")),)}
    made = beside(material(PASS, tenant={DEFAULTS: False}, **how), past(material(PASS, **how), 9))

    assert [one["passShare"] for one in rows(section(made), "Trend")] == [1, 1]
    assert [one["failures"] for one in rows(section(made), "Trend")] == [0, 1]


def test_the_charts_draw_what_the_tables_say(compared):
    along, by_rule = section(compared).charts

    assert list(along.categories) == ["2026-07-04", "2026-09-02", "2026-10-02"]
    assert [list(one.values) for one in along.series] == [[4, 4, 3], [0, 1, 1]]
    assert {one.name: list(one.values) for one in by_rule.series} == {
        "Came": [2],
        "Stayed": [1],
        "Fixed": [1],
        "Went otherwise": [2],
    }


def test_two_audits_of_one_day_are_told_apart_by_their_time():
    made = beside(material(PASS), past(material(PASS), 0.25))

    assert list(section(made).charts[0].categories) == ["2026-10-02 06:00:00", "2026-10-02 12:00:00"]


def test_the_present_and_the_earlier_say_since_when_somebody_fails(compared):
    found = first_failed(compared, "R-1")

    assert {key: (one.run_id, one.age_days) for key, one in found.items()} == {
        uid(0): ("run-90", 90),
        uid(2): ("now", 0),
        uid(4): ("now", 0),
    }
    assert found[uid(0)].at == datetime(2026, 7, 4, 12, tzinfo=UTC)
    assert first_failed(replace(compared, earlier=None), "R-1") == {}


def test_the_part_stands_after_what_decides_whether_to_rely_on_it(messy):
    from judged_by_hand import judged, taken

    titles = [one.title for one in document_of(judged(taken(messy.bundle), (pack("mine", rule()),))).sections]

    assert titles[:3] == ["Summary", "Completeness", "Changes"]


def test_the_terminal_says_it_in_one_line(messy, compared, capsys, tmp_path):
    from judged_by_hand import judged, taken

    made = judged(taken(messy.bundle), (pack("mine", rule()),))
    print_summary(tmp_path, made)
    assert "\nChanges" not in capsys.readouterr().out
    print_summary(tmp_path, replace(made, earlier=compared.earlier))
    assert f"\nChanges     {in_short(compared.earlier)}\n" in capsys.readouterr().out
