"""Whether anything still asks a user for MFA on every resource once a role is activated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mfaaudit.facts.asked_everywhere import FACT as NOW
from mfaaudit.facts.asked_everywhere import is_asked_everywhere
from mfaaudit.facts.conditional_access.covering import policies_in
from mfaaudit.facts.conditional_access.crowd import Crowd
from mfaaudit.facts.conditional_access.enforcement import asked_everywhere
from mfaaudit.facts.conditional_access.people import People
from mfaaudit.facts.conditional_access.values import words
from mfaaudit.facts.eligible_roles import stands
from mfaaudit.facts.given import Fact, Given
from mfaaudit.facts.roles import roles_from
from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.words import Unknown

SOURCE = "roleEligibilitySchedules"
FIELD = Field(
    name="derived.isAskedEverywhereOnActivation",
    title="Asked for MFA on every resource once a role is activated",
    kind=Kind.BOOLEAN,
)


def asked_on_activation(given: Given) -> Sequence[Value | Unknown]:
    """For whoever may activate roles, whether each of them, activated by itself, leaves the user asked everywhere.

    A policy that excludes a role stops asking its holders, and one that includes roles alone begins to. Whoever may
    activate nothing is asked as now. A role for an administrative unit changes nothing: Conditional Access passes over
    it.
    """
    found = list(is_asked_everywhere(given))
    eligible = roles_from(given, SOURCE, _for_the_whole_directory)
    named = set(_named(given))
    holders: dict[str, list[str]] = defaultdict(list)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, roles in enumerate(eligible):
        if isinstance(roles, Unknown):
            found[row] = roles
            continue
        for role in {role.lower() for role in roles} & named:
            holders[role].append(given.user_ids[row])
            rows[role].append(row)
    then: dict[int, list[bool | Unknown]] = defaultdict(list)
    for role, users in holders.items():
        crowd = asked_everywhere(given, People(given, {role: users}))
        for row in rows[role]:
            then[row].append(_truth(crowd, row))
    for row, truths in then.items():
        # A role that no policy names leaves things as they are now.
        unnamed = any(role.lower() not in named for role in _roles_of(eligible[row]))
        found[row] = _all_of([*truths, *([found[row]] if unnamed else [])])
    return found


def _for_the_whole_directory(schedule: Mapping[str, Any]) -> bool | None:
    scope = schedule.get("directoryScopeId")
    if stands(schedule) is False or (isinstance(scope, str) and scope != "/"):
        return False
    return stands(schedule) if scope == "/" else None


def _named(given: Given) -> Iterator[str]:
    policies = policies_in(given)
    for policy in () if isinstance(policies, Unknown) else policies:
        for key in ("includeRoles", "excludeRoles"):
            yield from (role.lower() for role in words(policy.users, key) or [])


def _roles_of(roles: tuple[str, ...] | Unknown) -> tuple[str, ...]:
    return () if isinstance(roles, Unknown) else roles


def _truth(crowd: Crowd, row: int) -> bool | Unknown:
    if crowd.yes >> row & 1:
        return True
    return next((why for why, users in crowd.gaps if users >> row & 1), False)


def _all_of(truths: Sequence[Value | Unknown]) -> Value | Unknown:
    if False in truths:
        return False
    return next((truth for truth in truths if isinstance(truth, Unknown)), True)


FACT = Fact(field=FIELD, source=SOURCE, also=(NOW.source, *NOW.also), of_user=asked_on_activation)
