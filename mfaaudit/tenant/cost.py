"""What a tenant costs to read: requests, reads and resource units, source by source, without asking for any of it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mfaaudit.evidence.batch import BATCH, LIMIT
from mfaaudit.sources import SOURCES, group_members, role_assignments
from mfaaudit.sources.field import Scope
from mfaaudit.sources.source import Bucket, Shape, Source

COUNTS = 2
"""The users are counted before and after."""
BASE = {"/users": 2, "/groups/{id}/transitiveMembers/microsoft.graph.user": 5}
"""Resource units of the reads that cost more than one (throttling-limits page)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One source, or the batches that carry the per-user reads."""

    source: str
    title: str
    bucket: Bucket
    requests: int | None
    """None where the reads travel in batches."""
    reads: int | None
    units: int | None
    """Resource units of the identity service."""
    at_least: bool = False


def lines_for(users: int, *, groups: int, more_roles: bool) -> Iterator[Line]:
    """The requests for a tenant of so many users with so many groups that hold a role.

    `more_roles` says that the role assignments did not end on their first page.
    """
    reads = 0
    for source in SOURCES:
        at_least = more_roles and source in (role_assignments.SOURCE, group_members.SOURCE)
        if source.shape is Shape.PER_USER:
            reads += users
            yield _line(source, None, users)
        elif source is group_members.SOURCE:
            yield _line(source, groups, groups, at_least=at_least)
        else:
            number = COUNTS if source.shape is Shape.COUNT else _pages(source, users) + at_least
            yield _line(source, number, number, at_least=at_least)
    batches = math.ceil(reads / LIMIT)
    yield Line(
        source=BATCH,
        title="Batches of per-user reads",
        bucket=Bucket.IDENTITY,
        requests=batches,
        reads=None,
        units=None,
    )


def units_of(source: Source) -> int:
    """What one read costs in resource units: its base, less one for $select, one more for $expand; at least one."""
    path, _, query = source.path.partition("?")
    return max(1, BASE.get(path, 1) - ("$select=" in query) + ("$expand=" in query))


def _line(source: Source, requests: int | None, reads: int, *, at_least: bool = False) -> Line:
    return Line(
        source=source.name,
        title=source.title,
        bucket=source.bucket,
        requests=requests,
        reads=reads,
        units=reads * units_of(source) if source.bucket is Bucket.IDENTITY else None,
        at_least=at_least,
    )


def _pages(source: Source, users: int) -> int:
    """Pages of a source: it has a row for each user, or fits on one."""
    size = re.search(r"\$top=(\d+)", source.path)
    of_users = any(field.scope is Scope.USER for field in source.fields)
    return max(1, math.ceil(users / int(size[1]))) if size is not None and of_users else 1
