"""Every change that the program makes to files and folders goes through here, one step at a time.

Nothing else in the package opens a file to write, renames, removes, or makes a folder; a test holds that. So a test can
also stop, or refuse, each single step.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from mfaaudit.bundle.layout import PART
from mfaaudit.bundle.refused import refused, refusing
from mfaaudit.errors import MfaAuditError

CHUNK = 1 << 20
BUFFER = 1 << 18
_NEW = os.O_RDWR | os.O_CREAT | os.O_TRUNC
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
"""What a disk answers that has no second names for a file."""
_CANNOT_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""What some network disks answer when a folder is to be synced, which they do by themselves."""


def change(kind: str, path: Path) -> None:
    """Called before each change of the file system, with what is about to be done to which path."""


class CountedFile(io.RawIOBase):
    """A file to write, for its owner only, each step of which is counted.

    It has no `fileno`, so that no library writes past it, and it remembers the last error of the system, because some
    libraries put words of their own in its place.
    """

    def __init__(self, path: Path, flags: int = _NEW, *, sync: bool = False) -> None:
        """Opens the file; with `sync` it is on the disk before it is closed. Raises OSError."""
        super().__init__()
        self.path, self.error, self._sync = path, None, sync
        self._flags = flags
        self._fd = -1
        change("open", path)
        self._fd = os.open(path, flags | _PLAIN, 0o600)

    error: OSError | None
    """What the system last refused."""

    def readable(self) -> bool:
        """Whether it can be read as well, which writing an archive needs."""
        return self._flags & os.O_RDWR != 0

    def writable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Not where everything is appended."""
        return self._flags & os.O_APPEND == 0

    def readinto(self, buffer: object) -> int:
        """Reads into a buffer."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = os.read(self._fd, len(view))
        view[: len(data)] = data
        return len(data)

    def write(self, data: object) -> int:
        """Writes what the system takes of it, and returns how many bytes that were."""
        with self._remembering():
            change("write", self.path)
            return os.write(self._fd, data)  # type: ignore[arg-type]

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Goes to a place in the file."""
        return os.lseek(self._fd, offset, whence)

    def truncate(self, size: int | None = None) -> int:
        """Cuts the file off."""
        size = self.tell() if size is None else size
        with self._remembering():
            change("write", self.path)
            os.ftruncate(self._fd, size)
        return size

    def sync(self) -> None:
        """Has everything that was written on the disk before it returns."""
        with self._remembering():
            change("sync", self.path)
            os.fsync(self._fd)

    def close(self) -> None:
        """Closes the file, once."""
        if self.closed:
            return
        super().close()
        if self._fd < 0:
            return
        try:
            if self._sync and self.error is None:
                self.sync()
        finally:
            os.close(self._fd)

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.error = error
            raise


class _Written:
    """Opens a file, and raises OutputProblem for whatever the system refused, whoever has reworded it since."""

    def __init__(self, path: Path, *, sync: bool) -> None:
        self._path, self._sync = path, sync

    def __enter__(self) -> IO[bytes]:
        with refusing(self._path):
            self._raw = CountedFile(self._path, sync=self._sync)
        self._file = io.BufferedRandom(self._raw, BUFFER)
        return cast("IO[bytes]", self._file)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._file.close()
        except OSError as late:
            if error is None:
                raise refused(self._path, late) from late
        if self._raw.error is not None and isinstance(error, Exception) and not isinstance(error, MfaAuditError):
            raise refused(self._path, self._raw.error) from error


def private_file(path: Path) -> _Written:
    """A file for its owner only, to write in a staging folder, or in one that is removed afterwards.

    It is neither whole before it is closed nor synced: `Replacement` sees to both. Raises OutputProblem if it cannot be
    written.
    """
    return _Written(path, sync=False)


def write_private(path: Path, content: bytes) -> None:
    """Writes a `private_file` of this content. Raises OutputProblem if it cannot be written."""
    with private_file(path) as file:
        file.write(content)


def copy_file(source: Path, target: Path) -> None:
    """Writes a `private_file` with the content of another. Raises OutputProblem if it cannot be written."""
    with source.open("rb") as old, private_file(target) as new:
        while chunk := old.read(CHUNK):
            new.write(chunk)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file for its owner only, to write: whole and on the disk when the work is done, or as it was before.

    Raises OutputProblem if it cannot be written.
    """
    part = path.with_name(path.name + PART)
    try:
        with _Written(part, sync=True) as file:
            yield file
        with refusing(path):
            settle_part(path)
    except BaseException:
        clear(part)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Writes a `whole_file` of this content. Raises OutputProblem if it cannot be written."""
    with whole_file(path) as file:
        file.write(content)


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Writes several whole files, none of which takes its place before all are on the disk.

    Raises OutputProblem if one of them cannot be written; then none is there that was not there before.
    """
    parts = {path: path.with_name(path.name + PART) for path in contents}
    placed: list[Path] = []
    try:
        for path, content in contents.items():
            with _Written(parts[path], sync=True) as file:
                file.write(content)
        for path in contents:
            with refusing(path):
                settle_part(path)
            placed.append(path)
    except BaseException:
        for path in (*parts.values(), *placed):
            clear(path)
        raise


def half_together(paths: Sequence[Path]) -> bool:
    """Whether `write_together` was killed between one of these files and the next, so that it may write them again."""
    there = [path.exists() and not path.with_name(path.name + PART).exists() for path in paths]
    coming = [path.with_name(path.name + PART).is_file() and not path.exists() for path in paths]
    return any(there) and any(coming) and all(a or b for a, b in zip(there, coming, strict=True))


def settle_part(path: Path) -> None:
    """Puts the part of a file, which is whole by now, in its place; leaves alone a file that is the same already.

    Raises OSError.
    """
    part = path.with_name(path.name + PART)
    if same_file(part, path):
        remove_file(part)
        return
    rename(part, path)
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Writes a whole file where there is none. Raises FileExistsError if there is one, or another OSError."""
    part = path.with_name(path.name + PART)
    raw = CountedFile(part, sync=True)
    try:
        with raw:
            while content:
                content = content[raw.write(content) :]
        change("link", path)
        _give_new_name(part, path)
    finally:
        clear(part)
    sync_folder(path.parent)


def _give_new_name(part: Path, path: Path) -> None:
    if os.name != "posix":
        part.rename(path)  # which refuses there to take the place of another file
        return
    try:
        os.link(part, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists() or path.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
        part.replace(path)


def appending(path: Path) -> CountedFile:
    """A file, unbuffered, at the end of which is written. Raises OSError."""
    new = not path.exists()
    file = CountedFile(path, _APPEND)
    if new:
        sync_folder(path.parent)
    return file


def make_private(folder: Path) -> None:
    """A folder for its owner only, and those above it. Raises OutputProblem if it cannot be made."""
    with refusing(folder, "cannot be made", ""):
        for place in (*reversed(folder.parents), folder):
            if not place.exists():
                make_folder(place)


def make_closed(folder: Path) -> None:
    """A folder for its owner only, also if it was there before. Raises OutputProblem if that is refused."""
    make_private(folder)
    with refusing(folder, "cannot be closed to others", ""):
        if os.name != "posix" or stat.S_IMODE(folder.stat().st_mode) != 0o700:
            change("chmod", folder)
            folder.chmod(0o700)


def remove(folder: Path) -> None:
    """Removes a folder and all in it, if it is there. Raises OutputProblem if that is refused."""
    with refusing(folder, "cannot be removed"):
        remove_tree(folder)


def make_folder(folder: Path) -> None:
    """Makes one folder for its owner only, if it is not there. Raises OSError."""
    change("mkdir", folder)
    folder.mkdir(mode=0o700, exist_ok=True)


def rename(source: Path, target: Path) -> None:
    """Gives a file or a folder another name; a file that has the name is replaced. Raises OSError."""
    change("rename", target)
    source.replace(target)


def remove_file(path: Path) -> None:
    """Removes a file, if it is there. Raises OSError."""
    change("unlink", path)
    path.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Removes an empty folder. Raises OSError."""
    change("rmdir", folder)
    folder.rmdir()


def remove_tree(folder: Path) -> None:
    """Removes a folder and all in it, if it is there; a link is removed and not followed. Raises OSError."""
    if folder.is_symlink() or not folder.is_dir():
        if folder.is_symlink() or folder.exists():
            remove_file(folder)
        return
    with os.scandir(folder) as entries:
        inner = sorted((entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries)
    for path, is_folder in inner:
        if is_folder:
            remove_tree(Path(path))
        else:
            remove_file(Path(path))
    remove_folder(folder)


def sync_file(path: Path) -> None:
    """Has a file that was written before on the disk. Raises OSError."""
    change("sync", path)
    # Windows syncs only what may be written.
    descriptor = os.open(path, os.O_RDWR | _PLAIN)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Has the names in a folder on the disk, where the system can do that. Raises OSError."""
    if os.name != "posix":
        return
    change("sync", folder)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(descriptor)


def same_file(one: Path, other: Path) -> bool:
    """Whether both are plain files of the same bytes. Raises OSError if one of them cannot be read."""
    if other.is_symlink() or not other.is_file() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while chunk := left.read(CHUNK):
            if chunk != right.read(CHUNK):
                return False
    return True


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def clear(path: Path) -> None:
    """Removes what a failed write left, as far as the disk lets it; the error that is on its way says why it failed."""
    try:
        if path.is_symlink() or path.exists():
            remove_file(path)
    except OSError:
        # A disk that refuses to write may refuse this too: the next command writes over it.
        return
