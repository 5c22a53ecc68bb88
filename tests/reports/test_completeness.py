"""Completeness: the ledger adds up, every number about the population is explained, and who is behind one is named."""

from dataclasses import replace

import pytest
from judged_by_hand import audited
from page_reading import data_of
from test_formats_agree import table_in

from mfaaudit.reports.conclusion import FINDINGS, GAPS, conclude
from mfaaudit.reports.content import document_of
from mfaaudit.reports.document import Tone
from mfaaudit.reports.page.render import parts_of
from mfaaudit.reports.sections import completeness, sections_of
from mfaaudit.words import Reason, Severity, Unknown

WORDS = {
    "evaluated": "Evaluated",
    "waived": "Waived",
    "outOfScope": "Out of scope",
    "unreadable": "Unreadable",
    "error": "In error",
}


def material(job, *, duplicates=None, orphans=None, failed=(), **of_population):
    """The audit of a job, had it found other counts, other ids twice or without a user, or other failures."""
    made = audited(job.bundle)
    snapshot = made.snapshot
    changes = {} if orphans is None else {"orphans": orphans}
    if duplicates is not None:
        changes["duplicates"] = duplicates
        of_population["duplicates"] = len(duplicates)
    if failed:
        first = snapshot.failures[0]
        changes["failures"] = tuple(replace(first, source=source, user_id="", reason=why) for source, why in failed)
    population = replace(snapshot.population, **of_population)
    return replace(
        made,
        snapshot=replace(snapshot, population=population, **changes),
        conclusion=conclude(made.findings, population, Severity.LOW),
    )


def rows(made, name):
    """The rows of one table of the part, by the keys of its columns."""
    (table,) = [one for one in completeness.section(made).tables if one.name == name]
    keys = [column.key for column in table.columns]
    found = [dict(zip(keys, row, strict=True)) for row in table.rows()]
    assert len(found) == table.row_count
    return found


def number(made, what):
    (row,) = [one for one in rows(made, "PopulationNumbers") if one["what"] == what]
    return row


def test_the_ledger_of_the_sheet_is_that_of_the_results_and_its_total_is_everybody(job):
    *own, total = table_in(job.bundle, "Ledger")

    assert [(one["Bucket"], one["Reason"], one["Users"], one["With a failure"]) for one in own] == [
        (WORDS[one["bucket"]], one["reason"], one["users"], one["failing"]) for one in job.results["ledger"]
    ]
    users = job.results["population"]["enumerated"]
    assert (total["Bucket"], total["Users"], total["Share"]) == ("Total", users, 1)
    assert sum(one["Users"] for one in own) == users > 0
    assert total["With a failure"] == job.results["conclusion"]["failedUsers"]
    # Rounded down to a tenth of a percent, so that only all is all.
    assert all(0 <= one["Users"] / users - one["Share"] < 0.001 for one in own)


def test_the_unreadable_are_those_who_are_not_fully_judged(job):
    unreadable = [one for one in job.results["ledger"] if one["bucket"] == "unreadable"]

    assert sum(one["users"] for one in unreadable) == job.results["conclusion"]["usersNotFullyJudged"]
    assert all(one["reason"] for one in unreadable if one["users"])


def test_the_terminal_says_the_same_and_leaves_out_whom_there_are_none_of(job):
    (line,) = [one for one in job.out.splitlines() if one.startswith("Ledger")]

    said = {}
    for part in line.removeprefix("Ledger").split("·"):
        count, words = part.split("(")[0].strip().split(" ", 1)
        said[words] = int(count.replace(",", ""))
    found = dict.fromkeys(said, 0)
    for one in job.results["ledger"]:
        if one["users"]:
            found[WORDS[one["bucket"]].lower()] += one["users"]
            assert one["reason"] is None or f"{one['reason']} {one['users']:,}" in line
    assert said == found
    assert all(said.values())


def test_every_number_stands_beside_the_users_enumerated(job):
    numbers = {row["Number"]: row for row in table_in(job.bundle, "PopulationNumbers")}
    population = job.results["population"]
    read = {one["source"]: one["read"] for one in job.results["coverage"]}
    expected = {
        "Rows of the list": population["enumerated"] + population["duplicates"] + population["withoutId"],
        "Rows listed twice": population["duplicates"],
        "Rows without an id": population["withoutId"],
        "Users enumerated": population["enumerated"],
        "Counted before": population["countBefore"],
        "Counted after": population["countAfter"],
        "Gone when they were read": population["goneWhenRead"],
        "Rows of the report of nobody listed": len(population["orphanIds"]),
        "Per-user states read": read["requirements"],
        "Sign-in preferences read": read["signInPreferences"],
    }
    (accounts,) = [one for one in job.results["registration"]["reconciliation"] if "Enabled accounts" in one["what"]]
    expected |= {"Enabled accounts": accounts["ours"], "Users with a row in the report": accounts["theirs"]}

    assert set(numbers) == set(expected)
    for what, row in numbers.items():
        if expected[what] is None or isinstance(row["Value"], str):
            assert row["Value"] == f"NOT READ ({accounts['theirsReason']})"
        else:
            assert row["Value"] == expected[what], what
        if row["Difference"] is not None:
            assert row["Difference"] == row["Value"] - population["enumerated"]
            assert row["Result"] == ("differs" if row["Difference"] else "agrees")
            assert row["Explanation"]


def test_the_page_draws_the_part_and_its_tables(messy):
    text = (messy.bundle / "report.html").read_text(encoding="utf-8")

    for name in ("Ledger", "PopulationNumbers", "Duplicates", "Orphans"):
        assert f'id="table-{name}"' in text
    assert messy.results["population"]["orphanIds"]
    for user_id in messy.results["population"]["orphanIds"]:
        assert user_id in text
        assert user_id in [row["Object id"] for row in table_in(messy.bundle, "Orphans")]


def test_who_came_twice_is_named_with_how_often(messy):
    users = audited(messy.bundle).snapshot.users
    one, other = users["user_id"][3], users["user_id"][70]
    made = material(messy, duplicates=(other.upper(), one, other))

    assert rows(made, "Duplicates") == [
        {"userId": one, "userPrincipalName": users["user_userPrincipalName"][3], "again": 1},
        {"userId": other, "userPrincipalName": users["user_userPrincipalName"][70], "again": 2},
    ]
    assert number(made, "Rows listed twice")["value"] == 3
    assert number(made, "Rows of the list")["difference"] == 3
    text = "".join(parts_of(document_of(made)))
    assert users["user_userPrincipalName"][3] in text.split('id="table-Duplicates"')[1].split('id="table-Orphans"')[0]


def test_whose_row_belongs_to_nobody_is_named(messy):
    made = material(messy, orphans=("a", "b", "a"))

    assert rows(made, "Orphans") == [{"userId": "a", "rows": 2}, {"userId": "b", "rows": 1}]
    assert number(made, "Rows of the report of nobody listed")["value"] == 3


def test_a_long_list_of_names_can_be_searched_on_the_page(messy):
    made = material(messy, orphans=tuple(f"id-{number}" for number in range(completeness.MANY + 1)))

    (table,) = [one for one in completeness.section(made).tables if one.name == "Orphans"]
    assert table.browse
    assert "id-25" in data_of("".join(parts_of(document_of(made))), "Orphans").table()[-1].values()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (120, 120, ("Agrees", "Agrees")),
        (120, 117, ("Agrees", "lies between")),
        (119, 122, ("lies between", "lies between")),
        (121, 121, ("outside the two counts", "outside the two counts")),
        (110, 119, ("outside the two counts", "outside the two counts")),
        (None, 120, ("could not be checked", "Agrees")),
        (121, None, ("the other count is not there", "could not be checked")),
    ],
)
def test_why_a_count_differs(messy, before, after, said):
    made = material(messy, count_before=before, count_after=after, failed=[("userCount", Reason.TIMEOUT)])

    for what, value, words in (("Counted before", before, said[0]), ("Counted after", after, said[1])):
        row = number(made, what)
        assert words in row["explanation"]
        assert row["value"] == (Unknown(Reason.TIMEOUT) if value is None else value)
        assert row["difference"] == (None if value is None else value - 120)


def test_a_count_that_was_never_asked_for_is_told_from_one_that_failed(messy):
    made = material(messy, count_before=None, count_after=None, failed=[("userCount", Reason.NO_PERMISSION)])

    assert number(made, "Counted before")["value"] == Unknown(Reason.NO_PERMISSION)
    assert number(made, "Counted after")["value"] == Unknown(Reason.NOT_REQUESTED)


def test_a_report_that_was_not_read_is_no_report_without_orphans(jobs):
    made = material(jobs["unlicensed"])

    for what in ("Users with a row in the report", "Rows of the report of nobody listed"):
        row = number(made, what)
        assert (row["value"], row["difference"]) == (Unknown(Reason.NO_LICENSE), None)
    (orphans,) = [one for one in completeness.section(made).tables if one.name == "Orphans"]
    assert orphans.empty.startswith("Not known")
    tidy = next(one for one in completeness.section(material(jobs["tidy"])).tables if one.name == "Orphans")
    assert tidy.empty.startswith("Every row")


def test_a_report_in_which_something_could_not_be_read_may_hold_more_of_nobody(messy):
    made = material(messy)
    coverage = [
        replace(one, reasons={Reason.UNKNOWN_VALUE: 3}) if one.source == "userRegistrationDetails" else one
        for one in made.snapshot.coverage
    ]
    made = replace(made, snapshot=replace(made.snapshot, coverage=tuple(coverage)))

    assert number(made, "Users with a row in the report")["value"] == Unknown(Reason.UNKNOWN_VALUE)
    row = number(made, "Rows of the report of nobody listed")
    assert row["value"] == len(made.snapshot.orphans) > 0
    assert "There may be more" in row["explanation"]


@pytest.mark.parametrize("complete", [True, False])
def test_whether_the_population_is_complete_is_said_in_words_and_tone(messy, complete):
    facts = {one.label: one for one in completeness.section(material(messy, complete=complete)).facts}

    assert facts["Population"].value == ("Complete" if complete else "Not proved complete")
    assert facts["Population"].tone is (Tone.GOOD if complete else Tone.OPEN)
    assert facts["Users enumerated"].value == 120


def test_a_population_that_is_empty_or_unreconciled_is_never_0(jobs):
    snapshot, findings = audited(jobs["tidy"].bundle).snapshot, audited(jobs["tidy"].bundle).findings
    passed = replace(
        findings, results=tuple(one for one in findings.results if one.status in ("PASS", "NOT_APPLICABLE"))
    )
    assert passed.results
    population = replace(snapshot.population, complete=False)

    made = conclude(passed, population, Severity.LOW)
    assert (made.exit_code, made.headline) == (GAPS, "No conclusion")
    assert "NO CONCLUSION ABOUT THE WHOLE TENANT" in made.statement
    nobody = conclude(replace(findings, results=(), user_count=0), population, Severity.LOW)
    assert (nobody.exit_code, nobody.headline) == (GAPS, "No conclusion")
    failed = conclude(audited(jobs["messy"].bundle).findings, population, Severity.LOW)
    assert failed.exit_code == FINDINGS
    assert "NO CONCLUSION ABOUT THE WHOLE TENANT" in failed.statement


def test_every_table_has_a_name_of_its_own_and_as_many_cells_as_columns(messy):
    made = material(messy)
    tables = [table for section in sections_of(made) for table in section.tables]

    # Excel opens no workbook in which two tables share a name.
    assert len({one.name.lower() for one in tables}) == len(tables)
    for one in tables:
        assert {len(row) for row in one.rows()} <= {len(one.columns)}
