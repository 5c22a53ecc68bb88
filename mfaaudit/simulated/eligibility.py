"""Who may take up which role when it is needed: schedules of Privileged Identity Management."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from mfaaudit.simulated.account import Account
from mfaaudit.simulated.groups import Group
from mfaaudit.simulated.roles import GLOBAL_ADMINISTRATOR, ROLES

NEVER_MODIFIED = "0001-01-01T08:00:00Z"
"""As the page of the list writes it."""
EXCHANGE, SECURITY, PRIVILEGED, USERS = (
    next(role for role, name in ROLES.items() if name == wanted)
    for wanted in (
        "Exchange Administrator",
        "Security Administrator",
        "Privileged Authentication Administrator",
        "User Administrator",
    )
)


def make_schedules(
    tenant: str, people: Sequence[Account], group: Group, now: datetime, *, odd: bool
) -> list[dict[str, Any]]:
    """Rows of unifiedRoleEligibilitySchedule, as far as there are people for them."""
    kinds: list[tuple[str, dict[str, Any]]] = [
        (GLOBAL_ADMINISTRATOR, {"expiration": _until(now + timedelta(days=170))}),
        (SECURITY, {}),
        (USERS, {"expiration": {"type": "afterDuration", "endDateTime": None, "duration": "P365D"}}),
        # In the messy tenant it begins only later, and reaches no further than one administrative unit.
        (EXCHANGE, {"start": now + timedelta(days=20), "scope": _unit(tenant)} if odd else {}),
    ]
    wanted: list[tuple[str, str, dict[str, Any]]] = [
        (one.id, role, more) for one, (role, more) in zip(people, kinds, strict=False)
    ]
    if group.users:
        wanted.append((group.id, PRIVILEGED, {}))
        if odd:
            # Whether the members of an eligible group are listed beside it is on no page: here one of them is.
            wanted.append((group.users[0], PRIVILEGED, {"member_type": "Group"}))
    return [_schedule(tenant, number, now, *one) for number, one in enumerate(wanted)]


def _schedule(
    tenant: str, number: int, now: datetime, principal: str, role: str, more: dict[str, Any]
) -> dict[str, Any]:
    created = now - timedelta(days=40 + 11 * number, seconds=7919 * number)
    # The schedule has the id of the request that made it.
    schedule_id = str(uuid.uuid5(uuid.UUID(tenant), f"eligible {number}"))
    return {
        "id": schedule_id,
        "principalId": principal,
        "roleDefinitionId": role,
        "directoryScopeId": more.get("scope", "/"),
        "appScopeId": None,
        "createdUsing": schedule_id,
        "createdDateTime": _time(created),
        "modifiedDateTime": NEVER_MODIFIED,
        "status": "Provisioned",
        "memberType": more.get("member_type", "Direct"),
        "scheduleInfo": {
            "startDateTime": _time(more.get("start", created)),
            "recurrence": None,
            "expiration": more.get("expiration", {"type": "noExpiration", "endDateTime": None, "duration": None}),
        },
    }


def _until(end: datetime) -> dict[str, str | None]:
    return {"type": "afterDateTime", "endDateTime": f"{end:%Y-%m-%dT00:00:00Z}", "duration": None}


def _unit(tenant: str) -> str:
    return f"/administrativeUnits/{uuid.uuid5(uuid.UUID(tenant), 'administrative unit')}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
