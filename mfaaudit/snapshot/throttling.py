"""What the service refused because it was asked too much: by source, as the evidence is walked through once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mfaaudit.evidence.batch import BATCH, Item, Outcome
from mfaaudit.evidence.limits import asked_pause, number_in
from mfaaudit.evidence.response import Response
from mfaaudit.sources import SOURCES
from mfaaudit.sources.source import Shape

REFUSED = 429
PRESSURE, SCOPE = "x-ms-throttle-limit-percentage", "x-ms-throttle-scope"
OTHER_SCOPE = "other"
"""A scope that is not written as documented."""
_SCOPE = re.compile(r"([A-Za-z_]{1,40}/[A-Za-z]{1,40})(?:/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttling:
    """How one source was throttled."""

    source: str
    """`$batch` for the reads of users that travel in batches."""
    requests: int
    """Answers that came, or did not, to whole requests."""
    repeated: int
    """Those of them that had been asked before."""
    refused: int
    """Those of them that were 429."""
    items: Mapping[str, int]
    """By source, the reads in batches that were answered 429, alone or with the whole batch."""
    longest_wait: float | None
    """The longest pause that was asked for, in seconds; None if none was."""
    total_wait: float
    """All pauses that were asked for, one a request; requests that run together wait together."""
    pressure: float | None
    """The highest x-ms-throttle-limit-percentage: refusing begins at 1; None if it was never sent."""
    scopes: tuple[str, ...]
    """What the limits are of, without the ids of the application, the tenant or the user."""

    @property
    def throttled(self) -> int:
        """What was asked for and refused: reads in batches, or whole requests."""
        return sum(self.items.values()) if self.source == BATCH else self.refused


@dataclass(slots=True)
class Heard:
    """The same of some answers, while they are being gone through."""

    requests: int = 0
    repeated: int = 0
    refused: int = 0
    items: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    pressures: list[float] = field(default_factory=list)
    scopes: set[str] = field(default_factory=set)

    def hear(self, response: Response, found: Iterable[tuple[Item, Outcome]] = ()) -> None:
        """One more answer, and what became of each item if it is that to a batch."""
        self.requests += response.attempt > 0
        self.repeated += response.attempt > 1
        self.refused += response.status == REFUSED
        said = [response.headers]
        for item, outcome in found:
            if outcome.status == REFUSED:
                self.items[item.source] += 1
            if outcome.headers:
                said.append(outcome.headers)
        pauses = [pause for headers in said if (pause := asked_pause(headers, response.read_at)) is not None]
        pressures = [number for headers in said if (number := number_in(headers, PRESSURE)) is not None]
        self.waits += [max(pauses)] if pauses else []
        self.pressures = [max(self.pressures + pressures)] if pressures else self.pressures
        self.scopes.update(_scope(headers[SCOPE]) for headers in said if SCOPE in headers)


def throttling_of(heard: Mapping[str, Sequence[Heard]]) -> tuple[Throttling, ...]:
    """One row for each source that was asked at all, in the order of the sources."""
    return tuple(_sum(name, heard[name]) for name in _names() if any(one.requests for one in heard.get(name, ())))


def _names() -> Iterator[str]:
    yield from dict.fromkeys(BATCH if source.shape is Shape.PER_USER else source.name for source in SOURCES)


def _sum(source: str, heard: Sequence[Heard]) -> Throttling:
    waits = [wait for one in heard for wait in one.waits]
    return Throttling(
        source=source,
        requests=sum(one.requests for one in heard),
        repeated=sum(one.repeated for one in heard),
        refused=sum(one.refused for one in heard),
        items=dict(sorted(sum((one.items for one in heard), Counter[str]()).items())),
        longest_wait=max(waits, default=None),
        total_wait=round(sum(waits), 3),
        pressure=max((number for one in heard for number in one.pressures), default=None),
        scopes=tuple(sorted({scope for one in heard for scope in one.scopes})),
    )


def _scope(text: str) -> str:
    found = _SCOPE.match(text)
    return OTHER_SCOPE if found is None else found[1]
