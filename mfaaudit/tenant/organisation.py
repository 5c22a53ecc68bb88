"""Which tenant answers; and the error for what an audit cannot do without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mfaaudit.errors import Refused, TenantProblem, Unreachable
from mfaaudit.evidence.response import Response, reason_of
from mfaaudit.sources import organization
from mfaaudit.sources.source import Source
from mfaaudit.tenant.reader import Reader
from mfaaudit.tenant.wires import network_hint
from mfaaudit.words import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """Which tenant answered."""

    id: str
    name: str
    default_domain: str
    domains: tuple[str, ...]


async def read_tenant(reader: Reader) -> Tenant:
    """The tenant behind the connection. Raises Refused or Unreachable if it does not say."""
    response = await reader.ask(organization.SOURCE, reader.url(organization.SOURCE))
    body = response.json() if response.ok else None
    found = body.get("value") if isinstance(body, dict) else None
    if not isinstance(found, list) or not found or not isinstance(found[0], dict):
        raise cannot_do_without(organization.SOURCE, response)
    first: Mapping[str, Any] = found[0]
    domains = [d for d in first.get("verifiedDomains") or [] if isinstance(d, dict) and isinstance(d.get("name"), str)]
    return Tenant(
        id=str(first.get("id", "")),
        name=str(first.get("displayName") or ""),
        default_domain=next((d["name"] for d in domains if d.get("isDefault") is True), ""),
        domains=tuple(d["name"].lower() for d in domains),
    )


def cannot_do_without(source: Source, response: Response) -> TenantProblem:
    """The error for a source without which there is no audit."""
    what = f"{source.title.lower()} could not be read"
    if response.status == 0:
        return Unreachable(
            f"{what}: {response.problem}",
            hint=network_hint(response.problem) or "Check the network, the proxy and --cloud, then audit again.",
        )
    reason = reason_of(response.status, response.json(), source=source)
    tail = f" (request-id {response.request_id})" if response.request_id else ""
    hint = reason.cure
    if response.status == 401:
        hint = "The token has expired or is not for Microsoft Graph in this cloud: sign in again."
    elif reason is Reason.NO_PERMISSION:
        hint = f"Grant the permission {source.permissions[0]} (read-only) and have an administrator consent to it."
    return Refused(f"{what}: Graph answered {response.status}{tail}", hint=hint)
