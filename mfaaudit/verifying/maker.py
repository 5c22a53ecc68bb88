"""Which program judged a bundle: only the same one, with the same packages, gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mfaaudit import __version__
from mfaaudit.manifest import SCHEMA, Manifest

JUDGED_BY = "judgedBy"
"""What the facts of a run say of the program that judged it."""


def is_of_this_version(manifest: Manifest) -> bool:
    """Whether a manifest says that this version wrote it."""
    return manifest.schema == SCHEMA and version_of(manifest.facts) == __version__


def is_same(manifest: Manifest, here: Mapping[str, Any]) -> bool:
    """Whether a manifest names the very program and packages that made the facts `here`."""
    return is_of_this_version(manifest) and _judged_by(manifest.facts) == _judged_by(here)


def version_of(facts: Mapping[str, Any]) -> str:
    """The version that judged, in a word; empty where nothing says it."""
    judged_by = _judged_by(facts)
    run = facts.get("run")
    told = judged_by if isinstance(judged_by, Mapping) else run if isinstance(run, Mapping) else facts
    version = told.get("toolVersion", told.get("version"))
    return version if isinstance(version, str) else ""


def _judged_by(facts: Mapping[str, Any]) -> Any:
    run = facts.get("run")
    return run.get(JUDGED_BY) if isinstance(run, Mapping) else None
