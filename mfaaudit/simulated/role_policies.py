"""What Privileged Identity Management asks for each directory role: role management policies with their rules."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any

from mfaaudit.simulated.answer import Answer, Request, bad_request
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.mood import Mood
from mfaaudit.simulated.paging import page
from mfaaudit.simulated.roles import GLOBAL_ADMINISTRATOR, HELPDESK, READER, ROLES

_FILTER = re.compile(
    r"scopeId eq '/' and scopeType eq '(Directory|DirectoryRole)'( and roleDefinitionId eq '([0-9a-fA-F-]+)')?"
)
PRIVILEGED_ROLES = "e8611ab8-c189-46e8-94e1-60213ab1f814"
HYBRID_IDENTITY = "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2"
"""A built-in role that nobody holds here; it has its policy all the same."""
LARGEST_PAGE = 50


def assignments(directory: Directory, request: Request) -> Answer:
    """GET /policies/roleManagementPolicyAssignments; the filter is required (its page)."""
    match = _FILTER.fullmatch(request.query.get("$filter", "").strip())
    if match is None:
        return bad_request("The $filter query parameter must scope the request to a scopeId and a scopeType.")
    kind, wanted = match[1], match[3]
    expand = request.query.get("$expand", "")
    chosen = [role for role in (*ROLES, HYBRID_IDENTITY) if wanted is None or role == wanted.lower()]

    def render(role: str) -> dict[str, Any]:
        policy = f"{kind}_{directory.tenant}_{uuid.uuid5(uuid.UUID(directory.tenant), f'policy of {role}')}"
        made: dict[str, Any] = {
            "id": f"{policy}_{role}",
            "policyId": policy,
            "scopeId": "/",
            "scopeType": kind,
            "roleDefinitionId": role,
        }
        if expand.startswith("policy"):
            made["policy"] = _policy(policy, kind)
        if expand == "policy($expand=rules)":
            made["policy"]["rules"] = rules_of(role, directory.mood)
        return made

    context = "policies/roleManagementPolicyAssignments"
    if expand:
        context += "(policy(rules()))" if "rules" in expand else "(policy())"
    return page(request, directory.tokens, context, chosen, render, size=LARGEST_PAGE, largest=LARGEST_PAGE)


def _policy(policy: str, kind: str) -> dict[str, Any]:
    return {
        "id": policy,
        "displayName": kind,
        "description": kind,
        "isOrganizationDefault": False,
        "scopeId": "/",
        "scopeType": kind,
        "lastModifiedDateTime": None,
        "lastModifiedBy": {"displayName": None, "id": None},
    }


def rules_of(role: str, mood: Mood) -> list[dict[str, Any]]:
    """The rules of one role: strict in the tidy organisation, as they come out of the box in the messy one."""
    strict = not mood.messy
    enabled = ["Justification"] if mood.messy and role in (READER, HELPDESK) else ["MultiFactorAuthentication"]
    approved = strict and role in (GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLES)
    return [
        _rule("Expiration", "Admin", "Eligibility", isExpirationRequired=False, maximumDuration="P365D"),
        _rule("Enablement", "Admin", "Eligibility", enabledRules=[]),
        _rule("Expiration", "Admin", "Assignment", isExpirationRequired=strict, maximumDuration="P180D"),
        _rule("Enablement", "Admin", "Assignment", enabledRules=["Justification"]),
        _rule("Expiration", "EndUser", "Assignment", isExpirationRequired=True, maximumDuration="PT8H"),
        _rule("Enablement", "EndUser", "Assignment", enabledRules=enabled),
        _rule("Approval", "EndUser", "Assignment", setting=_approval(approved=approved)),
        _rule("AuthenticationContext", "EndUser", "Assignment", isEnabled=False, claimValue=None),
        _notification("Admin", "EndUser", "Assignment"),
    ]


def _rule(what: str, caller: str, level: str, **more: Any) -> dict[str, Any]:
    return {
        "@odata.type": f"#microsoft.graph.unifiedRoleManagementPolicy{what}Rule",
        "id": f"{what}_{caller}_{level}",
        **more,
        "target": {
            "caller": caller,
            "operations": ["all"],
            "level": level,
            "inheritableSettings": [],
            "enforcedSettings": [],
        },
    }


def _notification(recipient: str, caller: str, level: str) -> dict[str, Any]:
    made = _rule("Notification", caller, level)
    return made | {
        "id": f"Notification_{recipient}_{caller}_{level}",
        "notificationType": "Email",
        "recipientType": recipient,
        "notificationLevel": "All",
        "isDefaultRecipientsEnabled": True,
        "notificationRecipients": [],
    }


def _approval(*, approved: bool) -> dict[str, Any]:
    approvers: Sequence[dict[str, Any]] = ()
    if approved:
        approvers = [
            {
                "@odata.type": "#microsoft.graph.groupMembers",
                "isBackup": False,
                "groupId": "3f1f2a0c-6a0e-4c55-9d3b-1c0a5b7e9f21",
                "description": "Approvers of privileged roles",
            }
        ]
    return {
        "isApprovalRequired": approved,
        "isApprovalRequiredForExtension": False,
        "isRequestorJustificationRequired": True,
        "approvalMode": "SingleStage",
        "approvalStages": [
            {
                "approvalStageTimeOutInDays": 1,
                "isApproverJustificationRequired": True,
                "escalationTimeInMinutes": 0,
                "isEscalationEnabled": False,
                "primaryApprovers": list(approvers),
                "escalationApprovers": [],
            }
        ],
    }
