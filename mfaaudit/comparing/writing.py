"""Writes a comparison into a folder of its own, for its owner only; the manifest comes last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from mfaaudit.bundle import EVIDENCE, MANIFEST, check_out, default_out, written_anew
from mfaaudit.comparing.changes_csv import write_changes
from mfaaudit.comparing.changes_json import compared, write_json
from mfaaudit.comparing.chosen import Chosen
from mfaaudit.earlier import Earlier
from mfaaudit.errors import OutputProblem
from mfaaudit.evidence.run import BEGUN_FILE, RUN_FILE
from mfaaudit.judging import Step
from mfaaudit.manifest import write_manifest
from mfaaudit.reports.document import Document
from mfaaudit.reports.material import Material
from mfaaudit.reports.page import write_page
from mfaaudit.reports.workbook import write_workbook

FORMATS = ("xlsx", "html", "csv", "json")
SEALED = (MANIFEST, f"{EVIDENCE}/{BEGUN_FILE}", f"{EVIDENCE}/{RUN_FILE}")
"""What tells a bundle, a copy or another comparison from any other folder."""


def place(out: Path | None, chosen: Sequence[Chosen]) -> Path:
    """Where to write: the folder that was asked for, or a new one beside the latest bundle.

    Raises OutputProblem if it exists with something in it, or lies where nothing may be written.
    """
    latest = chosen[-1]
    if out is None:
        run = latest.run
        name = default_out(run.default_domain or run.tenant_id, run.started_at).name
        tenant, time = name.rsplit("-", 1)
        first = f"{chosen[0].run.started_at:%Y%m%dT%H%M%SZ}"
        out = latest.bundle.resolve().with_name(f"{tenant}-compared-{first}-{time}")
    check_out(out)
    for folder in (out.resolve(), *out.resolve().parents):
        if any((folder / name).exists() for name in SEALED):
            raise OutputProblem(
                f"{out} lies in {folder}, which is a bundle or a finished copy",
                hint="What is in there is sealed: give --out a folder of its own.",
            )
    return out


def write(
    material: Material,
    earlier: Earlier,
    document: Document,
    made: dict[str, Any],
    chosen: Sequence[Chosen],
    out: Path,
    formats: Collection[str],
    progress: Step,
) -> None:
    """All files that were asked for. Raises OutputProblem if the disk refuses."""
    run = material.snapshot.run
    with written_anew(out) as new:
        if "json" in formats:
            write_json(made, new.folder / "changes.json")
        if "csv" in formats:
            progress("List", 0, None)
            write_changes(material, earlier, new.folder / "changes.csv")
        if "html" in formats:
            progress("Page", 0, None)
            write_page(document, new.folder / "changes.html")
        if "xlsx" in formats:
            progress("Workbook", 0, None)
            write_workbook(document, new.folder / "changes.xlsx")
        write_manifest(
            new.folder,
            {
                "comparison": {"tenantId": run.tenant_id, "compared": compared(chosen)},
                "classification": document.classification,
                "tool": run.tool,
                "toolVersion": made["toolVersion"],
                "conclusion": made["conclusion"],
                "formats": [one for one in FORMATS if one in formats],
            },
            new.files(),
        )
