"""Whether everybody was listed: the users, the directory's own counts, and what they prove."""

from __future__ import annotations

from mfaaudit.facts.given import Fact
from mfaaudit.sources.field import Field, Kind, Scope

FACTS = (
    Fact(
        field=Field(name="run.enumerated", title="Users listed", kind=Kind.NUMBER, scope=Scope.TENANT),
        source="users",
        of_run=True,
        of_all=True,
        of_tenant=lambda given: given.reading.enumerated,
    ),
    Fact(
        field=Field(
            name="run.countBefore", title="Users counted before the audit", kind=Kind.NUMBER, scope=Scope.TENANT
        ),
        source="userCount",
        of_all=True,
        of_tenant=lambda given: given.reading.count_before,
    ),
    Fact(
        field=Field(name="run.countAfter", title="Users counted after the audit", kind=Kind.NUMBER, scope=Scope.TENANT),
        source="userCount",
        of_all=True,
        of_tenant=lambda given: given.reading.count_after,
    ),
    # Where the counts could not be read it is false: nothing proves the list.
    Fact(
        field=Field(
            name="run.isPopulationComplete",
            title="Everybody was listed, by the directory's own counts",
            kind=Kind.BOOLEAN,
            scope=Scope.TENANT,
        ),
        source="users",
        of_run=True,
        of_all=True,
        of_tenant=lambda given: given.reading.complete,
    ),
)
