"""Stops a job, or has the disk refuse, at each single change that it makes to the file system."""

import errno
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from mfaaudit.bundle import LOCK, files, held

LEFTOVERS = (".part", ".ready")


class Steps:
    """Counts the changes; `at` is called before each with its number, kind and path."""

    def __init__(self, at=lambda number, kind, path: None):
        self.done, self.at = [], at

    def __call__(self, kind, path):
        self.done.append((kind, Path(path)))
        self.at(len(self.done), kind, Path(path))


@contextmanager
def watched(at=lambda number, kind, path: None):
    steps, before = Steps(at), files.change
    files.change = steps
    try:
        yield steps
    finally:
        files.change = before


def count(work):
    """How many changes a job makes."""
    with watched() as steps:
        work()
    return len(steps.done)


def refused(number, code=errno.ENOSPC, *, from_then_on=True):
    """Has the disk refuse the so-manieth change, and all after it or just that one."""

    def at(now, kind, path):
        if now == number or (from_then_on and now > number):
            raise OSError(code, os.strerror(code), str(path))

    return watched(at)


def tree(folder):
    """Every path below a folder with its bytes; None for a folder. The lock is left out: it is always empty."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.name == LOCK:
            assert path.stat().st_size == 0, name
            continue
        found[name] = None if path.is_dir() else path.read_bytes()
    return found


def times(folder):
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.rglob("*") if path.is_file()}


def leftovers(folder):
    return [path for path in folder.rglob("*") if path.name.endswith(LEFTOVERS)]


def tidy(bundle):
    """What every command does first that writes into a bundle."""
    with held(bundle):
        pass


class Killed:
    """What is on the disk at each moment at which a job could be killed: one copy of each state that differs."""

    def __init__(self, place, into, *, only=None, when=lambda kind, path: True):
        """With `only` the names in the place that are kept; `when` says of which steps."""
        self._place, self._into, self._only, self._when = place, into, only, when
        self._kept, self._last = {}, None
        self.states = []

    def of(self, work):
        """Runs a job and keeps all states before, within and after it."""
        with watched(lambda _, kind, path: self.keep() if self._when(kind, path) else None) as steps:
            work()
        self.keep()
        self.steps = steps.done
        return self

    def keep(self):
        now = {path: path.lstat() for path in self._paths()}
        seen = {path: (one.st_ino, one.st_size, one.st_mtime_ns, one.st_mode) for path, one in now.items()}
        if seen == self._last:
            return
        self._last = seen
        state = self._into / f"{len(self.states):04}"
        state.mkdir(parents=True)
        for path, what in seen.items():
            target = state / path.relative_to(self._place)
            if path.is_dir():
                target.mkdir(mode=0o700)
            elif what in self._kept:
                # What has not changed is the same file: whoever writes into it in place spoils the states before.
                os.link(self._kept[what], target)
            else:
                shutil.copy2(path, target)
                self._kept[what] = target
        self.states.append(state)

    def _paths(self):
        if self._only is None:
            return sorted(self._place.rglob("*"))
        tops = [path for path in sorted(self._place.iterdir()) if path.name.removesuffix(".part") in self._only]
        return [path for top in tops for path in (top, *sorted(top.rglob("*")))]
