"""Which bundles are compared: judged audits of one tenant, each once, the oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mfaaudit.bundle import DELETION, EVIDENCE, check_bundle
from mfaaudit.errors import BundleProblem, UsageProblem
from mfaaudit.evidence.run import RUN_FILE, Run
from mfaaudit.manifest import Manifest, read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One of them."""

    bundle: Path
    run: Run
    manifest: Manifest

    @property
    def policies(self) -> Sequence[dict[str, Any]]:
        """What the manifest says of the rules that it was judged with."""
        found: Sequence[dict[str, Any]] = self.manifest.facts["run"]["policies"]
        return found


def choose(bundles: Sequence[Path]) -> tuple[Chosen, ...]:
    """The bundles in the order in which their audits began.

    Raises UsageProblem if they are not two audits or more of one tenant, and BundleProblem for one that was broken
    off, that another version made, or whose people were taken out.
    """
    found = [_one(bundle) for bundle in bundles]
    if len(found) < 2:
        raise UsageProblem("there is only one bundle", hint="Give the folders of two audits of one tenant, or of more.")
    first, *others = found
    for one in others:
        if one.run.tenant_id.lower() != first.run.tenant_id.lower():
            raise UsageProblem(
                f"{one.bundle} is an audit of tenant {one.run.tenant_id}, and {first.bundle} one of "
                f"{first.run.tenant_id}",
                hint="Give bundles of the same tenant.",
            )
    seen: dict[str, Path] = {}
    for one in found:
        if one.run.id in seen:
            raise UsageProblem(
                f"{seen[one.run.id]} and {one.bundle} are the same audit, {one.run.id}",
                hint="A bundle and those that `mfaaudit evaluate` made of it are one audit: give one of them.",
            )
        seen[one.run.id] = one.bundle
    return tuple(sorted(found, key=lambda one: (one.run.started_at, one.run.id)))


def _one(bundle: Path) -> Chosen:
    if (bundle / DELETION).exists():
        raise BundleProblem(
            f"the people were taken out of {bundle}: only its totals are left",
            hint="Compare with a bundle that still holds its evidence, or with a copy of this one.",
        )
    check_bundle(bundle)
    run = Run.load(bundle / EVIDENCE / RUN_FILE)
    return Chosen(bundle=bundle, run=run, manifest=read_manifest(bundle))
