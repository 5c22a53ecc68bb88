"""The values that a rule compares with, as a sentence says them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LONG = 7
"""Values that a sentence can still hold."""


class Named(tuple[str, ...]):
    """Values that come from a shared list, which a reader knows by its name."""

    name: str

    @classmethod
    def of(cls, name: str, values: Sequence[str]) -> Named:
        """The values under the name of their list."""
        made = cls(values)
        made.name = name
        return made


def said(value: Any) -> str:
    """A value as a rule spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return '""' if value == "" else str(value)


def listed(values: Sequence[Any], last: str) -> str:
    """`a, b or c`; a long shared list by its name."""
    if isinstance(values, Named) and len(values) > LONG:
        return f"{'any of ' if last == 'or' else ''}the {len(values)} values of ${values.name}"
    words = [said(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
