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

ALTERED = (
    "A proxy or a sign-in page may stand between this machine and Graph: go around it, then audit again, "
    "or go on with --resume."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """Which tenant answered."""

    id: str
    name: str
    default_domain: str
    domains: tuple[str, ...]
    type: str = ""
    """`tenantType` as Graph spells it; empty if Graph did not say."""


async def read_tenant(reader: Reader) -> Tenant:
    """The tenant behind the connection. Raises Refused or Unreachable if it does not say."""
    response = await reader.ask(organization.SOURCE, reader.url(organization.SOURCE))
    body = response.json() if response.ok else None
    found = body.get("value") if isinstance(body, dict) else None
    if not isinstance(found, list) or not found or not isinstance(found[0], dict):
        raise cannot_do_without(organization.SOURCE, response)
    first: Mapping[str, Any] = found[0]
    tenant_id, name, given = first.get("id"), first.get("displayName"), first.get("verifiedDomains")
    if not isinstance(tenant_id, str) or not tenant_id:
        raise cannot_do_without(organization.SOURCE, response)
    kind = first.get("tenantType")
    listed = given if isinstance(given, list) else []
    domains = [domain for domain in listed if isinstance(domain, dict) and isinstance(domain.get("name"), str)]
    return Tenant(
        id=tenant_id,
        name=name if isinstance(name, str) else "",
        default_domain=next((d["name"] for d in domains if d.get("isDefault") is True), ""),
        domains=tuple(d["name"].lower() for d in domains),
        type=kind if isinstance(kind, str) else "",
    )


def cannot_do_without(source: Source, response: Response) -> TenantProblem:
    """The error for a list, a count or an object of the whole tenant, without which there is no audit."""
    what = f"{source.title.lower()} could not be read"
    if response.status == 0:
        if not response.attempt:
            # Nothing was sent: the walk through a list was ended on our side.
            return Unreachable(f"{what}: {response.problem}", hint=ALTERED)
        return Unreachable(
            f"{what}: {response.problem}",
            hint=network_hint(response.problem) or "Check the network, the proxy and --cloud, then audit again.",
        )
    tail = f" (request-id {response.request_id})" if response.request_id else ""
    said = "gave no usable answer, with status" if response.ok else "answered"
    return Refused(f"{what}: Graph {said} {response.status}{tail}", hint=_hint(source, response))


def _hint(source: Source, response: Response) -> str:
    """What to do about an answer to a whole list; the cures of reasons are about one user."""
    status = response.status
    reason = reason_of(status, response.json(), source=source)
    if response.ok or 300 <= status < 400:
        return ALTERED
    if status == 401:
        return "The token has expired or is not for Microsoft Graph in this cloud: sign in again."
    if status in (404, 410):
        return "There is no such list at this address: check --cloud, --tenant and --graph-url, then audit again."
    if status == 407:
        return "The proxy asks for a sign-in: put a user name and password into HTTPS_PROXY, or go around the proxy."
    if reason is Reason.NO_PERMISSION:
        return f"Grant the permission {source.permissions[0]} (read-only) and have an administrator consent to it."
    if reason is Reason.NO_LICENSE:
        return "Graph documents no license for this list, yet asks for one: audit again, or ask Microsoft support."
    if status in (400, 405, 414):
        return "Graph did not understand the request: check --cloud and --graph-url; a proxy may have altered it."
    return reason.cure
