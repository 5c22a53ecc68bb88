"""Where packs are found by name: files beside each other, those that ship, or those that a bundle keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Protocol

from mfaaudit import shipped
from mfaaudit.yaml_files import read_text
from mfaaudit.yaml_nodes import ID, PACK

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
        return sorted(path.name for path in self._folder.glob("*") if path.is_dir())


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


def _file(path: Traversable | Path, shown: str, lists: Traversable | Path) -> PackFile:
    return PackFile(file=shown, text=read_text(path, shown, PACK), lists_text=read_text(lists, LISTS, PACK))
