"""Directory roles, who holds them, and who may take them up."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

from mfaaudit.simulated.answer import Answer, Request, bad_request, not_found
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.group_endpoints import object_json
from mfaaudit.simulated.paging import page
from mfaaudit.simulated.partner import PRINCIPALS
from mfaaudit.simulated.roles import ROLES
from mfaaudit.simulated.storm.expiry import LARGEST_PAGE_OF_ASSIGNMENTS

_FILTER = re.compile(r"(roleDefinitionId|principalId) eq '([0-9a-fA-F-]+)'")


def assignments(directory: Directory, request: Request) -> Answer:
    """GET /roleManagement/directory/roleAssignments."""
    at_most = LARGEST_PAGE_OF_ASSIGNMENTS if directory.mood.expiring else None
    return _of_principals(directory, request, "roleAssignments", directory.assignments(), at_most=at_most)


def eligibility(directory: Directory, request: Request) -> Answer:
    """GET /roleManagement/directory/roleEligibilitySchedules."""
    return _of_principals(directory, request, "roleEligibilitySchedules", directory.schedules)


def definitions(directory: Directory, request: Request) -> Answer:
    """GET /roleManagement/directory/roleDefinitions."""

    def render(role: str) -> dict[str, Any]:
        made = {"id": role, "displayName": ROLES[role], "templateId": role, "isBuiltIn": True, "isEnabled": True}
        chosen = request.query.get("$select")
        return made if chosen is None else {name: made[name] for name in ("id", *chosen.split(",")) if name in made}

    context = "roleManagement/directory/roleDefinitions"
    return page(request, directory.tokens, context, list(ROLES), render, size=100, largest=999)


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
    held = [one for one in directory.assignments() if one["roleDefinitionId"] == known]
    rows = [found for one in held if (found := _principal(directory, one["principalId"])) is not None]
    return Answer(body={"@odata.context": _context(request, "directoryObjects"), "value": rows})


def _of_principals(
    directory: Directory, request: Request, what: str, rows: Sequence[dict[str, Any]], *, at_most: int | None = None
) -> Answer:
    text = request.query.get("$filter")
    match = _FILTER.fullmatch(text.strip()) if text is not None else None
    if text is not None and match is None:
        return bad_request("Invalid filter clause.")
    expand = request.query.get("$expand") == "principal"

    def render(one: dict[str, Any]) -> dict[str, Any]:
        return one | {"principal": _principal(directory, one["principalId"])} if expand else one

    found = [one for one in rows if match is None or one[match[1]] == match[2]]
    context = f"roleManagement/directory/{what}"
    return page(request, directory.tokens, context, found, render, size=100, largest=999, at_most=at_most)


def _principal(directory: Directory, principal: str) -> dict[str, Any] | None:
    if principal in PRINCIPALS:
        return PRINCIPALS[principal]
    found = directory.groups.get(principal) or directory.find(principal)
    # Somebody who was deleted meanwhile is still named.
    return object_json(found) if found is not None else {"@odata.type": "#microsoft.graph.user", "id": principal}


def _instance(directory: Directory, role: str) -> str:
    # A role's object in a tenant has an id of its own beside the template's.
    return str(uuid.uuid5(uuid.UUID(directory.tenant), role))


def _context(request: Request, what: str) -> str:
    return f"{request.root}/{request.version}/$metadata#{what}"
