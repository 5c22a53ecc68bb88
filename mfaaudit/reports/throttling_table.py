"""What Graph refused because it was asked too much, and how long it asked to wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mfaaudit.evidence.batch import BATCH
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.snapshot.throttling import Throttling
from mfaaudit.sources import BY_NAME

BATCHES = "Reads of users, in batches"


def throttling(found: Sequence[Throttling]) -> Table:
    """One row for each source that was asked."""

    def rows() -> Iterator[list[Cell]]:
        for one in found:
            yield [
                BATCHES if one.source == BATCH else BY_NAME[one.source].title,
                one.requests,
                one.repeated,
                one.refused,
                sum(one.items.values()) if one.source == BATCH else None,
                _seconds(one.longest_wait),
                None if one.longest_wait is None else _seconds(one.total_wait),
                None if one.pressure is None else f"{one.pressure:g}",
                ", ".join(one.scopes) or None,
            ]

    return Table(
        name="Throttling",
        title="Throttling",
        note=(
            "What was refused with 429 was asked for again after the pause that Graph asked for; what stayed refused "
            "is among the failed reads, with the reason THROTTLED. Of a batch, refused are the reads in it, alone or "
            "with the whole batch; a pause counts once for each request, and requests that run together wait together. "
            "x-ms-throttle-limit-percentage is sent above 0.8; refusing begins at 1. The scopes stand without ids."
        ),
        columns=(
            Column(key="source", title="Source", width=34),
            Column(key="requests", title="Requests", kind=ColumnKind.NUMBER),
            Column(key="repeated", title="Asked again", kind=ColumnKind.NUMBER),
            Column(key="refused", title="Refused requests", kind=ColumnKind.NUMBER, width=18),
            Column(key="refusedItems", title="Refused reads in batches", kind=ColumnKind.NUMBER, width=18),
            Column(key="longestRetryAfter", title="Longest Retry-After (s)", width=18),
            Column(key="totalRetryAfter", title="Total Retry-After (s)", width=18),
            Column(key="limitPercentage", title="Highest limit percentage", width=18),
            Column(key="scopes", title="Scopes", kind=ColumnKind.LONG_TEXT, width=40),
        ),
        rows=rows,
        row_count=len(found),
        empty="Nothing was asked for.",
    )


def _seconds(value: float | None) -> str | None:
    # Whole seconds as a rule; what is not stays as it came.
    return None if value is None else f"{value:.3f}".rstrip("0").rstrip(".")
