"""Which bundles lie in a folder, how old each is, and whether its people can be taken out; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from mfaaudit.bundle import DELETION, EVIDENCE, LOCK, MANIFEST, PART, READY, STAGING, is_leftover
from mfaaudit.errors import BundleProblem, UsageProblem
from mfaaudit.evidence.run import BEGUN_FILE, Begun
from mfaaudit.manifest import Manifest, plain_file, read_manifest, unlisted
from mfaaudit.purging.found import Found, Standing, going
from mfaaudit.purging.limit import Limit
from mfaaudit.purging.record import Progress, Record, read_record

MOST_NAMED = 5


def look(folders: Sequence[Path], limit: Limit, now: datetime) -> list[Found]:
    """Every bundle in the folders, or that they are, once. Raises UsageProblem for a folder that holds none."""
    every = [place for folder in folders for place in _places(folder)]
    # A link stands for itself, beside what it leads to.
    places = {place.absolute() if place.is_symlink() else place.resolve(): place for place in every}
    return [look_at(place, limit, now) for place in places.values()]


def _places(folder: Path) -> Iterator[Path]:
    if folder.is_symlink():
        raise UsageProblem(f"{folder} is a link", hint="Links are not followed: give the folder itself.")
    if _looks_like_one(folder):
        yield folder
        return
    try:
        found = [place for place in sorted(folder.iterdir()) if place.is_dir() and _looks_like_one(place)]
    except OSError as error:
        raise UsageProblem(f"{folder} cannot be looked into: {error.strerror}", hint="Change its rights.") from error
    if not found:
        raise UsageProblem(
            f"{folder} is no bundle and holds none", hint="Give a bundle, or the folder in which bundles lie."
        )
    yield from found


def _looks_like_one(place: Path) -> bool:
    try:
        return any((place / name).exists() for name in (MANIFEST, EVIDENCE, DELETION, STAGING, READY))
    except PermissionError:
        # It may be one, which is said where it is looked at.
        return True


def look_at(bundle: Path, limit: Limit, now: datetime) -> Found:
    """How one bundle stands."""
    if bundle.is_symlink():
        return Found(bundle=bundle, standing=Standing.LINK, words="links are not followed")
    try:
        if not (bundle / MANIFEST).exists() and not (bundle / DELETION).exists():
            return _broken_off(bundle, limit, now)
        return _judged(bundle, limit, now)
    except BundleProblem as problem:
        return Found(bundle=bundle, standing=Standing.UNUSABLE, words=f"{problem.message}. {problem.hint}")
    except OSError as error:
        words = f"it cannot be looked into: {error.strerror}. Change its rights."
        return Found(bundle=bundle, standing=Standing.UNUSABLE, words=words)


def _judged(bundle: Path, limit: Limit, now: datetime) -> Found:
    manifest, record = read_manifest(bundle), read_record(bundle)
    if manifest.facts.get("copy") is not None:
        return Found(
            bundle=bundle,
            standing=Standing.COPY,
            words="a copy that was made to be passed on is not purged: delete it when nobody needs it",
            manifest=manifest,
        )
    if manifest.facts.get("comparison") is not None:
        return Found(
            bundle=bundle,
            standing=Standing.COMPARISON,
            words="a comparison is not purged: delete it when nobody needs it",
            manifest=manifest,
        )
    run_id, finished_at = _run(bundle, manifest)
    age = (now - finished_at).days
    words = f"ended on {finished_at:%Y-%m-%d}, {age:,} days ago"
    if record is not None:
        standing, words = _by_record(bundle, manifest, record)
    else:
        standing = Standing.DUE if limit.is_over(finished_at, now) else Standing.YOUNGER
    if standing.is_to_do:
        check_alone(bundle, manifest)
    return Found(
        bundle=bundle,
        standing=standing,
        words=words,
        age_days=age,
        run_id=run_id,
        manifest=manifest,
        record=record,
    )


def _by_record(bundle: Path, manifest: Manifest, record: Record) -> tuple[Standing, str]:
    goes = {one.path for one in going(manifest)}
    if record.manifest_sha256 != manifest.sha256 or not goes.issuperset(one.path for one in record.removed):
        raise BundleProblem(
            f"{bundle / DELETION} is not about this bundle", hint="Restore both files from a copy of the bundle."
        )
    named = {one.path for one in record.removed}
    back = [
        one.path
        for one in going(manifest)
        if plain_file(bundle, one.path) is not None and (record.progress is Progress.DONE or one.path not in named)
    ]
    if back:
        raise BundleProblem(
            f"{bundle / back[0]} has come back since {DELETION} was written"
            + (f", with {len(back) - 1:,} more" if len(back) > 1 else ""),
            hint=f"Delete what came back; or delete {DELETION} if all of it did, and purge again.",
        )
    if record.progress is Progress.DONE:
        return Standing.PURGED, f"purged on {record.deleted_at:%Y-%m-%d} by --older-than {record.older_than}"
    return Standing.BEGUN, f"a purge was begun on {record.begun_at:%Y-%m-%d} by --older-than {record.older_than}"


def _run(bundle: Path, manifest: Manifest) -> tuple[str, datetime]:
    try:
        run = manifest.facts["run"]
        run_id, finished_at = run["id"], datetime.fromisoformat(run["finishedAt"])
        if not isinstance(run_id, str) or finished_at.tzinfo is None:
            raise TypeError("its id or its end is none")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleProblem(
            f"{bundle / MANIFEST} does not say when the audit ended: {error}",
            hint="It cannot be told how old it is: delete the folder yourself once its time is over.",
        ) from error
    return run_id, finished_at


def check_alone(bundle: Path, manifest: Manifest) -> None:
    """Raises BundleProblem if a bundle holds what no audit put there, and no purge can vouch for."""
    # Ours are written here: through a link they would be written elsewhere.
    ours = (LOCK, DELETION, f"{DELETION}{PART}", STAGING, READY)
    # What an interrupted command left goes before anything else does.
    strange = [name for name in unlisted(bundle, manifest) if name != DELETION and not is_leftover(name)]
    strange += [name for name in ours if _is_no_file_of_ours(bundle / name)]
    strange += [one.path for one in manifest.files if _is_odd(bundle, one.path)]
    if strange:
        named = ", ".join(strange[:MOST_NAMED]) + (
            f" and {len(strange) - MOST_NAMED:,} more" if len(strange) > MOST_NAMED else ""
        )
        raise BundleProblem(
            f"{bundle} holds what is no file of the audit: {named}",
            hint="Nothing was removed. It may name people too: move it away or delete it, then purge again.",
        )
    if manifest.listed(DELETION) is not None:
        raise BundleProblem(f"{bundle / MANIFEST} lists {DELETION}", hint="No audit makes such a bundle: look at it.")


def _is_no_file_of_ours(place: Path) -> bool:
    return place.is_symlink() or (place.is_dir() and place.name not in (STAGING, READY))


def _is_odd(bundle: Path, path: str) -> bool:
    place = bundle / path
    return (place.is_symlink() or place.exists()) and plain_file(bundle, path) is None


def _broken_off(bundle: Path, limit: Limit, now: datetime) -> Found:
    begun = Begun.load(bundle / EVIDENCE / BEGUN_FILE)
    last = max((one.ended_at or one.started_at for one in begun.sessions), default=begun.started_at)
    age = (now - last).days
    if not limit.is_over(last, now):
        words = f"broken off on {last:%Y-%m-%d}, {age:,} days ago, and not judged"
        return Found(bundle=bundle, standing=Standing.YOUNGER, words=words, age_days=age, run_id=begun.id)
    return Found(
        bundle=bundle,
        standing=Standing.BROKEN_OFF,
        words=f"broken off on {last:%Y-%m-%d}, {age:,} days ago: without a manifest nothing says what there was. It "
        "holds people all the same: delete the folder yourself, or judge it with `mfaaudit evaluate`",
        age_days=age,
        run_id=begun.id,
    )
