"""Reads files that somebody may have put there to do harm: no link, no pipe, no device, and no more than is sane."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

from mfaaudit.errors import BundleProblem

LARGEST_JSON = 16 << 20
"""Bytes of a file of facts; a hundredth of it is much. Nested as densely as can be it takes some 400 MB in memory."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CURE = "Restore the bundle from a copy, or audit again."
_KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}
FILE, FOLDER = "file", "folder"


def kind_of(mode: int) -> str:
    """What stands there, in a word."""
    return _KINDS.get(stat.S_IFMT(mode), "special file")


def everything_in(folder: Path, apart_from: Collection[str] = ()) -> Iterator[tuple[Path, str]]:
    """All that stands in a folder and below it, with its kind; a link is named and not followed.

    `apart_from` names what in the folder itself is left out. Raises BundleProblem if a folder cannot be looked into.
    """
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                found = sorted(
                    (one.path, kind_of(one.stat(follow_symlinks=False).st_mode))
                    for one in entries
                    if here is not folder or one.name not in apart_from
                )
        except OSError as error:
            raise BundleProblem(f"{here} cannot be looked into: {error.strerror}", hint="Change its rights.") from error
        for path, kind in found:
            yield Path(path), kind
        waiting += [Path(path) for path, kind in reversed(found) if kind == FOLDER]


def open_plain(path: Path) -> IO[bytes]:
    """A file to read. Raises BundleProblem if it is none, or cannot be read; FileNotFoundError if nothing is there."""
    kind = kind_of(path.lstat().st_mode)
    if kind != FILE:
        raise BundleProblem(f"{path} is a {kind}, and no file", hint=_CURE)
    try:
        file = os.fdopen(os.open(path, _FLAGS), "rb")
    except OSError as error:
        raise BundleProblem(f"{path} cannot be read: {error.strerror}", hint="Change its rights.") from error
    # It may have become another thing since.
    if kind_of(os.fstat(file.fileno()).st_mode) != FILE:
        file.close()
        raise BundleProblem(f"{path} is no file", hint=_CURE)
    return file


def read_plain(path: Path, most: int = LARGEST_JSON) -> bytes:
    """All of a file. Raises BundleProblem if it is none or has more bytes; FileNotFoundError if nothing is there."""
    with open_plain(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BundleProblem(f"{path} is larger than the {most >> 20} MiB that such a file can have", hint=_CURE)
    return content
