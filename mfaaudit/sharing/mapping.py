"""The file that says who is who: written on request only, for whoever may know."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from mfaaudit.bundle import whole_file
from mfaaudit.reports.findings_csv import harmless
from mfaaudit.sharing.pseudonyms import Issued

COLUMNS = ("pseudonym", "kind", "id", "userPrincipalName")


def write_mapping(issued: Mapping[str, Issued], path: Path) -> None:
    """The file, for its owner only. Raises OutputProblem if it cannot be written."""
    with whole_file(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for pseudonym, one in sorted(issued.items()):
            writer.writerow([harmless(value) for value in (pseudonym, one.kind, one.id, one.name)])
