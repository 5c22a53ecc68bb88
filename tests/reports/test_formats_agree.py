"""Every format tells the same story: one number of findings, one set of users, one conclusion."""

import csv
import functools
import io

import openpyxl
from page_reading import data_of

OPEN = {"FAIL", "WAIVED", "NOT_EVALUATED", "ERROR"}


@functools.cache
def sheets(bundle):
    """All rows of all sheets of a workbook, by the name of the sheet."""
    book = openpyxl.load_workbook(io.BytesIO((bundle / "report.xlsx").read_bytes()))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def from_csv(bundle):
    with (bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return sorted((row["ruleId"], row["status"], row["userId"]) for row in csv.DictReader(file))


def from_workbook(bundle):
    rows = iter(sheets(bundle)["Findings"])
    header = next(row for row in rows if row[0] == "Rule")
    at = {name: number for number, name in enumerate(header)}
    return sorted((row[0], row[at["Status"]], row[at["Object id"]] or "") for row in rows if row[0])


def from_page(bundle):
    people = data_of((bundle / "report.html").read_text(encoding="utf-8"), "people")
    return sorted((rule, status, user) for rule, user, status, *_ in people.findings())


def test_the_page_says_of_each_finding_what_the_file_for_spreadsheets_says(messy):
    people = data_of((messy.bundle / "report.html").read_text(encoding="utf-8"), "people")
    with (messy.bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        told = [
            tuple(row[name] for name in ("ruleId", "userId", "status", "reason", "observed"))
            for row in csv.DictReader(file)
        ]
    assert people.findings() == told


def test_findings(job):
    expected = from_csv(job.bundle)
    assert expected
    assert from_workbook(job.bundle) == expected
    assert from_page(job.bundle) == expected
    assert {status for _, status, _ in expected} <= OPEN


def test_conclusion(job):
    statement = job.results["conclusion"]["statement"].split(". ", 1)[1]
    cover = [value for row in sheets(job.bundle)["Cover"] for value in row if isinstance(value, str)]
    assert any(statement in value for value in cover)
    assert statement in (job.bundle / "report.html").read_text(encoding="utf-8")
    assert statement in job.out


def test_every_user_has_a_row_in_the_workbook(job):
    rows = iter(sheets(job.bundle)["Users"])
    header = next(row for row in rows if row[0] == "User principal name")
    ids = [row[header.index("Object id")] for row in rows if row[0]]
    assert len(ids) == len(set(ids)) == job.results["population"]["enumerated"]


def test_the_sheets_of_the_workbook_in_the_order_in_which_they_are_read(job):
    assert list(sheets(job.bundle)) == [
        *(
            "Cover",
            "Summary",
            "Completeness",
            "Rules",
            "Findings",
            "Enforcement",
            "Per-user MFA",
            "Accounts",
            "Users",
            "Registration",
            "Sign-in metrics",
            "Not evaluated",
            "Run",
        ),
        "Chart data",
    ]


def test_the_registration_sheet_sets_graphs_counts_beside_our_own(messy):
    rows = sheets(messy.bundle)["Registration"]
    said = {row[0]: row for row in rows if row[0]}
    by_method = messy.results["registration"]["byMethod"]
    assert {name: said[name][1] for name in by_method} == by_method
    for one in messy.results["registration"]["reconciliation"]:
        if one["difference"] is not None:
            row = next(
                row
                for row in rows
                if row[0] == one["what"] and row[2] == one["oursFrom"] and row[4] == one["theirsFrom"]
            )
            assert (row[1], row[3], row[5]) == (one["ours"], one["theirs"], one["difference"])
