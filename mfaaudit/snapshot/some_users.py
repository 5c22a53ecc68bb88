"""A snapshot of some users alone: whatever would have to be counted over everybody is unknown in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import FOR_ALL, Response, error_code, reason_of
from mfaaudit.evidence.service import GLOBAL
from mfaaudit.facts.given import Given, Reading
from mfaaudit.snapshot.follows import facts_of_tenant, facts_of_users, groups_of, role_names_of
from mfaaudit.snapshot.frames import frame_of_tenant, frame_of_users
from mfaaudit.snapshot.objects import Evidence, Failure, failure_of
from mfaaudit.snapshot.readings import Gathering, Readings, read_per_user, read_rows, traced
from mfaaudit.sources import BY_NAME, OF_ONE, OWN_READS
from mfaaudit.sources.source import Source
from mfaaudit.vocabulary import SOURCE_OF
from mfaaudit.words import Reason, Unknown

IN_BATCHES = ("users", "managers", *(source.name for source in OWN_READS))
ROWS = ("userRegistrationDetails", "signInActivity")


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeUsers:
    """What was known of some users, and of their tenant, when they were read."""

    users: pl.DataFrame
    """One row for each who was asked for, in that order; null where unknown, with the reason beside it."""
    tenant: pl.DataFrame
    """One row; what counts over everybody is NOT_REQUESTED."""
    reasons: Mapping[str, Sequence[Reason | None]]
    """By source, why it gave nothing for each user; None where it answered."""
    failures: tuple[Failure, ...]
    """Every read that gave nothing in the end."""
    role_names: Mapping[str, str]
    groups: Mapping[str, frozenset[str] | Unknown]

    @property
    def gone(self) -> pl.Series:
        """For each user whether the directory has no such account any more."""
        reasons = self.reasons["users"]
        return pl.Series([reason is Reason.NOT_FOUND for reason in reasons], dtype=pl.Boolean())


def take_some(
    folder: Path, ids: Sequence[str], *, cloud: str = GLOBAL, permissions: AbstractSet[str] = frozenset()
) -> SomeUsers:
    """What the evidence in a folder gives of the users with these object ids. Raises BundleProblem if it is damaged.

    `permissions` are those that the token carried.
    """
    evidence = Evidence(folder, cloud=cloud, permissions=permissions)
    index = {user.lower(): place for place, user in enumerate(ids)}
    per_user, _ = read_per_user(folder, IN_BATCHES, index, evidence.service, BY_NAME["users"].withheld(permissions))
    readings = [traced(one) if one.source in OWN_READS else one for one in per_user.values()]
    rows = {name: _rows_of(evidence, BY_NAME[name], index) for name in ROWS}
    readings += rows.values()
    given = Given(
        objects=evidence.objects,
        members=evidence.members,
        user_ids=ids,
        column=lambda name: next(one.entries(name) for one in readings if one.source.name == SOURCE_OF[name]),
        groups=tuple(evidence.groups()),
        reading=Reading(report_whole=_answered(rows["userRegistrationDetails"])),
    )
    return SomeUsers(
        users=frame_of_users(ids, [one.frame for one in readings], facts_of_users(given)),
        tenant=frame_of_tenant(facts_of_tenant(evidence, given, everybody=False)),
        reasons={one.source.name: one.reasons for one in readings},
        failures=_failures(evidence, readings),
        role_names=role_names_of(evidence),
        groups=groups_of(evidence),
    )


def _rows_of(evidence: Evidence, source: Source, index: Mapping[str, int]) -> Readings:
    """The users' rows in a collection, whether each was asked for by itself or the list was read."""
    single = re.compile(re.escape(source.of_one).replace(re.escape("{id}"), "([^/?]+)"))
    gathering = Gathering(source, len(index), Reason.NOT_REQUESTED)
    refused: Reason | None = None
    for response in read_journal(evidence.folder, source.name):
        match = single.search(response.url)
        if match is None:
            return read_rows(evidence, index, source, {}).readings
        place = index.get(match[1].lower())
        row = _row_in(response)
        if place is None:
            continue
        if row is not None:
            gathering.put(place, row, response.read_at, response.request_id)
            continue
        reason = _why_not(source, response)
        refused = reason if reason in FOR_ALL else refused
        gathering.miss(place, reason, _failure(source, match[1], reason, response))
    if refused is not None:
        gathering.reasons = [refused if one is Reason.NOT_REQUESTED else one for one in gathering.reasons]
    return gathering.finish()


def _answered(report: Readings) -> bool | Unknown:
    """Whether the report is there: it said of one user at least what it holds, or that it holds nothing."""
    gaps = [reason for reason in report.reasons if reason not in (None, Reason.NO_ROW)]
    # Never false: a rule that is not asked where there is no report would pass by whoever could not be read.
    return Unknown(gaps[0]) if gaps and len(gaps) == len(report.reasons) else True


def _row_in(response: Response) -> Mapping[str, object] | None:
    body = response.json() if response.ok else None
    if not isinstance(body, dict):
        return None
    # The page userregistrationdetails-get shows the row within `value`.
    inner = body.get("value")
    return inner if isinstance(inner, dict) else body


def _why_not(source: Source, response: Response) -> Reason:
    reason = reason_of(response.status, response.json(), problem=response.problem, source=source)
    # Whether there is such an account is said by the directory; a report may lack its row all the same.
    return Reason.NO_ROW if reason is Reason.NOT_FOUND else reason


def _failure(source: Source, user: str, reason: Reason, response: Response) -> Failure:
    return Failure(
        source=source.name,
        user_id=user,
        reason=reason,
        status=response.status,
        code=error_code(response.json()),
        request_id=response.request_id,
        client_request_id=response.client_request_id,
        attempts=response.attempt,
        read_at=response.read_at,
    )


def _failures(evidence: Evidence, readings: Sequence[Readings]) -> tuple[Failure, ...]:
    of_users = {one.source.name for one in readings}
    once = [name for name in BY_NAME if name not in (*of_users, "userCount", *(source.name for source in OF_ONE))]
    walks = [evidence.walk(name) for name in once]
    found = [failure_of(one) for one in (*walks, *(one for s in OF_ONE for one in evidence.each(s).values()))]
    own = [one.failures[place] for one in readings for place in sorted(one.failures)]
    return (*(one for one in found if one is not None), *own)
