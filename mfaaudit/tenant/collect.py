"""Reads everything that an audit needs, concurrently, into a journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from mfaaudit.evidence.batch import Item, reads_of
from mfaaudit.evidence.response import Response, is_garbled, objects_in
from mfaaudit.evidence.run import PER_USER, Order
from mfaaudit.facts.policy_exclusions import policy_groups
from mfaaudit.facts.roles import role_groups
from mfaaudit.sources import (
    OWN_READS,
    authentication_methods_policy,
    by_feature,
    by_method,
    conditional_access,
    conditional_access_beta,
    conditional_access_plan_rules,
    conditional_access_plans,
    credential_count,
    cross_tenant_access_default,
    cross_tenant_access_partners,
    device_registration_policy,
    group_members,
    listed_states,
    managers,
    mfa_sign_in_summary,
    named_groups,
    registration_activity,
    registration_details,
    role_assignments,
    role_definitions,
    role_eligibility,
    role_policies,
    security_defaults,
    sign_in_activity,
    sign_ins_by_method,
    user_count,
    users,
)
from mfaaudit.sources.options import ELIGIBLE_ROLES, POLICY_GROUPS
from mfaaudit.sources.source import Bucket, Shape, Source
from mfaaudit.tenant.by_id import price_of_rows, read_in_batches, read_rows_of
from mfaaudit.tenant.metrics_window import METRICS, reach, window
from mfaaudit.tenant.organisation import cannot_do_without
from mfaaudit.tenant.pace import identity_quota
from mfaaudit.tenant.per_user import PerUserPass
from mfaaudit.tenant.price import price_of
from mfaaudit.tenant.reader import Reader

Progress = Callable[[str, int, int | None], None]
"""What is being read, how much of it is done, and how much there is, once that is known."""


class Collection:
    """One pass over a tenant, or what is left of one."""

    def __init__(
        self,
        reader: Reader,
        order: Order,
        *,
        started_at: datetime,
        now: datetime,
        progress: Progress,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`started_at` is when the audit began, `now` when this session of it did; `say` tells a person something."""
        self._reader = reader
        self._order = order
        self._say = say
        self._progress = progress
        self._users: set[str] = set()
        self._groups: set[str] = set()
        self._total: int | None = None
        self._to_read: int | None = None
        self._read = 0
        self.metrics_from, self.metrics_to = window(reader, started_at, now, order.metrics_interval)

    async def lists(self) -> None:
        """Reads everything but what is asked for user by user; with `per-user`, that as well, for everybody.

        Raises TenantProblem if the users cannot be listed to the end.
        """
        self._total = (await self._reader.read(user_count.SOURCE, self._reader.url(user_count.SOURCE))).number()
        self._reader.counted = self._total
        if self._total is not None:
            self._reader.paces[Bucket.IDENTITY].allow(identity_quota(self._total))
        work = [self._reports(), self._policies(), self._roles(), self._members(set(self._order.groups))]
        listed = (sign_in_activity.SOURCE, managers.SOURCE)
        work += [self._of_everybody(source) for source in listed if self._order.asks_for(source)]
        for option in self._order.options:
            self._say(price_of(option, self._total))
        if self._order.collect == PER_USER:
            one_by_one = self._pass()
            work += [self._list_users(one_by_one), one_by_one.run()]
        else:
            work += [self._list_users(None), self._states()]
        await _together(work)

    async def read(self, items: Sequence[Item]) -> None:
        """Users' own reads."""
        one_by_one = self._pass()
        self._read, self._to_read = 0, len(items)
        one_by_one.add(items)
        one_by_one.no_more()
        await _together([one_by_one.run()])

    async def some(self, users_by_id: Sequence[str]) -> None:
        """Of the users only these, each asked for by object id; of the tenant, what decides about them."""
        of_users = [source for source in (users.SOURCE, managers.SOURCE) if self._order.asks_for(source)]
        rows = [s for s in (registration_details.SOURCE, sign_in_activity.SOURCE) if self._order.asks_for(s)]
        self._to_read = len(users_by_id) * (len(of_users) + len(OWN_READS))
        work = [self._policies(), self._roles(), self._members(set(self._order.groups))]
        work += [read_in_batches(self._reader, one, users_by_id, self._on_read) for one in (of_users, OWN_READS)]
        for source in rows:
            self._say(price_of_rows(source, len(users_by_id)))
            work.append(read_rows_of(self._reader, source, users_by_id, self._progress))
        await _together(work)

    async def count(self) -> None:
        """Counts the users again, when all has been read."""
        await self._reader.ask(user_count.SOURCE, self._reader.url(user_count.SOURCE))

    def _pass(self) -> PerUserPass:
        return PerUserPass(self._reader, OWN_READS, self._on_read)

    async def _list_users(self, one_by_one: PerUserPass | None) -> None:
        async for page in self._reader.pages(users.SOURCE, self._reader.url(users.SOURCE)):
            if not page.ok or is_garbled(users.SOURCE, page):
                raise cannot_do_without(users.SOURCE, page)
            ids = [row.get("id") for row in objects_in(page)]
            # By lower case: Graph refuses a batch whose ids differ in case alone.
            named = {user.lower(): user for user in ids if isinstance(user, str) and user}
            fresh = [user for key, user in named.items() if key not in self._users]
            self._users.update(named)
            self._progress("Users", len(self._users), self._total)
            if one_by_one is not None:
                items = reads_of(fresh, OWN_READS)
                left = self._reader.past.left(items)
                one_by_one.add(left)
                if len(left) < len(items):
                    self._on_read(len(items) - len(left))
        self._total = len(self._users)
        if one_by_one is not None:
            one_by_one.no_more()

    def _on_read(self, count: int) -> None:
        self._read += count
        known = max(self._total or 0, len(self._users))
        to_read = self._to_read if self._to_read is not None else known * len(OWN_READS) or None
        self._progress("Per-user reads", self._read, to_read)

    async def _reports(self) -> None:
        rows = 0
        source = registration_details.SOURCE
        async for page in self._reader.pages(source, self._reader.url(source)):
            rows += sum(1 for _ in objects_in(page))
            self._progress("Registration report", rows, self._total)
        for source in (by_feature.SOURCE, by_method.SOURCE, credential_count.SOURCE):
            await self._reader.read(source, self._reader.url(source))
        for source in (registration_activity.SOURCE, sign_ins_by_method.SOURCE, mfa_sign_in_summary.SOURCE):
            await self._walk(source)
        for source in METRICS:
            await self._walk(source, **reach(self.metrics_from, self.metrics_to, self._order.metrics_interval))
        self._progress("Registration report", rows, rows)

    async def _policies(self) -> None:
        for source in (
            security_defaults.SOURCE,
            authentication_methods_policy.SOURCE,
            cross_tenant_access_default.SOURCE,
        ):
            await self._reader.read(source, self._reader.url(source))
        if self._order.asks_for(device_registration_policy.SOURCE):
            source = device_registration_policy.SOURCE
            await self._reader.read(source, self._reader.url(source))
        await self._walk(cross_tenant_access_partners.SOURCE)
        pages = await self._walk(conditional_access.SOURCE)
        # What v1.0 leaves out is marked as read from beta, whose policies name groups as well.
        pages += await self._walk(conditional_access_beta.SOURCE)
        for page in await self._walk(conditional_access_plans.SOURCE):
            for plan in sorted({row["id"] for row in objects_in(page) if isinstance(row.get("id"), str)}):
                await self._walk(conditional_access_plan_rules.SOURCE, id=quote(plan, safe=""))
        if POLICY_GROUPS.name in self._order.options:
            await self._members(policy_groups(row for page in pages for row in objects_in(page)))

    async def _states(self) -> None:
        await self._walk(listed_states.SOURCE)

    async def _roles(self) -> None:
        await self._walk(role_definitions.SOURCE)
        pages = await self._walk(role_assignments.SOURCE)
        if ELIGIBLE_ROLES.name in self._order.options:
            pages += await self._walk(role_eligibility.SOURCE)
        await self._members(role_groups(row for page in pages for row in objects_in(page)))
        if self._order.asks_for(role_policies.SOURCE):
            await self._walk(role_policies.SOURCE)

    async def _of_everybody(self, source: Source) -> None:
        rows = 0
        async for page in self._reader.pages(source, self._reader.url(source)):
            rows += sum(1 for _ in objects_in(page))
            self._progress(source.title, rows, self._total)
        self._progress(source.title, rows, rows)

    async def _members(self, groups: set[str]) -> None:
        fresh = groups - self._groups
        self._groups |= fresh
        for group in sorted(fresh):
            await self._reader.read(named_groups.SOURCE, self._reader.url(named_groups.SOURCE, id=group))
            await self._walk(group_members.SOURCE, id=group)

    async def _walk(self, source: Source, **values: str) -> list[Response]:
        if source.shape is not Shape.PAGES:
            raise AssertionError(source.name)
        return [page async for page in self._reader.pages(source, self._reader.url(source, **values))]


async def _together(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except ExceptionGroup as problems:
        # One is told, with its own cause; the others were cancelled, or have the same.
        first = _first(problems)
        raise first from first.__cause__


def _first(error: Exception) -> Exception:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
