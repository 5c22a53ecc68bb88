"""How much of each source was read, and why the rest was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mfaaudit.snapshot.objects import Walk
from mfaaudit.snapshot.readings import Readings
from mfaaudit.words import Reason


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


def of_users(readings: Readings, *, requests: int, first: datetime | None, last: datetime | None) -> Coverage:
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


def of_walk(found: Walk) -> Coverage:
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
