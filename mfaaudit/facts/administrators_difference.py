"""Of how many users the registration report and the role assignments disagree who is an administrator."""

from __future__ import annotations

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.roles import roles_of_users
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Reason, Unknown

FIELD = Field(
    name="derived.administratorsDifference",
    title="Users of whom report and roles disagree whether they are administrators",
    kind=Kind.NUMBER,
    scope=Scope.TENANT,
)


def administrators_difference(given: Given) -> Value | Unknown:
    """How many users the report calls administrators who hold no role, or the other way round.

    Who has no row, as the disabled have none, cannot be compared and is passed over; any other gap leaves it open.
    """
    compared, differing = 0, 0
    for said, roles in zip(given.column("registration.isAdmin"), roles_of_users(given), strict=True):
        if isinstance(roles, Unknown):
            return roles
        if isinstance(said, Unknown):
            if said.reason is Reason.NO_ROW:
                continue
            return said
        compared += 1
        differing += said != bool(roles)
    return differing if compared else Unknown(Reason.NO_ROW)


FACT = Fact(
    field=FIELD,
    source="userRegistrationDetails",
    also=("roleAssignments", "groupMembers"),
    of_all=True,
    of_tenant=administrators_difference,
)
