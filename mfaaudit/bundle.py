"""The folder that one audit leaves behind: private, and each file in it whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

from mfaaudit import shipped
from mfaaudit.errors import BundleProblem, OutputProblem
from mfaaudit.json_reading import read_json
from mfaaudit.plain_files import FILE, FOLDER, LARGEST_JSON, everything_in

EVIDENCE, POLICIES, DECLARED, EARLIER = "evidence", "policies", "declared", "earlier"
MANIFEST = "manifest.json"
LOCK = "audit.lock"
"""There while an audit writes, and after it was killed."""
PART = ".part"
"""The end of a file's name until it is whole."""
DELETION = "deletion.json"
"""There once a purge of the bundle was begun."""
LARGEST_RECORD = LARGEST_JSON
"""Bytes of DELETION; it names the files of the manifest once more."""
CHUNK = 1 << 20
RECHECK = "recheck.json"
"""Stands among the evidence of a recheck from its start: it holds some users alone, and is no audit."""


def check_out(out: Path) -> None:
    """Whether a bundle could be made there; asked before anything is read. Raises OutputProblem if not."""
    # In a checkout the templates and the sample stand there, and what stands there is committed.
    ours = Path(str(shipped.templates())).resolve().parent
    if out.resolve().is_relative_to(ours):
        raise OutputProblem(
            f"{out} lies inside {ours}, which is part of the program",
            hint="A bundle holds personal data: give --out a folder outside the checkout.",
        )
    if out.exists() and not out.is_dir():
        raise OutputProblem(f"{out} is a file", hint="Give --out the name of a folder that does not exist yet.")
    if out.exists() and _holds_anything(out):
        raise OutputProblem(
            f"the folder {out} exists and is not empty",
            hint="Evidence is never mixed or written over: give --out the name of a folder that does not exist yet, or "
            "go on with an audit that was broken off there by `mfaaudit audit --resume`.",
        )
    parent = out if out.exists() else next(folder for folder in out.absolute().parents if folder.exists())
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputProblem(
            f"{parent} cannot be written", hint="Give --out a folder that you may write, or change its rights."
        )


def _holds_anything(folder: Path) -> bool:
    # An audit that was killed before it had read anything leaves folders, and the file that it held them with.
    return any(not path.is_dir() and path.name != LOCK for path in folder.rglob("*"))


def default_out(tenant: str, started_at: datetime, kind: str = "") -> Path:
    """A new folder in the working directory, named for the tenant, what it is if no audit, and the time in UTC."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in ".-") else "-" for letter in tenant)
    return Path(f"mfaaudit-{plain.strip('.-') or 'tenant'}-{kind and f'{kind}-'}{started_at:%Y%m%dT%H%M%SZ}")


def create(out: Path) -> Path:
    """The bundle's folder with its evidence folder, for its owner only. Raises OutputProblem if it cannot be made."""
    check_out(out)
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        out.chmod(0o700)
        (out / EVIDENCE).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OutputProblem(
            f"the folder {out} cannot be made: {error.strerror}", hint="Give --out a folder that you may write."
        ) from error
    return out


@contextmanager
def held(bundle: Path) -> Iterator[None]:
    """Keeps other processes from writing into a bundle; the system lets go of it if this one is killed.

    Raises OutputProblem if another process holds it.
    """
    lock = FileLock(bundle / LOCK, blocking=False, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise OutputProblem(
            f"another audit is writing into {bundle}",
            hint="Wait until it has ended, or stop it, then try again.",
        ) from error
    except OSError as error:
        raise OutputProblem(
            f"{bundle} cannot be locked: {error.strerror}", hint="Give a folder on a disk that you may write."
        ) from error
    try:
        yield
    finally:
        lock.release()
        with suppress(PermissionError):  # on Windows, if another has taken it by now: then it is the other's to remove
            (bundle / LOCK).unlink(missing_ok=True)


def sweep(bundle: Path) -> None:
    """Takes away what a process that was killed was just writing. Raises OutputProblem if that is refused."""
    try:
        for part in bundle.rglob(f"*{PART}"):
            part.unlink()
    except OSError as error:
        raise OutputProblem(
            f"{bundle} cannot be written: {error.strerror}", hint="Change its rights, then try again."
        ) from error


def check_bundle(bundle: Path) -> None:
    """Raises BundleProblem unless an audit left the folder behind, nothing but files is in it, and none was purged."""
    if (bundle / DELETION).is_symlink() or (bundle / DELETION).exists():
        raise BundleProblem(
            f"{bundle} was purged{_when_purged(bundle / DELETION)}: its people are gone, and only totals are left",
            hint=f"{MANIFEST} and {DELETION} in it say what there was; what is to be judged or drawn needs a copy from "
            "before, or a new audit.",
        )
    if not (bundle / EVIDENCE).is_dir():
        raise BundleProblem(
            f"{bundle} is not a bundle: it has no folder {EVIDENCE}",
            hint="Give the folder that `mfaaudit audit` or `mfaaudit demo` made.",
        )
    if (bundle / EVIDENCE / RECHECK).exists():
        raise BundleProblem(
            f"{bundle} holds a recheck: the users that an audit flagged, and nobody else",
            hint="Give the bundle of an audit; recheck.json in this folder names the one that it rechecks.",
        )
    for path, kind in everything_in(bundle):
        if kind not in (FILE, FOLDER):
            # A link leads out of the bundle, and a pipe or a device is read without end.
            raise BundleProblem(
                f"{path} is a {kind}; a bundle holds files alone",
                hint="Take it away and see whether the bundle is still whole, or restore the bundle from a copy.",
            )


def _when_purged(record: Path) -> str:
    """The day and the limit, in words; nothing if the record cannot be read, which is no reason to go on."""
    try:
        if record.is_symlink() or not record.is_file() or record.stat().st_size > LARGEST_RECORD:
            return ""
        facts = read_json(record.read_bytes())
        day = datetime.fromisoformat(facts["deletedAt"] or facts["begunAt"]).date()
        unfinished = "" if facts["deletedAt"] else ", though not to its end"
        return f" on {day} by --older-than {str(facts['olderThan'])[:20]}{unfinished}"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def remove(folder: Path) -> None:
    """Takes away a folder and all in it, if it is there. Raises OutputProblem if that is refused."""
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise OutputProblem(
            f"{folder} cannot be replaced: {error.strerror}", hint="Close what holds its files open, then try again."
        ) from error


def make_private(folder: Path) -> None:
    """A folder for its owner only, and those above it. Raises OutputProblem if it cannot be made."""
    try:
        for one in (*reversed(folder.parents), folder):
            if not one.exists():
                one.mkdir(mode=0o700)
    except OSError as error:
        raise OutputProblem(
            f"{folder} cannot be made: {error.strerror}", hint="Choose another folder with --out."
        ) from error


def make_closed(folder: Path) -> None:
    """A folder for its owner only, also if it was there before. Raises OutputProblem if that is refused."""
    make_private(folder)
    try:
        folder.chmod(0o700)
    except OSError as error:
        raise OutputProblem(
            f"{folder} cannot be closed to others: {error.strerror}", hint="Give --out a folder that is yours."
        ) from error


@contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """A file for its owner only, to write: whole when the work is done, or not there.

    Raises OutputProblem if it cannot be written.
    """
    part = path.with_name(path.name + PART)
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise OutputProblem(
            f"{path} could not be written: {error.strerror}",
            hint="Free disk space, in the folder for temporary files too, or choose another folder with --out.",
        ) from error


def write_private(path: Path, content: bytes) -> None:
    """A file of this content. Raises OutputProblem if it cannot be written."""
    with private_file(path) as file:
        file.write(content)


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
