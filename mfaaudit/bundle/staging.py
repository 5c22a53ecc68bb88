"""Replaces files of a bundle as one: before, the old ones are there; afterwards, the new ones; never some of each.

The new files are written into a folder of their own inside the bundle, STAGING, and synced, with a list of what goes
where. Then the folder is renamed to READY: from that moment on, whoever opens the bundle next finishes the list. A
command that was stopped before leaves STAGING, which the next one removes.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from mfaaudit.bundle import files
from mfaaudit.bundle.layout import LOCK, MANIFEST, PART, READY, STAGING, is_leftover
from mfaaudit.bundle.lock import locked, locked_for_reading
from mfaaudit.bundle.refused import refusing
from mfaaudit.errors import BundleProblem, BusyProblem, MfaAuditError, OutputProblem
from mfaaudit.json_reading import read_json
from mfaaudit.plain_files import FILE, FOLDER, LARGEST_JSON, everything_in, read_plain

SCHEMA = 1
NEW, LIST = "new", "swap.json"
INTERRUPTED = "an earlier command was interrupted while it replaced files in {bundle}"
_HEX = re.compile(r"[0-9a-f]{64}")
_STRANGE = re.compile(r"[\x00-\x1f\x7f\\:]")
"""What no file of ours has in its name, and what means something else on another system."""


def is_inside(path: str) -> bool:
    """Whether a path can only mean a file below the bundle, on every system."""
    parts = PurePosixPath(path).parts
    return bool(parts) and "/".join(parts) == path and not _STRANGE.search(path) and not {"..", "/"} & set(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """What goes where."""

    moves: dict[str, str]
    """Paths below the bundle, each with the hash of the new file; the manifest is the last."""
    removes: tuple[str, ...]
    fresh: bool
    """Whether the folder held nothing before, so that all of it may be given up."""


@dataclass(slots=True)
class Replacement:
    """Files that are being written to replace others of a bundle."""

    bundle: Path
    fresh: bool = False
    _folders: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where the new files are written, under the paths that they will have in the bundle."""
        return self.bundle / STAGING / NEW

    def replace_folder(self, name: str) -> None:
        """Says that of a folder of the bundle only the new files stay, if any."""
        self._folders.append(name)

    def files(self) -> dict[str, Path]:
        """Every file that the bundle will hold, by its path, and where it is now.

        Raises BundleProblem if a folder cannot be looked into.
        """
        kept = {} if self.fresh else self._old()
        return kept | self._new()

    def commit(self) -> None:
        """Puts the new files in place. Raises OutputProblem if the disk refuses.

        What is the same already is not touched. If it raises, the bundle is as it was, or the next command that opens
        it finishes what was begun.
        """
        swap = self._swap()
        if swap.moves or swap.removes:
            self._check_places(swap)
            with refusing(self.bundle):
                self._make_ready(swap)
                _carry_out(self.bundle, swap)
        with refusing(self.bundle):
            files.remove_tree(self.bundle / STAGING)

    def _new(self) -> dict[str, Path]:
        found = ((place.relative_to(self.folder).as_posix(), place) for place, kind in _all(self.folder, FILE))
        return {path: place for path, place in found if not path.endswith(PART)}

    def _old(self) -> dict[str, Path]:
        return {
            path: place
            for place, kind in everything_in(self.bundle, apart_from=(STAGING, READY))
            if kind == FILE
            and (path := place.relative_to(self.bundle).as_posix()) not in (LOCK, MANIFEST)
            and not is_leftover(path)
            and path.split("/", 1)[0] not in self._folders
        }

    def _swap(self) -> Swap:
        with refusing(self.bundle):
            new = self._new()
            changed = [path for path, place in new.items() if not files.same_file(place, self.bundle / path)]
            # Whoever reads the manifest finds the files that it lists.
            changed.sort(key=lambda path: (path == MANIFEST, path))
            gone = [
                path
                for name in self._folders
                for place, kind in _all(self.bundle / name)
                if kind != FOLDER and (path := place.relative_to(self.bundle).as_posix()) not in new
            ]
            return Swap(
                moves={path: files.sha256_of(new[path]) for path in changed},
                removes=tuple(sorted(gone)),
                fresh=self.fresh,
            )

    def _check_places(self, swap: Swap) -> None:
        """Raises OutputProblem where a new file could not take its place: later there is no way back."""
        for path in (*swap.moves, *swap.removes):
            place = self.bundle / path
            if path in swap.moves and (place.is_symlink() or (place.exists() and not place.is_file())):
                raise OutputProblem(
                    f"{place} is no file, and a file has to take its place", hint="Move it away, then try again."
                )
            above = place.parent
            while not above.exists() and not above.is_symlink():
                above = above.parent
            if above.is_symlink() or not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
                raise OutputProblem(f"{above} cannot be written", hint="Change its rights, then try again.")

    def _make_ready(self, swap: Swap) -> None:
        staging = self.bundle / STAGING
        folders = {self.folder}
        for path in swap.moves:
            files.sync_file(self.folder / path)
            folders |= {self.folder / above for above in PurePosixPath(path).parents}
        for folder in sorted(folders, reverse=True):
            files.sync_folder(folder)
        with files.CountedFile(staging / LIST, sync=True) as file:
            content = memoryview(_to_json(swap))
            while content:
                content = content[file.write(content) :]
        files.sync_folder(staging)
        files.rename(staging, self.bundle / READY)
        files.sync_folder(self.bundle)


@contextmanager
def replacing(bundle: Path, *, fresh: bool = False) -> Iterator[Replacement]:
    """Files to be written into a bundle that is locked; they take their places when the work has ended well.

    Raises OutputProblem if the disk refuses.
    """
    made = Replacement(bundle, fresh=fresh)
    try:
        files.make_private(made.folder)
        yield made
        made.commit()
    except BaseException as error:
        _give_up(bundle, error)
        raise


@contextmanager
def held(bundle: Path) -> Iterator[None]:
    """Locks a bundle for a command that writes into it, and tidies up after one that was interrupted.

    Raises OutputProblem if another process reads or writes it, or the disk refuses.
    """
    with locked(bundle):
        recover(bundle)
        with refusing(bundle):
            for part, kind in _all(bundle):
                if kind != FOLDER and part.name.endswith(PART):
                    files.remove_file(part)
        yield


@contextmanager
def reading(*bundles: Path) -> Iterator[None]:
    """Keeps others from writing into bundles while they are read, each of which is whole.

    Raises OutputProblem if another process is writing into one; BundleProblem if an interrupted command left one
    half-way, and it cannot be finished here.
    """
    if not bundles:
        yield
        return
    heal(bundles[0])
    with locked_for_reading(bundles[0]), reading(*bundles[1:]):
        yield


def heal(bundle: Path) -> None:
    """Finishes what an interrupted command had begun in a bundle, or removes what it left; if there is anything.

    Raises OutputProblem if another process is writing into it; BundleProblem if files were being replaced, and that
    cannot be finished here.
    """
    if not _is_folder(bundle / READY) and not _is_folder(bundle / STAGING):
        return
    half = _is_folder(bundle / READY)
    try:
        with locked(bundle):
            recover(bundle)
    except BusyProblem:
        if half:
            raise
    except OutputProblem as problem:
        if half:
            raise BundleProblem(
                INTERRUPTED.format(bundle=bundle),
                hint="Run `mfaaudit report` on it where it can be written, which finishes it; or use a copy from "
                "before.",
            ) from problem


def recover(bundle: Path) -> None:
    """Finishes a swap that was begun, and removes what an interrupted command left; the bundle is locked.

    Raises BundleProblem for a list that no command of ours wrote, OutputProblem if the disk refuses.
    """
    if _is_folder(bundle / READY):
        swap = _read(bundle)
        with refusing(bundle):
            if swap is not None:
                _check_whole(bundle, swap)
                _carry_out(bundle, swap)
            else:
                files.rename(bundle / READY, bundle / STAGING)
    with refusing(bundle):
        if _is_folder(bundle / STAGING):
            files.remove_tree(bundle / STAGING)


def give_up_fresh(out: Path) -> None:
    """Removes what an interrupted command left of a folder that it was writing anew, unless that is finished.

    The folder is locked. Raises what `recover` raises.
    """
    swap = _read(out) if _is_folder(out / READY) else None
    if swap is not None and swap.fresh and MANIFEST in swap.moves and not (out / MANIFEST).exists():
        with refusing(out):
            for path in swap.moves:
                if (out / path).is_file() and files.sha256_of(out / path) == swap.moves[path]:
                    files.remove_file(out / path)
            _remove_empty(out, {above for path in swap.moves for above in PurePosixPath(path).parents})
            files.rename(out / READY, out / STAGING)
    recover(out)


def _carry_out(bundle: Path, swap: Swap) -> None:
    """Each of its steps may have been done before."""
    new, touched = bundle / READY / NEW, {bundle}
    for path in swap.removes:
        if (bundle / path).is_symlink() or (bundle / path).exists():
            files.remove_file(bundle / path)
            touched.add((bundle / path).parent)
    for path in swap.moves:
        if (new / path).exists():
            for above in reversed(PurePosixPath(path).parents[:-1]):
                if not (bundle / above).is_dir():
                    files.make_folder(bundle / above)
                    touched.add((bundle / above).parent)
            files.rename(new / path, bundle / path)
            touched.add((bundle / path).parent)
    _remove_empty(bundle, {above for path in swap.removes for above in PurePosixPath(path).parents})
    for folder in sorted(touched):
        if folder.is_dir():
            files.sync_folder(folder)
    files.rename(bundle / READY, bundle / STAGING)
    files.sync_folder(bundle)


def _remove_empty(bundle: Path, folders: set[PurePosixPath]) -> None:
    for folder in sorted(folders, reverse=True):
        place = bundle / folder
        if folder.parts and place.is_dir() and not any(place.iterdir()):
            files.remove_folder(place)


def _check_whole(bundle: Path, swap: Swap) -> None:
    new = bundle / READY / NEW
    for path, digest in swap.moves.items():
        place = new / path if (new / path).exists() else bundle / path
        if place.is_symlink() or not place.is_file() or files.sha256_of(place) != digest:
            raise _damaged(bundle, f"{place} is not the file that was to take its place")
        for above in PurePosixPath(path).parents[:-1]:
            if (bundle / above).is_symlink():
                raise _damaged(bundle, f"{bundle / above} is a link")


def _read(bundle: Path) -> Swap | None:
    """The list; None if it was carried out to its end."""
    try:
        facts = read_json(read_plain(bundle / READY / LIST, LARGEST_JSON))
        if facts["schema"] != SCHEMA:
            raise ValueError(f"it has schema {facts['schema']!r}")
        moves, removes, fresh = facts["moves"], facts["removes"], facts["fresh"]
        for path in (*moves, *removes):
            if not is_inside(path) or path.split("/", 1)[0] in (LOCK, STAGING, READY):
                raise ValueError(f"{str(path)[:200]!r} is not the path of a file in the bundle")
        if not all(_HEX.fullmatch(digest) for digest in moves.values()) or not isinstance(fresh, bool):
            raise ValueError("a hash in it is none")
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(bundle, str(error)) from error
    return Swap(moves=dict(moves), removes=tuple(removes), fresh=fresh)


def _damaged(bundle: Path, why: str) -> BundleProblem:
    return BundleProblem(
        f"{INTERRUPTED.format(bundle=bundle)}, and {bundle / READY} cannot be used: {why}",
        hint="Restore the bundle from a copy, or audit again.",
    )


def _to_json(swap: Swap) -> bytes:
    facts: dict[str, Any] = {
        "schema": SCHEMA,
        "fresh": swap.fresh,
        "removes": list(swap.removes),
        "moves": swap.moves,
    }
    return (json.dumps(facts, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _give_up(bundle: Path, error: BaseException) -> None:
    """Removes what will not be used; what cannot be removed now, the next command removes."""
    try:
        files.remove_tree(bundle / STAGING)
    except OSError as late:
        error.add_note(f"{bundle / STAGING} could not be removed either: {late}")
    if isinstance(error, MfaAuditError) and _is_folder(bundle / READY):
        error.hint += " The next command on this bundle finishes what was begun."


def _all(folder: Path, only: str | None = None) -> list[tuple[Path, str]]:
    if not _is_folder(folder):
        return []
    return [(path, kind) for path, kind in everything_in(folder) if only in (None, kind)]


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
