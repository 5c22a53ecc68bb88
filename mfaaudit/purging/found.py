"""What lies in a folder of bundles: how each stands, and which of its files have people in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath

from mfaaudit.bundle import EVIDENCE, POLICIES
from mfaaudit.evidence.run import BEGUN_FILE, RUN_FILE
from mfaaudit.inputs import INPUTS
from mfaaudit.manifest import Listed, Manifest, plain_file
from mfaaudit.purging.record import Record

KEPT_FOLDER, KEPT_FILE = POLICIES, INPUTS
"""What a purge leaves beside the manifest: rules, and hashes. Everything else may name people, and goes."""
FIRST = (f"{EVIDENCE}/{BEGUN_FILE}", f"{EVIDENCE}/{RUN_FILE}")
"""Goes before the rest, so that nobody takes what is left for an audit to go on with."""


class Standing(Enum):
    """What a purge does with what lies there, and the word that it is listed under."""

    DUE = "purge"
    BEGUN = "go on"
    YOUNGER = "younger"
    PURGED = "purged"
    COPY = "copy"
    COMPARISON = "comparison"
    LINK = "link"
    BROKEN_OFF = "broken off"
    UNUSABLE = "unusable"

    @property
    def is_to_do(self) -> bool:
        """Whether people are to be taken out."""
        return self in (Standing.DUE, Standing.BEGUN)

    @property
    def is_in_the_way(self) -> bool:
        """Whether people stay who should go, or may."""
        return self in (Standing.BROKEN_OFF, Standing.UNUSABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One bundle, or what looks like one."""

    bundle: Path
    standing: Standing
    words: str
    """Why it stands so; it may quote a file."""
    age_days: int | None = None
    run_id: str = ""
    manifest: Manifest | None = None
    record: Record | None = None

    @property
    def going(self) -> tuple[Listed, ...]:
        """The files that are there and have people in them, in the order in which they go."""
        if self.manifest is None or not self.standing.is_to_do:
            return ()
        return tuple(one for one in going(self.manifest) if plain_file(self.bundle, one.path) is not None)


def stays(path: str) -> bool:
    """Whether a file of a bundle survives a purge."""
    return path == KEPT_FILE or PurePosixPath(path).parts[0] == KEPT_FOLDER


def going(manifest: Manifest) -> list[Listed]:
    """The files that go, in their order."""
    return sorted(
        (one for one in manifest.files if not stays(one.path)), key=lambda one: (one.path not in FIRST, one.path)
    )
