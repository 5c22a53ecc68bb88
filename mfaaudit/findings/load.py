"""Finds rule packs by name or by file, and refuses those that cannot be used together."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from mfaaudit import shipped
from mfaaudit.errors import PolicyProblem
from mfaaudit.findings.policy import Pack
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.findings.yaml_nodes import nearest

LISTS = "_lists.yaml"


def shipped_packs() -> tuple[str, ...]:
    """The names of the packs that ship with the program."""
    files = (one.name for one in shipped.policies().iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml") and name != LISTS))


def load_packs(names: Sequence[str]) -> tuple[Pack, ...]:
    """Packs by the name of a shipped one or the path of a file, in the order given, each once.

    Raises PolicyProblem if one cannot be found or read, if two hold a rule of the same id, or if they contradict
    each other.
    """
    packs: dict[str, Pack] = {}
    for name in names:
        pack = load_pack(name)
        if pack.id in packs and packs[pack.id].sha256 != pack.sha256:
            raise PolicyProblem(
                f"two packs are called {pack.id}", hint="Give your own pack an id of its own.", file=pack.file
            )
        packs[pack.id] = pack
    _no_conflict(tuple(packs.values()))
    return tuple(packs.values())


def load_pack(name: str) -> Pack:
    """One pack. Raises PolicyProblem."""
    known = shipped_packs()
    if name in known:
        folder = shipped.policies()
        return _read(folder.joinpath(f"{name}.yaml"), f"{name}.yaml", folder.joinpath(LISTS))
    path = Path(name)
    if not path.is_file():
        raise PolicyProblem(
            f"there is no shipped pack and no file of the name {name!r}", hint=nearest(name, known), file=name
        )
    beside = path.with_name(LISTS)
    return _read(path, name, beside if beside.is_file() else shipped.policies().joinpath(LISTS))


def _read(path: Traversable, file: str, lists: Traversable) -> Pack:
    return read_pack(_text(path, file), file, _text(lists, LISTS), LISTS)


def _text(path: Traversable, file: str) -> str:
    try:
        # Opened as bytes, so that the hash is that of the file whatever its line ends.
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyProblem(
            f"the file is not UTF-8 (byte {error.start})", hint="Save it as plain UTF-8 text.", file=file
        ) from error
    except OSError as error:
        raise PolicyProblem(
            f"the file cannot be read: {error.strerror}", hint="Check its name and its rights.", file=file
        ) from error


def _no_conflict(packs: Sequence[Pack]) -> None:
    rules: dict[str, str] = {}
    for pack in packs:
        for other in packs:
            if other.id in pack.conflicts_with:
                raise PolicyProblem(
                    f"the packs {pack.id} and {other.id} contradict each other",
                    hint="Judge with one of them: what one demands, the other forbids.",
                    file=pack.file,
                )
        for rule in pack.rules:
            if rule.id in rules:
                raise PolicyProblem(
                    f"the rule {rule.id} stands in {rules[rule.id]} as well",
                    hint="Give each rule an id of its own.",
                    file=pack.file,
                    line=rule.line,
                )
            rules[rule.id] = pack.file
