"""Finds rule packs by name or by file, and refuses those that cannot be used together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.declared.posture import applies
from mfaaudit.declared.words import AUTO
from mfaaudit.errors import PolicyProblem, UsageProblem
from mfaaudit.findings.policy import Pack, Rule, Text
from mfaaudit.findings.read_pack import read_pack
from mfaaudit.findings.shelf import Beside, Kept, PackFile, Shelf, Shipped, file_at
from mfaaudit.yaml_nodes import nearest

ALWAYS = ("data-quality",)
"""Packs that every audit is judged with."""
REMEMBERED = 64
"""Packs that are not read again while their files hold what they held."""
LONGEST_NAME = 200
"""Characters of a name that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How packs may be used together."""

    posture: str = AUTO
    """The one that was declared, or `auto`."""
    allow_conflicts: bool = False
    allow_samples: bool = False
    """Whether a list that only its user can know may be a sample still: to try a pack, never to judge with it."""


def shipped_packs() -> tuple[str, ...]:
    """The names of the packs that ship with the program."""
    return tuple(Shipped().names())


def load_packs(names: Sequence[str], terms: Terms = Terms()) -> tuple[Pack, ...]:
    """Packs by the name of a shipped one or the path of a file, in the order given, each once; then those of ALWAYS.

    Raises PolicyProblem if one cannot be found or read, lacks what only its user can know, if two hold different
    rules of the same id, or if they contradict each other or the posture and that was not allowed.
    """
    packs = _each_once([load_pack(name) for name in (*names, *ALWAYS)])
    for pack in packs:
        for name, what in pack.fill_in.items() if not terms.allow_samples else ():
            raise PolicyProblem(
                f"the pack {pack.id} needs a list {name}: {what}",
                hint=f"Write a pack of your own with `extends: {pack.id}` and the list under `lists`, and use that.",
                file=pack.file,
            )
    if not terms.allow_conflicts:
        _no_conflict(packs, terms.posture)
    return packs


def load_kept(folder: Path, ids: Sequence[str]) -> tuple[Pack, ...]:
    """The packs that a bundle was judged with, from its own folder. Raises PolicyProblem if one is not there."""
    shelf = Kept(folder)
    return _each_once([_found(shelf, name) for name in ids])


def load_pack(name: str) -> Pack:
    """One pack. Raises PolicyProblem."""
    known = shipped_packs()
    if name in known:
        return _found(Shipped(), name)
    path = Path(name)
    if not _is_file(path):
        shown = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
        raise PolicyProblem(
            f"there is no shipped pack and no file of the name {shown!r}", hint=nearest(shown, known), file=shown
        )
    return _read(file_at(path, name), Beside(path.parent))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # Of a name that is too long even to be asked for there is no file.
        return False


def _found(shelf: Shelf, name: str) -> Pack:
    found = shelf.find(name)
    if found is None:
        raise PolicyProblem(f"the pack {name} is not there", hint=nearest(name, shelf.names()), file=f"{name}.yaml")
    return _read(found, shelf)


_READ: dict[PackFile, Pack] = {}
"""The packs that were read last, by what their files hold: a run of several audits asks for the same ones again."""


def _read(given: PackFile, shelf: Shelf) -> Pack:
    known = _READ.get(given)
    if known is not None and all(_is_still_there(text, shelf) for text in known.based_on):
        return known
    if len(_READ) >= REMEMBERED:
        _READ.clear()
    _READ[given] = read_pack(given.text, given.file, given.lists_text, given.lists_file, shelf)
    return _READ[given]


def _is_still_there(text: Text, shelf: Shelf) -> bool:
    """Whether a pack that another one is made of is what it was when that was read."""
    found = shelf.find(text.pack)
    return found is not None and (found.file, found.text, found.lists_text) == (text.file, text.text, text.lists_text)


def _each_once(packs: Sequence[Pack]) -> tuple[Pack, ...]:
    found: dict[str, Pack] = {}
    hashes: dict[str, str] = {}
    for pack in packs:
        for text in (*pack.based_on, pack.text):
            if hashes.setdefault(text.pack, text.sha256 + text.lists_sha256) != text.sha256 + text.lists_sha256:
                raise PolicyProblem(
                    f"two packs are called {text.pack}",
                    hint="Give your own pack an id of its own; `extends` takes over another's rules.",
                    file=pack.file,
                )
        found[pack.id] = pack
    _same_rules(tuple(found.values()))
    return tuple(found.values())


def _same_rules(packs: Sequence[Pack]) -> None:
    rules: dict[str, Rule] = {}
    for pack in packs:
        for rule in pack.rules:
            other = rules.setdefault(rule.id, rule)
            # A rule that several packs include is one rule; of another with its id nobody could tell which is meant.
            if (other.pack, other.file, other.line) != (rule.pack, rule.file, rule.line):
                raise PolicyProblem(
                    f"the rule {rule.id} stands in {other.file} as well",
                    hint="Give each rule an id of its own, or judge with one of the two packs.",
                    file=rule.file,
                    line=rule.line,
                )


def _no_conflict(packs: Sequence[Pack], posture: str) -> None:
    for pack in packs:
        for other in packs:
            if other.id in pack.conflicts_with:
                raise PolicyProblem(
                    f"the packs {pack.id} and {other.id} contradict each other",
                    hint="Judge with one of them: what one demands, the other forbids. --allow-conflicts shows both "
                    "side by side.",
                    file=pack.file,
                )
        if posture != AUTO and not applies(pack.posture, posture):
            raise UsageProblem(
                f"the pack {pack.id} is for the posture {pack.posture}, and --posture declares {posture}",
                hint="Declare the posture of the tenant, and choose the packs for it; --allow-conflicts judges all.",
            )
