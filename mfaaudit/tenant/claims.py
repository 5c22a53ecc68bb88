"""What a token says of the identity that holds it; the token itself goes no further."""

from __future__ import annotations

import base64
from typing import Any

from mfaaudit.evidence.run import Identity
from mfaaudit.json_reading import read_json


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a JSON web token, unverified: they describe a run, they grant nothing. Empty if it is opaque."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = read_json(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}


def identity_of(claims: dict[str, Any], *, auth: str) -> Identity:
    """Who the claims name, with the permissions they carry (access-token claims reference)."""
    scopes, roles = claims.get("scp"), claims.get("roles")
    if isinstance(scopes, str):
        kind, permissions = "delegated", tuple(sorted(scopes.split()))
    elif isinstance(roles, list):
        kind, permissions = "application", tuple(sorted(str(role) for role in roles))
    else:
        kind, permissions = "unknown", ()

    def text(*names: str) -> str:
        return next((claims[name] for name in names if isinstance(claims.get(name), str)), "")

    return Identity(
        kind=kind,
        auth=auth,
        app_id=text("appid", "azp"),
        app_name=text("app_displayname"),
        object_id=text("oid"),
        user_principal_name=text("upn", "unique_name", "preferred_username"),
        tenant_id=text("tid"),
        permissions=permissions,
    )
