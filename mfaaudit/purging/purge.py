"""A purge of many bundles: one that cannot be purged keeps no other from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.errors import BundleProblem, OutputProblem
from mfaaudit.purging.elsewhere import elsewhere
from mfaaudit.purging.found import Found, Standing
from mfaaudit.purging.limit import Limit
from mfaaudit.purging.record import Record
from mfaaudit.purging.taking import Clock, Step, take

COMPLETE, INCOMPLETE = 0, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What came of it."""

    records: tuple[tuple[Found, Record], ...]
    failed: tuple[tuple[Found, str], ...]
    """Bundles whose people are still there, or partly, and why."""
    elsewhere: tuple[tuple[Path, str], ...]
    """Where else people of purged bundles stand."""
    exit_code: int


def purge(found: Sequence[Found], limit: Limit, clock: Clock, progress: Step) -> Purged:
    """Takes the people out of every bundle that is due."""
    records, failed = [], []
    for one in found:
        if not one.standing.is_to_do:
            continue
        try:
            records.append((one, take(one.bundle, limit, clock, progress)))
        except (BundleProblem, OutputProblem) as problem:
            failed.append((one, f"{problem.message}. {problem.hint}"))
    purged = [one for one, _ in records]
    before = [one for one in found if one.standing is Standing.PURGED]
    return Purged(
        records=tuple(records),
        failed=tuple(failed),
        elsewhere=tuple(elsewhere([*purged, *before], found)),
        exit_code=INCOMPLETE if failed or any(one.standing.is_in_the_way for one in found) else COMPLETE,
    )


def foreseen(found: Sequence[Found]) -> tuple[int, tuple[tuple[Path, str], ...]]:
    """The exit code that a purge would have, and what it would leave elsewhere."""
    gone = [one for one in found if one.standing.is_to_do or one.standing is Standing.PURGED]
    code = INCOMPLETE if any(one.standing.is_in_the_way for one in found) else COMPLETE
    return code, tuple(elsewhere(gone, found))
