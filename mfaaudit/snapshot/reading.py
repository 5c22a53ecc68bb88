"""How the reading went, in numbers that rules can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from mfaaudit.evidence.response import ANY
from mfaaudit.evidence.run import Run
from mfaaudit.evidence.service import Service
from mfaaudit.facts.given import NOT_READ, OwnReads, Reading
from mfaaudit.snapshot.coverage import Coverage, count_gap
from mfaaudit.snapshot.method_activity import REGISTRATION, RESET, MethodActivity, add, percent
from mfaaudit.snapshot.metrics import SignInMetrics
from mfaaudit.snapshot.population import Population, count_answers
from mfaaudit.snapshot.readings import Report
from mfaaudit.snapshot.registration import Comparison, Registration, value_gap
from mfaaudit.snapshot.stand_ins import Verification
from mfaaudit.sources import OWN_READS
from mfaaudit.sources.registration_details import METHODS
from mfaaudit.words import Reason, Unknown

REFRESHED, REGISTERED = "registration.lastUpdatedDateTime", "registration.methodsRegistered"


def reading_of(
    run: Run,
    folder: Path,
    population: Population,
    coverage: Sequence[Coverage],
    verification: Sequence[Verification],
    registration: Registration,
    report: Report,
    metrics: SignInMetrics,
    activity: MethodActivity,
    service: Service = ANY,
) -> Reading:
    """The numbers that are told elsewhere in the snapshot, as facts may look at them."""
    before, after = _counts(folder, service)
    capable = _capable(registration)
    return Reading(
        started_at=run.started_at,
        enumerated=population.enumerated,
        count_before=before,
        count_after=after,
        complete=population.complete,
        own_reads=tuple(_own_reads(coverage, verification)),
        report_whole=report.walk.missing is None,
        oldest_row=_oldest_row(report),
        unclassified_methods=_unclassified(report),
        mfa_capable=capable.ours,
        mfa_capable_counted=capable.theirs,
        metric_days=_metric_days(metrics),
        registration_failures=_failures(activity, REGISTRATION),
        reset_failures=_failures(activity, RESET),
        single_factor_sign_ins=percent(activity.single_factor, add((activity.single_factor, activity.multi_factor))),
    )


def _counts(folder: Path, service: Service) -> tuple[int | Unknown, int | Unknown]:
    found = [count_gap(one, service) or one.number() for one in count_answers(folder)]
    before, after, *_ = [NOT_READ if one is None else one for one in (*found, None, None)]
    return before, after


def _own_reads(coverage: Sequence[Coverage], verification: Sequence[Verification]) -> list[OwnReads]:
    rows = {one.source: one for one in coverage}
    # Whom a way of collecting leaves out on purpose was not wanted.
    left_out = {one.source: one.left_out for one in verification}
    return [
        OwnReads(
            source=row.source,
            wanted=row.wanted - left_out.get(row.source, 0),
            read=row.read,
            gone=row.reasons.get(Reason.NOT_FOUND, 0),
        )
        for row in (rows[source.name] for source in OWN_READS)
    ]


def _oldest_row(report: Report) -> datetime | Unknown:
    gap = report.walk.missing or value_gap(report.readings, REFRESHED)
    if gap is not None:
        return gap
    oldest = report.readings.frame["registration_lastUpdatedDateTime"].min()
    return oldest if isinstance(oldest, datetime) else Unknown(Reason.NO_ROW)


def _unclassified(report: Report) -> Sequence[str] | Unknown:
    gap = report.walk.missing or value_gap(report.readings, REGISTERED)
    if gap is not None:
        return gap
    named = report.readings.frame["registration_methodsRegistered"].explode().drop_nulls().unique()
    return sorted(set(named.to_list()).difference(METHODS))


def _capable(registration: Registration) -> Comparison:
    return next(one for one in registration.comparisons if one.what == "mfaCapable")


def _failures(activity: MethodActivity, feature: str) -> int | Unknown:
    total = activity.total(feature)
    return total if isinstance(total, Unknown) else percent(total.failed, total.attempts)


def _metric_days(metrics: SignInMetrics) -> int | Unknown:
    success, failure = metrics.success, metrics.failure
    if isinstance(success, Unknown):
        return success
    return failure if isinstance(failure, Unknown) else len(success.keys() & failure.keys())
