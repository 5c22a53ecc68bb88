"""Keeps two commands from writing into one bundle at a time, and from reading what another one is changing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mfaaudit.bundle import files
from mfaaudit.bundle.layout import LOCK
from mfaaudit.bundle.refused import refused
from mfaaudit.errors import BusyProblem

WAIT = "Wait until it has ended, or stop it, then try again."


@contextmanager
def locked(bundle: Path) -> Iterator[None]:
    """Locks a bundle for one command that writes; the system lets go of it if the process is killed.

    The lock file stays: whoever removed it would let a command in that locks another file of that name. Raises
    BusyProblem if another process reads or writes the bundle.
    """
    lock = FileLock(bundle / LOCK, blocking=False, mode=0o600)
    try:
        if not (bundle / LOCK).exists():
            files.change("open", bundle / LOCK)
        lock.acquire()
        if not (bundle / LOCK).exists():
            lock.release()
            raise Timeout(str(bundle / LOCK))  # a command that ended at this moment took it with it
    except Timeout as error:
        raise BusyProblem(f"another mfaaudit command is {_doing(bundle)} {bundle}", hint=WAIT) from error
    except OSError as error:
        raise refused(bundle, error, "cannot be locked", then="") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def locked_for_reading(bundle: Path) -> Iterator[None]:
    """Keeps others from writing into a bundle while it is read; any number may read it at once.

    Nothing is written for it: a bundle without a lock file, or on a disk where it cannot be locked, is only read.
    Raises BusyProblem if another process is writing into it.
    """
    with ExitStack() as stack:
        descriptor = _opened(bundle / LOCK)
        if descriptor is not None:
            stack.callback(os.close, descriptor)
            if _is_taken(descriptor):
                raise BusyProblem(f"another mfaaudit command is writing into {bundle}", hint=WAIT)
        yield


if sys.platform == "win32":

    def _opened(lock: Path) -> int | None:
        return None  # a command that only reads takes no lock there

    def _is_taken(descriptor: int) -> bool:
        return False

else:
    import fcntl

    def _opened(lock: Path) -> int | None:
        try:
            return os.open(lock, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            # There is none, or it is another's: then nobody of ours writes there, and what is read is checked anyway.
            return None

    def _is_taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False  # the disk has no locks
        return False


def _doing(bundle: Path) -> str:
    descriptor = _opened(bundle / LOCK)
    if descriptor is None:
        return "writing into"
    try:
        return "writing into" if _is_taken(descriptor) else "reading"
    finally:
        os.close(descriptor)
