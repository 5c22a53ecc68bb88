"""Directory roles, who holds them, and the group that holds one."""

from __future__ import annotations

import re
import uuid
from typing import Any

from mfaaudit.simulated.account import Account, user_json
from mfaaudit.simulated.answer import Answer, Request, bad_request, not_found
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.paging import page
from mfaaudit.simulated.roles import HELPDESK, ROLES

_FILTER = re.compile(r"(roleDefinitionId|principalId) eq '([0-9a-fA-F-]+)'")
GROUP_NAME = "Role: service desk"


def assignments(directory: Directory, request: Request) -> Answer:
    """GET /roleManagement/directory/roleAssignments."""
    text = request.query.get("$filter")
    match = _FILTER.fullmatch(text.strip()) if text is not None else None
    if text is not None and match is None:
        return bad_request("Invalid filter clause.")
    expand = request.query.get("$expand") == "principal"

    def render(one: dict[str, str]) -> dict[str, Any]:
        made: dict[str, Any] = {
            "id": one["id"],
            "principalId": one["principalId"],
            "roleDefinitionId": one["roleDefinitionId"],
            "directoryScopeId": "/",
        }
        if expand:
            made["principal"] = _principal(directory, one)
        return made

    found = [one for one in directory.assignments() if match is None or one[match[1]] == match[2]]
    return page(request, "roleManagement/directory/roleAssignments", found, render, size=100, largest=999)


def definitions(request: Request) -> Answer:
    """GET /roleManagement/directory/roleDefinitions."""

    def render(role: str) -> dict[str, Any]:
        made = {"id": role, "displayName": ROLES[role], "templateId": role, "isBuiltIn": True, "isEnabled": True}
        chosen = request.query.get("$select")
        return made if chosen is None else {name: made[name] for name in ("id", *chosen.split(",")) if name in made}

    return page(request, "roleManagement/directory/roleDefinitions", list(ROLES), render, size=100, largest=999)


def roles(directory: Directory, request: Request) -> Answer:
    """GET /directoryRoles: those that somebody holds; it does not page."""
    held = sorted({one["roleDefinitionId"] for one in directory.assignments()})
    rows = [
        {"id": _instance(directory, role), "displayName": ROLES[role], "description": None, "roleTemplateId": role}
        for role in held
    ]
    return Answer(body={"@odata.context": _context(request, "directoryRoles"), "value": rows})


def role_members(directory: Directory, request: Request, role: str) -> Answer:
    """GET /directoryRoles/{id}/members."""
    known = next((one for one in ROLES if _instance(directory, one) == role.lower()), None)
    if known is None:
        return not_found(f"Resource '{role}'")
    rows = [_principal(directory, one) for one in directory.assignments() if one["roleDefinitionId"] == known]
    return Answer(body={"@odata.context": _context(request, "directoryObjects"), "value": rows})


def members(directory: Directory, request: Request, group: str, cast: bool) -> Answer:
    """GET /groups/{id}/members and /transitiveMembers; the cast to users needs eventual consistency and $count."""
    if group.lower() != directory.group:
        return not_found(f"Resource '{group}'")
    eventual = request.headers.get("consistencylevel", "").lower() == "eventual"
    if cast and not (eventual and request.query.get("$count") == "true"):
        return bad_request(
            "The cast needs the header ConsistencyLevel: eventual and $count=true.", "Request_UnsupportedQuery"
        )
    chosen = request.query.get("$select")
    names = tuple(chosen.split(",")) if chosen else ("id", "displayName", "userPrincipalName")
    found = directory.members()

    def render(one: Account) -> dict[str, Any]:
        # A collection of one type does not repeat it.
        kind = {} if cast else {"@odata.type": "#microsoft.graph.user"}
        return kind | user_json(one, names)

    return page(
        request,
        "users" if cast else "directoryObjects",
        found,
        render,
        size=100,
        largest=999,
        count=len(found) if eventual and "$count" in request.query else None,
    )


def group(directory: Directory, request: Request, name: str) -> Answer:
    """GET /groups/{id}."""
    if name.lower() != directory.group:
        return not_found(f"Resource '{name}'")
    body = {"@odata.context": _context(request, "groups/$entity")} | _group(directory)
    return Answer(body=body)


def _principal(directory: Directory, assignment: dict[str, str]) -> dict[str, Any]:
    if assignment["kind"] == "group":
        return {"@odata.type": "#microsoft.graph.group"} | _group(directory)
    account = directory.find(assignment["principalId"])
    names = ("id", "displayName", "userPrincipalName")
    shown = {"id": assignment["principalId"]} if account is None else user_json(account, names)
    return {"@odata.type": "#microsoft.graph.user"} | shown


def _group(directory: Directory) -> dict[str, Any]:
    return {
        "id": directory.group,
        "displayName": GROUP_NAME,
        "description": f"Holds the role {ROLES[HELPDESK]}",
        "isAssignableToRole": True,
        "securityEnabled": True,
        "mailEnabled": False,
        "groupTypes": [],
    }


def _instance(directory: Directory, role: str) -> str:
    # A role's object in a tenant has an id of its own beside the template's.
    return str(uuid.uuid5(uuid.UUID(directory.tenant), role))


def _context(request: Request, what: str) -> str:
    return f"{request.root}/{request.version}/$metadata#{what}"
