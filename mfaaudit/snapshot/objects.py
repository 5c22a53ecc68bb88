"""The evidence as objects: what each source gave, and whether it gave all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import ANY, Response, error_code, link_in, next_link, reason_of
from mfaaudit.evidence.row_count import RowCount
from mfaaudit.evidence.service import GLOBAL, Service
from mfaaudit.snapshot.throttling import Heard
from mfaaudit.sources import BY_NAME, OF_ONE, group_members, named_groups, organization
from mfaaudit.sources.source import Shape, Source
from mfaaudit.words import Reason, Unknown


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
    count: RowCount = field(default_factory=RowCount)
    """Its rows against the count that came with the first of its pages."""

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
    service: Service = ANY,
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
            found.count = RowCount()
        _read(found, response, take, service)
        link = response.url if found.failure is response else next_link(response)
        found.follows = None if link is None else str(link)
    return found


def _read(found: Walk, response: Response, take: Callable[[Row], None], service: Service) -> None:
    body = response.json() if response.ok else None
    source = BY_NAME[found.source]
    shape = source.shape
    if source.may_not_exist and response.status in (400, 404) and found.count.begins:
        # The cloud knows nothing of the kind, so that there is none.
        found.failure = found.gap = None
        return
    elements = [body] if shape is Shape.OBJECT else body.get("value") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(elements, list):
        found.failure = response
        found.gap = Unknown(
            reason_of(response.status, response.json(), problem=response.problem, source=source, service=service)
        )
        return
    found.count.add(body)
    for element in elements:
        if isinstance(element, dict):
            take(Row(raw=element, read_at=response.read_at, request_id=response.request_id, walk=found.number))
        else:
            found.malformed += 1
    more = link_in(body) is not None
    # A list that ends with other rows than were counted lacks somebody, or holds somebody who is no longer there.
    found.failure = None if more or found.count.fits else response
    # A page that promises another is not the end, whatever came of the next one.
    found.gap = Unknown(Reason.SERVER_ERROR) if more or not found.count.fits else None


class Evidence:
    """All sources of one bundle, each read when it is first asked for, and kept."""

    def __init__(self, folder: Path, *, cloud: str = GLOBAL, permissions: AbstractSet[str] = frozenset()) -> None:
        """`permissions` are those that the tokens carried with which all of it was read."""
        self.folder = folder
        self._cloud = cloud
        self._permissions = permissions
        self._walks: dict[str, Walk] = {}
        self._each: dict[str, dict[str, Walk]] = {}

    @cached_property
    def service(self) -> Service:
        """Which cloud answered, and what type of tenant."""
        rows = walk(self.folder, organization.SOURCE.name).rows
        said = rows[0].raw.get("tenantType") if rows else None
        return Service(cloud=self._cloud, tenant_type=said if isinstance(said, str) else "")

    def walk(self, source: str) -> Walk:
        """One collection or object."""
        if source not in self._walks:
            self._walks[source] = walk(self.folder, source, service=self.service)
        return self._walks[source]

    def pass_on(self, source: str, take: Callable[[Row], None]) -> Walk:
        """One collection whose rows are too many to keep: `take` is given each as it is read."""
        return walk(self.folder, source, take=take, service=self.service)

    def objects(self, source: str) -> Sequence[Mapping[str, Any]] | Unknown:
        """All objects of a source, or why they are not all there."""
        if BY_NAME[source] in OF_ONE:
            return self._objects_of_each(BY_NAME[source])
        found = self.walk(source)
        return found.missing or [row.raw for row in found.rows]

    def _objects_of_each(self, source: Source) -> Sequence[Mapping[str, Any]] | Unknown:
        walks = list(self.each(source).values())
        if not walks:
            return Unknown(Reason.NOT_REQUESTED)
        gaps = [one.missing for one in walks if one.missing is not None]
        return gaps[0] if gaps else [row.raw for one in walks for row in one.rows]

    def members(self, group: str) -> Sequence[str] | Unknown:
        """The object ids of a group's users, or why they are not all there."""
        found = self.groups().get(group.lower())
        if found is None:
            return Unknown(Reason.NOT_REQUESTED)
        if found.missing is not None:
            return found.missing
        ids = [row.raw.get("id") for row in found.rows]
        known = [member for member in ids if isinstance(member, str)]
        if len(known) != len(ids):
            return Unknown(Reason.UNKNOWN_VALUE)
        return self._hidden(group.lower(), listed=bool(known)) or known

    def _hidden(self, group: str, *, listed: bool) -> Unknown | None:
        """Why members may have been left out without a word; None if there was no reason to leave out any."""
        asked = self.each(named_groups.SOURCE).get(group)
        gap = Unknown(Reason.NOT_REQUESTED) if asked is None else asked.missing
        visibility = None
        if asked is not None and gap is None:
            raw = asked.rows[-1].raw
            visibility, gap = raw.get("visibility"), None if "visibility" in raw else Unknown(Reason.NOT_SENT)
        if visibility == named_groups.HIDDEN:
            allowed = named_groups.SOURCE.hidden in self._permissions
            return None if allowed else Unknown(Reason.NO_PERMISSION)
        # A membership is hidden as a whole, so that a list that names somebody is not.
        return None if listed else gap

    def groups(self) -> Mapping[str, Walk]:
        """One walk for each group whose members were asked for."""
        return self.each(group_members.SOURCE)

    def each(self, source: Source) -> Mapping[str, Walk]:
        """One walk for each object that a source was asked about, by the object's id in lower case."""
        if source.name not in self._each:
            before = re.escape(source.path.partition("{id}")[0])
            answers: dict[str, list[Response]] = {}
            for response in read_journal(self.folder, source.name):
                match = re.search(f"{before}([^/?]+)", response.url)
                answers.setdefault(match.group(1).lower() if match else "", []).append(response)
            self._each[source.name] = {
                name: walk(self.folder, source.name, iter(own), service=self.service) for name, own in answers.items()
            }
        return self._each[source.name]


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
