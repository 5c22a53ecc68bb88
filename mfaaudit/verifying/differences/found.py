"""What a look at two files comes to."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = 5
"""Differences that are named; the rest is counted."""
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Found:
    """Two files that are not the same bytes."""

    same: bool | None
    """Whether they say the same; None if that cannot be told of such files."""
    where: str
    """The first places at which they differ, or how they can differ and say the same."""


def short(value: object) -> str:
    """A value as it is shown."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def instead(there: object, here: object) -> str:
    """What stands in the file, and what should."""
    return f"{short(there)} instead of {short(here)}"
