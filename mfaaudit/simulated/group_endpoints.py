"""/groups: a group, and who is in it (group-list-members and group-list-transitivemembers pages)."""

from __future__ import annotations

from typing import Any

from mfaaudit.simulated.account import Account, user_json
from mfaaudit.simulated.answer import Answer, Request, bad_request, not_found
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.groups import Group
from mfaaudit.simulated.paging import page

PROPERTIES = ("id", "displayName", "userPrincipalName")
CASTS = {"/microsoft.graph.user": Account, "/microsoft.graph.group": Group}


def single(directory: Directory, request: Request, name: str) -> Answer:
    """GET /groups/{id}; whoever may read groups may read that a membership is hidden."""
    found = directory.groups.get(name.lower())
    if found is None:
        return not_found(f"Resource '{name}'")
    context = f"{request.root}/{request.version}/$metadata#groups/$entity"
    whole, chosen = group_json(found), request.query.get("$select")
    made = whole if chosen is None else {name: whole[name] for name in chosen.split(",") if name in whole}
    return Answer(body={"@odata.context": context} | made)


def members(
    directory: Directory, request: Request, name: str, *, transitive: bool, cast: str, sees_hidden: bool
) -> Answer:
    """GET /groups/{id}/members and /transitiveMembers; a cast needs eventual consistency and $count.

    Whoever may not see the members of a group with hidden membership is told of none, and of no refusal.
    """
    group = directory.groups.get(name.lower())
    if group is None:
        return not_found(f"Resource '{name}'")
    eventual = request.headers.get("consistencylevel", "").lower() == "eventual"
    if cast and not (eventual and request.query.get("$count") == "true"):
        return bad_request(
            "The cast needs the header ConsistencyLevel: eventual and $count=true.", "Request_UnsupportedQuery"
        )
    wanted = CASTS.get(cast.lower(), (Account, Group))
    found = [one for one in directory.inside(group, transitive=transitive) if isinstance(one, wanted)]
    if group.hidden and not sees_hidden:
        found = []
    counted = len(found)
    if directory.mood.miscounted:
        # Seen with caches that lag behind each other: one is counted who is not listed.
        found = found[:-1]
    chosen = request.query.get("$select")
    names = tuple(chosen.split(",")) if chosen else None

    def render(one: Account | Group) -> dict[str, Any]:
        made = object_json(one, names)
        if cast:
            # A collection of one type does not repeat it.
            del made["@odata.type"]
        return made

    return page(
        request,
        directory.tokens,
        {"/microsoft.graph.user": "users", "/microsoft.graph.group": "groups"}.get(cast.lower(), "directoryObjects"),
        found,
        render,
        size=100,
        largest=999,
        count=counted if eventual and "$count" in request.query else None,
    )


def object_json(one: Account | Group, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    """A directoryObject, which says what it is."""
    if isinstance(one, Group):
        whole = group_json(one)
        made = whole if names is None else {name: whole[name] for name in ("id", *names) if name in whole}
        return {"@odata.type": "#microsoft.graph.group"} | made
    return {"@odata.type": "#microsoft.graph.user"} | user_json(one, names or PROPERTIES)


def group_json(group: Group) -> dict[str, Any]:
    """A group with what an auditor looks at."""
    return {
        "id": group.id,
        "displayName": group.name,
        "description": group.description,
        "isAssignableToRole": group.assignable or None,
        "securityEnabled": True,
        "mailEnabled": False,
        "groupTypes": ["Unified"] if group.hidden else [],
        "visibility": "HiddenMembership" if group.hidden else None,
    }
