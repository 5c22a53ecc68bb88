"""Where else the people of a purged audit stand: what a purge does not take, and somebody should know of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mfaaudit.bundle import EARLIER
from mfaaudit.errors import UsageProblem
from mfaaudit.purging.found import Found, Standing

HARMLESS = (".manifest.sig", ".manifest.p7s", ".tsq", ".tsr")
"""Ends of files beside a bundle that hold no people."""


def elsewhere(purged: Sequence[Found], all_found: Iterable[Found]) -> list[tuple[Path, str]]:
    """Files beside purged bundles, copies of them, and bundles that were compared with them; each with what it is."""
    others = list(all_found)
    return [*_beside(purged), *_copies(purged, others), *_comparisons(purged, others), *_keepers(purged, others)]


def _beside(purged: Sequence[Found]) -> Iterator[tuple[Path, str]]:
    for one in purged:
        bundle = one.bundle.resolve()
        try:
            near = sorted(bundle.parent.iterdir())
        except OSError as error:
            raise UsageProblem(
                f"{bundle.parent} cannot be looked into: {error.strerror}", hint="Change its rights."
            ) from error
        for path in near:
            named_for_it = path.name.startswith((f"{bundle.name}-", f"{bundle.name}."))
            if named_for_it and not path.is_dir() and not path.name.endswith(HARMLESS):
                yield path, f"a file named for {one.bundle.name}"


def _copies(purged: Sequence[Found], others: Sequence[Found]) -> Iterator[tuple[Path, str]]:
    sources = _by_manifest(purged)
    for one in others:
        if one.standing is Standing.COPY and one.manifest is not None:
            source = sources.get(str(one.manifest.facts.get("sourceManifestSha256")))
            if source is not None:
                yield one.bundle, f"a copy of {source}"


def _comparisons(purged: Sequence[Found], others: Sequence[Found]) -> Iterator[tuple[Path, str]]:
    sources = _by_manifest(purged)
    for one in others:
        if one.standing is Standing.COMPARISON and one.manifest is not None:
            text = json.dumps(one.manifest.facts["comparison"])
            yield from ((one.bundle, f"a comparison with {name}") for sha256, name in sources.items() if sha256 in text)


def _by_manifest(purged: Sequence[Found]) -> dict[str, str]:
    return {one.manifest.sha256: one.bundle.name for one in purged if one.manifest is not None}


def _keepers(purged: Sequence[Found], others: Sequence[Found]) -> Iterator[tuple[Path, str]]:
    mine = {one.bundle for one in purged}
    runs = {f"{EARLIER}/{one.run_id}.parquet": one.bundle.name for one in purged if one.run_id}
    for one in others:
        if one.manifest is None or one.bundle in mine or one.standing is Standing.PURGED:
            continue
        for listed in one.manifest.files:
            if listed.path in runs:
                yield one.bundle / listed.path, f"the users of {runs[listed.path]} and their verdicts"
