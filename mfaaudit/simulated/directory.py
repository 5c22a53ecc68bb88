"""The simulated directory: accounts by id and by name, as they are at this moment."""

from __future__ import annotations

import itertools
import random
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from mfaaudit.simulated.account import Account
from mfaaudit.simulated.ageing import QUARTER, Ageing
from mfaaudit.simulated.eligibility import make_schedules
from mfaaudit.simulated.faults import FORBIDDEN, ONE_SIDED, VANISHES, make_trouble
from mfaaudit.simulated.groups import ON_CALL, ROLE, Group, eligible_people, group_id, make_groups, reach
from mfaaudit.simulated.lists import lists_of
from mfaaudit.simulated.managers import Manager, later_managers, make_managers
from mfaaudit.simulated.mood import Mood
from mfaaudit.simulated.names import NAMESPACE
from mfaaudit.simulated.organisation import Builder
from mfaaudit.simulated.paging import Tokens
from mfaaudit.simulated.partner import HELD
from mfaaudit.simulated.roles import HELPDESK
from mfaaudit.simulated.storm import accounts as storm
from mfaaudit.simulated.storm.listing import Row, rows


class Directory:
    """All objects of one tenant; accounts may vanish while they are looked at."""

    def __init__(
        self, users: int, seed: int, mood: Mood, now: datetime, tokens: Tokens | None = None, *, quarter: int = 0
    ) -> None:
        self.mood = mood
        self.tokens = tokens or Tokens(time.monotonic)
        self.seed = seed
        self.now = now
        self.quarter = quarter
        """How many quarters ago the organisation was made."""
        self.made = now - quarter * QUARTER
        self.tenant = str(uuid.uuid5(NAMESPACE, f"tenant {seed}"))
        builder = Builder(seed, mood, self.made)
        self.accounts = builder.people(users)
        if mood.messy:
            make_trouble(self.accounts, self.made)
        if mood.stormy:
            storm.spread(self.accounts, seed)
        self._refuse_some(builder.random)
        if mood.one_sided:
            people = (one for one in self.accounts if one.enabled and one.department and not one.fault)
            for one in itertools.islice(people, 1):
                one.fault = ONE_SIDED
        self.orphans = [self._orphan(builder) for _ in range(2)] if mood.messy and users >= 60 else []
        self.group = group_id(seed, ROLE)
        """The id of the group that holds a role."""
        self.groups = make_groups(self.accounts, seed, mood)
        schedules = make_schedules(
            self.tenant, eligible_people(self.accounts), self.groups[group_id(seed, ON_CALL)], self.made, odd=mood.messy
        )
        self.founders = [replace(one) for one in self.accounts] if quarter else self.accounts
        """The people as they were when the organisation was made."""
        ageing = Ageing(self.accounts, builder, seed)
        for number in range(1, quarter + 1):
            ageing.pass_quarter(self.made + number * QUARTER)
        self.accounts, self.events = ageing.accounts, tuple(ageing.events)
        self.index = {one.id: number for number, one in enumerate(self.accounts)}
        known = self.index.keys() | self.groups.keys()
        self.schedules = [one for one in schedules if one["principalId"] in known]
        self.names = {one.user_principal_name.lower(): one for one in self.accounts}
        self.gone: set[str] = set()
        self.asked: Counter[str] = Counter()
        """How often an account's own endpoints were asked; what they answer may depend on it."""
        self.refreshed = now - timedelta(hours=5, minutes=12)
        self.lists = lists_of(self.accounts, mood)

    def find(self, name: str) -> Account | None:
        """An account by object id or principal name, whatever the case."""
        number = self.index.get(name.lower())
        account = self.accounts[number] if number is not None else self.names.get(name.lower())
        return None if account is None or account.id in self.gone else account

    def look_at(self, account: Account) -> None:
        """An account's own endpoint was asked; the one that vanishes does so now."""
        if account.fault == VANISHES:
            self.gone.add(account.id)

    @property
    def count(self) -> int:
        """How many users the directory counts."""
        return len(self.accounts) - len(self.gone)

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the list of users, those of deleted accounts among them."""
        return rows(self.accounts) if self.mood.stormy else [Row(one) for one in self.accounts]

    @cached_property
    def managers(self) -> Mapping[str, Manager]:
        """By the id of the user; most audits do not ask."""
        found = make_managers(self.founders, self.seed, self.mood)
        return later_managers(found, self.founders, self.accounts) if self.quarter else found

    @cached_property
    def reported(self) -> list[Account]:
        """The rows of the registration report: it hears of a deleted account only when it is refreshed."""
        return [one for one in self.accounts if one.enabled and one.in_report] + self.orphans

    def counted(self) -> list[Account]:
        """The accounts in the tenant's counts."""
        return [one for one in self.accounts if one.enabled and one.in_report]

    def members(self) -> list[Account]:
        """The users in the group that holds a role."""
        return [one for one in self.inside(self.groups[self.group], transitive=False) if isinstance(one, Account)]

    def inside(self, group: Group, *, transitive: bool) -> list[Account | Group]:
        """Who is in a group now, directly or at any depth; a group within it is a member too."""
        if transitive:
            ids, groups = reach(self.groups, group)
        else:
            ids, groups = list(group.users), [self.groups[one] for one in group.groups]
        return [*(one for one in map(self.find, ids) if one is not None), *groups]

    def assignments(self) -> list[dict[str, str]]:
        """Who holds which role: users directly, the group for its members."""
        rows = [(role, one.id) for one in self.accounts for role in one.roles]
        if self.members():
            rows.append((HELPDESK, self.group))
        if self.mood.partner:
            rows += HELD
        return [
            {
                "id": f"{number:08d}-assignment",
                "principalId": holder,
                "roleDefinitionId": role,
                "directoryScopeId": "/",
            }
            for number, (role, holder) in enumerate(rows)
        ]

    def _refuse_some(self, chance: random.Random) -> None:
        if self.mood.forbidden:
            for one in self.accounts:
                if chance.random() < self.mood.forbidden:
                    one.fault = FORBIDDEN

    def _orphan(self, builder: Builder) -> Account:
        orphan = builder.person()
        orphan.user_principal_name = orphan.user_principal_name.replace("@", ".deleted@")
        return orphan
