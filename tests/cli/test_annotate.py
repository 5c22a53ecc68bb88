"""The way back: decisions typed into the workbook of a bundle become proposals, and exceptions once approved."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from mfaaudit.declared.load import load_register
from mfaaudit.reports.decision_columns import COLUMNS

DUE = datetime.now(UTC).date() + timedelta(20)
TITLES = {one.key: one.title for one in COLUMNS}
SAID = {
    "owner": "it@contoso.example",
    "justification": "Kiosk: 'hall' # 1",
    "compensatingControl": "A lock\non the door",
    "decisionTicket": "CHG-1",
}


class Sheet:
    """The findings of a report, open for somebody to type in."""

    def __init__(self, path):
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book["Findings"]
        self.head = next(row[0].row for row in self.sheet.iter_rows() if row[0].value == "Rule")
        self.at = {cell.value: cell.column for cell in self.sheet[self.head]}

    def cell(self, row, heading):
        return self.sheet.cell(row, self.at[heading])

    def rows(self, status):
        """The numbers of those rows about accounts."""
        return [
            row
            for row in range(self.head + 1, self.sheet.max_row + 1)
            if self.cell(row, "Status").value == status and self.cell(row, "Object id").value
        ]

    def decide(self, row, word, **other):
        for key, value in ({"decision": word, "dueOn": DUE.isoformat()} | SAID | other).items():
            self.cell(row, TITLES[key]).value = value

    def save(self, path):
        self.book.save(path)
        return path


@pytest.fixture
def sheet(messy):
    return Sheet(messy.bundle / "report.xlsx")


def states(bundle):
    results = json.loads((bundle / "results.json").read_text(encoding="utf-8"))
    return {one["id"]: (one["states"], one["waived"], one["approvedBy"]) for one in results["exceptions"]}


def findings(bundle):
    with (bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(one["ruleId"], one["userId"].lower()): one for one in csv.DictReader(file)}


def test_from_a_typed_word_to_an_exception_in_force(messy, sheet, mfaaudit, tmp_path):
    words = ["Accept the risk", "False positive", "Compensating control", "Remediate"]
    rows = sheet.rows("FAIL")[:12]
    for number, row in enumerate(rows):
        sheet.decide(row, words[number % 4])
    report = sheet.save(tmp_path / "report.xlsx")
    before = {one: one.stat().st_mtime_ns for one in messy.bundle.rglob("*")}

    said = mfaaudit("annotate", messy.bundle, report, "--out", tmp_path / "new.yaml", "--quiet")

    assert said.code == 0, said.err
    assert "filled in: 12" in said.out
    assert "Decisions    12: 3 Remediate, 3 Accept the risk, 3 Compensating control, 3 False positive" in said.out
    assert {one: one.stat().st_mtime_ns for one in messy.bundle.rglob("*")} == before
    register = load_register(tmp_path / "new.yaml")
    assert all(one.is_proposed for one in register.entries)
    asked = {(rule, one.subject.id) for one in register.entries for rule in one.rules}
    assert len(asked) == 9
    with (tmp_path / "new-remediation.csv").open(encoding="utf-8-sig", newline="") as file:
        to_do = {(one["ruleId"], one["userId"].lower()) for one in csv.DictReader(file)}
    typed = {(sheet.cell(row, "Rule").value, sheet.cell(row, "Object id").value.lower()) for row in rows}
    assert asked | to_do == typed
    assert len(to_do) == 3
    for line in (tmp_path / "new.yaml").read_text(encoding="utf-8").splitlines():
        assert f"+{line}" in said.out

    judged = ("--policy", "baseline", "--policy", "legacy-per-user-mfa", "--format", "json,csv,xlsx,html", "--quiet")
    mfaaudit("evaluate", messy.bundle, "--exceptions", "../new.yaml", *judged, "--out", tmp_path / "proposed")
    proposed = tmp_path / "proposed"
    assert all(one == (["proposed"], 0, None) for one in states(proposed).values())
    assert all(findings(proposed)[one]["status"] == "FAIL" for one in asked)
    sheet_of = openpyxl.load_workbook(proposed / "report.xlsx")["Exceptions"]
    assert any("it is a proposal" in str(cell.value) for row in sheet_of.iter_rows() for cell in row)

    text = (tmp_path / "new.yaml").read_text(encoding="utf-8")
    today = datetime.now(UTC).date().isoformat()
    approval = f"    approved_by: ciso@contoso.example\n    approved_on: {today}\n    expires_on:"
    (tmp_path / "approved.yaml").write_text(text.replace("    expires_on:", approval), encoding="utf-8")
    approved = tmp_path / "approved"
    mfaaudit("evaluate", messy.bundle, "--exceptions", "../approved.yaml", *judged, "--out", approved)
    assert all(one["status"] == "WAIVED" for key, one in findings(approved).items() if key in asked)
    assert sum(waived for _, waived, _ in states(approved).values()) == len(asked)

    again = Sheet(approved / "report.xlsx")
    row = again.rows("WAIVED")[0]
    again.decide(row, "Accept the risk", dueOn=(DUE + timedelta(5)).isoformat())
    longer = mfaaudit("annotate", approved, again.save(tmp_path / "again.xlsx"), "--json", "--quiet")
    made = json.loads(longer.out)
    assert (longer.code, len(made["proposed"]), made["filled"]) == (0, 1, 1)
    old = (tmp_path / "approved.yaml").read_text(encoding="utf-8")
    new = (tmp_path / "approved-exceptions-proposed.yaml").read_text(encoding="utf-8")
    assert new.startswith(old)
    assert len(load_register(tmp_path / "approved-exceptions-proposed.yaml").entries) == len(register.entries) + 1


def test_the_same_decisions_are_proposed_once(messy, sheet, mfaaudit, tmp_path):
    for row in sheet.rows("FAIL")[:3]:
        sheet.decide(row, "False positive")
    report = sheet.save(tmp_path / "report.xlsx")
    mfaaudit("annotate", messy.bundle, report, "--out", tmp_path / "new.yaml", "--quiet")

    said = mfaaudit("annotate", messy.bundle, report, "--register", tmp_path / "new.yaml", "--quiet")

    assert said.code == 0
    assert "3 decisions are in the register already" in said.out
    assert "nothing: no decision is new" in said.out
    assert not (messy.bundle.parent / "messy-exceptions-proposed.yaml").exists()


def test_all_problems_are_listed_and_nothing_is_written(messy, sheet, mfaaudit, tmp_path):
    first, second, third, fourth = sheet.rows("FAIL")[:4]
    sheet.decide(first, "Acept the risk")
    sheet.decide(second, "Remediate", owner="=1+1", decisionTicket=5)
    sheet.decide(third, "Accept the risk", dueOn=datetime(2020, 1, 1))
    sheet.decide(fourth, "Remediate")
    (unread, *_) = sheet.rows("NOT_EVALUATED")
    sheet.decide(unread, "Remediate")
    report = sheet.save(tmp_path / "report.xlsx")
    files = set(tmp_path.rglob("*"))

    said = mfaaudit("annotate", messy.bundle, report, "--out", tmp_path / "new.yaml", "--quiet")

    assert (said.code, said.out) == (2, "")
    for row, heading in ((first, "Decision"), (second, "Owner"), (second, "Decision ticket"), (third, "Due on")):
        assert f"Findings!{sheet.cell(row, heading).coordinate}: " in said.err
    assert "Did you mean 'Accept the risk'?" in said.err
    assert "there is no failure to decide about" in said.err
    assert "5 problems in all; 5 of" in said.err
    assert set(tmp_path.rglob("*")) == files

    told = json.loads(mfaaudit("annotate", messy.bundle, report, "--json", "--quiet").out)
    assert len(told["problems"]) == 5
    assert told["register"] is told["remediation"] is None
    assert sum(told["decisions"].values()) == 0


def test_a_column_sorted_without_the_others_is_noticed(messy, sheet, mfaaudit, tmp_path):
    rows = sheet.rows("FAIL")
    for row in rows:
        sheet.decide(row, "False positive")
    names = [sheet.cell(row, "User").value for row in rows]
    for row, name in zip(rows, reversed(names), strict=True):
        sheet.cell(row, "User").value = name

    said = mfaaudit("annotate", messy.bundle, sheet.save(tmp_path / "report.xlsx"), "--json", "--quiet")

    assert said.code == 2
    moved = sum(one != other for one, other in zip(names, reversed(names), strict=True))
    assert len(json.loads(said.out)["problems"]) == moved > 10


def test_an_empty_report_changes_nothing(messy, mfaaudit):
    said = mfaaudit("annotate", messy.bundle, messy.bundle / "report.xlsx", "--quiet")

    assert said.code == 0
    assert "Decisions    0: none" in said.out
    assert not (messy.bundle.parent / "messy-exceptions-proposed.yaml").exists()


def test_the_report_of_another_bundle_is_refused(messy, jobs, mfaaudit):
    said = mfaaudit("annotate", messy.bundle, jobs["tidy"].bundle / "report.xlsx", "--quiet")

    assert said.code == 2
    assert "is not the report of the run" in said.err


@pytest.mark.parametrize(
    ("out", "what"),
    [("there.yaml", "exists"), ("no/such.yaml", "there is no folder"), ("half.yaml", "half-remediation.csv exists")],
)
def test_nothing_is_written_over(messy, mfaaudit, out, what):
    for name in ("there.yaml", "half-remediation.csv"):
        Path(name).write_text("mine", encoding="utf-8")
    said = mfaaudit("annotate", messy.bundle, messy.bundle / "report.xlsx", "--out", out)

    assert said.code == 2
    assert what in said.err
    assert {one.name: one.read_text(encoding="utf-8") for one in Path().iterdir()} == {
        "there.yaml": "mine",
        "half-remediation.csv": "mine",
    }


def test_nothing_is_written_into_the_bundle(messy, mfaaudit):
    said = mfaaudit("annotate", messy.bundle, messy.bundle / "report.xlsx", "--out", messy.bundle / "new.yaml")

    assert said.code == 2
    assert "lies in the bundle" in said.err


def test_what_is_no_bundle_is_refused(mfaaudit, messy, tmp_path):
    said = mfaaudit("annotate", tmp_path, messy.bundle / "report.xlsx")

    assert said.code == 1
    assert "is not a bundle" in said.err
