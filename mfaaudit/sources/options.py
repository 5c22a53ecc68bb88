"""What an audit reads only if it is asked to: each option of `audit`, in words for its help and for reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One wish, off unless it is given."""

    name: str
    """As sources name it, and in the flag."""
    title: str
    """What it adds, in a few words."""
    help: str
    """What is read, and what for."""
    implied: bool = False
    """Whether it is read without being asked for where a rule needs it."""

    @property
    def flag(self) -> str:
        """As it is typed."""
        return f"--with-{self.name}"


SIGN_IN_ACTIVITY = Option(
    name="signin-activity",
    title="When each user last signed in",
    help="Read when each user last signed in: 500 users a request, ten requests a minute.",
)
ELIGIBLE_ROLES = Option(
    name="eligible-roles",
    title="Directory roles that users may activate",
    help="Read the directory roles that users are eligible for and may activate.",
)
POLICY_GROUPS = Option(
    name="policy-groups",
    title="Members of groups that policies name",
    help="Read the members of each group that a Conditional Access policy includes or excludes; read in any case where "
    "a rule asks what enforces MFA for a user.",
    implied=True,
)
MANAGERS = Option(
    name="managers",
    title="Each user's manager",
    help="Read who each user's manager is, with the mail address: 100 users a request.",
)

INTERVALS = (5, 10, 15, 30)
"""Minutes that one count of MFA sign-ins may cover (getMetricsForMfaSignInSuccess and -Failure pages)."""
INTERVAL = 30
"""The one that is asked for unless another is named: the fewest rows."""
ROLE_POLICIES = Option(
    name="role-policies",
    title="What it takes to activate a directory role",
    help="Read the role management policies of PIM: MFA and approval at activation, and whether a role may be held for "
    "good; read in any case where a rule needs it.",
    implied=True,
)
DEVICE_REGISTRATION = Option(
    name="device-registration",
    title="MFA to register or join devices",
    help="Read the tenant's device registration policy: whether registering or joining a device requires MFA; read "
    "in any case where a rule needs it.",
    implied=True,
)

OPTIONS: Mapping[str, Option] = MappingProxyType(
    {
        option.name: option
        for option in (
            SIGN_IN_ACTIVITY,
            ELIGIBLE_ROLES,
            POLICY_GROUPS,
            MANAGERS,
            ROLE_POLICIES,
            DEVICE_REGISTRATION,
        )
    }
)
"""By name, in the order in which they are shown."""
