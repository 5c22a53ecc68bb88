"""Whether the counts of MFA sign-ins could be read, and of how many days."""

from __future__ import annotations

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Unknown

SUCCESS, FAILURE = "getMetricsForMfaSignInSuccess", "getMetricsForMfaSignInFailure"


def has_metrics(given: Given) -> Value | Unknown:
    """Whether both counts are there, whole; what could not be read is not there."""
    return not isinstance(given.reading.metric_days, Unknown)


FACTS = (
    Fact(
        field=Field(
            name="run.hasSignInMetrics", title="Counts of MFA sign-ins read", kind=Kind.BOOLEAN, scope=Scope.TENANT
        ),
        source=SUCCESS,
        also=(FAILURE,),
        of_run=True,
        of_all=True,
        of_tenant=has_metrics,
    ),
    Fact(
        field=Field(
            name="run.signInMetricDays", title="Days of counted MFA sign-ins", kind=Kind.NUMBER, scope=Scope.TENANT
        ),
        source=SUCCESS,
        also=(FAILURE,),
        of_all=True,
        of_tenant=lambda given: given.reading.metric_days,
    ),
)
