"""What a simulated tenant is like: its people, its policies, its faults and what the auditor may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

READ_ALL = (
    "User.Read.All",
    "Policy.Read.All",
    "UserAuthenticationMethod.Read.All",
    "AuditLog.Read.All",
    "Reports.Read.All",
    "RoleManagement.Read.Directory",
    "GroupMember.Read.All",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """One kind of tenant."""

    title: str
    messy: bool = False
    """Whether the data is as awkward as auditors find it."""
    managed: bool = False
    """Whether Conditional Access enforces MFA, and per-user MFA is a leftover."""
    premium: bool = True
    """Whether the tenant has Microsoft Entra ID P1."""
    p2: bool = True
    """Whether it has P2 or Microsoft Entra ID Governance too."""
    token: str = "delegated"  # noqa: S105 - a kind of token, not one
    permissions: tuple[str, ...] = READ_ALL
    quota: float = 1.0
    """A factor on the documented quotas."""
    faults: float = 0.0
    """The share of per-user reads that fail with 429 or 503 the first time."""
    refused: float = 0.0
    """The share of per-user reads that are answered 429, at random, however often and however slowly they are asked."""
    forbidden: float = 0.0
    """The share of users whose own reads are refused."""
    stormy: bool = False
    """Whether everything goes wrong that is known to: see storm/."""
    expiring: bool = False
    """Whether a link of each long list runs out once: see storm/expiry.py."""
    drifting: bool = False
    """Whether the lists tell older values of a few than the endpoints of those accounts: see lists.py."""
    previews: bool = False
    """Whether beta lists a Conditional Access policy that v1.0 leaves out: see preview_policies.py."""
    plans: tuple[str, ...] | None = None
    """The state of each Conditional Access plan; None where the service knows no plans."""
    later_words: bool = False
    """Whether policies use members of enums that were added after the sentinel: see evolvable.py."""
    hidden_groups: bool = False
    """Whether the groups that policies leave out have hidden membership."""
    miscounted: bool = False
    """Whether the list of a group's members lacks the last of those whom it counts."""
    tenant_type: str | None = "AAD"
    """As the organization says it; None where it says nothing."""
    methods_policy: bool = True
    """Whether the cloud has an authentication methods policy."""
    one_sided: bool = False
    """Whether one of the two per-user endpoints knows nothing of one account that the other knows."""


REAL: dict[str, Any] = {
    "messy": True,
    "managed": True,
    "previews": True,
    "plans": ("disabled",),
    "later_words": True,
    "hidden_groups": True,
    "miscounted": True,
    "one_sided": True,
}
"""What the mood `real` has of all this at once: one line for each field."""

MOOD: dict[str, Mood] = {
    "tidy": Mood(title="An organisation that enforces MFA user by user, and where nearly all is well."),
    "drifting": Mood(
        title="The tidy organisation, whose lists lag behind: the user list and the registration report tell older "
        "values for a few.",
        drifting=True,
    ),
    "messy": Mood(
        title="What auditors find: leavers, gaps, odd names, users that vanish, reads that fail.", messy=True
    ),
    "managed": Mood(
        title="An organisation that enforces MFA by Conditional Access, and has leftovers of per-user MFA.",
        messy=True,
        managed=True,
    ),
    "throttled": Mood(title="The tidy organisation on a bad day of the service.", quota=0.5, faults=0.02),
    "refusing": Mood(
        title="The tidy organisation on a service that refuses a fifth of all per-user reads, however slowly it is "
        "asked.",
        refused=0.2,
    ),
    "unlicensed": Mood(title="The tidy organisation without Microsoft Entra ID P1 or P2.", premium=False, p2=False),
    "half-forbidden": Mood(
        title="An application that was granted half of what it needs, and users it may not read.",
        token="application",  # noqa: S106
        permissions=("User.Read.All", "UserAuthenticationMethod.Read.All", "AuditLog.Read.All"),
        forbidden=0.03,
    ),
    "real": Mood(
        title="A ten-year-old hybrid tenant with a partner: MFA by Conditional Access, previews in use, and what ten "
        "years leave behind.",
        **REAL,
    ),
    "stormy": Mood(
        title="Every fault at once, each short: what a client must get through.", messy=True, stormy=True, expiring=True
    ),
}
