"""Whether anything asks a user for MFA on every resource."""

from __future__ import annotations

from collections.abc import Sequence

from mfaaudit.facts.conditional_access.crowd import rows_of
from mfaaudit.facts.conditional_access.enforcement import asked_everywhere
from mfaaudit.facts.conditional_access.listed import ALSO
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.sources.options import POLICY_GROUPS
from mfaaudit.words import Unknown

FIELD = Field(name="derived.isAskedEverywhere", title="Asked for MFA on every resource", kind=Kind.BOOLEAN)


def is_asked_everywhere(given: Given) -> Sequence[Value | Unknown]:
    """True if something surely asks, False if surely nothing does, else why that is not known."""
    crowd = asked_everywhere(given)
    found: list[Value | Unknown] = [False] * len(given.user_ids)
    for row in rows_of(crowd.yes):
        found[row] = True
    for why, users in crowd.gaps:
        for row in rows_of(users):
            found[row] = why
    return found


FACT = Fact(
    field=FIELD,
    source="conditionalAccessPolicies",
    also=("identitySecurityDefaultsEnforcementPolicy", "requirements", "groupMembers", "roleAssignments", *ALSO),
    option=POLICY_GROUPS.name,
    or_by=("identitySecurityDefaultsEnforcementPolicy", "requirements"),
    of_user=is_asked_everywhere,
)
