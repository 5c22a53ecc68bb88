"""CPU of telling what asks each user for MFA, against a plain loop over users and policies on a hundredth of the users.

The loop tests inclusion and exclusion by sets, user by user, and knows of nothing that was not read.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

USERS, POLICIES, GROUPS, PART = 100_000, 50, 40, 100
ROLE = "62e90394-69f5-4237-9190-012177145e10"


def measure(figure: Callable[..., Any]) -> Iterator[Any]:
    from mfaaudit.facts.enforced_by import enforced_by
    from mfaaudit.facts.enforcing_policies import enforcing_policies

    whole = tenant(USERS)
    for fact in (enforced_by, enforcing_policies):
        start = time.process_time()
        found = fact(given(*whole))
        ours = time.process_time() - start
        assert len(found) == USERS
        ids, policies, groups, roles = tenant(USERS // PART)
        start = time.process_time()
        loop(ids, policies, groups, roles)
        theirs = PART * (time.process_time() - start)
        what = f"enforcement: {fact.__name__}, {USERS:,} users, {len(policies)} policies"
        yield figure(what, 1000 * ours, "ms", f"a Python loop over users and policies, x {PART}", 1000 * theirs)


def tenant(users: int) -> tuple[list[str], list[dict[str, Any]], dict[str, list[str]], list[dict[str, Any]]]:
    """Ids, policies that each name groups, users and a role, the members of the groups, and who holds the role."""
    chance = random.Random(7)  # noqa: S311 - a seeded play, not a secret
    ids = [str(uuid.UUID(int=chance.getrandbits(128))) for _ in range(users)]
    groups = {f"00000000-0000-4000-8000-{number:012}": chance.sample(ids, users // 10) for number in range(GROUPS)}
    policies = [_policy(number, chance, ids, sorted(groups)) for number in range(POLICIES)]
    kind = {"@odata.type": "#microsoft.graph.user"}
    roles = [
        {"roleDefinitionId": ROLE, "principalId": one, "directoryScopeId": "/", "principal": kind} for one in ids[:20]
    ]
    return ids, policies, groups, roles


def _policy(number: int, chance: random.Random, ids: list[str], groups: list[str]) -> dict[str, Any]:
    return {
        "id": str(number),
        "displayName": f"Policy {number}",
        "state": chance.choice(("enabled", "enabled", "enabledForReportingButNotEnforced")),
        "conditions": {
            "clientAppTypes": ["all"],
            "locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]} if number % 3 else None,
            "applications": {"includeApplications": ["All"] if number % 2 else ["Office365"]},
            "users": {
                "includeUsers": chance.choice((["All"], chance.sample(ids, 20))),
                "includeGroups": chance.sample(groups, 4),
                "includeRoles": [ROLE],
                "excludeUsers": chance.sample(ids, 5),
                "excludeGroups": chance.sample(groups, 4),
            },
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
    }


def given(
    ids: list[str], policies: list[dict[str, Any]], groups: dict[str, list[str]], roles: list[dict[str, Any]]
) -> Any:
    """What a fact may look at."""
    from mfaaudit.facts.given import Given

    sources: dict[str, list[dict[str, Any]]] = {
        "conditionalAccessPolicies": policies,
        "conditionalAccessPoliciesBeta": policies,
        "conditionalAccessPlans": [],
        "roleAssignments": roles,
        "identitySecurityDefaultsEnforcementPolicy": [{"isEnabled": False}],
    }
    columns = {
        "requirements.perUserMfaState": ["disabled"] * len(ids),
        "user.userType": ["Member"] * len(ids),
        "user.userPrincipalName": [f"{one}@contoso.example" for one in ids],
        "user.creationType": ["none"] * len(ids),
        "user.externalUserState": ["none"] * len(ids),
        "user.identitySignInTypes": [()] * len(ids),
    }
    return Given(objects=sources.__getitem__, members=groups.__getitem__, user_ids=ids, column=columns.__getitem__)


def loop(
    ids: list[str], policies: list[dict[str, Any]], groups: dict[str, list[str]], roles: list[dict[str, Any]]
) -> list[int]:
    """How many policies ask each user: the least that any way of telling it has to do."""
    sets = {group: set(members) for group, members in groups.items()}
    holders = {one["principalId"] for one in roles}
    found = []
    for user in ids:
        asking = 0
        for policy in policies:
            users = policy["conditions"]["users"]
            inside = (
                "All" in users["includeUsers"]
                or user in users["includeUsers"]
                or any(user in sets[group] for group in users["includeGroups"])
                or user in holders
            )
            outside = user in users["excludeUsers"] or any(user in sets[group] for group in users["excludeGroups"])
            asking += policy["state"] == "enabled" and inside and not outside
        found.append(asking)
    return found
