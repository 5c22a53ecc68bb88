"""What came of checking one signature or one time stamp."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How a check ended."""

    OK = "OK"
    """It is genuine, and of just this manifest."""
    WRONG = "WRONG"
    """It is not genuine, not of this manifest, or not by whom it should be."""
    NOT_CHECKED = "NOT_CHECKED"
    """This program cannot tell; the words say what can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One signature or time stamp, and whether it holds."""

    what: str
    """What was checked, in a word or three."""
    state: State
    words: str
    """A sentence for a person; it may quote what a file says, and is not yet tamed for a terminal."""
    at: datetime | None = None
    """Since when the manifest exists for certain, where that is proved."""
