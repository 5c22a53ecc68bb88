"""What from outside of a bundle says of its manifest: the hash on the signed paper, a signature, a time stamp."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.bundle import MANIFEST
from mfaaudit.errors import UsageProblem
from mfaaudit.manifest import Manifest
from mfaaudit.signing import Check, check_certified, check_signature, check_timestamp
from mfaaudit.signing.check import State as Signed
from mfaaudit.verifying.states import Outside, State

_HEX = re.compile(r"[0-9a-f]{64}")
_STATES = {Signed.OK: State.INTACT, Signed.WRONG: State.ALTERED, Signed.NOT_CHECKED: State.NOT_CHECKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What to set beside the manifest; each may be missing."""

    manifest_sha256: str | None = None
    signature: Path | None = None
    public_key: Path | None = None
    certificate: Path | None = None
    timestamp: Path | None = None
    authority: Path | None = None


def outside_of(bundle: Path, manifest: Manifest, given: Given) -> tuple[Outside, ...]:
    """What all of it says. Raises UsageProblem for what cannot be read, or does not go together."""
    _check_pairs(given)
    return tuple(_each(bundle / MANIFEST, manifest, given))


def _each(file: Path, read: Manifest, given: Given) -> Iterator[Outside]:
    if given.manifest_sha256 is not None:
        yield _by_hash(read, given.manifest_sha256)
    if given.signature is not None and given.public_key is not None:
        yield _outside(check_signature(file, given.signature, given.public_key))
    if given.signature is not None and given.certificate is not None:
        yield _outside(check_certified(file, given.signature, given.certificate))
    if given.timestamp is not None and given.authority is not None:
        yield _outside(check_timestamp(file, given.timestamp, given.authority))


def _check_pairs(given: Given) -> None:
    by_whom = [one for one in (given.public_key, given.certificate) if one is not None]
    if (given.signature is None) != (not by_whom) or len(by_whom) > 1:
        raise UsageProblem(
            "--signature goes with just one of --public-key and --certificate",
            hint="Give the signature, and the public key or the certificate of whoever should have signed.",
        )
    if (given.timestamp is None) != (given.authority is None):
        raise UsageProblem(
            "--timestamp and --authority go together",
            hint="Give the reply of the time stamp authority, and its certificates as PEM.",
        )


def _by_hash(manifest: Manifest, wanted: str) -> Outside:
    digest = re.sub(r"[\s:]", "", wanted).lower()
    if not _HEX.fullmatch(digest):
        raise UsageProblem(
            f"--manifest-sha256 {wanted[:80]!r} is no SHA-256",
            hint="Give the 64 digits and letters a to f; spaces and colons between them do no harm.",
        )
    fits = manifest.sha256 == digest
    words = "the manifest has it." if fits else f"{digest} was given, and the manifest has {manifest.sha256}."
    return Outside(what="SHA-256 given", state=State.INTACT if fits else State.ALTERED, words=words)


def _outside(check: Check) -> Outside:
    return Outside(what=check.what, state=_STATES[check.state], words=check.words)
