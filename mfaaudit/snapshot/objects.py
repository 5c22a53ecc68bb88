"""The evidence as objects: what each source gave, and whether it gave all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import Response, error_code, link_in, next_link, reason_of
from mfaaudit.snapshot.throttling import Heard
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.source import Shape
from mfaaudit.words import Reason, Unknown

_GROUP = re.compile(r"/groups/([^/]+)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One object of a collection, and the answer it came in."""

    raw: Mapping[str, Any]
    read_at: datetime
    request_id: str
    walk: int = 1
    """Which walk through the collection it came from: one whose links had expired was begun again."""


NOTHING_ASKED = Unknown(Reason.NOT_REQUESTED)


@dataclass(slots=True, kw_only=True)
class Walk:
    """One source as far as it was read."""

    source: str
    gap: Unknown | None = NOTHING_ASKED
    """Why it is not whole; None if it is."""
    rows: list[Row] = field(default_factory=list)
    """Empty if somebody took them as they came."""
    malformed: int = 0
    """Elements that are no objects, and so name nobody."""
    first: datetime | None = None
    last: datetime | None = None
    requests: int = 0
    heard: Heard = field(default_factory=Heard)
    """What all its answers said of the service's limits."""
    failure: Response | None = None
    """The answer that left the gap."""
    number: int = 0
    """How often the walk was begun."""
    began_at: str | None = None
    """The address of its first page."""
    follows: str | None = None
    """The address of the answer that would go on with it."""

    @property
    def whole(self) -> bool:
        """Whether the last page was reached, and every page was readable."""
        return self.gap is None

    @property
    def missing(self) -> Unknown | None:
        """Why something of it is not known; None if every element of every page is."""
        return Unknown(Reason.UNKNOWN_VALUE) if self.gap is None and self.malformed else self.gap


def walk(
    folder: Path,
    source: str,
    responses: Iterator[Response] | None = None,
    take: Callable[[Row], None] | None = None,
) -> Walk:
    """Reads one source's answers. The last one decides whether it is whole: the reader stops at the first failure.

    Where the walk was begun again, only its last try counts. `take` is given each row as it comes, from all tries,
    and it is then not kept: a large tenant has too many.
    """
    found = Walk(source=source)
    take = found.rows.append if take is None else take
    for response in read_journal(folder, source) if responses is None else responses:
        found.requests += response.attempt > 0
        found.heard.hear(response)
        found.first = found.first or response.read_at
        found.last = response.read_at
        # What was not read is asked for again at the same address; after a page, only its link leads on.
        # A link that led back to the first page was not followed: whatever is read there begins again.
        if response.url != found.follows or (response.attempt and response.url == found.began_at):
            found.began_at = response.url
            found.number += 1
            found.malformed = 0
            found.rows.clear()
        _read(found, response, take)
        link = response.url if found.failure is response else next_link(response)
        found.follows = None if link is None else str(link)
    return found


def _read(found: Walk, response: Response, take: Callable[[Row], None]) -> None:
    body = response.json() if response.ok else None
    shape = BY_NAME[found.source].shape
    elements = [body] if shape is Shape.OBJECT else body.get("value") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(elements, list):
        found.failure = response
        found.gap = Unknown(
            reason_of(response.status, response.json(), problem=response.problem, source=BY_NAME[found.source])
        )
        return
    for element in elements:
        if isinstance(element, dict):
            take(Row(raw=element, read_at=response.read_at, request_id=response.request_id, walk=found.number))
        else:
            found.malformed += 1
    more = link_in(body) is not None
    found.failure = None
    # A page that promises another is not the end, whatever came of the next one.
    found.gap = Unknown(Reason.SERVER_ERROR) if more else None


class Evidence:
    """All sources of one bundle, each read when it is first asked for, and kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._walks: dict[str, Walk] = {}
        self._groups: dict[str, Walk] | None = None

    def walk(self, source: str) -> Walk:
        """One collection or object."""
        if source not in self._walks:
            self._walks[source] = walk(self.folder, source)
        return self._walks[source]

    def pass_on(self, source: str, take: Callable[[Row], None]) -> Walk:
        """One collection whose rows are too many to keep: `take` is given each as it is read."""
        return walk(self.folder, source, take=take)

    def objects(self, source: str) -> Sequence[Mapping[str, Any]] | Unknown:
        """All objects of a source, or why they are not all there."""
        found = self.walk(source)
        return found.missing or [row.raw for row in found.rows]

    def members(self, group: str) -> Sequence[str] | Unknown:
        """The object ids of a group's users, or why they are not all there."""
        if self._groups is None:
            self._groups = self._read_groups()
        found = self._groups.get(group.lower())
        if found is None:
            return Unknown(Reason.NOT_REQUESTED)
        if found.missing is not None:
            return found.missing
        ids = [row.raw.get("id") for row in found.rows]
        known = [member for member in ids if isinstance(member, str)]
        return known if len(known) == len(ids) else Unknown(Reason.UNKNOWN_VALUE)

    def groups(self) -> Mapping[str, Walk]:
        """One walk for each group whose members were asked for."""
        if self._groups is None:
            self._groups = self._read_groups()
        return self._groups

    def _read_groups(self) -> dict[str, Walk]:
        walks: dict[str, list[Response]] = {}
        for response in read_journal(self.folder, "groupMembers"):
            match = _GROUP.search(response.url)
            walks.setdefault(match.group(1).lower() if match else "", []).append(response)
        return {group: walk(self.folder, "groupMembers", iter(answers)) for group, answers in walks.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One read that gave nothing, for the sheet that lists them."""

    source: str
    user_id: str
    """Empty if the read was not about one user."""
    reason: Reason
    status: int
    code: str
    request_id: str
    client_request_id: str
    """What we had called the request."""
    attempts: int
    """How often it was asked for; 0 if nothing was sent."""
    read_at: datetime


def failure_of(found: Walk) -> Failure | None:
    """The failed read of a walk that is not whole."""
    response = found.failure
    if response is None or found.gap is None:
        return None
    return Failure(
        source=found.source,
        user_id="",
        reason=found.gap.reason,
        status=response.status,
        code=error_code(response.json()),
        request_id=response.request_id,
        client_request_id=response.client_request_id,
        attempts=response.attempt,
        read_at=response.read_at,
    )
