"""What the results rest on: the rule packs, which are the plan, the files of the evidence, and the other reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from mfaaudit.bundle import POLICIES
from mfaaudit.evidence.batch import BATCH
from mfaaudit.evidence.journal import SUFFIX, file_name
from mfaaudit.findings import Rule
from mfaaudit.reports.evidence_files import EvidenceFile
from mfaaudit.reports.material import Material
from mfaaudit.reports.oscal.parts import filled, id_of, text
from mfaaudit.reports.plain import plain
from mfaaudit.reports.traces import sources_of_rule
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.source import Shape

TOOL = "tool"


def plan_id(material: Material) -> str:
    """The id of the rule packs as an assessment plan: other packs are another plan."""
    return id_of("plan", *(pack.sha256 for pack in material.findings.packs))


def results_id(material: Material) -> str:
    """The id of the reports that hold every user."""
    return id_of(material.snapshot.run.id, "results")


def resources(material: Material) -> list[dict[str, Any]]:
    """All of them, each with the hashes that are known; paths are those of the bundle."""
    return [
        {
            "uuid": plan_id(material),
            "title": "The rule packs that the audit was judged with",
            "description": "They stand for an assessment plan. The paths are those of the bundle.",
            "rlinks": list(_packs(material)),
        },
        {
            "uuid": results_id(material),
            "title": "The results and findings in full",
            "description": "Where those formats were drawn as well. manifest.json holds their hashes.",
            "rlinks": [
                {"href": "results.json", "media-type": "application/json"},
                {"href": "findings.csv", "media-type": "text/csv"},
            ],
        },
        *(_evidence(material, one) for one in material.evidence),
    ]


def evidence_of(material: Material, rule: Rule) -> Iterator[dict[str, str]]:
    """The files that a rule's verdicts rest on."""
    files: dict[str, list[str]] = {}
    for source in (BY_NAME[one] for one in sources_of_rule(rule)):
        name = file_name(BATCH if source.shape is Shape.PER_USER else source.name)
        files.setdefault(name, []).append(source.title)
    for one in material.evidence:
        titles = files.get(PurePosixPath(one.path).name)
        if titles:
            yield {"href": f"#{_evidence_id(material, one)}", "description": text(f"Answers: {', '.join(titles)}")}


def _packs(material: Material) -> Iterator[dict[str, Any]]:
    texts = {one.pack: one for pack in material.findings.packs for one in (*pack.based_on, pack.text)}
    for name, one in texts.items():
        yield _link(f"{POLICIES}/{name}/{name}.yaml", one.sha256, "application/yaml")


def _evidence(material: Material, one: EvidenceFile) -> dict[str, Any]:
    answers = one.path.endswith(SUFFIX)
    return {
        "uuid": _evidence_id(material, one),
        "title": text(PurePosixPath(one.path).name),
        "description": "Answers of Microsoft Graph as they came." if answers else "The facts of the audit.",
        "rlinks": [_link(plain(one.path), one.sha256, "")],
    }


def _evidence_id(material: Material, one: EvidenceFile) -> str:
    return id_of(material.snapshot.run.id, "evidence", one.path)


def _link(href: str, sha256: str, media_type: str) -> dict[str, Any]:
    hashes = [{"algorithm": "SHA-256", "value": sha256}] if sha256 else []
    return filled({"href": href, "media-type": media_type or None, "hashes": hashes})
