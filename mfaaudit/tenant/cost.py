"""What a tenant costs to read: requests, reads and resource units, source by source, without asking for any of it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from mfaaudit.evidence.batch import BATCH, LIMIT
from mfaaudit.evidence.run import PER_USER, Order
from mfaaudit.sources import OF_ONE, SOURCES, group_members, named_groups, role_assignments
from mfaaudit.sources.field import Scope
from mfaaudit.sources.options import POLICY_GROUPS
from mfaaudit.sources.source import Bucket, Shape, Source

OF_GROUPS = (named_groups.SOURCE, group_members.SOURCE)
"""What each group that something names is asked for."""
COUNTS = 2
"""The users are counted before and after."""
BASE = {"/users": 2, "/groups/{id}/transitiveMembers/microsoft.graph.user": 5}
"""Resource units of the reads that cost more than one (throttling-limits page)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a few calls have told of a tenant."""

    users: int
    administrators: int = 0
    """Users who hold a role themselves; who else holds one through a group is not known."""
    sample: int = 0
    """Users whom `verified-bulk` reads beside the administrators, at most."""
    groups: AbstractSet[str] = frozenset()
    """Object ids, in lower case, of the groups that hold a role."""
    more_roles: bool = False
    """Whether the role assignments did not end on their first page."""
    policy_groups: AbstractSet[str] | None = None
    """Object ids, in lower case, of the groups that policies name; None if the policies could not be read."""
    named_groups: AbstractSet[str] = frozenset()
    """Object ids, in lower case, of the groups that rules or exceptions name."""
    more_policies: bool = False
    """Whether the policies did not end on their first page."""


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


def lines_for(known: Known, collect: str = PER_USER) -> Iterator[Line]:
    """The requests for what is always asked for, in one way to collect."""
    singly = known.users if collect == PER_USER else min(known.users, known.administrators + known.sample)
    # Who is an administrator by group, and who lacks a value in the listings, is read singly as well.
    some = singly < known.users
    order, reads = Order(collect=collect), 0
    for source in SOURCES:
        if not order.asks_for(source):
            continue
        at_least = known.more_roles and source in (role_assignments.SOURCE, *OF_GROUPS)
        if source.shape is Shape.PER_USER:
            reads += singly
            yield _line(source, None, singly, at_least=some)
        elif source in OF_ONE:
            number = len(known.groups | known.named_groups) if source in OF_GROUPS else 0
            # A group that a rule names may be as large as the tenant, and then has many pages.
            large = source is group_members.SOURCE and bool(known.named_groups)
            yield _line(source, number, number, at_least=at_least or large)
        else:
            number = COUNTS if source.shape is Shape.COUNT else _pages(source, known.users) + at_least
            yield _line(source, number, number, at_least=at_least)
    yield Line(
        source=BATCH,
        title="Batches of per-user reads",
        bucket=Bucket.IDENTITY,
        requests=math.ceil(reads / LIMIT),
        reads=None,
        units=None,
        at_least=some,
    )


def lines_of_option(option: str, known: Known) -> Iterator[Line]:
    """The requests that an option adds; none where that could not be told."""
    for source in SOURCES:
        if source.option == option:
            number = _pages(source, known.users)
            # How long a list is that does not follow the users, and which groups it names, is seen when it is read.
            yield _line(source, number, number, at_least=source.shape is not Shape.OBJECT and not _of_users(source))
    if option == POLICY_GROUPS.name and known.policy_groups is not None:
        number = len(known.policy_groups - known.groups - known.named_groups)
        for source in OF_GROUPS:
            pages = number > 0 and source is group_members.SOURCE
            yield _line(source, number, number, at_least=pages or known.more_policies)


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
    return max(1, math.ceil(users / int(size[1]))) if size is not None and _of_users(source) else 1


def _of_users(source: Source) -> bool:
    return source.path.startswith("/users?") or any(field.scope is Scope.USER for field in source.fields)
