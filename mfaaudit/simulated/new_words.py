"""Policies in words that pages of tomorrow may explain, and one in a word of today for agents alone."""

from __future__ import annotations

from typing import Any

from mfaaudit.simulated.policy_json import make_policy, users_of


def new_words() -> list[dict[str, Any]]:
    """Policies for agents, for a group that is a word, for guests of one kind, and for a platform of tomorrow."""
    agents = make_policy("20", "CA010 MFA for agents that act as users", "enabled", everybody=False)
    users_of(agents).update(includeUsers=["AllAgentIdUsers"])
    groups = make_policy("21", "CA011 MFA for all groups", "enabled", everybody=False)
    users_of(groups).update(includeGroups=["All"])
    platform = make_policy("22", "CA012 MFA on glasses", "enabled")
    platform["conditions"]["platforms"] = {"includePlatforms": ["visionOS"], "excludePlatforms": []}
    return [agents, groups, platform]


def some_guests() -> dict[str, Any]:
    """A policy for all users but those who were invited as guests."""
    policy = make_policy("23", "CA013 MFA for all but invited guests", "enabled")
    users_of(policy).update(
        excludeGuestsOrExternalUsers={
            "guestOrExternalUserTypes": "b2bCollaborationGuest",
            "externalTenants": {
                "@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants",
                "membershipKind": "all",
            },
        }
    )
    return policy
