"""What User.ReadBasic.All shows of a user: the basic properties, and nothing of whatever else was selected."""

from __future__ import annotations

from typing import Any

from mfaaudit.simulated.answer import Answer

BASIC = frozenset(
    {"displayName", "givenName", "id", "mail", "photo", "securityIdentifier", "surname", "userPrincipalName"}
)
"""As the permissions reference lists them."""
WHOLE = frozenset({"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"})
"""Permissions that show all properties."""


def only_basic(answer: Answer) -> Answer:
    """The answer without the properties that the permission does not show."""
    body = answer.body
    if isinstance(body, dict) and isinstance(body.get("value"), list):
        answer.body = body | {"value": [_basic(row) for row in body["value"]]}
    elif isinstance(body, dict) and "error" not in body:
        answer.body = _basic(body)
    return answer


def _basic(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in BASIC or name.startswith("@")}
