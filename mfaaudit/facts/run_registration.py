"""How far the registration report can be relied on: whether it is there, how old, and how near the tenant's count."""

from __future__ import annotations

from datetime import timedelta

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Unknown

REPORT, COUNTED = "userRegistrationDetails", "usersRegisteredByFeature"


def report_age_hours(given: Given) -> Value | Unknown:
    """Whole hours from the refresh of the oldest row to the start of the audit; 0 if all were refreshed later."""
    oldest, started = given.reading.oldest_row, given.reading.started_at
    if isinstance(oldest, Unknown) or isinstance(started, Unknown):
        return oldest if isinstance(oldest, Unknown) else started
    return max(0, (started - oldest) // timedelta(hours=1))


def mfa_capable_difference_percent(given: Given) -> Value | Unknown:
    """How far two numbers of users who are capable of MFA lie apart, in percent of the larger one, rounded up.

    One is the sum of the report's rows, the other the tenant's own count. Where both are nought, they agree.
    """
    ours, theirs = given.reading.mfa_capable, given.reading.mfa_capable_counted
    if isinstance(ours, Unknown) or isinstance(theirs, Unknown):
        return ours if isinstance(ours, Unknown) else theirs
    larger = max(ours, theirs)
    return -(-100 * abs(theirs - ours) // larger) if larger else 0


def unclassified_methods(given: Given) -> Value | Unknown:
    """The method names that occur and that no rule can place, in order."""
    found = given.reading.unclassified_methods
    return found if isinstance(found, Unknown) else tuple(sorted(found))


FACTS = (
    # A report that could not be read to its end is none: false, and never unknown.
    Fact(
        field=Field(
            name="run.hasRegistrationReport",
            title="Registration report read to its end",
            kind=Kind.BOOLEAN,
            scope=Scope.TENANT,
        ),
        source=REPORT,
        of_run=True,
        of_tenant=lambda given: given.reading.report_whole,
    ),
    Fact(
        field=Field(
            name="run.registrationReportAgeHours",
            title="Age of the report's oldest row, in hours",
            kind=Kind.NUMBER,
            scope=Scope.TENANT,
        ),
        source=REPORT,
        of_all=True,
        of_tenant=report_age_hours,
    ),
    # An application has no permission for the tenant's own count: false, and never unknown.
    Fact(
        field=Field(
            name="run.hasMfaCapableCount",
            title="The tenant's own count of the MFA capable was read",
            kind=Kind.BOOLEAN,
            scope=Scope.TENANT,
        ),
        source=COUNTED,
        of_run=True,
        of_all=True,
        of_tenant=lambda given: not isinstance(given.reading.mfa_capable_counted, Unknown),
    ),
    Fact(
        field=Field(
            name="run.mfaCapableDifferencePercent",
            title="MFA capable: report against the tenant's count, in percent",
            kind=Kind.NUMBER,
            scope=Scope.TENANT,
        ),
        source=COUNTED,
        also=(REPORT,),
        of_all=True,
        of_tenant=mfa_capable_difference_percent,
    ),
    Fact(
        field=Field(
            name="run.unclassifiedMethods",
            title="Registered methods that nobody has classified",
            kind=Kind.LIST,
            scope=Scope.TENANT,
        ),
        source=REPORT,
        of_all=True,
        of_tenant=unclassified_methods,
    ),
)
