"""How much of each source was read, and why the rest was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import Response, reason_of
from mfaaudit.evidence.run import Run
from mfaaudit.evidence.service import Service
from mfaaudit.snapshot.objects import Evidence, Walk
from mfaaudit.snapshot.population import count_answers
from mfaaudit.snapshot.readings import Batches, Readings
from mfaaudit.sources import OF_ONE, SOURCES
from mfaaudit.sources.source import Shape
from mfaaudit.words import Reason, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """One source: wanted = read + unread, and the reasons add up to unread."""

    source: str
    wanted: int
    read: int
    reasons: Mapping[Reason, int]
    requests: int
    first: datetime | None
    last: datetime | None

    @property
    def unread(self) -> int:
        """What was wanted and is not known."""
        return self.wanted - self.read


def cover(
    run: Run,
    folder: Path,
    evidence: Evidence,
    readings: Sequence[Readings],
    walks: Mapping[str, Walk],
    batches: Batches,
) -> tuple[Coverage, ...]:
    """One row for each source that the audit asked for, in the order of the sources."""
    rows = {one.source.name: one for one in readings}
    found = []
    for source in SOURCES:
        if not run.order.asks_for(source):
            continue
        if source.shape is Shape.PER_USER:
            # Both per-user reads travel in the same batches.
            found.append(_of_users(rows[source.name], requests=batches.count, first=batches.first, last=batches.last))
        elif source.name in rows:
            walk = walks[source.name]
            found.append(_of_users(rows[source.name], requests=walk.requests, first=walk.first, last=walk.last))
        elif source.shape is Shape.COUNT:
            found.append(_count_coverage(folder, evidence.service))
        elif source in OF_ONE:
            found.append(_each_coverage(source.name, evidence.each(source).values()))
        else:
            found.append(_of_walk(evidence.walk(source.name)))
    return tuple(found)


def _of_users(readings: Readings, *, requests: int, first: datetime | None, last: datetime | None) -> Coverage:
    """A source that is wanted once for each user."""
    reasons = Counter(readings.reasons)
    read = reasons.pop(None, 0)
    return Coverage(
        source=readings.source.name,
        wanted=len(readings.reasons),
        read=read,
        reasons={reason: reasons[reason] for reason in sorted(filter(None, reasons))},
        requests=requests,
        first=first,
        last=last,
    )


def _of_walk(found: Walk) -> Coverage:
    """A source that is wanted once for the tenant."""
    return Coverage(
        source=found.source,
        wanted=1,
        read=int(found.whole),
        reasons={} if found.gap is None else {found.gap.reason: 1},
        requests=found.requests,
        first=found.first,
        last=found.last,
    )


def _count_coverage(folder: Path, service: Service) -> Coverage:
    responses = list(read_journal(folder, "userCount"))
    answers = count_answers(folder)
    gaps = [count_gap(answer, service) for answer in answers]
    reasons = Counter(gap.reason for gap in gaps if gap is not None)
    reasons[Reason.NOT_REQUESTED] += 2 - len(answers)
    return Coverage(
        source="userCount",
        wanted=2,
        read=2 - reasons.total(),
        reasons=dict(sorted((+reasons).items())),
        requests=len(responses),
        first=responses[0].read_at if responses else None,
        last=responses[-1].read_at if responses else None,
    )


def count_gap(response: Response, service: Service) -> Unknown | None:
    """Why an answer to `$count` is no number; None if it is one."""
    if response.number() is not None:
        return None
    return Unknown(reason_of(response.status, response.json(), problem=response.problem, service=service))


def _each_coverage(source: str, found: Iterable[Walk]) -> Coverage:
    """A source that is wanted once for each object that something names."""
    walks = list(found)
    reasons: dict[Reason, int] = {}
    for walk in walks:
        if walk.gap is not None:
            reasons[walk.gap.reason] = reasons.get(walk.gap.reason, 0) + 1
    return Coverage(
        source=source,
        wanted=len(walks),
        read=sum(1 for walk in walks if walk.whole),
        reasons=reasons,
        requests=sum(walk.requests for walk in walks),
        first=min((walk.first for walk in walks if walk.first), default=None),
        last=max((walk.last for walk in walks if walk.last), default=None),
    )
