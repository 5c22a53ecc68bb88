"""Asks each source at most once, for as little as it gives, to see whether it can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mfaaudit.evidence.journal import Journal
from mfaaudit.evidence.response import Response, objects_in
from mfaaudit.evidence.run import Identity
from mfaaudit.facts.roles import role_groups
from mfaaudit.known_ids import NO_OBJECT
from mfaaudit.sources import (
    SOURCES,
    conditional_access_plan_rules,
    conditional_access_plans,
    group_members,
    named_groups,
    role_assignments,
    users,
)
from mfaaudit.sources.options import INTERVAL
from mfaaudit.sources.source import Bucket, Source
from mfaaudit.tenant.ability import Case, holds_answer
from mfaaudit.tenant.graph import Graph
from mfaaudit.tenant.metrics_window import reach
from mfaaudit.tenant.pace import Pace, backoff, retry_after
from mfaaudit.tenant.reader import Reader

NOBODY = NO_OBJECT
"""An object id that nothing has: asked about where no user or group is known."""
NAMED_BY: Mapping[str, Source] = {
    group_members.SOURCE.name: role_assignments.SOURCE,
    named_groups.SOURCE.name: role_assignments.SOURCE,
    conditional_access_plan_rules.SOURCE.name: conditional_access_plans.SOURCE,
}
"""Where the objects are named that a source is asked about; users, where it is not here."""
_TOP = re.compile(r"\$top=\d+")


class OneCall(Reader):
    """Asks once and takes what comes: the question is what the identity may do, not how the service feels today."""

    def __init__(self, graph: Graph, paces: Mapping[Bucket, Pace]) -> None:
        # Without a folder, a journal is a place in memory.
        super().__init__(graph, Journal(), paces)
        self.answers: dict[str, Response] = {}
        """By source."""

    async def ask(self, source: Source, url: str, *, asked: int = 0) -> Response:
        """The answer to one request, whatever it is."""
        await self.paces[source.bucket].permit()
        response = await self.graph.send(source.name, url, headers=source.headers)
        self.requests += 1
        self.answers[source.name] = response
        if response.status == 429:
            # This one is not asked again, but the next of the same quota should wait as long as Graph says.
            self.paces[source.bucket].hold(retry_after(response.headers) or backoff(1))
        return response


async def probe(reader: OneCall, identity: Identity, cloud: str, on_done: Callable[[int], None]) -> list[Case]:
    """One case for each source; what has been asked already is not asked again. `on_done` counts the sources.

    What an application may read of no tenant is not asked for.
    """
    cases: list[Case] = []
    for source in SOURCES:
        about = _about(reader, source)
        if not (source.delegated_only and identity.kind == "application") and source.name not in reader.answers:
            await reader.ask(source, _small(reader, source, about or NOBODY))
        response = reader.answers.get(source.name)
        named = about is not None or "{id}" not in source.path
        cases.append(Case(source=source, identity=identity, cloud=cloud, response=response, named=named))
        on_done(len(cases))
    return [replace(case, premium_elsewhere=_premium_elsewhere(reader, case.source)) for case in cases]


def _small(reader: Reader, source: Source, about: str) -> str:
    # The metrics take a start and an end: the last full hour will do.
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    url = reader.url(source, id=about, **reach(end - timedelta(hours=1), end, INTERVAL))
    return _TOP.sub("$top=1", url)


def _about(reader: OneCall, source: Source) -> str | None:
    """The object to ask a source about: a listed user, a group that holds a role, or a plan."""
    kind = NAMED_BY.get(source.name, users.SOURCE)
    response = reader.answers.get(kind.name)
    if response is None or not holds_answer(kind, response):
        return None
    if kind is role_assignments.SOURCE:
        return min(role_groups(objects_in(response)), default=None)
    return next((row["id"] for row in objects_in(response) if isinstance(row.get("id"), str)), None)


def _premium_elsewhere(reader: OneCall, source: Source) -> bool:
    # The reports share one licence; Conditional Access may well be empty without it, and proves nothing.
    reports = (one for one in SOURCES if one.premium and one.bucket is Bucket.REPORTS and one is not source)
    return any(one.name in reader.answers and holds_answer(one, reader.answers[one.name]) for one in reports)
