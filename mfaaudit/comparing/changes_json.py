"""changes.json: what changed, for programs; its JSON Schema is shipped beside that of results.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mfaaudit import __version__
from mfaaudit.bundle import write_private
from mfaaudit.comparing.chosen import Chosen
from mfaaudit.comparing.conclusion import Conclusion
from mfaaudit.earlier import Earlier
from mfaaudit.reports.change_numbers import everything, in_short
from mfaaudit.reports.material import Material
from mfaaudit.reports.results_earlier import changes, trend
from mfaaudit.reports.results_periods import lasting_json, sign_ins_json

SCHEMA = 1


def changes_of(
    material: Material, earlier: Earlier, chosen: Sequence[Chosen], conclusion: Conclusion
) -> dict[str, Any]:
    """All of it as JSON values."""
    run = material.snapshot.run
    return {
        "schema": SCHEMA,
        "tool": run.tool,
        "toolVersion": __version__,
        "tenant": {"id": run.tenant_id, "name": run.tenant_name, "simulated": run.simulated},
        "compared": compared(chosen),
        "audits": trend(material),
        "changes": changes(material),
        "timeToFix": lasting_json(everything(earlier)),
        "signInsOfPeriod": sign_ins_json(everything(earlier)),
        "conclusion": {
            "exitCode": conclusion.exit_code,
            "statement": f"{conclusion.headline}. {in_short(earlier)}",
            "newFailures": conclusion.new_failures,
            "notCompared": list(conclusion.doubts),
        },
    }


def compared(chosen: Sequence[Chosen]) -> list[dict[str, Any]]:
    """Which audits, the oldest first, so that anybody who has a bundle can prove that it was this one."""
    return [
        {
            "runId": one.run.id,
            "folder": one.bundle.name,
            "manifestSha256": one.manifest.sha256,
            "policies": [
                {"id": pack["id"], "version": pack["version"], "sha256": pack["sha256"]} for pack in one.policies
            ],
        }
        for one in chosen
    ]


def write_json(made: dict[str, Any], path: Path) -> None:
    """The file. Raises OutputProblem if it cannot be written."""
    write_private(path, (json.dumps(made, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))
