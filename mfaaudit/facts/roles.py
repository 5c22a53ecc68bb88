"""Which directory roles a user holds, directly or through a group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mfaaudit.facts.given import Fact, Given
from mfaaudit.sources.field import Field, Kind, Value
from mfaaudit.words import Reason, Unknown

FIELD = Field(name="derived.roles", title="Directory roles", kind=Kind.LIST)

GROUP = "#microsoft.graph.group"


def roles_of_users(given: Given) -> Sequence[Value | Unknown]:
    """The template ids of each user's active roles; unknown for everybody if a group that holds one could not be read.

    Eligible assignments are not active and are not counted here.
    """
    assignments = given.objects("roleAssignments")
    if isinstance(assignments, Unknown):
        return [assignments] * len(given.user_ids)
    held: dict[str, set[str]] = defaultdict(set)
    gap: Unknown | None = None
    for assignment in assignments:
        role, principal = assignment.get("roleDefinitionId"), assignment.get("principal")
        holder = assignment.get("principalId")
        if not isinstance(role, str) or not isinstance(holder, str):
            gap = Unknown(Reason.UNKNOWN_VALUE)
            continue
        kind = principal.get("@odata.type") if isinstance(principal, dict) else None
        if kind != GROUP:
            held[holder.lower()].add(role)
            # Without its type the principal may be a group, whose members would then hold the role.
            gap = gap if kind is not None else Unknown(Reason.UNKNOWN_VALUE)
            continue
        members = given.members(holder)
        if isinstance(members, Unknown):
            gap = members
            continue
        for member in members:
            held[member.lower()].add(role)
    # A list that may lack a role is not known: a rule about administrators would pass the user by.
    return [
        gap if gap is not None else tuple(sorted(held[user.lower()])) if user.lower() in held else ()
        for user in given.user_ids
    ]


FACT = Fact(field=FIELD, source="roleAssignments", also=("groupMembers",), of_user=roles_of_users)
