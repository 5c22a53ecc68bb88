"""Every row that was filled in is a decision, or has every problem that it has named with its cell."""

from datetime import date, datetime, timedelta

import pytest
from decisions_by_hand import FORMULA, TODAY, chosen, day, finding, known, row

from mfaaudit.annotating.deciding import decide
from mfaaudit.annotating.filled import Content, Written
from mfaaudit.declared.decisions import KINDS, Decision
from mfaaudit.reports.workbook.cells import text_for_excel
from mfaaudit.words import Verdict

OPTIONAL = {"justification": None, "compensatingControl": None, "decisionTicket": None}


def problems(*rows, findings=()):
    made = decide(rows, known(*findings))
    assert bool(made.problems) == (len(made.chosen) < len(rows))
    return [(one.cell, one.what) for one in made.problems]


def only(*rows, findings=()):
    (one,) = decide(rows, known(*findings)).problems
    return one


def test_a_row_that_is_filled_in_is_a_decision_with_all_that_was_typed():
    (one,) = chosen(row(justification=" Kiosk\r\nin the hall "))

    assert (one.decision, one.owner, one.due) == (Decision.ACCEPT, "it@contoso.example", day(30))
    assert (one.justification, one.control, one.ticket) == ("Kiosk\nin the hall", "A lock", "CHG-1")
    assert one.place == "Findings!7"


@pytest.mark.parametrize("word", ["False positive", "false positive", "  FALSE \n positive"])
def test_a_decision_is_known_however_it_is_spaced_and_written(word):
    assert chosen(row(decision=word))[0].decision is Decision.FALSE_POSITIVE


def test_each_decision_but_one_asks_for_a_kind_of_exception():
    assert set(Decision) - set(KINDS) == {Decision.REMEDIATE}
    assert len(set(KINDS.values())) == len(KINDS)


@pytest.mark.parametrize(
    ("decision", "without"),
    [
        ("Remediate", {"owner", "dueOn"}),
        ("Accept the risk", {"owner", "dueOn", "justification", "compensatingControl", "decisionTicket"}),
        ("Compensating control", {"owner", "dueOn", "justification", "compensatingControl", "decisionTicket"}),
        ("False positive", {"owner", "dueOn", "justification", "decisionTicket"}),
    ],
)
def test_what_each_decision_needs(decision, without):
    empty = {"owner": None, "dueOn": None, **OPTIONAL}
    made = decide([row(decision=decision, **empty)], known())

    cells = {"owner": "G7", "dueOn": "H7", "justification": "I7", "compensatingControl": "J7", "decisionTicket": "K7"}
    assert {one.cell for one in made.problems} == {cells[key] for key in without}
    assert chosen(row(decision=decision, **{key: None for key in OPTIONAL if key not in without}))


@pytest.mark.parametrize("cell", ["owner", "dueOn", "justification", "compensatingControl", "decisionTicket"])
def test_something_typed_without_a_decision_is_a_problem(cell):
    empty = {"decision": None, "owner": None, "dueOn": None, **OPTIONAL}
    said = datetime(2026, 11, 1) if cell == "dueOn" else "x"

    assert problems(row(**empty | {cell: said})) == [("F7", "the decision is missing")]


def test_another_word_is_refused_with_the_nearest():
    one = only(row(decision="Remediated"))

    assert (one.cell, one.what) == ("F7", "Decision cannot be 'Remediated'")
    assert "Did you mean 'Remediate'?" in one.hint


@pytest.mark.parametrize("cell", ["owner", "justification", "compensatingControl", "decisionTicket", "decision"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (FORMULA, "a formula"),
        (4711, "a number"),
        (True, "TRUE or FALSE"),
        (datetime(2026, 11, 1), "a date or a time"),
        (Written("", "#N/A", Content.ERROR), "an error of the spreadsheet"),
    ],
)
def test_what_is_no_text_is_refused_where_text_is_expected(cell, value, said):
    place = {
        "decision": "F7",
        "owner": "G7",
        "justification": "I7",
        "compensatingControl": "J7",
        "decisionTicket": "K7",
    }[cell]
    ((at, what),) = problems(row(**{cell: value}))

    assert at == place
    assert what.endswith(f"is {said}, not text")


@pytest.mark.parametrize(
    ("text", "what"),
    [("x" * 2_001, "longer than 2,000"), ("a\u202eb", "U+202E"), ("a\x07b", "U+0007"), ("a\u200bb", "U+200B")],
)
def test_text_that_the_register_would_refuse_is_refused_here(text, what):
    assert what in only(row(justification=text)).what


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 11, 1), date(2026, 11, 1)),
        (datetime(2026, 11, 1, 17, 30), date(2026, 11, 1)),
        ("2026-11-01", date(2026, 11, 1)),
        (" 2026-11-01 ", date(2026, 11, 1)),
    ],
)
def test_days_that_are_understood(value, expected):
    assert chosen(row(dueOn=value))[0].due == expected


@pytest.mark.parametrize(
    "value",
    ["1.11.2026", "11/01/2026", "2026-02-30", "soon", 46327, 46327.5, True, timedelta(days=3), FORMULA],
)
def test_what_is_no_day_is_refused(value):
    one = only(row(dueOn=value))

    assert one.cell == "H7"
    assert "which is no day" in one.what
    assert TODAY.isoformat() in one.hint


@pytest.mark.parametrize(
    ("rule", "longest"),
    [("CRIT", 30), ("HIGH", 90), ("LOW", 365)],
)
def test_an_exception_ends_between_today_and_the_longest_term_of_its_rule(rule, longest):
    about = finding(rule)

    def at(number, **other):
        return problems(row(about, dueOn=day(number).isoformat(), **other), findings=[about])

    assert at(0) == at(longest) == at(longest + 1, decision="Remediate") == []
    assert at(-1) == at(-1, decision="Remediate") == [("H7", f"{day(-1)} lies in the past")]
    ((cell, what),) = at(longest + 1)
    assert cell == "H7"
    assert f"until {day(longest)}" in what


def test_a_waived_failure_is_extended_by_a_later_day_alone():
    about = finding(status=Verdict.WAIVED)

    ((cell, what),) = problems(row(about, dueOn=day(10).isoformat()), findings=[about])
    assert (cell, what) == ("H7", f"an exception covers this until {day(10)} already")
    assert chosen(row(about, dueOn=day(11).isoformat()), findings=[about])
    assert chosen(row(about, dueOn=day(2).isoformat(), decision="Remediate"), findings=[about])


def test_a_rule_that_may_not_be_waived_can_be_remediated():
    about = finding("DQ")

    assert problems(row(about), findings=[about]) == [("F7", "DQ may not be waived")]
    assert chosen(row(about, decision="Remediate"), findings=[about])


@pytest.mark.parametrize("status", [Verdict.NOT_EVALUATED, Verdict.ERROR])
def test_what_could_not_be_judged_cannot_be_decided(status):
    about = finding(status=status)
    one = only(row(about, decision=None), findings=[about])

    assert one.cell == "G7"
    assert status.value in one.what


@pytest.mark.parametrize(
    ("changed", "cell"),
    [
        ({"ruleId": "NONE"}, "A7"),
        ({"ruleId": None}, "A7"),
        ({"ruleId": "TENANT", "userId": None}, "A7"),
        ({"userId": "00000099-0000-4000-8000-00000000000a"}, "E7"),
        ({"userId": None}, "E7"),
        ({"ruleId": "LOW"}, "E7"),
        ({"status": "WAIVED"}, "B7"),
        ({"status": None}, "B7"),
        ({"userPrincipalName": "user1@contoso.example"}, "C7"),
        ({"observed": "something else"}, "D7"),
        ({"observed": Written("", "seen by HIGH", Content.FORMULA)}, "D7"),
    ],
)
def test_a_row_that_no_longer_says_what_the_bundle_says_is_out_of_step(changed, cell):
    assert only(row(**changed)).cell == cell


@pytest.mark.parametrize(
    ("observed", "drawn"),
    [
        ("a  b", " a b_x000D_"),
        ("_x0041_", "_x0041_"),
        ("_x0041_", "_x005F_x0041_"),
        ("", None),
        ("a\x07b", "a\ufffdb"),
        ("x" * 40_000, None),
        ("3", 3),
    ],
)
def test_what_programs_do_to_a_text_on_the_way_makes_no_difference(observed, drawn):
    about = finding(observed=observed)
    kept = text_for_excel(observed) if drawn is None else drawn
    assert chosen(row(about, observed=kept or None), findings=[about])


def test_an_object_id_is_the_same_in_small_letters():
    assert chosen(row(userId=finding().user_id.lower()))


def test_a_finding_that_is_decided_twice_is_a_problem_of_the_second():
    one = only(row(number=7), row(number=9))

    assert (one.cell, one.what) == ("A9", "the same finding as in Findings!7")


def test_all_problems_of_all_rows_are_told_at_once():
    made = problems(row(owner=None, decisionTicket=5, dueOn="soon"), row(finding("LOW"), number=8, decision="?"))

    assert [cell for cell, _ in made] == ["K7", "H7", "G7", "E8"]
