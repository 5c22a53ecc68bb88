"""Where packs are found by name: files beside each other, those that ship, or those that a bundle keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Protocol

from mfaaudit import shipped
from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.read_words import ID
from mfaaudit.yaml_nodes import PACK

LISTS = "_lists.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """The text of a pack, and of the shared lists that it is read with."""

    file: str
    """As a person would name it."""
    text: str
    lists_text: str = ""
    lists_file: str = LISTS


class Shelf(Protocol):
    """Packs by name."""

    def find(self, name: str) -> PackFile | None:
        """The pack of that name, if there is one. Raises PolicyProblem if it cannot be read."""

    def names(self) -> Sequence[str]:
        """What can be found here."""


class Shipped:
    """The packs that ship with the program."""

    def find(self, name: str) -> PackFile | None:
        """The pack of that name, if there is one."""
        folder = shipped.policies()
        if name not in self.names():
            return None
        return _file(folder.joinpath(f"{name}.yaml"), f"{name}.yaml", folder.joinpath(LISTS))

    def names(self) -> Sequence[str]:
        """The names of all of them."""
        files = (one.name for one in shipped.policies().iterdir())
        return sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml") and name != LISTS)


class Beside:
    """The files in one folder, and after them the packs that ship."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shipped = Shipped()

    def find(self, name: str) -> PackFile | None:
        """The pack of that name, if there is one."""
        path = _within(self._folder, name)
        return self._shipped.find(name) if path is None else file_at(path, str(path))

    def names(self) -> Sequence[str]:
        """The names of all of them."""
        own = {path.stem for path in self._folder.glob("*.yaml") if path.name != LISTS}
        return sorted(own.union(self._shipped.names()))


class Kept:
    """The packs that a bundle was judged with, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, name: str) -> PackFile | None:
        """The pack of that name, if there is one."""
        path = _within(self._folder / name, name)
        return None if path is None else file_at(path, str(path))

    def names(self) -> Sequence[str]:
        """The names of all of them."""
        return sorted(path.name for path in self._folder.iterdir() if path.is_dir())


def file_at(path: Path, shown: str) -> PackFile:
    """The pack in a file, with the lists beside it, or else those that ship. Raises PolicyProblem."""
    beside = path.with_name(LISTS)
    # A link that leads nowhere is no reason to judge with other lists.
    there = beside.exists() or beside.is_symlink()
    return _file(path, shown, beside if there else shipped.policies().joinpath(LISTS))


def _within(folder: Path, name: str) -> Path | None:
    """The file of a pack in a folder; none for a name that could lead out of it."""
    if not ID.fullmatch(name):
        return None
    path = folder / f"{name}.yaml"
    return path if path.is_file() else None


def sha256_of_text(text: str) -> str:
    """The hash of a file by its text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_text(path: Traversable | Path, file: str) -> str:
    """The text of a file. Raises PolicyProblem if it is too large, no text, or cannot be read."""
    if not path.is_file():
        # A device or a pipe would be read without end.
        raise PolicyProblem("this is no file", hint="Write a file of this name, or take it away.", file=file)
    try:
        with path.open("rb") as stream:
            # Opened as bytes, so that the hash is that of the file whatever its line ends.
            raw = stream.read(PACK.longest + 1)
    except OSError as error:
        raise PolicyProblem(
            f"the file cannot be read: {error.strerror}", hint="Check its name and its rights.", file=file
        ) from error
    if len(raw) > PACK.longest:
        raise PolicyProblem("the file is larger than 1 MiB", hint=PACK.too_long, file=file)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyProblem(
            f"the file is not UTF-8 (byte {error.start})", hint="Save it as plain UTF-8 text.", file=file
        ) from error


def _file(path: Traversable | Path, shown: str, lists: Traversable | Path) -> PackFile:
    return PackFile(file=shown, text=read_text(path, shown), lists_text=read_text(lists, LISTS))
