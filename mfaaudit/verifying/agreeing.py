"""Whether the manifest, the evidence, the kept policies and the results say the same of the run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mfaaudit.bundle import DECLARED, EVIDENCE, MANIFEST, POLICIES
from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.run import RUN_FILE, Run
from mfaaudit.findings.shelf import LISTS
from mfaaudit.inputs import FOLDERS, INPUTS
from mfaaudit.json_reading import read_json
from mfaaudit.manifest import Manifest, plain_file
from mfaaudit.plain_files import read_plain
from mfaaudit.reports.material import iso
from mfaaudit.verifying.differences.in_json import compare_values

RESULTS = "results.json"
OF_RUN: Mapping[str, str] = {
    "id": "id",
    "tool": "tool",
    "toolVersion": "tool_version",
    "tenantId": "tenant_id",
    "tenantName": "tenant_name",
    "defaultDomain": "default_domain",
    "cloud": "cloud",
    "graph": "graph",
    "simulated": "simulated",
    "collect": "collect",
    "requests": "requests",
    "throttled": "throttled",
    "startedAt": "started_at",
    "finishedAt": "finished_at",
}
"""The facts of a run as a manifest names them, and as the evidence does."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A file that says otherwise than another."""

    path: str
    words: str


def disagreements(bundle: Path, manifest: Manifest) -> Iterator[Disagreement]:
    """Whatever two files of the bundle say differently; what only one of them says, or is gone, is no disagreement.

    Raises BundleProblem if the facts of the run cannot be read.
    """
    run = _mapping(manifest.facts.get("run"))
    if plain_file(bundle, f"{EVIDENCE}/{RUN_FILE}") is not None:
        yield from _with_evidence(run, Run.load(bundle / EVIDENCE / RUN_FILE))
    yield from _with_policies(run, manifest)
    yield from _with_declared(manifest)
    if plain_file(bundle, INPUTS) is not None and read_plain(bundle / INPUTS) != _inputs(manifest):
        yield Disagreement(INPUTS, f"it lists other files, or other hashes of them, than {MANIFEST}")
    if plain_file(bundle, RESULTS) is not None:
        yield from _with_results(manifest, _results(bundle))


def _with_evidence(said: Mapping[str, Any], run: Run) -> Iterator[Disagreement]:
    for name, attribute in OF_RUN.items():
        value = getattr(run, attribute)
        read = iso(value) if name.endswith("At") else value
        if name in said and said[name] != read:
            words = f"run.{name} is {_short(said[name])}, and the evidence says {_short(read)}"
            yield Disagreement(MANIFEST, words)


def _with_policies(said: Mapping[str, Any], manifest: Manifest) -> Iterator[Disagreement]:
    for pack in map(_mapping, _list(said.get("policies"))):
        for one in (pack, *map(_mapping, _list(pack.get("basedOn")))):
            folder = f"{POLICIES}/{one.get('id')}"
            for path, digest in ((f"{folder}/{one.get('id')}.yaml", "sha256"), (f"{folder}/{LISTS}", "listsSha256")):
                kept = manifest.listed(path)
                if kept is None or (one.get(digest) not in (None, kept.sha256)):
                    words = f"the run was judged with {_short(one.get(digest))}, and {path} is another file or missing"
                    yield Disagreement(MANIFEST, words)


def _with_declared(manifest: Manifest) -> Iterator[Disagreement]:
    for name, digest in _mapping(manifest.facts.get("declared")).items():
        kept = manifest.listed(f"{DECLARED}/{name}.yaml")
        if kept is not None and kept.sha256 != digest:
            words = f"declared.{name} is {_short(digest)}, and {kept.path} is another file"
            yield Disagreement(MANIFEST, words)


def _with_results(manifest: Manifest, results: Mapping[str, Any]) -> Iterator[Disagreement]:
    said = {
        "run": manifest.facts.get("run"),
        "population": {"complete": manifest.facts.get("populationComplete")},
        "conclusion": {"failOn": manifest.facts.get("failOn")},
    }
    found = compare_values(results, said, known_only=True)
    if not found.same:
        yield Disagreement(RESULTS, f"it says otherwise than {MANIFEST}: {found.where}")


def _inputs(manifest: Manifest) -> bytes:
    listed = sorted((one.path, one.sha256) for folder in FOLDERS for one in manifest.below(folder))
    return "".join(f"{digest}  {path}\n" for path, digest in listed).encode()


def _results(bundle: Path) -> Mapping[str, Any]:
    try:
        return _mapping(read_json(read_plain(bundle / RESULTS)))
    except (ValueError, RecursionError, BundleProblem):
        # Whether it follows from the evidence is asked of its bytes; here it only says nothing.
        return {}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else f"{text[:120]}…"
