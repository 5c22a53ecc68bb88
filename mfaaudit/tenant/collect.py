"""Reads everything that an audit needs, concurrently, into a journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mfaaudit.errors import Refused, TenantProblem, Unreachable
from mfaaudit.evidence.response import Response, reason_of
from mfaaudit.sources import (
    authentication_methods_policy,
    by_feature,
    by_method,
    conditional_access,
    credential_count,
    group_members,
    mfa_sign_in_failure,
    mfa_sign_in_success,
    organization,
    registration_details,
    requirements,
    role_assignments,
    role_definitions,
    security_defaults,
    sign_in_preferences,
    user_count,
    users,
)
from mfaaudit.sources.source import Bucket, Shape, Source
from mfaaudit.tenant.pace import identity_quota
from mfaaudit.tenant.per_user import PerUserPass
from mfaaudit.tenant.reader import Reader
from mfaaudit.words import Reason

REACH = timedelta(days=30)
"""How far back the sign-in metrics go (serviceActivity pages)."""
GROUP = "#microsoft.graph.group"

Progress = Callable[[str, int, int | None], None]
"""What is being read, how much of it is done, and how much there is, once that is known."""


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


class Collection:
    """One pass over a tenant."""

    def __init__(self, reader: Reader, *, started_at: datetime, progress: Progress) -> None:
        self._reader = reader
        self._progress = progress
        self._read = 0
        self._users: set[str] = set()
        # The service refuses a start that is older than its reach by the time the request arrives.
        self.metrics_to = started_at.replace(minute=0, second=0, microsecond=0)
        self.metrics_from = self.metrics_to - REACH + timedelta(hours=1)
        self._pass = PerUserPass(reader, (requirements.SOURCE, sign_in_preferences.SOURCE), self._on_read)

    async def run(self) -> None:
        """Reads it all. Raises TenantProblem if the users cannot be listed to the end."""
        count = await self._count()
        if count is not None:
            self._reader.paces[Bucket.IDENTITY].allow(identity_quota(count))
        self._total = count
        try:
            async with asyncio.TaskGroup() as group:
                for work in (self._list_users(), self._pass.run(), self._reports(), self._policies(), self._roles()):
                    group.create_task(work)
        except ExceptionGroup as problems:
            # One cause is told; the others were cancelled, or have the same.
            raise _first(problems) from None
        await self._count()

    async def _count(self) -> int | None:
        response = await self._reader.ask(user_count.SOURCE, self._reader.url(user_count.SOURCE))
        return response.number()

    async def _list_users(self) -> None:
        async for page in self._reader.pages(users.SOURCE, self._reader.url(users.SOURCE)):
            body = page.json() if page.ok else None
            rows = body.get("value") if isinstance(body, dict) else None
            if not isinstance(rows, list):
                raise cannot_do_without(users.SOURCE, page)
            ids = [row.get("id") for row in rows if isinstance(row, dict)]
            # By lower case: Graph refuses a batch whose ids differ in case alone.
            named = {user.lower(): user for user in ids if isinstance(user, str) and user}
            self._pass.add([user for key, user in named.items() if key not in self._users])
            self._users.update(named)
            self._progress("Users", len(self._users), self._total)
        self._total = len(self._users)
        self._pass.no_more_users()

    def _on_read(self, count: int) -> None:
        self._read += count
        known = max(self._total or 0, len(self._users))
        self._progress("Per-user reads", self._read, known * 2 if known else None)

    async def _reports(self) -> None:
        rows = 0
        source = registration_details.SOURCE
        async for page in self._reader.pages(source, self._reader.url(source)):
            body = page.json()
            found = body.get("value") if page.ok and isinstance(body, dict) else None
            rows += len(found) if isinstance(found, list) else 0
            self._progress("Registration report", rows, self._total)
        for source in (by_feature.SOURCE, by_method.SOURCE, credential_count.SOURCE):
            await self._reader.ask(source, self._reader.url(source))
        reach = {"start": graph_time(self.metrics_from), "end": graph_time(self.metrics_to)}
        for source in (mfa_sign_in_success.SOURCE, mfa_sign_in_failure.SOURCE):
            await self._walk(source, self._reader.url(source, **reach))
        self._progress("Registration report", rows, rows)

    async def _policies(self) -> None:
        for source in (security_defaults.SOURCE, authentication_methods_policy.SOURCE):
            await self._reader.ask(source, self._reader.url(source))
        await self._walk(conditional_access.SOURCE, self._reader.url(conditional_access.SOURCE))

    async def _roles(self) -> None:
        await self._walk(role_definitions.SOURCE, self._reader.url(role_definitions.SOURCE))
        pages = await self._walk(role_assignments.SOURCE, self._reader.url(role_assignments.SOURCE))
        groups = {group for page in pages for group in groups_in(page)}
        for group in sorted(groups):
            await self._walk(group_members.SOURCE, self._reader.url(group_members.SOURCE, id=group))

    async def _walk(self, source: Source, url: str) -> list[Response]:
        if source.shape is not Shape.PAGES:
            raise AssertionError(source.name)
        return [page async for page in self._reader.pages(source, url)]


def cannot_do_without(source: Source, response: Response) -> TenantProblem:
    """The error for a source without which there is no audit."""
    what = f"{source.title.lower()} could not be read"
    if response.status == 0:
        return Unreachable(
            f"{what}: {response.problem}",
            hint="Check the network, the proxy and --cloud, then audit again.",
        )
    reason = reason_of(response.status, response.json(), source=source)
    tail = f" (request-id {response.request_id})" if response.request_id else ""
    hint = reason.cure
    if response.status == 401:
        hint = "The token has expired or is not for Microsoft Graph in this cloud: sign in again."
    elif reason is Reason.NO_PERMISSION:
        hint = f"Grant the permission {source.permissions[0]} (read-only) and have an administrator consent to it."
    return Refused(f"{what}: Graph answered {response.status}{tail}", hint=hint)


def groups_in(page: Response) -> Iterator[str]:
    """The object ids of the groups among those who hold a role, on one page of role assignments."""
    body = page.json() if page.ok else None
    rows = body.get("value") if isinstance(body, dict) else None
    for row in rows if isinstance(rows, list) else []:
        principal = row.get("principal") if isinstance(row, dict) else None
        if not isinstance(principal, dict) or principal.get("@odata.type") != GROUP:
            continue
        if isinstance(row.get("principalId"), str):
            yield row["principalId"]


def _first(error: Exception) -> Exception:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def graph_time(time: datetime) -> str:
    """A time in UTC as Graph writes it in a path."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
