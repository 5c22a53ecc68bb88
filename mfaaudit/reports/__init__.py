"""The report in every format: one file or one folder a format, named here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.reports.actions_files import write_actions
from mfaaudit.reports.document import Document
from mfaaudit.reports.findings_csv import write_findings
from mfaaudit.reports.junit import write_junit
from mfaaudit.reports.material import Material
from mfaaudit.reports.ocsf import write_ocsf
from mfaaudit.reports.oscal import write_oscal
from mfaaudit.reports.page import write_page
from mfaaudit.reports.results import write_results
from mfaaudit.reports.workbook import write_workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write the report down."""

    name: str
    file: str
    """Of a folder, its name."""
    title: str
    write: Callable[[Material, Document, Path], None]


LISTS = "actions"
"""The format that is lists of people, for those who run the tenant alone."""

FORMATS: tuple[Format, ...] = (
    Format(name="json", file="results.json", title="Results", write=lambda made, _, path: write_results(made, path)),
    Format(name="csv", file="findings.csv", title="Findings", write=lambda made, _, path: write_findings(made, path)),
    Format(name="html", file="report.html", title="Page", write=lambda _, said, path: write_page(said, path)),
    Format(name=LISTS, file="actions", title="Actions", write=lambda made, _, path: write_actions(made, path)),
    Format(name="xlsx", file="report.xlsx", title="Workbook", write=lambda _, said, path: write_workbook(said, path)),
    Format(name="ocsf", file="findings.ocsf.ndjson", title="OCSF", write=lambda made, _, path: write_ocsf(made, path)),
    Format(
        name="oscal",
        file="assessment-results.oscal.json",
        title="OSCAL",
        write=lambda made, _, path: write_oscal(made, path),
    ),
    Format(name="junit", file="junit.xml", title="JUnit", write=lambda made, _, path: write_junit(made, path)),
)
