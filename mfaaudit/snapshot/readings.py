"""What each source gave for each user: the value that was read, or why it is unknown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.evidence.batch import BATCH, Outcome, outcomes
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import ANY, Response, error_code, reason_of
from mfaaudit.evidence.service import Service
from mfaaudit.snapshot.frames import Entry, columns_of_source
from mfaaudit.snapshot.objects import Evidence, Failure, Row, Walk
from mfaaudit.snapshot.throttling import Heard
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.field import Field
from mfaaudit.sources.source import Source
from mfaaudit.words import Reason, Unknown

SOURCE_NAMES = pl.Enum(list(BY_NAME))
"""A byte a user, as with the reasons."""

FORBIDDEN = Unknown(Reason.NO_PERMISSION)
CHUNK = 10_000
"""Answers that wait as Python objects, which take ten times the room of columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What one source gave for each user."""

    source: Source
    frame: pl.DataFrame
    """One row a user: each field with its reasons, and when and in which answer the source was read."""
    reasons: Sequence[Reason | None]
    """Why the source gave nothing for the user; None where it answered."""
    failures: Mapping[int, Failure]

    @property
    def prefix(self) -> str:
        """What the names of the source's columns begin with."""
        return self.source.fields[0].name.split(".", 1)[0]

    def entries(self, name: str) -> list[Entry]:
        """The values of a field, in the order of the listing."""
        column = name.replace(".", "_")
        rows = self.frame.select(column, f"{column}_reason").iter_rows()
        return [
            (tuple(value) if isinstance(value, list) else value) if reason is None else Unknown(Reason(reason))
            for value, reason in rows
        ]


class Gathering:
    """The answers of one source on their way into columns."""

    def __init__(self, source: Source, size: int, reason: Reason, withheld: Collection[str] = ()) -> None:
        """`reason` stands for every user of whom nothing comes; `withheld` are fields that the identity may not see."""
        self.source = source
        self._withheld = frozenset(withheld)
        self.reasons: list[Reason | None] = [reason] * size
        self._failures: dict[int, Failure] = {}
        self._chunks: list[pl.DataFrame] = []
        self._start_chunk()

    def put(self, index: int, raw: Mapping[str, Any], read_at: datetime, request_id: str) -> None:
        """An answer for one user; the first one stands."""
        if self.reasons[index] is None:
            return
        self.reasons[index] = None
        self._failures.pop(index, None)
        for one in self.source.fields:
            self._values[one.name].append(FORBIDDEN if one.name in self._withheld else one.read(raw))
        self._indexes.append(index)
        self._read_at.append(read_at)
        self._request_ids.append(request_id)
        if len(self._indexes) == CHUNK:
            self._end_chunk()

    def miss(self, index: int, reason: Reason, failure: Failure) -> None:
        """No answer for one user; the last reason stands, unless there has been an answer."""
        if self.reasons[index] is not None:
            before = self._failures.get(index)
            self.reasons[index] = reason
            self._failures[index] = failure if before is None else replace(failure, attempts=before.attempts + 1)

    def has_nothing(self, index: int) -> None:
        """The source has nothing for a user who is there all the same."""
        if self.reasons[index] is Reason.NOT_FOUND:
            self.reasons[index] = Reason.NO_ROW
            self._failures[index] = replace(self._failures[index], reason=Reason.NO_ROW)

    def finish(self, absent: Reason | None = None) -> Readings:
        """All of it, in the order of the listing; `absent` takes the place of the reason given at first."""
        self._end_chunk()
        if absent is not None:
            self.reasons = [None if reason is None else absent for reason in self.reasons]
        gaps = pl.Series(self.reasons, dtype=REASONS)
        users = pl.DataFrame({"index": pl.int_range(len(self.reasons), dtype=pl.UInt32(), eager=True)})
        frame = users.join(pl.concat(self._chunks), on="index", how="left", maintain_order="left").drop("index")
        self._chunks.clear()
        return Readings(
            source=self.source,
            frame=frame.with_columns(pl.col(REASONS).fill_null(gaps)),
            reasons=self.reasons,
            failures=self._failures,
        )

    def _start_chunk(self) -> None:
        self._indexes: list[int] = []
        self._values: dict[str, list[Entry]] = {one.name: [] for one in self.source.fields}
        self._read_at: list[datetime] = []
        self._request_ids: list[str] = []

    def _end_chunk(self) -> None:
        index = pl.Series(self._indexes, dtype=pl.UInt32())
        columns = columns_of_source(self.source, self._values, self._read_at, self._request_ids)
        self._chunks.append(pl.DataFrame({"index": index} | columns))
        self._start_chunk()


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
    walk: Walk


def list_users(
    evidence: Evidence, fields: tuple[Field, ...] = BY_NAME["users"].fields, withheld: Collection[str] = ()
) -> Listing:
    """The population, in the order in which Graph listed it.

    `fields` are all that is kept of each row. Of those that are `withheld` the identity is shown nothing: what stands
    in their place, null or nothing at all, says nothing of the user.
    """
    ids: list[str] = []
    index: dict[str, int] = {}
    duplicates: list[str] = []
    nameless: Counter[int] = Counter()
    walks: list[int] = []
    """By user, the last walk through the list that came upon them."""
    gathering = Gathering(replace(BY_NAME["users"], fields=fields), 0, Reason.NOT_REQUESTED, withheld)

    def take(row: Row) -> None:
        user_id = row.raw.get("id")
        if not isinstance(user_id, str) or not user_id:
            nameless[row.walk] += 1
        elif (position := index.get(user_id.lower())) is not None:
            # Who comes again because the list was begun again has not come twice.
            if walks[position] == row.walk:
                duplicates.append(user_id)
            walks[position] = row.walk
        else:
            index[user_id.lower()] = len(ids)
            ids.append(user_id)
            walks.append(row.walk)
            gathering.reasons.append(Reason.NOT_REQUESTED)
            gathering.put(len(ids) - 1, row.raw, row.read_at, row.request_id)

    found = evidence.pass_on("users", take)
    return Listing(
        ids=ids,
        index=index,
        duplicates=duplicates,
        nameless=nameless[found.number] + found.malformed,
        readings=gathering.finish(),
        walk=found,
    )


@dataclass(slots=True)
class Batches:
    """How many answers carried the per-user reads, and from when to when."""

    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    heard: Heard = field(default_factory=Heard)
    """What they said of the service's limits."""


def read_per_user(
    folder: Path,
    sources: Sequence[str],
    index: Mapping[str, int],
    service: Service = ANY,
    withheld: Collection[str] = (),
) -> tuple[dict[str, Readings], Batches]:
    """The per-user reads, by source: what each user's own answers gave."""
    found = {name: Gathering(BY_NAME[name], len(index), Reason.NOT_REQUESTED, withheld) for name in sources}
    batches = Batches()
    for response in read_journal(folder, BATCH):
        batches.count += 1
        batches.first = batches.first or response.read_at
        batches.last = response.read_at
        answered = list(outcomes(response))
        batches.heard.hear(response, answered)
        for item, outcome in answered:
            position = index.get(item.user_id.lower())
            if position is None or item.source not in found:
                continue
            if outcome.ok:
                found[item.source].put(position, outcome.body, response.read_at, response.request_id)
            else:
                failure = _failure(item.source, item.user_id, outcome, response, service)
                found[item.source].miss(position, failure.reason, failure)
    _tell_apart_who_is_gone(list(found.values()))
    return {name: one.finish() for name, one in found.items()}, batches


def _tell_apart_who_is_gone(gatherings: Sequence[Gathering]) -> None:
    """Takes 404 from one source for what it is where another source has answered: the account is still there."""
    for number in range(len(gatherings[0].reasons) if gatherings else 0):
        reasons = [one.reasons[number] for one in gatherings]
        if None in reasons and Reason.NOT_FOUND in reasons:
            for one in gatherings:
                one.has_nothing(number)


def gone_from(readings: Iterable[Readings]) -> set[int]:
    """The rows of the users who were gone when they were read: no source of their own that was asked had them."""
    reasons = zip(*(one.reasons for one in readings), strict=True)
    return {number for number, given in enumerate(reasons) if {*given} - {Reason.NOT_REQUESTED} == {Reason.NOT_FOUND}}


@dataclass(slots=True, kw_only=True)
class Report:
    """A collection with a row a user, joined to the listing by object id."""

    readings: Readings
    """With the collection's own fields; where it has none, with those of a source that it stands in for."""
    stand_ins: Mapping[str, Readings]
    """The same rows, read with the fields of the sources that they may stand in for, by the name of that source."""
    orphans: list[str]
    """The ids of rows that belong to no listed user, as often as they came."""
    nameless: int
    """Rows without an id."""
    walk: Walk


def read_rows(
    evidence: Evidence, index: Mapping[str, int], source: Source, stands_in_for: Mapping[str, tuple[Field, ...]]
) -> Report:
    """The rows of a collection, joined to the users: with its own fields, and with those of what it may stand in for.

    A user without a row is NO_ROW if the collection was read to its end, else unknown for the reason why it was not.
    """
    sets = {source.name: source.fields, **stands_in_for} if source.fields else stands_in_for
    gatherings = {
        name: Gathering(replace(source, fields=fields), len(index), Reason.NO_ROW) for name, fields in sets.items()
    }
    # By the walk that came upon them: one that was begun again comes upon them again.
    orphans: defaultdict[int, list[str]] = defaultdict(list)
    nameless: Counter[int] = Counter()

    def take(row: Row) -> None:
        user_id = row.raw.get("id")
        if not isinstance(user_id, str) or not user_id:
            nameless[row.walk] += 1
        elif (position := index.get(user_id.lower())) is None:
            orphans[row.walk].append(user_id)
        else:
            for one in gatherings.values():
                one.put(position, row.raw, row.read_at, row.request_id)

    found = evidence.pass_on(source.name, take)
    # Where the rows end early, a user without one may stand on a page that was never read.
    absent = Reason.NO_ROW if found.missing is None else found.missing.reason
    read = {name: one.finish(absent) for name, one in gatherings.items()}
    own = next(iter(read.values()))
    read.pop(source.name, None)
    return Report(
        readings=own,
        stand_ins=read,
        orphans=orphans[found.number],
        nameless=nameless[found.number],
        walk=found,
    )


def traced(documented: Readings, stand_in: Readings | None = None, taken: pl.Series | None = None) -> Readings:
    """The readings of a per-user source with the source of each beside them.

    `taken` says of each user whether the stand-in's reading takes the place of none: with its time and its request-id.
    """
    frame = documented.frame
    reasons = documented.reasons
    origin = pl.Series([documented.source.name if reason is None else None for reason in reasons], dtype=SOURCE_NAMES)
    if stand_in is not None and taken is not None:
        frame = pl.DataFrame([stand_in.frame[column.name].zip_with(taken, column) for column in frame])
        names = pl.Series([stand_in.source.name], dtype=SOURCE_NAMES).new_from_index(0, len(reasons))
        origin = names.zip_with(taken, origin)
        reasons = [None if one else reason for one, reason in zip(taken, reasons, strict=True)]
    return Readings(
        source=documented.source,
        frame=frame.with_columns(origin.alias(f"{documented.prefix}_source")),
        reasons=reasons,
        failures=documented.failures,
    )


def _failure(source: str, user_id: str, outcome: Outcome, response: Response, service: Service) -> Failure:
    return Failure(
        source=source,
        user_id=user_id,
        reason=reason_of(
            outcome.status, outcome.body, problem=outcome.problem, source=BY_NAME[source], service=service
        ),
        status=outcome.status,
        code=error_code(outcome.body),
        request_id=response.request_id,
        client_request_id=response.client_request_id,
        attempts=1,
        read_at=response.read_at,
    )
