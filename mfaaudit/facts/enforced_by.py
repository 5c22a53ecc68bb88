"""What asks a user for MFA, if anything does."""

from __future__ import annotations

from collections.abc import Sequence

from mfaaudit.facts.conditional_access.crowd import rows_of
from mfaaudit.facts.conditional_access.enforcement import Enforcer, parts
from mfaaudit.facts.conditional_access.listed import ALSO
from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.sources.options import POLICY_GROUPS
from mfaaudit.words import Unknown

FIELD = Field(
    name="derived.enforcedBy",
    title="What asks for MFA",
    kind=Kind.ENUM,
    values=tuple(one.value for one in Enforcer),
)


def enforced_by(given: Given) -> Sequence[Value | Unknown]:
    """The strongest that surely does; unknown where a stronger one may."""
    found: list[Value | Unknown] = [Enforcer.NONE.value] * len(given.user_ids)
    for part in parts(given):
        answer = part.answer if isinstance(part.answer, Unknown) else part.answer.value
        for row in rows_of(part.users):
            found[row] = answer
    return found


FACT = Fact(
    field=FIELD,
    source="conditionalAccessPolicies",
    also=("identitySecurityDefaultsEnforcementPolicy", "requirements", "groupMembers", "roleAssignments", *ALSO),
    option=POLICY_GROUPS.name,
    of_user=enforced_by,
)
