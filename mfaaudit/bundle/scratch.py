"""A folder for what is only made to be compared: outside of the bundle, which may be read-only, and soon gone.

It names people. So it is for its owner only, in the system's folder for temporary files (TMPDIR), it is removed at the
end, and what a process left that was killed is removed by the next one.
"""

from __future__ import annotations

import errno
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mfaaudit.bundle import files
from mfaaudit.bundle.layout import LOCK
from mfaaudit.bundle.lock import locked
from mfaaudit.bundle.refused import refusing
from mfaaudit.errors import BusyProblem, OutputProblem

PREFIX = "mfaaudit-verify-"
HINT = "Or let TMPDIR name another folder, or give --hashes-only."
TRIES = 10
INNER = "made"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder of this process. Raises OutputProblem if none can be made, or the disk refuses."""
    place = _place()
    _sweep(place)
    with ExitStack() as stack:
        folder = _made(place, stack)
        try:
            files.make_private(folder / INNER)
            yield folder / INNER
        finally:
            with refusing(folder, "cannot be removed", "It holds a copy of the reports."):
                _remove(folder)


def _place() -> Path:
    try:
        return Path(tempfile.gettempdir())
    except OSError as error:
        raise OutputProblem(
            f"there is no place for temporary files: {error.strerror}",
            hint="Let TMPDIR name a folder that you may write, or give --hashes-only.",
        ) from error


def _made(place: Path, stack: ExitStack) -> Path:
    tries = TRIES
    while True:
        folder, tries = place / f"{PREFIX}{secrets.token_hex(8)}", tries - 1
        try:
            with refusing(folder, "cannot be made", HINT):
                files.change("mkdir", folder)
                folder.mkdir(mode=0o700)
            stack.enter_context(locked(folder))
        except BusyProblem:
            # Nobody else knows its random name: another process takes it for a leftover and is about to remove it.
            if not tries:
                raise
        except OutputProblem:
            # The same, and it is gone already.
            if not tries or folder.exists() or not place.is_dir():
                raise
        else:
            return folder


def _sweep(place: Path) -> None:
    """Removes what killed processes of the same account left; what is in use, another's, or refuses to go, stays."""
    for folder in sorted(place.glob(f"{PREFIX}*")):
        try:
            if folder.is_symlink() or not folder.is_dir() or _is_of_another(folder):
                continue
            if (folder / LOCK).exists():
                with locked(folder):
                    _remove(folder)
            elif not any(folder.iterdir()):
                files.remove_folder(folder)
        except (OutputProblem, OSError):
            continue


def _remove(folder: Path) -> None:
    # The lock file last: by it the next process knows what was left.
    files.remove_tree(folder / INNER)
    try:
        files.remove_tree(folder)
    except OSError as error:
        # Without people in it and unlocked, it may be another process that removes it at this moment.
        if error.errno not in (errno.ENOENT, errno.ENOTEMPTY):
            raise


def _is_of_another(folder: Path) -> bool:
    return os.name == "posix" and folder.stat().st_uid != os.getuid()
