"""One list a field with one entry a user: the value that was read, or why it is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mfaaudit.evidence.batch import BATCH, Outcome, outcomes
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import Response, error_code, reason_of
from mfaaudit.snapshot.objects import Failure, Row, Walk
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.field import Value
from mfaaudit.sources.source import Source
from mfaaudit.words import Reason, Unknown

Entry = Value | Unknown


@dataclass(slots=True)
class Readings:
    """What one source gave for each user."""

    source: Source
    values: dict[str, list[Entry]]
    """By field name."""
    read_at: list[datetime | None]
    request_id: list[str | None]
    reasons: list[Reason | None]
    """Why the source gave nothing for the user; None where it answered."""
    failures: dict[int, Failure] = field(default_factory=dict)

    @classmethod
    def nothing(cls, source: Source, size: int, reason: Reason) -> Readings:
        """Before anything was read."""
        return cls(
            source=source,
            values={one.name: [Unknown(reason)] * size for one in source.fields},
            read_at=[None] * size,
            request_id=[None] * size,
            reasons=[reason] * size,
        )

    def put(self, index: int, raw: Mapping[str, Any], read_at: datetime, request_id: str) -> None:
        """An answer for one user; the first one stands."""
        if self.reasons[index] is None:
            return
        for one in self.source.fields:
            self.values[one.name][index] = one.read(raw)
        self.reasons[index] = None
        self.read_at[index] = read_at
        self.request_id[index] = request_id
        self.failures.pop(index, None)

    def miss(self, index: int, reason: Reason, failure: Failure | None = None) -> None:
        """No answer for one user; the last reason stands, unless there has been an answer."""
        if self.reasons[index] is None:
            return
        for one in self.source.fields:
            self.values[one.name][index] = Unknown(reason)
        self.reasons[index] = reason
        if failure is not None:
            self.failures[index] = failure


@dataclass(slots=True, kw_only=True)
class Listing:
    """The users that were enumerated, each once."""

    ids: list[str]
    index: dict[str, int]
    """By object id in lower case."""
    duplicates: list[str]
    """Ids that came again on a later page."""
    nameless: int
    """Rows without an id: somebody who cannot be judged."""
    readings: Readings


def list_users(found: Walk) -> Listing:
    """The population, in the order in which Graph listed it."""
    ids: list[str] = []
    index: dict[str, int] = {}
    duplicates: list[str] = []
    kept: list[Row] = []
    nameless = found.malformed
    for row in found.rows:
        user_id = row.raw.get("id")
        if not isinstance(user_id, str) or not user_id:
            nameless += 1
        elif user_id.lower() in index:
            duplicates.append(user_id)
        else:
            index[user_id.lower()] = len(ids)
            ids.append(user_id)
            kept.append(row)
    readings = Readings.nothing(BY_NAME["users"], len(ids), Reason.NOT_REQUESTED)
    for position, row in enumerate(kept):
        readings.put(position, row.raw, row.read_at, row.request_id)
    return Listing(ids=ids, index=index, duplicates=duplicates, nameless=nameless, readings=readings)


def read_per_user(folder: Path, sources: Sequence[str], index: Mapping[str, int]) -> dict[str, Readings]:
    """The per-user reads, by source: what each user's own answers gave."""
    found = {name: Readings.nothing(BY_NAME[name], len(index), Reason.NOT_REQUESTED) for name in sources}
    for response in read_journal(folder, BATCH):
        for item, outcome in outcomes(response):
            position = index.get(item.user_id.lower())
            if position is None or item.source not in found:
                continue
            if outcome.ok:
                found[item.source].put(position, outcome.body, response.read_at, response.request_id)
            else:
                failure = _failure(item.source, item.user_id, outcome, response)
                found[item.source].miss(position, failure.reason, failure)
    return found


def read_registration(found: Walk, index: Mapping[str, int]) -> tuple[Readings, list[str]]:
    """The registration report's rows joined by object id, and the ids of rows that belong to no listed user."""
    # Where the report ends early, a user without a row may stand on a page that was never read.
    absent = Reason.NO_ROW if found.missing is None else found.missing.reason
    readings = Readings.nothing(BY_NAME[found.source], len(index), absent)
    orphans = []
    for row in found.rows:
        user_id = row.raw.get("id")
        position = index.get(user_id.lower()) if isinstance(user_id, str) else None
        if position is None:
            orphans.append(str(user_id))
        else:
            readings.put(position, row.raw, row.read_at, row.request_id)
    return readings, orphans


def _failure(source: str, user_id: str, outcome: Outcome, response: Response) -> Failure:
    return Failure(
        source=source,
        user_id=user_id,
        reason=reason_of(outcome.status, outcome.body, problem=outcome.problem, source=BY_NAME[source]),
        status=outcome.status,
        code=error_code(outcome.body),
        request_id=response.request_id,
        read_at=response.read_at,
    )
