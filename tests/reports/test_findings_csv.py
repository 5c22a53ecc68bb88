"""Values in findings.csv: nothing that a spreadsheet would compute or a terminal obey."""

import csv
import io
from datetime import UTC, datetime

import by_hand
import pytest
from judged_by_hand import CAPABLE, DEFAULTS, MFA, days, entry, material, pack, rule, uid

from mfaaudit.reports.findings_csv import COLUMNS, harmless, write_findings
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


def written(made, tmp_path):
    """The rows by rule and user."""
    path = tmp_path / "findings.csv"
    write_findings(made, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {(row["ruleId"], row["userId"].lower()): row for row in csv.DictReader(file)}


def test_the_columns_on_exceptions_and_blockers_stand_at_the_end_before_the_run():
    assert COLUMNS[-6:] == ("exceptionId", "exceptionExpiresOn", "ticket", "blockedBy", "action", "runId")


def test_a_waived_failure_names_its_exception_its_ticket_and_the_day_on_which_it_ends(tmp_path):
    one = pack("mine", rule(), rule("R-2", {CAPABLE: True}, severity="critical"))
    made = material(
        {MFA: False, CAPABLE: False},
        {MFA: False, CAPABLE: True},
        packs=(one,),
        entries=(entry(rules=["R-1", "R-2"], expires_on=days(300), ticket="=CHG-1"),),
    )
    found = written(made, tmp_path)
    names = ("status", "exceptionId", "exceptionExpiresOn", "ticket")

    assert [found["R-1", uid(0)][name] for name in names] == ["WAIVED", "E-1", days(80), "'=CHG-1"]
    assert [found["R-2", uid(0)][name] for name in names] == ["WAIVED", "E-1", days(20), "'=CHG-1"]
    assert [found["R-1", uid(1)][name] for name in names] == ["FAIL", "", "", ""]


def test_a_finding_whose_remediation_has_to_wait_names_what_for(tmp_path):
    first, second = rule("T-1", {DEFAULTS: True}, scope="tenant"), rule("T-2", {DEFAULTS: True}, scope="tenant")
    blocked = rule("R-1", blocked_by=["T-1", "T-2"])
    found = written(
        material({MFA: False}, packs=(pack("mine", first, second, blocked),), tenant={DEFAULTS: False}), tmp_path
    )

    assert found["R-1", uid(0)]["blockedBy"] == "T-1, T-2"
    assert found["T-1", ""]["blockedBy"] == found["T-1", ""]["exceptionId"] == ""
    assert {row["runId"] for row in found.values()} == {"run-1"}
