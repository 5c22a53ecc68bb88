"""YAML as nodes that know their line, and that refuse what is no plain data."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from mfaaudit.errors import PolicyProblem
from mfaaudit.yaml_bounds import MOST, compose

LONGEST_KEY = 200
"""Characters: no word of a pack comes near it."""
HIGHEST = 10**9
"""Nothing that a rule counts comes near it, and every engine can hold it."""

DIGITS = re.compile(r"-?(0|[1-9][0-9]{0,17})")
TAGS = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:int": "a whole number",
    "tag:yaml.org,2002:float": "a number with a decimal point",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:str": "text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """What may be said of a file before a word of it is understood."""

    longest: int
    """Characters."""
    most_bytes: int
    too_long: str
    """A hint."""
    begins: str
    """A hint for an empty one."""
    most: int = MOST
    """Keys, values and lists."""


ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Ids become file names and columns."""
GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""An object id, as Microsoft Entra gives it."""
MIB = 1 << 20
PACK = FileKind(
    longest=MIB,
    most_bytes=MIB,
    too_long="Split it into several packs.",
    begins="Start with `pack:` and `rules:`.",
)
"""A pack of a hundred rules has some 60,000 characters."""


@dataclass(frozen=True, slots=True)
class Node:
    """One place in a file."""

    file: str
    raw: Any
    key: Any = None
    """For the value of a mapping, the key before it, which may stand on a line of its own."""

    @property
    def line(self) -> int:
        """Counted from 1."""
        # Nothing after a key stands, to the parser, where the next line begins.
        nothing = self.raw.start_mark.index == self.raw.end_mark.index
        raw = self.key if nothing and self.key is not None else self.raw
        return int(raw.start_mark.line) + 1

    def problem(self, message: str, hint: str) -> PolicyProblem:
        """An error that points here."""
        return PolicyProblem(message, hint=hint, file=self.file, line=self.line)

    def key_problem(self, message: str, hint: str) -> PolicyProblem:
        """An error that points to the key before this value."""
        return Node(self.file, self.raw if self.key is None else self.key).problem(message, hint)

    def is_mapping(self) -> bool:
        """Whether keys and values stand here."""
        return isinstance(self.raw, MappingNode)

    def is_list(self) -> bool:
        """Whether a list stands here."""
        return isinstance(self.raw, SequenceNode)

    def items(self, what: str) -> Iterator[tuple[str, Node]]:
        """Keys and values. Raises PolicyProblem if this is no mapping, or a key comes twice."""
        if not self.is_mapping():
            raise self.problem(
                f"{what} must be keys with values, not {self.described()}", "Write `key: value` lines here."
            )
        seen: set[str] = set()
        for key, value in self.raw.value:
            if not isinstance(key, ScalarNode):
                raise Node(self.file, key).problem("a key must be one word", "Write `key: value` lines here.")
            if key.value in seen:
                raise Node(self.file, key).problem(f"the key {key.value!r} comes twice", "Keep one of the two.")
            seen.add(key.value)
            yield key.value, Node(self.file, value, key)

    def fields(self, what: str, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Node]:
        """The values of known keys. Raises PolicyProblem for an unknown one or a missing one."""
        found = dict(self.items(what))
        allowed = tuple(allowed)
        for key, value in found.items():
            if key not in allowed:
                raise value.key_problem(f"{what} has no key {key!r}", nearest(key, allowed))
        for key in required:
            if key not in found:
                raise self.problem(f"{what} lacks the key {key!r}", f"Add `{key}:`.")
        return found

    def elements(self, what: str) -> list[Node]:
        """The elements of a list. Raises PolicyProblem if this is none."""
        if not self.is_list():
            raise self.problem(
                f"{what} must be a list, not {self.described()}", "Write `[one, two]`, or a line with `- ` each."
            )
        return [Node(self.file, one) for one in self.raw.value]

    def text(self, what: str) -> str:
        """Text, not empty. Raises PolicyProblem if something else stands here."""
        value = self.scalar()
        if not isinstance(value, str) or not value.strip():
            raise self.problem(f"{what} must be text, not {self.described()}", 'Put it in quotes: "…".')
        return value.strip()

    def whole(self, what: str, highest: int = HIGHEST) -> int:
        """A whole number. Raises PolicyProblem if something else stands here."""
        value = self.scalar()
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= highest:
            wanted = "a whole number from 0" if highest == HIGHEST else f"a whole number from 0 to {highest}"
            raise self.problem(f"{what} must be {wanted}, not {self.described()}", "Write digits only.")
        return value

    def word(self, what: str, allowed: Iterable[str]) -> str:
        """One of some words. Raises PolicyProblem with the nearest one if something else stands here."""
        allowed = tuple(allowed)
        value = self.scalar()
        if value not in allowed:
            raise self.problem(f"{what} cannot be {self.described()}", nearest(str(value), allowed))
        return str(value)

    def scalar(self) -> Any:
        """The one value that stands here as bool, int, str or None; a date or a decimal number stays what it is not."""
        if not isinstance(self.raw, ScalarNode):
            return self
        if self.raw.style in ("'", '"', "|", ">"):
            return self.raw.value
        match TAGS.get(str(self.raw.tag)):
            case "true or false":
                return self.raw.value.lower() == "true"
            case "a whole number":
                return _whole(self.raw.value)
            case "nothing":
                return None
            case "text":
                return self.raw.value
        return self

    def described(self) -> str:
        """What stands here, for a message."""
        if self.is_mapping():
            return "keys with values"
        if self.is_list():
            return "a list"
        kind = TAGS.get(str(self.raw.tag), f"a value tagged {self.raw.tag}")
        shown = self.raw.value if len(self.raw.value) <= 60 else self.raw.value[:59] + "…"
        return f"{shown!r}" if kind == "text" or self.raw.style in ("'", '"') else f"{shown!r} ({kind})"


def parse(text: str, file: str, *, kind: FileKind = PACK) -> Node:
    """The root of a file. Raises PolicyProblem if it is no YAML, or YAML with anchors, aliases or tags."""
    if len(text) > kind.longest:
        raise PolicyProblem(f"the file is larger than {kind.longest >> 20} MiB", hint=kind.too_long, file=file)
    try:
        raw = compose(text, file, kind.most)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark is not None and mark.index >= len(text):
            # What was opened and never closed is missed at the end of the file only.
            mark = error.context_mark
        said = error.problem or error.context or "no YAML"
        raise PolicyProblem(
            f"this is no YAML: {said}",
            hint="Look at the indentation, the colons and the quotes of this line and the one before.",
            file=file,
            line=None if mark is None else mark.line + 1,
        ) from error
    except (YAMLError, ValueError) as error:
        raise PolicyProblem(
            f"this is no YAML: {str(error).splitlines()[0]}", hint="Save the file as plain UTF-8 text.", file=file
        ) from error
    except RecursionError as error:
        raise PolicyProblem(
            "the file is nested too deeply", hint="Nothing here needs more than a few levels.", file=file
        ) from error
    if raw is None:
        raise PolicyProblem("the file is empty", hint=kind.begins, file=file)
    _refuse_tricks(raw, file)
    return Node(file, raw)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """A hint: the allowed word that is most like the given one, and all of them if they are few."""
    allowed = sorted(allowed)
    close = difflib.get_close_matches(word, allowed, n=1, cutoff=0.5)
    folded = [one for one in allowed if one.casefold() == word.casefold()]
    longer = [one for one in allowed if len(word) > 2 and word.casefold() in one.casefold()]
    best = (folded or close or longer or [""])[0]
    choice = (
        f"Allowed: {', '.join(allowed)}." if len(allowed) <= 25 else "`mfaaudit policy schema` lists what is allowed."
    )
    return f"Did you mean {best!r}? {choice}" if best else choice


def _refuse_tricks(root: Any, file: str) -> None:
    waiting = [root]
    while waiting:
        raw = waiting.pop()
        if isinstance(raw, ScalarNode) and str(raw.tag) not in TAGS:
            raise Node(file, raw).problem(f"the tag {raw.tag} is not allowed", "Write the plain value.")
        if isinstance(raw, MappingNode):
            for key, value in raw.value:
                if isinstance(key, ScalarNode) and len(key.value) > LONGEST_KEY:
                    raise Node(file, key).problem(
                        f"a key has {len(key.value):,} characters", f"Use at most {LONGEST_KEY}."
                    )
                waiting += [value, key]
        elif isinstance(raw, SequenceNode):
            waiting += raw.value


def _whole(text: str) -> int | str:
    # Octal, hexadecimal and the like are whole numbers to YAML and riddles to a reader.
    return int(text) if DIGITS.fullmatch(text) else text
