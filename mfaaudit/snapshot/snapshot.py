"""From the evidence to a snapshot: the users, the tenant, the counts, and everything that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.evidence.batch import BATCH
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.run import RUN_FILE, Run
from mfaaudit.facts.given import Given
from mfaaudit.snapshot.coverage import Coverage, count_gap, cover
from mfaaudit.snapshot.follows import facts_of_tenant, facts_of_users, groups_of, role_names_of
from mfaaudit.snapshot.foreign_holders import ForeignHolder, foreign_holders
from mfaaudit.snapshot.frames import frame_of_tenant, frame_of_users
from mfaaudit.snapshot.method_activity import MethodActivity, read_activity
from mfaaudit.snapshot.metrics import SignInMetrics, read_metrics
from mfaaudit.snapshot.objects import Evidence, Failure, Walk, failure_of
from mfaaudit.snapshot.population import Population, count_answers, read_population
from mfaaudit.snapshot.reading import reading_of
from mfaaudit.snapshot.readings import (
    SOURCE_NAMES,
    Batches,
    Listing,
    Readings,
    Report,
    gone_from,
    list_users,
    read_per_user,
    read_rows,
    traced,
)
from mfaaudit.snapshot.registration import Registration, count_registration
from mfaaudit.snapshot.stand_ins import Verification
from mfaaudit.snapshot.throttling import Heard, Throttling, throttling_of
from mfaaudit.snapshot.verification import stands_in_for, verify
from mfaaudit.sources import BY_NAME, OF_ONE, OWN_READS, SOURCES, user_count
from mfaaudit.sources.field import Scope
from mfaaudit.sources.listed_states import VERIFIED_BULK
from mfaaudit.sources.source import Shape
from mfaaudit.vocabulary import SOURCE_OF
from mfaaudit.words import Unknown

PER_USER = tuple(source.name for source in OWN_READS)
ONCE = tuple(source.name for source in SOURCES if source not in (*OWN_READS, *OF_ONE, user_count.SOURCE))
"""What is read in one walk for the whole tenant."""
JOINED = tuple(
    source
    for source in SOURCES
    if source.shape is Shape.PAGES
    and source.name != "users"
    and (any(field.scope is Scope.USER for field in source.fields) or stands_in_for(source))
)
"""The collections with a row for each user."""


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
    verification: tuple[Verification, ...]
    """Under `verified-bulk`, one for each source that others may stand in for; else empty."""
    registration: Registration
    activity: MethodActivity
    metrics: SignInMetrics
    failures: tuple[Failure, ...]
    """Every read that gave nothing in the end."""
    throttling: tuple[Throttling, ...]
    """One row for each source that was asked."""
    duplicates: tuple[str, ...]
    orphans: tuple[str, ...]
    """Ids of rows in the registration report that belong to no listed user."""
    tenant_type: str
    """As Graph spells it; empty if it did not say."""
    role_names: dict[str, str]
    """Template id of a directory role -> what it is called."""
    foreign_holders: tuple[ForeignHolder, ...]
    """Who holds a role and is no listed user."""
    groups: Mapping[str, frozenset[str] | Unknown]
    """Object id of a group whose members were asked for -> theirs, or why they are not known; all in lower case."""

    def words(self) -> pl.DataFrame:
        """The users as any program can read them."""
        return in_words(self.users)


def in_words(frame: pl.DataFrame) -> pl.DataFrame:
    """Users, or the tenant's row, with the reasons and the names of sources as text."""
    return frame.with_columns(pl.col(REASONS, SOURCE_NAMES).cast(pl.String()))


def take(folder: Path) -> Snapshot:
    """The snapshot that the evidence in a folder gives; the same evidence gives the same snapshot.

    Raises BundleProblem if the evidence is not that of a finished audit.
    """
    run = Run.load(folder / RUN_FILE)
    evidence = Evidence(folder, cloud=run.cloud, permissions=run.permissions)
    listing = list_users(evidence, withheld=BY_NAME["users"].withheld(run.identity.permissions))
    documented, batches = read_per_user(folder, PER_USER, listing.index, evidence.service)
    bulk = run.collect == VERIFIED_BULK
    reports = {
        source.name: read_rows(evidence, listing.index, source, stands_in_for(source) if bulk else {})
        for source in JOINED
        # What has values of its own has columns, asked for or not.
        if source.fields or run.order.asks_for(source)
    }
    per_user, verification = _per_user(evidence, listing, documented, reports, run)
    report = reports["userRegistrationDetails"]
    walks = {"users": listing.walk} | {name: one.walk for name, one in reports.items()}
    of_reports = [one.readings for one in reports.values()]
    # What was only read to stand in for another source has its place there.
    readings = (listing.readings, *per_user.values(), *(one for one in of_reports if BY_NAME[one.source.name].fields))
    gone = gone_from(documented.values())
    population = read_population(
        folder, listing, listed_to_the_end=listing.walk.whole, gone=len(gone), service=evidence.service
    )
    coverage = cover(run, folder, evidence, (listing.readings, *per_user.values(), *of_reports), walks, batches)
    registration = count_registration(evidence, listing, report)
    activity = read_activity(evidence)
    metrics = read_metrics(evidence, run.metrics_from, run.metrics_to)
    given = Given(
        objects=evidence.objects,
        members=evidence.members,
        user_ids=listing.ids,
        column=lambda name: next(one.entries(name) for one in readings if one.source.name == SOURCE_OF[name]),
        groups=tuple(evidence.groups()),
        reading=reading_of(
            run, folder, population, coverage, verification, registration, report, metrics, activity, evidence.service
        ),
    )
    return Snapshot(
        run=run,
        users=frame_of_users(listing.ids, [one.frame for one in readings], facts_of_users(given)),
        tenant=frame_of_tenant(facts_of_tenant(evidence, given)),
        population=population,
        coverage=coverage,
        verification=verification,
        registration=registration,
        activity=activity,
        metrics=metrics,
        failures=_failures(folder, evidence, walks, per_user.values()),
        throttling=_throttling(folder, evidence, walks, batches),
        duplicates=tuple(listing.duplicates),
        orphans=tuple(report.orphans),
        tenant_type=evidence.service.tenant_type,
        role_names=role_names_of(evidence),
        foreign_holders=foreign_holders(evidence.objects, evidence.members, listing.index),
        groups=groups_of(evidence),
    )


def _per_user(
    evidence: Evidence, listing: Listing, documented: Mapping[str, Readings], reports: Mapping[str, Report], run: Run
) -> tuple[dict[str, Readings], tuple[Verification, ...]]:
    """The per-user sources: what users' own answers gave, and what a stand-in gave where it may."""
    if run.collect != VERIFIED_BULK:
        return {name: traced(one) for name, one in documented.items()}, ()
    judged = verify(evidence, listing, documented, reports, run.id, final=True)
    merged = {}
    for name, one in documented.items():
        stand_in = reports[BY_NAME[name].stand_in].stand_ins[name] if name in judged else None
        merged[name] = traced(one, stand_in, judged[name].taken if name in judged else None)
    return merged, tuple(one.verification for one in judged.values())


def _failures(
    folder: Path, evidence: Evidence, walks: Mapping[str, Walk], per_user: Iterable[Readings]
) -> tuple[Failure, ...]:
    read = [walks[name] if name in walks else evidence.walk(name) for name in ONCE]
    read += [walk for source in OF_ONE for walk in evidence.each(source).values()]
    read += [
        Walk(source="userCount", gap=count_gap(one, evidence.service), failure=one) for one in count_answers(folder)
    ]
    found = [failure for failure in map(failure_of, read) if failure is not None]
    for one in per_user:
        found += [one.failures[index] for index in sorted(one.failures)]
    return tuple(found)


def _throttling(
    folder: Path, evidence: Evidence, walks: Mapping[str, Walk], batches: Batches
) -> tuple[Throttling, ...]:
    heard = {name: [(walks[name] if name in walks else evidence.walk(name)).heard] for name in ONCE}
    heard |= {source.name: [one.heard for one in evidence.each(source).values()] for source in OF_ONE}
    counts = Heard()
    for response in read_journal(folder, "userCount"):
        counts.hear(response)
    return throttling_of(heard | {"userCount": [counts], BATCH: [batches.heard]})
