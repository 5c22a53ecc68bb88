"""Every format tells the same story: one number of findings, one set of users, one conclusion."""

import csv
import functools
import io
from collections import Counter

import openpyxl
from judged_by_hand import audited
from page_reading import data_of

from mfaaudit.reports.content import document_of
from mfaaudit.reports.unread import is_about_users
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.field import Kind

OPEN = {"FAIL", "WAIVED", "NOT_EVALUATED", "ERROR"}


@functools.cache
def sheets(bundle):
    """All rows of all sheets of a workbook, by the name of the sheet."""
    book = openpyxl.load_workbook(io.BytesIO((bundle / "report.xlsx").read_bytes()))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@functools.cache
def tables(bundle):
    """The rows of every table of a workbook by the columns' names, by the name of the table, wherever it stands."""
    book = openpyxl.load_workbook(io.BytesIO((bundle / "report.xlsx").read_bytes()))
    found = {}
    for sheet in book:
        for table in sheet.tables.values():
            head, *rows = ([cell.value for cell in row] for row in sheet[table.ref])
            found[table.name] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


def table_in(bundle, name):
    """The rows of one table of a workbook."""
    return tables(bundle)[name]


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


def test_each_finding_stands_under_the_action_that_says_so(job):
    with (job.bundle / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        told = Counter(row["action"] for row in csv.DictReader(file) if row["status"] != "WAIVED")
    expected = Counter()
    for one in job.results["actions"]:
        expected[one["title"]] += one["failures"] + one["gaps"]

    assert told == expected
    assert Counter(row["Action"] for row in table_in(job.bundle, "Findings")) == told


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
    ids = [row["Object id"] for row in table_in(job.bundle, "Users")]
    assert len(ids) == len(set(ids)) == job.results["population"]["enumerated"]


def test_every_sheet_is_one_that_the_report_names_and_nothing_is_left_out(job):
    drawn = document_of(audited(job.bundle))
    wanted = {one.sheet or one.title for one in drawn.sections}
    found = set(sheets(job.bundle)) - {"Cover", "Chart data"}

    assert found in (wanted, {one.title for one in drawn.sections}), "a format may draw each part on a sheet of its own"
    assert wanted <= set(drawn.sheets), "each has its place"
    shown = {table.name for one in drawn.sections for table in one.tables if table.row_count}
    assert set(tables(job.bundle)) == shown


def test_the_sheets_stand_in_the_order_in_which_an_auditor_reads_them(messy):
    drawn = document_of(audited(messy.bundle))
    here = {one.sheet or one.title for one in drawn.sections}

    assert [one for one in drawn.sheets if one in here] == [
        "Summary",
        "Rules",
        "Findings",
        "Users",
        "Admins",
        "Per-user MFA",
        "Accounts",
        "Tenant",
        "Exceptions",
        "Changes",
        "Actions",
        "Not evaluated",
        "Reconciliation",
        "Sample",
        "Run",
        "Legend",
    ]
    on_page = [one.title for one in drawn.sections if one.on_page]
    assert on_page[:2] == ["Summary", "Completeness"], "whether to rely on the rest comes first"


def test_the_registration_tables_set_graphs_counts_beside_our_own(job):
    registration = job.results["registration"]
    for name, key, head in (("ByMethodTable", "byMethod", "Method"), ("ByFeatureTable", "byFeature", "Feature")):
        rows = tables(job.bundle).get(name, ())
        assert {row[head]: row["Users"] for row in rows} == registration[key]
    said = {
        (row["Number"], row["Counted from"], row["Read from"]): row for row in table_in(job.bundle, "Reconciliation")
    }
    for one in registration["reconciliation"]:
        row = said[one["what"], one["oursFrom"], one["theirsFrom"]]
        assert row["Difference"] == one["difference"]
        for title, key in (("Our count", "ours"), ("Their count", "theirs")):
            assert row[title] == (f"NOT READ ({one[f'{key}Reason']})" if one[key] is None else one[key])


def test_the_verdicts_of_each_rule_are_the_same_wherever_they_are_counted(job):
    rules = {one["id"]: one for one in job.results["rules"]}
    words = {
        "Pass": "pass",
        "Fail": "fail",
        "Waived": "waived",
        "Not evaluated": "notEvaluated",
        "Not applicable": "notApplicable",
        "Error": "error",
    }
    for name in ("Rules", "SumChecks"):
        rows = {row["Rule"]: row for row in table_in(job.bundle, name)}
        assert set(rows) == set(rules)
        for rule, row in rows.items():
            assert {key: row[title] for title, key in words.items()} == rules[rule]["counts"]
    users = job.results["population"]["enumerated"]
    for row in table_in(job.bundle, "SumChecks"):
        due = users if rules[row["Rule"]]["scope"] == "user" else 1
        assert (row["Verdicts due"], row["Difference"], row["Result"]) == (due, 0, "adds up")
        assert row["In scope"] + row["Not applicable"] == due == sum(row[title] for title in words)
    for row in table_in(job.bundle, "ByPackAndSeverity"):
        each = users if row["About"] == "users" else 1
        assert row["Verdicts"] == row["Rules"] * each == sum(row[title] for title in words)
    per_pack = {one["id"]: one["rules"] for one in job.results["run"]["policies"]}
    for pack, names in per_pack.items():
        mine = [row for row in table_in(job.bundle, "ByPackAndSeverity") if row["Pack"] == pack]
        assert sum(row["Rules"] for row in mine) == len(names)
        assert sum(row["Fail"] for row in mine) == sum(rules[one]["counts"]["fail"] for one in names)


def test_departments_add_up_to_everybody_and_to_everybody_who_fails(job):
    *own, total = table_in(job.bundle, "ByDepartment")

    for key in ("Users", "Pass", "Fail", "Waived", "Not evaluated", "Not applicable", "Error"):
        assert sum(row[key] for row in own) == total[key]
    assert total["Users"] == job.results["population"]["enumerated"]
    assert total["Fail"] == job.results["conclusion"]["failedUsers"]


def test_what_was_not_read_is_told_user_by_user_or_once_for_all(job):
    rows = [row for name, found in tables(job.bundle).items() if name == "UnreadUsers" for row in found]
    listed = Counter(row["Source"] for row in rows)
    for one in job.results["coverage"]:
        source = BY_NAME[one["source"]]
        once = not one["read"] and len(one["reasons"]) == 1
        expected = one["unread"] if is_about_users(source) and not once else 0
        assert listed[source.title] == expected, one["source"]
    by_source = [row for name, found in tables(job.bundle).items() if name == "UnreadSources" for row in found]
    assert {(row["Source"], row["Reason"]): row["Not read"] for row in by_source} == {
        (BY_NAME[one["source"]].title, reason): count
        for one in job.results["coverage"]
        for reason, count in one["reasons"].items()
    }
    assert all(row["What to do"] and row["Effect"] for row in by_source)


def test_the_sample_holds_users_of_the_report_and_room_to_write(job):
    users = {row["Object id"]: row for row in table_in(job.bundle, "Users")}
    sample = table_in(job.bundle, "ReportToPortal")

    assert len(sample) == 25
    assert len({row["Object id"] for row in sample}) == 25
    for row in sample:
        for title in ("User principal name", "Per-user MFA state", "Worst verdict"):
            assert row[title] == users[row["Object id"]][title]
        assert [row[title] for title in ("Portal value", "Agrees?", "Tester", "Date", "Screenshot")] == [None] * 5
    assert [row["Pick"] for row in table_in(job.bundle, "PortalToReport")] == [1, 2, 3, 4, 5]


def test_administrators_are_those_that_the_users_show(job):
    rows = [row for name, found in tables(job.bundle).items() if name == "Admins" for row in found]
    by_role = {
        row["Object id"]
        for row in table_in(job.bundle, "Users")
        if row["Administrator"] is True
        or not (row["Directory roles"] == "none" or row["Directory roles"].startswith("NOT READ"))
    }

    assert {row["Object id"] for row in rows} == by_role


def test_nothing_that_was_not_read_is_blank_or_false(job):
    unread = {one["source"] for one in job.results["coverage"] if not one["read"]}
    fields = BY_NAME["userRegistrationDetails"].fields
    heads = [f"{one.title} (UTC)" if one.kind is Kind.TIME else one.title for one in fields]
    for row in table_in(job.bundle, "Users"):
        assert None not in [row[head] for head in heads]
        if "userRegistrationDetails" in unread:
            assert str(row["MFA capable"]).startswith("NOT READ (")
