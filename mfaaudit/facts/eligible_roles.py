"""Which directory roles a user may activate, directly or through a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.roles import roles_from
from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.words import Unknown

FIELD = Field(name="derived.eligibleRoles", title="Roles that may be activated", kind=Kind.LIST)

ENDED = frozenset({"Canceled", "Denied", "Failed", "Revoked"})


def eligible_roles(given: Given) -> Sequence[Value | Unknown]:
    """The template ids of the roles that each user is eligible for; unknown for everybody if a group was not read.

    One that begins later counts: whoever may become an administrator is meant.
    """
    return roles_from(given, "roleEligibilitySchedules", stands)


def stands(schedule: Mapping[str, Any]) -> bool | None:
    """Whether an eligible assignment is in force, or will be; None if its status is not known."""
    status = schedule.get("status")
    return status not in ENDED if status is None or isinstance(status, str) else None


FACT = Fact(field=FIELD, source="roleEligibilitySchedules", also=("groupMembers",), of_user=eligible_roles)
