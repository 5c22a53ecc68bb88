"""The sample drawn again as its sheet says, from the workbook alone: with sha256sum and without our code."""

import shutil
import subprocess

import openpyxl
import pytest

SUM = shutil.which("sha256sum")
pytestmark = pytest.mark.skipif(SUM is None, reason="there is no sha256sum here")
LISTS = {
    "administrator": lambda row: (
        row["Administrator"] is True
        or (row["Directory roles"] not in ("none", None) and not str(row["Directory roles"]).startswith("NOT READ"))
    ),
    "failing": lambda row: row["Worst verdict"] == "FAIL",
    "waived": lambda row: row["Worst verdict"] == "WAIVED",
    "not evaluated": lambda row: row["Worst verdict"] in ("NOT_EVALUATED", "ERROR"),
    "passing": lambda row: row["Worst verdict"] == "PASS",
}


def table(sheet, name):
    top, *rows = sheet[sheet.tables[name].ref]
    heads = [cell.value for cell in top]
    return [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in rows]


def hashes(run, ids, folder):
    """What `sha256sum` says of run id, colon and object id in lower case."""
    for user in ids:
        (folder / user).write_bytes(f"{run}:{user.lower()}".encode())
    said = subprocess.run([SUM, *ids], cwd=folder, capture_output=True, text=True, check=True).stdout
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in said.splitlines())}


@pytest.fixture
def book(job):
    return openpyxl.load_workbook(job.bundle / "report.xlsx")


def test_an_auditor_draws_the_same_sample(book, tmp_path):
    sample = book["Sample"]
    (users,) = [table(book["Users"], name) for name in book["Users"].tables]
    cells = [cell for row in sample.iter_rows() for cell in row if cell.value == "Seed of the sample"]
    run = cells[0].offset(0, 1).value
    digest = hashes(run, [row["Object id"] for row in users], tmp_path)

    taken, drawn, counted = [], {}, []
    for name, belongs in LISTS.items():
        inside = [row["Object id"] for row in users if belongs(row)]
        left = sorted((one for one in inside if one not in taken), key=digest.get)
        drawn[name] = left[:5]
        counted.append((name, len(inside), len(left), len(drawn[name])))
        taken += drawn[name]
    rest = sorted((row["Object id"] for row in users if row["Object id"] not in taken), key=digest.get)
    drawn["anybody"] = rest[: 25 - len(taken)]
    counted.append(("anybody", len(users), len(rest), len(drawn["anybody"])))

    shown = table(sample, "ReportToPortal")
    assert {name: {row["Object id"] for row in shown if row["Drawn as"] == name} for name in drawn} == {
        name: set(ids) for name, ids in drawn.items()
    }
    assert all(row["SHA-256 of run id, colon, object id"] == digest[row["Object id"]] for row in shown)
    strata = table(sample, "SampleStrata")
    assert [(row["Drawn as"], row["Users"], row["Not drawn before"], row["Drawn"]) for row in strata] == counted
    assert sum(row["Drawn"] for row in strata) == len(shown) == min(25, len(users))
