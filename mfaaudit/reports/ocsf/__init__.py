"""findings.ocsf.ndjson: a Compliance Finding of the Open Cybersecurity Schema Framework a line, for a SIEM."""

from __future__ import annotations

import json
from pathlib import Path

from mfaaudit.bundle import private_file
from mfaaudit.reports.material import Material
from mfaaudit.reports.ocsf.events import events


def write_ocsf(material: Material, path: Path) -> None:
    """The file, an event at a time. Raises OutputProblem if it cannot be written."""
    # In ASCII no character can end a line that is not its end.
    encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode
    with private_file(path) as file:
        for one in events(material):
            file.write(encode(one).encode("ascii") + b"\n")
