"""Access tokens as a client holds them, and what is made of the one that comes with a request."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mfaaudit.simulated.answer import Answer, refusal

GRAPH = "https://graph.microsoft.com"
APPLICATION = "5c0f7a3e-6a0e-4f6b-9f0e-3d4c1f0a7b21"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a token speaks for."""

    delegated: bool
    permissions: frozenset[str]


def issue(
    tenant: str,
    domain: str,
    *,
    delegated: bool,
    permissions: Sequence[str],
    now: float,
    lifetime: float,
    not_before: int | None = None,
) -> str:
    """A token with the claims of a v1 access token, unsigned: nobody here would check the signature."""
    claims = {
        "aud": GRAPH,
        "iss": f"https://sts.windows.net/{tenant}/",
        "iat": int(now),
        "nbf": int(now) if not_before is None else max(int(now), not_before),
        "exp": int(now + lifetime),
        "appid": APPLICATION,
        "app_displayname": "MFA audit",
        "oid": auditor_id(tenant),
        "tid": tenant,
        "ver": "1.0",
    }
    if delegated:
        claims |= {"idtyp": "user", "upn": f"auditor@{domain}", "scp": " ".join(permissions)}
    else:
        claims |= {"idtyp": "app", "roles": list(permissions)}
    return f"{_part({'typ': 'JWT', 'alg': 'none'})}.{_part(claims)}.{_part({})}"


def auditor_id(tenant: str) -> str:
    """The object id of the person, or of the application, that tokens are issued to."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{tenant}/auditor"))


def caller_of(headers: Mapping[str, str], tenant: str, cache: dict[str, Caller | Answer]) -> Caller | Answer:
    """Who calls, or the refusal of a token that is missing, garbled, expired or another tenant's."""
    header = headers.get("authorization", "")
    known = cache.get(header)
    if known is None:
        if len(cache) > 64:
            cache.clear()
        known = cache[header] = _read(header, tenant)
    return known


def _read(header: str, tenant: str) -> Caller | Answer:
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token:
        return unauthorized("Access token is empty.")
    try:
        claims = claims_in(token)
        expires, owner = float(claims["exp"]), claims["tid"]
    except (ValueError, KeyError, IndexError, TypeError):
        return unauthorized("CompactToken parsing failed with error code: 80049217")
    if owner != tenant:
        return unauthorized("The token was issued by another tenant.")
    if expires < time.time():
        return unauthorized("Lifetime validation failed, the token is expired.")
    if isinstance(claims.get("scp"), str):
        return Caller(True, frozenset(claims["scp"].split()))
    return Caller(False, frozenset(str(role) for role in claims.get("roles") or []))


def claims_in(token: str) -> dict[str, Any]:
    """What a token says. Raises ValueError, KeyError, IndexError or TypeError if it is none."""
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return {name: claims[name] for name in claims}


def unauthorized(message: str) -> Answer:
    """What a token is refused with."""
    answer = refusal(401, "InvalidAuthenticationToken", message)
    answer.headers["WWW-Authenticate"] = f'Bearer realm="", authorization_uri="{GRAPH}"'
    return answer


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
