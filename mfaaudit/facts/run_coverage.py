"""Of how many users the reads that are made for each of them were answered."""

from __future__ import annotations

from mfaaudit.facts.given import NOT_READ, Fact, Given, OwnReads
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Reason, Unknown

FIELD = Field(
    name="run.perUserCoveragePercent",
    title="Users whose own reads were answered, in percent",
    kind=Kind.NUMBER,
    scope=Scope.TENANT,
)


def per_user_coverage(given: Given) -> Value | Unknown:
    """The least share of the reads, rounded down: 100 means all. Who was gone when read is not wanted.

    A share of nobody is unknown: it proves nothing.
    """
    shares = [_share(one) for one in given.reading.own_reads]
    if not shares:
        return NOT_READ
    return next((share for share in shares if isinstance(share, Unknown)), None) or min(
        share for share in shares if not isinstance(share, Unknown)
    )


def _share(one: OwnReads) -> int | Unknown:
    wanted = one.wanted - one.gone
    if wanted == 0:
        return Unknown(Reason.NOT_FOUND) if one.gone else NOT_READ
    return 100 * one.read // wanted


FACT = Fact(
    field=FIELD,
    source="requirements",
    also=("signInPreferences",),
    of_run=True,
    of_all=True,
    of_tenant=per_user_coverage,
)
