"""manifest.json: the hash of every other file of a bundle, sealed with the facts of the run; read with suspicion."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from mfaaudit.bundle import (
    DELETION,
    EVIDENCE,
    LOCK,
    MANIFEST,
    is_inside,
    is_leftover,
    sha256_of,
    write_private,
)
from mfaaudit.errors import BundleProblem
from mfaaudit.json_reading import read_json
from mfaaudit.plain_files import FOLDER, LARGEST_JSON, everything_in, read_plain

SCHEMA = 2
OLDEST = 1
"""The oldest schema that this version can still read: 2 says more of the run, and takes nothing back."""
LARGEST = LARGEST_JSON
"""Bytes; the manifest of the largest tenant has a few thousand."""
RESTORE = "Restore the bundle from a copy, or audit again."
EMPTY_LOCK = {"path": LOCK, "sha256": sha256(b"").hexdigest(), "bytes": 0}
"""Stands apart from the files: it comes and goes with the commands that write, and is empty or none of ours."""
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file as the manifest lists it."""

    path: str
    """Below the bundle, with forward slashes; never absolute, and never upwards."""
    sha256: str
    """In hexadecimal."""
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a manifest says."""

    schema: int
    facts: Mapping[str, Any]
    """All of it, as JSON values."""
    files: tuple[Listed, ...]
    sha256: str
    """Of the manifest's own bytes."""

    def listed(self, path: str) -> Listed | None:
        """One file by its path; None if the manifest does not list it."""
        return next((one for one in self.files if one.path == path), None)

    def below(self, folder: str) -> tuple[Listed, ...]:
        """The files in a folder of the bundle and under it."""
        return tuple(one for one in self.files if one.path.startswith(f"{folder}/"))


def read_manifest(bundle: Path) -> Manifest:
    """The manifest of a bundle.

    Raises BundleProblem if there is none, if it is not one that this program wrote, if it names a file outside of the
    bundle, or if another version is needed to read it.
    """
    path = bundle / MANIFEST
    content = _content(bundle, path)
    try:
        facts = read_json(content)
        schema = facts["schema"]
        if not isinstance(schema, int) or isinstance(schema, bool):
            raise TypeError(f"schema is {schema!r}")
        if not OLDEST <= schema <= SCHEMA:
            raise _of_another_version(path, facts, schema)
        files = tuple(_listed(one) for one in facts["files"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleProblem(f"{path} is not a manifest that this program wrote: {error}", hint=RESTORE) from error
    # On some systems A and a are one file.
    counted = Counter(one.path.casefold() for one in files)
    twice = next((name for name, count in counted.items() if count > 1), None)
    if twice is not None:
        raise BundleProblem(f"{path} lists the file {twice} twice", hint=RESTORE)
    # Whatever has files below it is a folder.
    clash = next((one.path for one in files for above in _above(one.path) if above.casefold() in counted), None)
    if clash is not None:
        raise BundleProblem(f"{path} lists {clash} below a file", hint=RESTORE)
    return Manifest(schema=schema, facts=facts, files=files, sha256=sha256(content).hexdigest())


def _content(bundle: Path, path: Path) -> bytes:
    try:
        return read_plain(path, LARGEST)
    except FileNotFoundError as error:
        raise BundleProblem(
            f"{bundle} has no {MANIFEST}",
            hint="The audit was broken off before it was judged: go on with `mfaaudit audit --resume --out` and this "
            "folder, or run `mfaaudit evaluate` on it.",
        ) from error


def _above(path: str) -> list[str]:
    return [folder.as_posix() for folder in PurePosixPath(path).parents[:-1]]


def _of_another_version(path: Path, facts: Mapping[str, Any], schema: int) -> BundleProblem:
    run = facts.get("run")
    made_by = run.get("toolVersion") if isinstance(run, dict) else None
    version = f"version {made_by}" if isinstance(made_by, str) else "another version"
    newer = schema > SCHEMA
    return BundleProblem(
        f"{path} has schema {schema}, written by {version}; this version reads {OLDEST} to {SCHEMA}",
        hint=f"Use mfaaudit {made_by or ''} or newer.".replace("  ", " ")
        if newer
        else "It was made before any version that can be upgraded from: audit again.",
    )


def _listed(one: Mapping[str, Any]) -> Listed:
    path, digest, size = one["path"], one["sha256"], one["bytes"]
    if not isinstance(path, str) or not is_inside(path) or path == MANIFEST:
        raise ValueError(f"{str(path)[:200]!r} is not the path of a file in the bundle")
    if not isinstance(digest, str) or not _HEX.fullmatch(digest):
        raise ValueError(f"the hash of {path} is none")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ValueError(f"the size of {path} is none")
    return Listed(path=path, sha256=digest, bytes=size)


def plain_file(bundle: Path, path: str) -> Path | None:
    """Where a file of a bundle lies; None if it is missing, no file, or reached by a link, which may lead anywhere."""
    place = bundle
    for part in PurePosixPath(path).parts:
        place = place / part
        if place.is_symlink():
            return None
    return place if place.is_file() else None


def is_unaltered(bundle: Path, listed: Listed) -> bool:
    """Whether a file has the bytes that the manifest says."""
    place = plain_file(bundle, listed.path)
    return place is not None and place.stat().st_size == listed.bytes and sha256_of(place) == listed.sha256


def unlisted(bundle: Path, manifest: Manifest) -> tuple[str, ...]:
    """What lies in a bundle and does not belong there by its manifest: files, links, and folders as a whole.

    Raises BundleProblem if a folder of it cannot be looked into.
    """

    def refused(error: OSError) -> None:
        raise BundleProblem(f"{error.filename} cannot be looked into: {error.strerror}", hint="Change its rights.")

    files = {MANIFEST, DELETION, *(one.path for one in manifest.files)}
    if is_lock(bundle / LOCK):
        files.add(LOCK)
    folders = {above.as_posix() for path in files for above in PurePosixPath(path).parents}
    found = []
    for folder, inner, names in os.walk(bundle, onerror=refused):
        here = Path(folder).relative_to(bundle)
        for name in list(inner):
            path = (here / name).as_posix()
            if path not in folders or (bundle / path).is_symlink():
                found.append(path)
                inner.remove(name)
        found += [path for name in names if (path := (here / name).as_posix()) not in files]
    return tuple(sorted(found))


def check_evidence(bundle: Path) -> None:
    """Raises BundleProblem if a file of the evidence is not the one whose hash the manifest holds, missing, or new.

    Evidence that nobody has judged yet has no manifest, and is taken as it is.
    """
    if not (bundle / MANIFEST).exists() and not (bundle / MANIFEST).is_symlink():
        return
    listed = read_manifest(bundle).below(EVIDENCE)
    known = {one.path for one in listed}
    for path, kind in everything_in(bundle / EVIDENCE):
        if kind != FOLDER and path.relative_to(bundle).as_posix() not in known:
            raise BundleProblem(
                f"{path} was not there when the audit was judged: {MANIFEST} does not list it",
                hint="It would be taken for an answer of Graph: take it away, or restore the bundle from a copy.",
            )
    for one in listed:
        if not is_unaltered(bundle, one):
            missing = plain_file(bundle, one.path) is None
            raise BundleProblem(
                f"{bundle / one.path} is {'missing' if missing else 'not the file that the audit wrote'}",
                hint="The evidence has been altered or damaged: restore the bundle from a copy, or audit again.",
            )


def is_lock(path: Path) -> bool:
    """Whether a file is the one that commands lock a bundle by: it is empty, so that nothing can hide in it."""
    return path.is_file() and not path.is_symlink() and path.stat().st_size == 0


def write_manifest(folder: Path, facts: Mapping[str, Any], files: Mapping[str, Path] | None = None) -> None:
    """The hash of every file of a bundle but this one, sealed with the facts of the run; written last.

    `files` gives their paths in the bundle and where they lie now; without it they are those in the folder.
    """
    if files is None:
        found = (path for path in folder.rglob("*") if path.is_file())
        files = {name: path for path in found if (name := path.relative_to(folder).as_posix()) != LOCK}
    listed = [
        Listed(path=path, sha256=sha256_of(place), bytes=place.stat().st_size)
        for path, place in files.items()
        if path != MANIFEST and not is_leftover(path)
    ]
    write_private(folder / MANIFEST, content_of(facts, listed))


def content_of(facts: Mapping[str, Any], files: Iterable[Listed]) -> bytes:
    """The bytes of a manifest: the same facts and files give the same."""
    listed = [
        {"path": one.path, "sha256": one.sha256, "bytes": one.bytes}
        for one in sorted(files, key=lambda one: PurePosixPath(one.path))
    ]
    text = json.dumps({"schema": SCHEMA, **facts, "lock": EMPTY_LOCK, "files": listed}, indent=2, ensure_ascii=False)
    return f"{text}\n".encode()
