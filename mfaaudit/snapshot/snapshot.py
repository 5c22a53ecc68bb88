"""From the evidence to a snapshot: the users, the tenant, the counts, and everything that could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import Response, reason_of
from mfaaudit.evidence.run import RUN_FILE, Run
from mfaaudit.facts import FACTS
from mfaaudit.facts.given import Given
from mfaaudit.snapshot.coverage import Coverage, of_users, of_walk
from mfaaudit.snapshot.frames import REASONS, Entry, frame_of_tenant, frame_of_users
from mfaaudit.snapshot.metrics import SignInMetrics, read_metrics
from mfaaudit.snapshot.objects import Evidence, Failure, Walk, failure_of
from mfaaudit.snapshot.population import Population, count_answers, read_population
from mfaaudit.snapshot.readings import Batches, Readings, list_users, read_per_user, read_registration
from mfaaudit.snapshot.registration import Registration, count_registration
from mfaaudit.sources import BY_NAME, SOURCES
from mfaaudit.sources.field import Field, Scope
from mfaaudit.sources.source import Shape
from mfaaudit.vocabulary import SOURCE_OF
from mfaaudit.words import Reason, Unknown

PER_USER = tuple(source.name for source in SOURCES if source.shape is Shape.PER_USER)
OF_USERS = ("users", *PER_USER, "userRegistrationDetails")
"""The sources that are wanted for each user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was known of the tenant, as of the start of the run."""

    run: Run
    users: pl.DataFrame
    """One row a user; null where unknown, with the reason beside it."""
    tenant: pl.DataFrame
    """One row; the same."""
    population: Population
    coverage: tuple[Coverage, ...]
    registration: Registration
    metrics: SignInMetrics
    failures: tuple[Failure, ...]
    """Every read that gave nothing in the end."""
    duplicates: tuple[str, ...]
    orphans: tuple[str, ...]
    """Ids of rows in the registration report that belong to no listed user."""
    role_names: dict[str, str]
    """Template id of a directory role -> what it is called."""

    def words(self) -> pl.DataFrame:
        """The users with the reasons as text, as any program can read them."""
        return self.users.with_columns(pl.col(REASONS).cast(pl.String()))


def take(folder: Path) -> Snapshot:
    """The snapshot that the evidence in a folder gives; the same evidence gives the same snapshot.

    Raises BundleProblem if the evidence is not that of a finished audit.
    """
    run = Run.load(folder / RUN_FILE)
    evidence = Evidence(folder)
    listing = list_users(evidence)
    per_user, batches = read_per_user(folder, PER_USER, listing.index)
    report = read_registration(evidence, listing.index)
    walks = {"users": listing.walk, "userRegistrationDetails": report.walk}
    readings = (listing.readings, *per_user.values(), report.readings)
    given = Given(
        objects=evidence.objects,
        members=evidence.members,
        user_ids=listing.ids,
        column=lambda name: next(one.entries(name) for one in readings if one.source.name == SOURCE_OF[name]),
    )
    gone = {
        index for one in per_user.values() for index, reason in enumerate(one.reasons) if reason is Reason.NOT_FOUND
    }
    return Snapshot(
        run=run,
        users=frame_of_users(listing.ids, [one.frame for one in readings], _facts_of_users(given)),
        tenant=frame_of_tenant(_facts_of_tenant(evidence, given)),
        population=read_population(folder, listing, listed_to_the_end=listing.walk.whole, gone=len(gone)),
        coverage=_coverage(folder, evidence, readings, walks, batches),
        registration=count_registration(evidence, listing, report.readings, len(report.orphans)),
        metrics=read_metrics(evidence, run.metrics_from, run.metrics_to),
        failures=_failures(folder, evidence, walks, per_user.values()),
        duplicates=tuple(listing.duplicates),
        orphans=tuple(report.orphans),
        role_names=_role_names(evidence),
    )


def _facts_of_users(given: Given) -> list[tuple[Field, Sequence[Entry]]]:
    return [(fact.field, fact.of_user(given)) for fact in FACTS if fact.of_user is not None]


def _facts_of_tenant(evidence: Evidence, given: Given) -> list[tuple[Field, Entry]]:
    read: list[tuple[Field, Entry]] = []
    for source in SOURCES:
        fields = [field for field in source.fields if field.scope is Scope.TENANT]
        if not fields:
            continue
        objects = evidence.objects(source.name)
        read += [(field, objects if isinstance(objects, Unknown) else field.read(objects[-1])) for field in fields]
    return read + [(fact.field, fact.of_tenant(given)) for fact in FACTS if fact.of_tenant is not None]


def _coverage(
    folder: Path, evidence: Evidence, readings: Sequence[Readings], walks: Mapping[str, Walk], batches: Batches
) -> tuple[Coverage, ...]:
    rows = {one.source.name: one for one in readings}
    found = []
    for source in SOURCES:
        if source.name in PER_USER:
            # Both per-user reads travel in the same batches.
            found.append(of_users(rows[source.name], requests=batches.count, first=batches.first, last=batches.last))
        elif source.name in OF_USERS:
            walk = walks[source.name]
            found.append(of_users(rows[source.name], requests=walk.requests, first=walk.first, last=walk.last))
        elif source.shape is Shape.COUNT:
            found.append(_count_coverage(folder))
        elif source.name == "groupMembers":
            found.append(_group_coverage(evidence))
        else:
            found.append(of_walk(evidence.walk(source.name)))
    return tuple(found)


def _count_coverage(folder: Path) -> Coverage:
    responses = list(read_journal(folder, "userCount"))
    answers = count_answers(folder)[:2]
    reasons = Counter(gap.reason for gap in map(_count_gap, answers) if gap is not None)
    reasons[Reason.NOT_REQUESTED] += 2 - len(answers)
    return Coverage(
        source="userCount",
        wanted=2,
        read=2 - reasons.total(),
        reasons=dict(sorted((+reasons).items())),
        requests=len(responses),
        first=responses[0].read_at if responses else None,
        last=responses[-1].read_at if responses else None,
    )


def _count_gap(response: Response) -> Unknown | None:
    if response.number() is not None:
        return None
    return Unknown(reason_of(response.status, response.json(), problem=response.problem))


def _group_coverage(evidence: Evidence) -> Coverage:
    groups = evidence.groups().values()
    reasons: dict[Reason, int] = {}
    for group in groups:
        if group.gap is not None:
            reasons[group.gap.reason] = reasons.get(group.gap.reason, 0) + 1
    return Coverage(
        source="groupMembers",
        wanted=len(groups),
        read=sum(1 for group in groups if group.whole),
        reasons=reasons,
        requests=sum(group.requests for group in groups),
        first=min((group.first for group in groups if group.first), default=None),
        last=max((group.last for group in groups if group.last), default=None),
    )


def _failures(
    folder: Path, evidence: Evidence, walks: Mapping[str, Walk], per_user: Iterable[Readings]
) -> tuple[Failure, ...]:
    names = [name for name in BY_NAME if name not in (*PER_USER, "userCount", "groupMembers")]
    read = [walks[name] if name in walks else evidence.walk(name) for name in names]
    read += evidence.groups().values()
    read += [Walk(source="userCount", gap=_count_gap(one), failure=one) for one in count_answers(folder)]
    found = [failure for failure in map(failure_of, read) if failure is not None]
    for one in per_user:
        found += [one.failures[index] for index in sorted(one.failures)]
    return tuple(found)


def _role_names(evidence: Evidence) -> dict[str, str]:
    definitions = evidence.objects("roleDefinitions")
    if isinstance(definitions, Unknown):
        return {}
    return {
        row["id"]: row["displayName"]
        for row in definitions
        if isinstance(row.get("id"), str) and isinstance(row.get("displayName"), str)
    }
