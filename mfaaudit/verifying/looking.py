"""What stands in the folder of a bundle, beside what its manifest lists: names, sizes and hashes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from mfaaudit.bundle import LOCK, MANIFEST, is_leftover, sha256_of
from mfaaudit.manifest import Listed, Manifest, is_lock
from mfaaudit.plain_files import FILE, FOLDER, everything_in
from mfaaudit.verifying.purged import Purge
from mfaaudit.verifying.states import Checked, State

Step = Callable[[str, int, int | None], None]
MUCH = 1 << 30
"""Bytes; a file of another size than it should have is hashed up to this, so that its hash can be said."""


def look(bundle: Path, manifest: Manifest, purge: Purge | None, progress: Step) -> tuple[Checked, ...]:
    """Every file that is listed or stands there, by its hash alone; manifest.json first, which nothing here judges."""
    there = {path.relative_to(bundle).as_posix(): kind for path, kind in everything_in(bundle)}
    found = [Checked(path=MANIFEST, state=State.NOT_CHECKED, found=manifest.sha256)]
    for number, one in enumerate(manifest.files):
        progress("Hashes", number, len(manifest.files))
        looked = _listed(bundle, one, _kind(there, one.path))
        found.append(looked if purge is None else purge.beside(looked))
    if purge is not None:
        found.append(purge.itself)
    known = {one.path for one in found}
    found += _extra(bundle, there, known)
    return tuple(found)


def _kind(there: Mapping[str, str], path: str) -> str | None:
    """What stands at a path; nothing where a part of the way to it is no folder."""
    for above in reversed(PurePosixPath(path).parents[:-1]):
        if there.get(above.as_posix()) != FOLDER:
            return None
    return there.get(path)


def _listed(bundle: Path, one: Listed, kind: str | None) -> Checked:
    if kind is None:
        return Checked(path=one.path, state=State.MISSING, expected=one.sha256)
    if kind != FILE:
        return Checked(
            path=one.path, state=State.ALTERED, expected=one.sha256, note=f"a {kind} stands in the place of the file"
        )
    place = bundle / one.path
    size = place.stat().st_size
    if size != one.bytes and size > MUCH:
        note = f"{size:,} bytes instead of {one.bytes:,}"
        return Checked(path=one.path, state=State.ALTERED, expected=one.sha256, note=note)
    try:
        digest = sha256_of(place)
    except OSError as error:
        note = f"it cannot be read: {error.strerror}"
        return Checked(path=one.path, state=State.NOT_CHECKED, expected=one.sha256, note=note)
    note = "" if size == one.bytes else f"{size:,} bytes instead of {one.bytes:,}"
    state = State.INTACT if digest == one.sha256 and not note else State.ALTERED
    return Checked(path=one.path, state=state, expected=one.sha256, found=digest, note=note)


def _extra(bundle: Path, there: Mapping[str, str], known: Collection[str]) -> Iterator[Checked]:
    needed = {above.as_posix() for path in known for above in PurePosixPath(path).parents}
    named = {above.as_posix() for path in there for above in PurePosixPath(path).parents}
    for path, kind in there.items():
        # A folder speaks through what is in it.
        if (
            path in known
            or (path == LOCK and is_lock(bundle / path))
            or (kind == FOLDER and (path in needed or path in named))
        ):
            continue
        found = sha256_of(bundle / path) if kind == FILE and (bundle / path).stat().st_size <= MUCH else ""
        yield Checked(path=path, state=State.EXTRA, found=found, note=_note(path, kind))


def _note(path: str, kind: str) -> str:
    if is_leftover(path):
        return "an mfaaudit command that was interrupted left it; the next one that writes here removes it"
    return "" if kind == FILE else f"a {kind}"
