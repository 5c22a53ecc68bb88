"""assessment-results.oscal.json: the audit in NIST's Open Security Controls Assessment Language."""

from __future__ import annotations

import json
from pathlib import Path

from mfaaudit.bundle import write_private
from mfaaudit.reports.material import Material
from mfaaudit.reports.oscal.results import assessment_results


def write_oscal(material: Material, path: Path) -> None:
    """The file. Raises OutputProblem if it cannot be written."""
    text = json.dumps(assessment_results(material), indent=2, ensure_ascii=False, allow_nan=False)
    write_private(path, (text + "\n").encode("utf-8"))
