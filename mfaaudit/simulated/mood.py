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
    odd_activity: bool = False
    """Whether the reports of how methods are used repeat rows, lack a day, hold nulls and name what no page does."""
    passkey_profiles: bool = False
    """Whether passkey profiles replace the older attestation setting: see newer_methods.py."""
    newer_methods: bool = False
    """Whether QR codes, Verified ID and external MFA are allowed, and registered: see newer_methods.py."""
    sentinels: bool = False
    """Whether the methods policy sends unknownFutureValue where its enumerations may evolve."""
    loose_methods: bool = False
    """Whether text messages sign users in alone, and a Temporary Access Pass is good until it expires."""
    authenticator_for: str = "all_users"
    """The group whom Microsoft Authenticator is meant for."""
    drifting: bool = False
    """Whether the lists tell older values of a few than the endpoints of those accounts: see lists.py."""
    partner: bool = False
    """Whether a partner manages it: its groups hold roles here, and one principal is null; see partner.py."""
    newer_sync: bool = False
    """Whether the account that synchronizes the directory holds the newer role for it."""
    agents: bool = False
    """Whether AI agents have user accounts (agentUser): see agents.py."""
    kinds_of_guests: bool = False
    """Whether there are guests of every kind, and policies that name some kinds: see kinds_of_guests.py."""
    new_words: bool = False
    """Whether policies hold words that no page explains: see new_words.py."""
    gaps_in_metrics: bool = False
    """Whether the sign-in metrics lack days, repeat an interval and run over their end: see sign_ins.py."""
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


ODDITIES: dict[str, dict[str, Any]] = {
    "agents": {"agents": True},
    "basic-permission": {"token": "application", "permissions": ("User.ReadBasic.All", *READ_ALL[1:])},
    "b2c": {"tenant_type": "AAD B2C"},
    "external-id": {"tenant_type": "CIAM"},
    "gaps-in-metrics": {"gaps_in_metrics": True},
    "hidden-groups": {"hidden_groups": True},
    "kinds-of-guests": {"kinds_of_guests": True},
    "later-words": {"later_words": True},
    "loose-methods": {"loose_methods": True},
    "miscounted": {"miscounted": True},
    "new-words": {"new_words": True},
    "newer-methods": {"newer_methods": True},
    "newer-sync": {"newer_sync": True},
    "no-methods-policy": {"methods_policy": False},
    "odd-activity": {"odd_activity": True},
    "one-sided": {"one_sided": True},
    "partner": {"partner": True},
    "passkey-profiles": {"passkey_profiles": True},
    "plans": {"plans": ("enabled",)},
    "previews": {"previews": True},
    "sentinels": {"sentinels": True},
}
"""What can be added to any mood, by name: each thing that real tenants do and most moods do not."""

REAL: dict[str, Any] = {
    "messy": True,
    "managed": True,
    "previews": True,
    "plans": ("disabled",),
    "later_words": True,
    "hidden_groups": True,
    "miscounted": True,
    "one_sided": True,
    "partner": True,
    "newer_sync": True,
    "agents": True,
    "kinds_of_guests": True,
    "new_words": True,
    "gaps_in_metrics": True,
    "passkey_profiles": True,
    "newer_methods": True,
    "loose_methods": True,
    "odd_activity": True,
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
        title="What auditors find: leavers, gaps, odd names, users that vanish, reads that fail.",
        messy=True,
        odd_activity=True,
    ),
    "managed": Mood(
        title="An organisation that enforces MFA by Conditional Access, and has leftovers of per-user MFA.",
        messy=True,
        managed=True,
    ),
    "throttled": Mood(title="The tidy organisation on a bad day of the service.", quota=0.5, faults=0.02),
    "partnered": Mood(
        title="The managed organisation with a partner, AI agents, every kind of guest and words of tomorrow in its "
        "policies.",
        messy=True,
        managed=True,
        partner=True,
        newer_sync=True,
        agents=True,
        kinds_of_guests=True,
        new_words=True,
        gaps_in_metrics=True,
    ),
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
    "basic": Mood(
        title="The tidy organisation, to an application that may read no more of users than their names.",
        token="application",  # noqa: S106
        permissions=("User.ReadBasic.All", "Organization.Read.All", *READ_ALL[1:]),
    ),
    "real": Mood(
        title="A ten-year-old hybrid tenant with a partner: MFA by Conditional Access, previews in use, and what ten "
        "years leave behind.",
        **REAL,
    ),
    "stormy": Mood(
        title="Every fault at once, each short: what a client must get through.",
        messy=True,
        stormy=True,
        expiring=True,
        odd_activity=True,
    ),
}
