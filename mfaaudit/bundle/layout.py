"""The names of what lies in a bundle, and of what a command leaves there only while it writes."""

from __future__ import annotations

from mfaaudit.plain_files import LARGEST_JSON

EVIDENCE, POLICIES, DECLARED, EARLIER = "evidence", "policies", "declared", "earlier"
MANIFEST = "manifest.json"
LOCK = "audit.lock"
"""Empty; a command that writes into the bundle locks it. It stays, because removing it would let two commands in."""
PART = ".part"
"""The end of a file's name until the file is whole."""
STAGING = "mfaaudit-next.part"
"""The folder in which a command writes the files that are to replace others; worth nothing until it is READY."""
READY = "mfaaudit-next.ready"
"""The same folder once all of its files are on the disk: whatever happens now, they take their places."""
DELETION = "deletion.json"
"""There once a purge of the bundle was begun."""
LARGEST_RECORD = LARGEST_JSON
"""Bytes of DELETION; it names the files of the manifest once more."""
RECHECK = "recheck.json"
"""Stands among the evidence of a recheck from its start: it holds some users alone, and is no audit."""


def is_leftover(path: str) -> bool:
    """Whether a path below a bundle names what only a command that was interrupted leaves there."""
    return path.split("/", 1)[0] in (STAGING, READY) or path.endswith(PART)
