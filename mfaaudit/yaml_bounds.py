"""Reads YAML no further than is sane: not too deep, not too much of it, and nothing but plain data."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.scanner import Scanner

from mfaaudit.errors import PolicyProblem

MOST = 20_000
"""Keys, values and lists. A pack of a hundred rules has some 4,000; the reader takes about a second for these."""
REMEMBERED_FROM = 2_000
"""Characters: a shorter text is read again in no time, and would take the place of one that is not."""
DEEPEST = 60
"""Levels: far more than a person can follow, and far fewer than would exhaust a stack."""


class _Refused(Exception):
    """What no rule needs, found while the file is still being read."""

    def __init__(self, message: str, hint: str, mark: Any) -> None:
        super().__init__(message)
        self.hint = hint
        self.line = mark.line + 1


class _PlainScanner(Scanner):
    """Knows neither anchors nor tags: what they stand for can grow without bound, and a long tag is read slowly."""

    def scan_anchor(self, _: Any) -> NoReturn:
        """Refuses an anchor or an alias."""
        raise _Refused(
            "anchors and aliases are not allowed", "Write the value out where it is needed.", self.reader.get_mark()
        )

    def scan_tag(self) -> NoReturn:
        """Refuses a tag."""
        mark, shown = self.reader.get_mark(), self.reader.prefix(60).split()[0]
        raise _Refused(f"the tag {shown} is not allowed", "Write the plain value.", mark)


class _BoundedComposer(Composer):
    """Stops before the rest of the file costs anything."""

    count = 0
    most = MOST

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The node that comes next."""
        self.count += 1
        if self.depth >= DEEPEST:
            raise _Refused("the file is nested too deeply", "Nothing here needs more than a few levels.", self._mark())
        if self.count > self.most:
            raise _Refused(
                f"the file holds more than {self.most:,} keys and values", "Split it into several files.", self._mark()
            )
        return super().compose_node(parent, index)

    def _mark(self) -> Any:
        return self.parser.peek_event().start_mark


def compose(text: str, file: str, most: int = MOST) -> Any:
    """The root node of a file, None if it is empty. Raises PolicyProblem, or an error of the YAML reader."""
    try:
        return _composed(text, most) if len(text) >= REMEMBERED_FROM else _composed.__wrapped__(text, most)
    except _Refused as error:
        raise PolicyProblem(str(error), hint=error.hint, file=file, line=error.line) from error


# A pack that others include is read for each of them, the shared lists for every pack, and the packs that bundles keep
# once for each bundle, under another name; nobody changes a node.
@lru_cache(maxsize=64)
def _composed(text: str, most: int) -> Any:
    reader = YAML(typ="safe", pure=True)

    class Bounded(_BoundedComposer):
        """With the bound of this kind of file."""

    Bounded.most = most
    reader.Scanner, reader.Composer = _PlainScanner, Bounded
    return reader.compose(text)
