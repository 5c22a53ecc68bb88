"""The result at a glance: the posture, the register, rules on the data apart, and what has to wait."""

import pytest
from judged_by_hand import DEFAULTS, judged, pack, rule, taken
from judged_by_hand import entry as entry_of

from mfaaudit.cli.terminal import print_summary

MINE = pack("mine", rule(), rule("R-2", blocked_by=["R-1"]), rule("T-1", {DEFAULTS: True}, scope="tenant"))
DATA = pack("data", rule("DQ-1", {DEFAULTS: True}, scope="tenant"), judges="data")


@pytest.fixture
def said(messy, tmp_path, capsys):
    """What is printed of the messy tenant under packs and a register, line by line."""

    def lines(*packs, **how):
        made = judged(taken(messy.bundle), packs or (MINE,), **how)
        print_summary(tmp_path, made)
        return made, capsys.readouterr().out.splitlines()

    return lines


def beginning(lines, word):
    return [line.removeprefix(word).strip() for line in lines if line.startswith(word)]


def test_the_posture_has_a_line_and_what_contradicts_it_another(said):
    made, lines = said()
    assert beginning(lines, "Posture") == [made.declared.posture.statement]
    made, lines = said(posture="security-defaults")
    at = next(number for number, line in enumerate(lines) if line.startswith("Posture"))
    (remark, *_) = made.declared.posture.remarks
    assert lines[at + 1].strip() == remark


def test_the_register_has_a_line_only_if_one_was_given(said):
    assert beginning(said()[1], "Exceptions") == []
    (line,) = beginning(said(entries=(entry_of(approved_on="2020-01-01", expires_on="2020-02-01"),))[1], "Exceptions")
    assert line == "0 in force, 1 expired, 0 without effect for another reason; failures waived: 0"


def test_rules_on_the_data_stand_below_their_question_and_nowhere_else(said):
    _, lines = said(DATA, MINE)
    at = lines.index("May this report be relied on?")

    assert [line.split()[-3] for line in lines[at + 1 : at + 2]] == ["DQ-1"]
    assert not [line for line in lines[:at] if "DQ-1  " in line]
    assert [line for line in lines[:at] if "R-1  " in line]
    assert not [line for line in lines[at:] if "R-1  " in line]
    assert "May this report be relied on?" not in said()[1]


def test_what_has_to_wait_is_named_with_what_for(said):
    assert beginning(said()[1], "not yet") == ["what R-2 asks for: waits for R-1"]


def test_a_rule_that_waits_and_does_not_fail_asks_for_nothing(said):
    calm = pack(
        "calm",
        rule("T-1", {DEFAULTS: True}, scope="tenant"),
        rule("T-2", {DEFAULTS: False}, scope="tenant", blocked_by=["T-1"]),
    )

    made, lines = said(calm)
    assert made.findings.results[1].blocked_by == ("T-1",)
    assert beginning(lines, "not yet") == []
