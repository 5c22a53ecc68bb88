"""Why the system refused to change a file, and what a person can do about it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mfaaudit.bundle.layout import READY, STAGING
from mfaaudit.errors import DiskProblem, OutputProblem

KEPT = "Existing files were kept."
FULL = (errno.ENOSPC, errno.EDQUOT)
OPEN = (errno.EMFILE, errno.ENFILE)
RIGHTS = (errno.EACCES, errno.EPERM)
MISPLACED = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTEMPTY)


def refused(path: Path, error: OSError, what: str = "could not be written", then: str = KEPT) -> OutputProblem:
    """The error to raise for a change of a file that the system refused, with a hint that fits the reason.

    `what` says what could not be done to the file; `then` ends the hint.
    """
    kind = OutputProblem if error.errno in (*RIGHTS, errno.EROFS, *MISPLACED) else DiskProblem
    message = f"{final(path)} {what}: {error.strerror or error}"
    return kind(message, hint=f"{_cure(final(path), error.errno)} {then}".rstrip())


def final(path: Path) -> Path:
    """Where a file is meant to be in the end, for one that is still being written in a staging folder."""
    parts = path.parts
    for folder in (STAGING, READY):
        if folder in parts:
            place = parts.index(folder)
            return Path(*parts[:place], *parts[place + 2 :])
    return path


def _cure(path: Path, number: int | None) -> str:
    if number in FULL:
        return f"Free disk space where {path.parent} is, then run the command again, or choose another folder (--out)."
    if number == errno.EFBIG:
        return "The file reached the size limit: raise the limit (`ulimit -f`), or choose another disk."
    if number in OPEN:
        return "Too many files are open: close other programs, or raise the limit (`ulimit -n`), then try again."
    if number == errno.EROFS:
        return (
            "The disk is mounted read-only: choose a folder on another disk (--out), or work on a copy of the bundle."
        )
    if number in RIGHTS:
        return "Close programs that have the file open, change permissions, or choose another folder (--out)."
    if number in MISPLACED:
        return "Another file has this name, or the folder is missing: check the path, or choose another folder (--out)."
    return "The disk reported an error: check that it is connected and not damaged, then run the command again."


@contextmanager
def refusing(path: Path, what: str = "could not be written", then: str = KEPT) -> Iterator[None]:
    """Turns an OSError into the OutputProblem that says what was refused, on what, and what to do."""
    try:
        yield
    except OSError as error:
        raise refused(path, error, what, then) from error
