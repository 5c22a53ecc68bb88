"""Who may read what: any one of the permissions suffices, and each service refuses in its own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mfaaudit.simulated.answer import (
    Answer,
    access_denied,
    denied,
    no_signed_in_person,
    not_premium,
    p2_required,
    scope_missing,
    scope_not_granted,
)
from mfaaudit.simulated.mood import Mood
from mfaaudit.simulated.tokens import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What one endpoint asks of its caller (permission tables of its page)."""

    permissions: tuple[str, ...]
    refuse: Callable[[], Answer] = denied
    delegated_only: bool = False
    of_people: tuple[str, ...] = ()
    """Permissions that suffice for a signed-in user, and not for an application."""
    premium: bool = False
    p2: bool = False
    refuse_application: Callable[[], Answer] | None = None
    """How an application is refused, where that is not how a missing permission is."""

    def check(self, caller: Caller, mood: Mood) -> Answer | None:
        """The refusal, or None."""
        if self.refuse_application is not None and not caller.delegated:
            return self.refuse_application()
        enough = (*self.permissions, *(self.of_people if caller.delegated else ()))
        if (self.delegated_only and not caller.delegated) or caller.permissions.isdisjoint(enough):
            return self.refuse()
        # Which of the two is said where both are missing, no page tells.
        if self.premium and not mood.premium:
            return not_premium()
        return p2_required() if self.p2 and not mood.p2 else None


USERS = Access(permissions=("User.Read.All", "User.ReadBasic.All", "Directory.Read.All"))
MANAGERS = Access(permissions=("User.Read.All", "Directory.Read.All"))
"""For $expand=manager, beside what the users need: the names of users alone do not suffice."""
ACTIVITY = Access(permissions=("AuditLog.Read.All",), refuse=lambda: scope_missing("AuditLog.Read.All"), premium=True)
"""For signInActivity, beside what the users need."""
REQUIREMENTS = Access(permissions=("Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod"), refuse=access_denied)
OWN_REQUIREMENTS = Access(
    permissions=REQUIREMENTS.permissions, refuse=access_denied, refuse_application=no_signed_in_person
)
"""For the signed-in person's own, which only a person has ("acting on self" of the authentication-get page)."""
PREFERENCES = Access(
    permissions=("UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"), refuse=access_denied
)
DETAILS = Access(permissions=("AuditLog.Read.All",), refuse=lambda: scope_missing("AuditLog.Read.All"), premium=True)
SUMMARY = Access(
    permissions=("AuditLog.Read.All",),
    refuse=lambda: scope_missing("AuditLog.Read.All"),
    delegated_only=True,
    premium=True,
)
MFA_SIGN_INS = DETAILS
"""The page of this report lists an application; those of the other two reports of use do not."""
USE_OF_METHODS = SUMMARY
OLDER = Access(permissions=("Reports.Read.All",), refuse=lambda: scope_missing("Reports.Read.All"), premium=True)
# The page of the metrics names no licence.
METRICS = Access(permissions=("Reports.Read.All",), refuse=lambda: scope_missing("Reports.Read.All"))
POLICY = Access(permissions=("Policy.Read.All",), refuse=access_denied)
METHODS_POLICY = Access(permissions=("Policy.Read.AuthenticationMethod", "Policy.Read.All"), refuse=access_denied)
DEVICE_REGISTRATION = Access(
    permissions=("Policy.Read.DeviceConfiguration", "Policy.ReadWrite.DeviceConfiguration"),
    of_people=("Policy.Read.All",),
    refuse=access_denied,
)
CROSS_TENANT = Access(permissions=("Policy.Read.All", "Policy.ReadWrite.CrossTenantAccess"), refuse=access_denied)
CONDITIONAL_ACCESS = Access(permissions=("Policy.Read.All",), refuse=access_denied, premium=True)
ORGANIZATION = Access(permissions=("User.Read", "User.Read.All", "Organization.Read.All", "Directory.Read.All"))
ROLES = Access(permissions=("RoleManagement.Read.Directory", "Directory.Read.All"))
PIM_READERS = (
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.Read.All",
)
ELIGIBILITY = Access(permissions=PIM_READERS, refuse=lambda: scope_not_granted(*PIM_READERS), p2=True)
ROLE_POLICY_READERS = (
    "RoleManagementPolicy.Read.Directory",
    "RoleManagementPolicy.ReadWrite.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
    "RoleManagement.Read.All",
)
ROLE_POLICIES = Access(permissions=ROLE_POLICY_READERS, refuse=lambda: scope_not_granted(*ROLE_POLICY_READERS), p2=True)
GROUPS = Access(
    permissions=("GroupMember.ReadBasic.All", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
)
