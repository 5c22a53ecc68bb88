"""Each user's per-user MFA state."""

from mfaaudit.sources.field import Field, Kind
from mfaaudit.sources.source import EVOLVABLE, Shape, Source

FIELDS = (
    Field(
        name="requirements.perUserMfaState",
        title="Per-user MFA state",
        kind=Kind.ENUM,
        values=("disabled", "enabled", "enforced"),
    ),
)

SOURCE = Source(
    name="requirements",
    title="Per-user MFA state",
    version="beta",
    path="/users/{id}/authentication/requirements",
    shape=Shape.PER_USER,
    permissions=("Policy.Read.All",),
    directory_roles=("Global Reader", "Authentication Policy Administrator"),
    headers=EVOLVABLE,
    stand_in="listedStates",
    fields=FIELDS,
    page="authentication-get",
)
