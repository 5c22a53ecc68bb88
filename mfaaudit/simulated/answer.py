"""A request as the tenant sees it, and an answer as Graph words it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, whole or an item of a batch."""

    method: str
    version: str
    path: str
    """Below the version, decoded, with one leading slash."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case name."""
    root: str
    """Scheme and host that the client used, for the links in the answer."""
    body: bytes = b""


@dataclass(slots=True, kw_only=True)
class Answer:
    """Status, headers and a body: JSON, or text."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    from_graph: bool = True
    """Whether Graph itself answers; what stands between knows none of its headers."""


def refusal(status: int, code: str, message: str, *, old_spelling: bool = False, **headers: str) -> Answer:
    """An error in Graph's shape; the inner error is spelled in two ways by its services."""
    inner = {"date": "2026-01-01T00:00:00", "request-id": "", "client-request-id": ""}
    error = {"code": code, "message": message, "innererror" if old_spelling else "innerError": inner}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, body={"error": error}, headers=named)


def not_found(what: str = "Resource") -> Answer:
    """What a missing object is answered with (directory error codes)."""
    return refusal(
        404,
        "Request_ResourceNotFound",
        f"{what} does not exist or one of its queried reference-property objects are not present.",
    )


def bad_request(message: str, code: str = "Request_BadRequest") -> Answer:
    """What cannot be understood."""
    return refusal(400, code, message)


def denied() -> Answer:
    """The directory's word for a missing permission (json-batching page)."""
    return refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")


def access_denied() -> Answer:
    """The word of the authentication endpoints for the same."""
    return refusal(403, "accessDenied", "Request Authorization failed", old_spelling=True)


def no_signed_in_person() -> Answer:
    """What /me answers an application: nobody is signed in whom it could mean."""
    return bad_request("/me request is only valid with delegated authentication flow.", "BadRequest")


def scope_missing(permission: str) -> Answer:
    """The word of the reports for the same."""
    return refusal(
        403,
        "Authentication_MSGraphPermissionMissing",
        f"The principal does not have required Microsoft Graph permission(s): {permission} to call this API.",
    )


def scope_not_granted(*permissions: str) -> Answer:
    """The word of Privileged Identity Management for the same: an error of its own, as text within Graph's."""
    own = {
        "errorCode": "PermissionScopeNotGranted",
        "message": f"Authorization failed due to missing permission scope {','.join(permissions)}.",
        "instanceAnnotations": [],
    }
    return refusal(403, "UnknownError", json.dumps(own, separators=(",", ":")))


def not_premium() -> Answer:
    """What reports answer without a licence."""
    return refusal(
        403,
        "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
        "Neither tenant is B2C or tenant doesn't have premium license",
    )


def p2_required() -> Answer:
    """What Privileged Identity Management answers without a licence: on no page, but seen in the field, and as 400."""
    return refusal(
        400,
        "AadPremiumLicenseRequired",
        "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
    )
