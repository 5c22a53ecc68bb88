"""Compare the permissions that a token carries with those that a refused read needed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mfaaudit.evidence.run import Identity
from mfaaudit.sources.source import Source

OWN_ACCOUNT = "the signed-in person's own account only"
COVERS: Mapping[str, str] = MappingProxyType(
    {
        "User.Read": OWN_ACCOUNT,
        "User.ReadWrite": OWN_ACCOUNT,
        "User.ReadBasic.All": "names and addresses of users only",
        "UserAuthenticationMethod.Read": OWN_ACCOUNT,
        "UserAuthenticationMethod.ReadWrite": OWN_ACCOUNT,
        "Policy.Read.AuthenticationMethod": "the authentication methods policy only",
        "Policy.Read.ConditionalAccess": "Conditional Access policies only",
        "Policy.Read.IdentityProtection": "identity protection policies only",
        "Policy.Read.PermissionGrant": "consent policies only",
        "AuditLogsQuery.Read.All": "searches of audit logs only",
        "AuditLogsQuery-Entra.Read.All": "searches of audit logs only",
        "ReportSettings.Read.All": "the settings of reports only",
        "RoleAssignmentSchedule.Read.Directory": "schedules of role assignments only",
        "RoleEligibilitySchedule.Read.Directory": "roles that users may activate only",
        "GroupMember.ReadBasic.All": "the basic properties of members only",
    }
)
"""Permission -> what it gives, for those that are taken for a wider one (permissions reference)."""
FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "AuditLogsQuery": "AuditLog",
        "Group": "GroupMember",
        "Member": "GroupMember",
        "ReportSettings": "Reports",
        "RoleAssignmentSchedule": "RoleManagement",
        "RoleEligibilitySchedule": "RoleManagement",
        "UserAuthMethod": "UserAuthenticationMethod",
    }
)
"""First part of a permission -> that of the permissions which it is taken for."""


def sufficient(source: Source, identity: Identity) -> tuple[str, ...]:
    """The permissions of the token any one of which suffices for a source."""
    return tuple(name for name in source.permissions if name in identity.permissions)


def narrower(source: Source, identity: Identity) -> tuple[str, ...]:
    """The permissions of the token that are of the same family as one that a source needs, and do not cover it.

    A permission to write covers more than this program asks for, so that it is never among them, unless it is known to
    be about less.
    """
    families = {_family(name) for name in source.permissions}
    return tuple(
        name
        for name in identity.permissions
        if name not in source.permissions
        and _family(name) in families
        and (name in COVERS or "Write" not in name.split(".", 1)[-1])
    )


def narrower_in_words(source: Source, identity: Identity, needed: str) -> str:
    """A sentence on the narrower permissions that a token carries, and the one that is needed; empty without any."""
    held = narrower(source, identity)
    if not held:
        return ""
    said = ", ".join(f"{name} ({COVERS[name]})" if name in COVERS else name for name in held)
    return f"The token carries {said}, which {'does' if len(held) == 1 else 'do'} not cover this: it needs {needed}."


def _family(permission: str) -> str:
    first = permission.split(".", 1)[0].split("-", 1)[0]
    return FAMILIES.get(first, first)
