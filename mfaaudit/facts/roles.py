"""Which directory roles a user holds, directly or through a group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import STRANGE, Field, Kind, Value
from mfaaudit.words import Reason, Unknown

FIELD = Field(name="derived.roles", title="Directory roles", kind=Kind.LIST)

GROUP = "#microsoft.graph.group"


def role_groups(assignments: Iterable[Mapping[str, Any]]) -> set[str]:
    """The object ids, in lower case, of the groups among those who hold a role, or may activate one."""
    found = set()
    for one in assignments:
        principal, holder = one.get("principal"), one.get("principalId")
        if isinstance(principal, dict) and principal.get("@odata.type") == GROUP and isinstance(holder, str):
            found.add(holder.lower())
    return found


def roles_of_users(given: Given) -> Sequence[Value | Unknown]:
    """The template ids of each user's active roles; unknown for everybody if a group that holds one could not be read.

    Eligible assignments are not active and are not counted here.
    """
    return roles_from(given, "roleAssignments")


def roles_from(
    given: Given, source: str, counts: Callable[[Mapping[str, Any]], bool | None] = lambda _: True
) -> list[tuple[str, ...] | Unknown]:
    """The template ids of the roles that each user has by the assignments of a source, groups resolved.

    `counts` says which assignments are meant; None, for one of which that is not known, leaves everybody open.
    """
    assignments = given.objects(source)
    if isinstance(assignments, Unknown):
        return [assignments] * len(given.user_ids)
    held: dict[str, set[str]] = defaultdict(set)
    gap: Unknown | None = None
    for assignment in assignments:
        counted = counts(assignment)
        if counted is False:
            continue
        role = assignment.get("roleDefinitionId")
        if counted is None or not isinstance(role, str):
            gap = STRANGE
            continue
        holders, missing = holders_by(assignment, given.members)
        gap = gap if missing is None else missing
        for holder in holders:
            held[holder].add(role)
    # A list that may lack a role is not known: a rule about administrators would pass the user by.
    return [
        gap if gap is not None else tuple(sorted(held[user.lower()])) if user.lower() in held else ()
        for user in given.user_ids
    ]


def holders_by(
    assignment: Mapping[str, Any], members: Callable[[str], Sequence[str] | Unknown]
) -> tuple[Sequence[str], Unknown | None]:
    """Who is seen to hold a role by one assignment, by object id in lower case; and why there may be others.

    A principal that this tenant cannot resolve (`principal` is null), and a group that it does not have (its members
    answer 404), are those of a partner's tenant or deleted: no account of this tenant holds the role by them.
    """
    principal, holder = assignment.get("principal"), assignment.get("principalId")
    if not isinstance(holder, str):
        return (), STRANGE
    if principal is None and "principal" in assignment:
        return (holder.lower(),), None
    kind = principal.get("@odata.type") if isinstance(principal, dict) else None
    if kind != GROUP:
        # Without its type the principal may be a group, whose members would then hold the role.
        return (holder.lower(),), None if kind is not None else STRANGE
    found = members(holder)
    if isinstance(found, Unknown):
        return (), None if found.reason is Reason.NOT_FOUND else found
    return [member.lower() for member in found], None


FACT = Fact(field=FIELD, source="roleAssignments", also=("groupMembers",), of_user=roles_of_users)
