"""Whether per-user MFA is switched on for anybody."""

from __future__ import annotations

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Scope, Value
from mfaaudit.words import Unknown

FIELD = Field(
    name="derived.isPerUserMfaInUse",
    title="Per-user MFA in use",
    kind=Kind.BOOLEAN,
    scope=Scope.TENANT,
)


def per_user_mfa_in_use(given: Given) -> Value | Unknown:
    """True as soon as one user is enabled or enforced; False only if every user was read and none is."""
    gap: Unknown | None = None
    for state in given.column("requirements.perUserMfaState"):
        if isinstance(state, Unknown):
            gap = state
        elif state != "disabled":
            return True
    return False if gap is None else gap


FACT = Fact(field=FIELD, source="requirements", of_all=True, of_tenant=per_user_mfa_in_use)
