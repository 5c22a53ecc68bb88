"""What an audit came to, in numbers alone: for a bundle whose manifest does not say it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mfaaudit.bundle import MANIFEST
from mfaaudit.json_reading import read_json
from mfaaudit.manifest import Manifest, is_unaltered

RESULTS = "results.json"
LARGEST = 256 << 20
"""Bytes; results.json holds no row for each user."""
POPULATION = (
    "enumerated",
    "countBefore",
    "countAfter",
    "complete",
    "statement",
    "duplicates",
    "withoutId",
    "goneWhenRead",
)
LEDGER = ("bucket", "reason", "users", "failing")
RULE = ("id", "pack", "severity", "scope", "status")
CONCLUSION = ("exitCode", "statement", "failOn", "failedRules", "failedUsers", "usersNotFullyJudged")


def totals_of(bundle: Path, manifest: Manifest) -> tuple[Mapping[str, Any] | None, str]:
    """The totals and where they are from; no totals if the manifest holds them itself, or if nothing can be relied on.

    They are picked one by one: whatever else results.json says may name people.
    """
    if isinstance(manifest.facts.get("totals"), dict):
        return None, MANIFEST
    listed = manifest.listed(RESULTS)
    if listed is None:
        return None, f"there was no {RESULTS}"
    if listed.bytes > LARGEST or not is_unaltered(bundle, listed):
        return None, f"{RESULTS} was not the file that the manifest lists"
    try:
        return _picked(read_json((bundle / RESULTS).read_bytes())), RESULTS
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, f"{RESULTS} was of a version that is not known here"


def _picked(results: Mapping[str, Any]) -> dict[str, Any]:
    registration, metrics = results["registration"], results["signInMetrics"]
    return {
        "population": _some(results["population"], POPULATION),
        "ledger": [_some(one, LEDGER) for one in results["ledger"]],
        "rules": [{**_some(one, RULE), "counts": _counts(one["counts"])} for one in results["rules"]],
        "registration": {
            **_some(registration, ("source", "totalUserCount")),
            "byFeature": _counts(registration["byFeature"]),
            "byMethod": _counts(registration["byMethod"]),
        },
        "signInMetrics": {
            **_some(metrics, ("source", "from", "to", "successReason", "failureReason")),
            "success": _counts(metrics["success"]),
            "failure": _counts(metrics["failure"]),
        },
        "conclusion": _some(results["conclusion"], CONCLUSION),
    }


def _some(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    picked = {name: values[name] for name in names}
    for value in picked.values():
        if not isinstance(value, str | int | None):
            raise TypeError(f"{str(value)[:80]!r} is no total")
    return picked


def _counts(values: Mapping[str, Any] | None) -> dict[str, int] | None:
    if values is None:
        return None
    for value in values.values():
        if not isinstance(value, int):
            raise TypeError(f"{str(value)[:80]!r} is no count")
    return dict(values)
