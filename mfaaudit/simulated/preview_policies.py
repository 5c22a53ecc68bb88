"""What only beta tells of Conditional Access: policies with preview features, and plans with their rules."""

from __future__ import annotations

from typing import Any

from mfaaudit.simulated.answer import Answer, Request, bad_request, not_found
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.policy_json import make_policy

NAME = "CA010 MFA for all users, every time"
PLAN = "5b1f7c1e-3d0e-4a0c-8d5f-2f6f7a9b1c0"


def preview_policy() -> dict[str, Any]:
    """MFA for everybody everywhere, with a condition that v1.0 does not know; it leaves out the whole policy."""
    made = make_policy("1f", NAME, "enabled")
    made["sessionControls"] = {"signInFrequency": {"isEnabled": True, "frequencyInterval": "everyTime", "value": None}}
    return made


def plans(directory: Directory, request: Request) -> Answer:
    """GET /identity/conditionalAccess/plans (conditionalaccessroot-list-plans page)."""
    states = directory.mood.plans
    if states is None:
        return bad_request("Resource not found for the segment 'plans'.", "BadRequest")
    rows = [
        {"id": f"{PLAN}{number}", "displayName": f"Plan {number}", "state": state, "sharedConditions": {}}
        for number, state in enumerate(states)
    ]
    return _listed(request, "plans", rows)


def rules(directory: Directory, request: Request, plan: str) -> Answer:
    """GET /identity/conditionalAccess/plans/{id}/rules (conditionalaccesspolicyplan-list-rules page)."""
    states = directory.mood.plans
    if states is None:
        return bad_request("Resource not found for the segment 'plans'.", "BadRequest")
    if plan not in {f"{PLAN}{number}" for number in range(len(states))}:
        return not_found(f"Resource '{plan}'")
    policy = make_policy("2f", "Rule", "enabled")
    rule = {"id": f"{plan[:-1]}f", "displayName": "MFA", "conditions": policy["conditions"]}
    return _listed(request, f"plans('{plan}')/rules", [rule | {"controls": {"grantControls": policy["grantControls"]}}])


def _listed(request: Request, context: str, rows: list[dict[str, Any]]) -> Answer:
    root = f"{request.root}/{request.version}/$metadata#identity/conditionalAccess/{context}"
    return Answer(body={"@odata.context": root, "value": rows})
