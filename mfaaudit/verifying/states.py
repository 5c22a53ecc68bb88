"""What became of each file of a bundle, and of the bundle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum


class State(Enum):
    """In what state a file is: exactly one of these."""

    INTACT = "intact"
    """Its hash is right, and it follows from the evidence where it should."""
    ALTERED = "altered"
    MISSING = "missing"
    EXTRA = "extra"
    """Nothing lists it."""
    NOT_REPRODUCED = "not reproduced"
    """Its hash is right, and it does not follow from the evidence: somebody wrote both anew."""
    PURGED = "purged"
    """Deleted on purpose, and on record."""
    NOT_CHECKED = "not checked"
    """Its hash is right; whether it follows from the evidence was not looked at, or could not be."""


WRONG = (State.ALTERED, State.MISSING, State.EXTRA, State.NOT_REPRODUCED)
OPEN = (State.PURGED, State.NOT_CHECKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One file, or what stands in its place."""

    path: str
    state: State
    note: str = ""
    """What a person should know of it."""
    expected: str = ""
    """The hash that it should have; empty where none is known."""
    found: str = ""
    """The hash that it has; empty where it has none, or nobody had to know."""

    def now(self, state: State, note: str = "") -> Checked:
        """The same file after one more look."""
        return replace(self, state=state, note=note or self.note)


class Way(Enum):
    """How results were set beside the evidence."""

    BYTES = "byte by byte"
    CONTENT = "by content"
    NOT = "not at all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Something that was given from outside of the bundle to set beside its manifest."""

    what: str
    state: State
    """INTACT, ALTERED or NOT_CHECKED."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A bundle after all looks."""

    manifest_sha256: str
    run_id: str
    copy: str
    """Which sort of copy it is that may be passed on; empty for a bundle."""
    way: Way
    why: str
    """Why the results were not set beside the evidence byte by byte; empty if they were."""
    files: Sequence[Checked]
    """Every file that is listed, that stands there, or that should; manifest.json among them."""
    outside: Sequence[Outside] = ()

    def count(self, state: State) -> int:
        """How many files are in a state."""
        return sum(one.state is state for one in self.files)

    @property
    def wrong(self) -> tuple[Checked, ...]:
        """The files that are not as they should be."""
        return tuple(one for one in self.files if one.state in WRONG)

    @property
    def exit_code(self) -> int:
        """0 whole and reproduced, 10 something is wrong, 11 nothing is wrong and not everything could be checked."""
        if self.wrong or any(one.state is State.ALTERED for one in self.outside):
            return 10
        states = [*(one.state for one in self.files), *(one.state for one in self.outside)]
        return 0 if self.way is Way.BYTES and not any(one in OPEN for one in states) else 11
