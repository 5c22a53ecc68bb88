"""changes.csv: one row for each account and rule that failed in the previous audit or fails in the latest."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from mfaaudit.bundle import private_file
from mfaaudit.earlier import Earlier
from mfaaudit.reports.change_lists import changes
from mfaaudit.reports.findings_csv import harmless
from mfaaudit.reports.material import Material

COLUMNS: Mapping[str, str] = {
    "ruleId": "ruleId",
    "title": "title",
    "severity": "severity",
    "change": "change",
    "causes": "causes",
    "before": "before",
    "now": "now",
    "since": "since",
    "ageDays": "ageDays",
    "userId": "userId",
    "userPrincipalName": "userPrincipalName",
    "displayName": "displayName",
    "whatChanged": "what",
    "previousReadAt": "readBefore",
    "readAt": "readNow",
    "sinceRunId": "sinceRunId",
}
"""What each column is called, and in which column of the table it stands."""
OF_RUNS = ("previousRunId", "runId")
"""Every row says of which audits it is: rows are cut and pasted."""


def write_changes(material: Material, earlier: Earlier, path: Path) -> None:
    """The file, with a byte order mark, as Excel needs it. Raises OutputProblem if it cannot be written."""
    table = changes(material, earlier)
    keys = [column.key for column in table.columns]
    places = [keys.index(key) for key in COLUMNS.values()]
    runs = (earlier.previous.run_id, earlier.now.run_id)
    with private_file(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow((*COLUMNS, *OF_RUNS))
        for row in table.rows():
            writer.writerow([harmless(value) for value in (*(row[place] for place in places), *runs)])
