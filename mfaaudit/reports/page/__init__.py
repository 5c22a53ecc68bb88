"""report.html: the report as one page that asks nothing of any network, to read, to search and to print."""

from __future__ import annotations

from pathlib import Path

from mfaaudit.bundle import private_file
from mfaaudit.reports.document import Document


def write_page(document: Document, path: Path) -> None:
    """The file, for its owner only. Raises OutputProblem if it cannot be written."""
    from mfaaudit.reports.page.render import parts_of

    with private_file(path) as file:
        for part in parts_of(document):
            file.write(part.encode("utf-8"))
