"""What from outside of a bundle says of its manifest: the hash on the signed paper."""

from __future__ import annotations

import re
from pathlib import Path

from mfaaudit.errors import UsageProblem
from mfaaudit.manifest import read_manifest
from mfaaudit.verifying.states import Outside, State

_HEX = re.compile(r"[0-9a-f]{64}")


def by_hash(bundle: Path, wanted: str) -> Outside:
    """Whether the manifest has the hash that somebody wrote down. Raises UsageProblem if that is no hash."""
    digest = re.sub(r"[\s:]", "", wanted).lower()
    if not _HEX.fullmatch(digest):
        raise UsageProblem(
            f"--manifest-sha256 {wanted[:80]!r} is no SHA-256",
            hint="Give the 64 digits and letters a to f; spaces and colons between them do no harm.",
        )
    found = read_manifest(bundle).sha256
    fits = found == digest
    words = "the manifest has it" if fits else f"{digest} was given, and the manifest has {found}"
    return Outside(what="the SHA-256 that was given", state=State.INTACT if fits else State.ALTERED, words=words)
