"""changes.csv: one row for each account and rule that failed in the previous audit or fails in the latest."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from mfaaudit.bundle import private_file
from mfaaudit.earlier import Earlier
from mfaaudit.reports.change_lists import changes
from mfaaudit.reports.findings_csv import harmless
from mfaaudit.reports.material import Material

COLUMNS = (
    "ruleId",
    "title",
    "severity",
    "change",
    "before",
    "now",
    "since",
    "ageDays",
    "userId",
    "userPrincipalName",
    "displayName",
    "sinceRunId",
    "previousRunId",
    "runId",
)


def write_changes(material: Material, earlier: Earlier, path: Path) -> None:
    """The file, with a byte order mark, as Excel needs it. Raises OutputProblem if it cannot be written."""
    table = changes(material, earlier)
    runs = {"previousRunId": earlier.previous.run_id, "runId": earlier.now.run_id}
    places = {column.key: place for place, column in enumerate(table.columns)}
    with private_file(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for row in table.rows():
            writer.writerow([harmless(row[places[key]] if key in places else runs[key]) for key in COLUMNS])
