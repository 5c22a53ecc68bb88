"""Takes the people out of one bundle: first it is written down what goes, then it goes, then it is written that it did.

A purge that is stopped at any moment is gone on with by another: what was to go stands in the record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from mfaaudit import __version__
from mfaaudit.bundle import held, refused, remove_file, remove_folder, sha256_of, sync_folder
from mfaaudit.errors import BundleProblem
from mfaaudit.manifest import Manifest, plain_file
from mfaaudit.purging.found import Found, stays
from mfaaudit.purging.limit import Limit
from mfaaudit.purging.looking import look_at
from mfaaudit.purging.record import Gone, Progress, Record, write_record
from mfaaudit.purging.totals import totals_of

TOOL = "mfaaudit"
Step = Callable[[str, int, int | None], None]
Clock = Callable[[], datetime]


def take(bundle: Path, limit: Limit, clock: Clock, progress: Step) -> Record:
    """Purges one bundle, or goes on with it, and returns the record.

    Raises BundleProblem if it is not as it was when it was looked at, OutputProblem if another process is writing into
    it or the disk refuses.
    """
    with held(bundle):
        now = clock()
        found = look_at(bundle, limit, now)
        if found.manifest is None or not found.standing.is_to_do:
            raise BundleProblem(f"{bundle} is not to be purged: {found.words}", hint="Look again with --dry-run.")
        record = found.record
        if record is None:
            record = _begun(found, found.manifest, limit, now, progress)
            write_record(bundle, record)
        _remove(bundle, record, progress)
        done = replace(record, progress=Progress.DONE, deleted_at=clock())
        write_record(bundle, done)
    return done


def _begun(found: Found, manifest: Manifest, limit: Limit, now: datetime, progress: Step) -> Record:
    bundle, removed = found.bundle, []
    goes = found.going
    try:
        for number, one in enumerate(goes):
            progress("Hashes", number, len(goes))
            place = bundle / one.path
            removed.append(Gone(path=one.path, sha256=sha256_of(place), bytes=place.stat().st_size))
    except OSError as error:
        raise BundleProblem(
            f"{error.filename} cannot be read: {error.strerror}",
            hint="Nothing was removed: what goes has to be recorded. Change its rights.",
        ) from error
    there = {one.path for one in manifest.files if plain_file(bundle, one.path) is not None}
    totals, totals_from = totals_of(bundle, manifest)
    return Record(
        progress=Progress.BEGUN,
        begun_at=now,
        deleted_at=None,
        tool=TOOL,
        tool_version=__version__,
        older_than=limit.text,
        age_days=found.age_days or 0,
        manifest_sha256=manifest.sha256,
        removed=tuple(removed),
        missing=tuple(one.path for one in manifest.files if one.path not in there),
        kept=tuple(one.path for one in manifest.files if one.path in there and stays(one.path)),
        totals=totals,
        totals_from=totals_from,
    )


def _remove(bundle: Path, record: Record, progress: Step) -> None:
    paths = [one.path for one in record.removed]
    try:
        for number, path in enumerate(paths):
            progress("Removing", number, len(paths))
            place = plain_file(bundle, path)
            if place is not None:
                remove_file(place)
        for folder in sorted({above for path in paths for above in PurePosixPath(path).parents}, reverse=True):
            place = bundle / folder
            if folder.parts and place.is_dir() and not any(place.iterdir()):
                remove_folder(place)
        sync_folder(bundle)
    except OSError as error:
        raise refused(
            Path(str(error.filename or bundle)),
            error,
            "cannot be removed",
            "What is gone by now is on record; the same command goes on with it.",
        ) from error
