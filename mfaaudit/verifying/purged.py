"""What the record of a purge says of the files that are gone from a bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.bundle import DELETION
from mfaaudit.errors import BundleProblem
from mfaaudit.manifest import Manifest
from mfaaudit.purging import Record, read_record
from mfaaudit.purging.record import Progress
from mfaaudit.verifying.states import Checked, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """A purge that was begun."""

    removed: Mapping[str, str]
    """The files that were taken away, each with the hash that it had."""
    done: bool
    itself: Checked
    """deletion.json."""
    words: str

    def beside(self, one: Checked) -> Checked:
        """A listed file after it was set beside the record."""
        had = self.removed.get(one.path)
        if had is None:
            return one
        if one.state is not State.MISSING:
            # Only a purge that was stopped leaves what it means to take away.
            return one.now(State.EXTRA, "on record as deleted, and still there") if self.done else one
        if had != one.expected:
            return Checked(
                path=one.path,
                state=State.ALTERED,
                expected=one.expected,
                found=had,
                note="it had been altered before it was deleted",
            )
        return one.now(State.PURGED)


def purge_of(bundle: Path, manifest: Manifest) -> Purge | None:
    """The purge of a bundle; None if none was begun."""
    try:
        record = read_record(bundle)
    except BundleProblem as error:
        return Purge(removed={}, done=True, itself=_itself(State.ALTERED, str(error)), words="it was purged")
    if record is None:
        return None
    if record.manifest_sha256 != manifest.sha256:
        itself = _itself(State.ALTERED, f"it is about another manifest, of SHA-256 {record.manifest_sha256}")
        return Purge(removed={}, done=True, itself=itself, words=_words(record))
    return Purge(
        removed={one.path: one.sha256 for one in record.removed},
        done=record.progress is Progress.DONE,
        itself=_itself(State.INTACT, ""),
        words=_words(record),
    )


def _itself(state: State, note: str) -> Checked:
    return Checked(path=DELETION, state=state, note=note)


def _words(record: Record) -> str:
    when = record.deleted_at or record.begun_at
    done = "" if record.progress is Progress.DONE else ", and not to the end: the same command goes on with it"
    return f"it was purged on {when.date()} by --older-than {record.older_than}{done}"
