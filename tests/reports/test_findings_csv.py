"""Values in findings.csv: nothing that a spreadsheet would compute or a terminal obey."""

import csv
import io
from datetime import UTC, datetime

import by_hand
import pytest

from mfaaudit.reports.findings_csv import COLUMNS, harmless
from mfaaudit.words import Reason, Unknown

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FIXED = ("ruleId", "severity", "status", "reason", "userId", "userPrincipalName", "displayName", "observed", "expected")


def test_the_first_columns_are_those_that_other_programs_rely_on():
    assert COLUMNS[: len(FIXED)] == FIXED


def test_the_file_has_one_mark_before_it_and_the_line_ends_that_excel_writes(messy):
    content = (messy.bundle / "findings.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    again = io.StringIO(newline="")
    csv.writer(again, lineterminator="\r\n").writerows(rows)
    assert content == BYTE_ORDER_MARK + again.getvalue().encode()
    assert len(rows) > 100
    assert {len(row) for row in rows} == {len(COLUMNS)}


@pytest.mark.parametrize("name", by_hand.NASTY, ids=range(len(by_hand.NASTY)))
def test_no_value_begins_like_a_formula_or_holds_a_control_character(name):
    shown = harmless(name)
    assert not shown.lstrip().startswith(("=", "+", "-", "@"))
    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in shown)
    shown.encode("utf-8")


def test_a_harmless_name_is_left_alone():
    assert harmless("Zoë O'Brien (王)") == "Zoë O'Brien (王)"


def test_other_values_are_words():
    assert harmless(None) == ""
    assert harmless(False) == "false"
    assert harmless(Unknown(Reason.THROTTLED)) == "NOT READ (THROTTLED)"
    assert harmless(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02T03:04:05Z"
