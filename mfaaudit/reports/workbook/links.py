"""Cells that lead to an address on the web, and how thousands of them are written without an object for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from openpyxl.packaging.relationship import RelationshipList
from openpyxl.xml.constants import REL_NS
from openpyxl.xml.functions import Element

from mfaaudit.reports.document import Cell
from mfaaudit.reports.plain import plain

MOST_LINKS = 65_530
"""On one sheet (Excel specifications and limits); with more, Excel calls the file damaged."""
LONGEST_ADDRESS = 2_079
"""Characters that Excel takes of an address."""
TYPE = f"{REL_NS}/hyperlink"


class BadAddress(ValueError):
    """An address that no cell may lead to."""


def addressing(pattern: str) -> Callable[[Cell], str | None]:
    """What makes an address of a value; None where there is nothing to lead to. Raises BadAddress."""
    before, sign, after = pattern.partition("{}")
    host = before.removeprefix("https://").partition("/")[0]
    if not before.startswith("https://") or not sign or "{}" in after or not host or "/" not in before[8:]:
        raise BadAddress(f"an address begins with https:// and a host, and has {{}} once, after it: {pattern!r}")

    def address(value: Cell) -> str | None:
        # Of what is not shown as it is, and of the steps up a path, nothing is made that somebody could click on.
        if not isinstance(value, str) or not value.strip(". ") or plain(value) != value:
            return None
        made = f"{before}{quote(value, safe='')}{after}"
        return made if len(made) <= LONGEST_ADDRESS else None

    return address


def may_link(links: int) -> bool:
    """Whether a sheet takes so many, beside the one to the contents."""
    return links < MOST_LINKS


class Targets(RelationshipList):
    """What a sheet leads to: openpyxl's own parts, and the addresses of its links."""

    def __init__(self, links: list[tuple[str, str]]) -> None:
        super().__init__()
        self._links = links

    def __bool__(self) -> bool:
        return bool(len(self) or self._links)

    def to_tree(self) -> Any:
        """As XML."""
        tree = super().to_tree()
        for number, (_, address) in enumerate(self._links):
            tree.append(
                Element(
                    "Relationship",
                    {"Id": _id(number), "Type": TYPE, "Target": address, "TargetMode": "External"},
                )
            )
        return tree


def links_as_xml(links: list[tuple[str, str]]) -> Iterator[str]:
    """The elements of a sheet for its links, each a cell and an address."""
    for number, (cell, _) in enumerate(links):
        yield f'<hyperlink xmlns:r="{REL_NS}" ref={quoteattr(cell)} r:id="{_id(number)}"/>'


def _id(number: int) -> str:
    return f"link{number}"
