"""The users as policies name them: by id, group, directory role or kind; each is read once, whoever names it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from mfaaudit.facts.conditional_access.crowd import NOBODY, Crowd, either, users_of
from mfaaudit.facts.given import NOT_READ, Given
from mfaaudit.facts.roles import holders_by
from mfaaudit.sources.field import STRANGE
from mfaaudit.words import Reason, Unknown

INSIDE, OUTSIDE, MEMBER = "internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember"
FOREIGN = "#ext#"
"""In lower case: part of the user principal name of an account whose home is another tenant."""


class People:
    """All users of the tenant, and what was read of them."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self.size = len(given.user_ids)
        self.everybody = Crowd((1 << self.size) - 1)
        self._rows = {user.lower(): row for row, user in enumerate(given.user_ids)}
        self._groups: dict[str, Crowd] = {}

    def open(self, why: Unknown) -> Crowd:
        """Everybody, of whom it is not known for this reason."""
        return self.everybody.doubted(why)

    def named(self, ids: Iterable[str]) -> Crowd:
        """The users with these object ids."""
        rows = (self._rows.get(one.lower()) for one in ids)
        return Crowd(users_of((row for row in rows if row is not None), self.size))

    def knows(self, user: str) -> bool:
        """Whether a listed user has this object id."""
        return user.lower() in self._rows

    def has_read(self, group: str) -> bool:
        """Whether a group that goes by this name was asked for its members."""
        return self._given.members(group) != NOT_READ

    def of_group(self, group: str) -> Crowd:
        """The users in a group, groups within it included."""
        key = group.lower()
        if key not in self._groups:
            members = self._given.members(group)
            if not isinstance(members, Unknown):
                self._groups[key] = self.named(members)
            else:
                # Of a group that is gone a policy keeps the id, and means nobody by it.
                self._groups[key] = NOBODY if members.reason is Reason.NOT_FOUND else self.open(members)
        return self._groups[key]

    def with_role(self, role: str) -> Crowd:
        """Those who hold a role, by its template id, for the whole directory."""
        if isinstance(self._holders, Unknown):
            return self.open(self._holders)
        # Assignments that do not say of which role may be of any.
        return either([*self._holders[role.lower()], *self._holders[""]])

    @cached_property
    def _holders(self) -> defaultdict[str, list[Crowd]] | Unknown:
        assignments = self._given.objects("roleAssignments")
        if isinstance(assignments, Unknown):
            return assignments
        holders: dict[str, set[str]] = defaultdict(set)
        found: defaultdict[str, list[Crowd]] = defaultdict(list)
        for one in assignments:
            whole, role = _of_the_whole_directory(one), one.get("roleDefinitionId")
            if whole is False:
                continue
            key = role.lower() if isinstance(role, str) else ""
            users, missing = holders_by(one, self._given.members)
            if whole and key:
                holders[key].update(users)
            else:
                found[key].append(self.named(users).doubted(STRANGE))
            if missing is not None:
                found[key].append(self.open(missing))
        for key, ids in holders.items():
            found[key].append(self.named(ids))
        return found

    def of_kinds(self, kinds: frozenset[str], *, any_home: bool) -> Crowd:
        """Guests and people of other tenants, as far as their kind is read."""
        if not kinds:
            return NOBODY
        found = [Crowd(gaps=self._untyped)]
        if not kinds.isdisjoint((INSIDE, OUTSIDE)):
            # Whether a guest's home is here or elsewhere, and where, is not read.
            surely = any_home and kinds.issuperset((INSIDE, OUTSIDE))
            found.append(self._guests if surely else self._guests.doubted(STRANGE))
        if MEMBER in kinds:
            found.append(self._foreign_members)
        return either(found)

    @cached_property
    def _guests(self) -> Crowd:
        types = self._given.column("user.userType")
        return Crowd(users_of((row for row, kind in enumerate(types) if kind == "Guest"), self.size))

    @cached_property
    def _untyped(self) -> tuple[tuple[Unknown, int], ...]:
        types = self._given.column("user.userType")
        return self._gaps((row, kind) for row, kind in enumerate(types) if isinstance(kind, Unknown))

    @cached_property
    def _foreign_members(self) -> Crowd:
        types, names = self._given.column("user.userType"), self._given.column("user.userPrincipalName")
        gaps = []
        for row, (kind, name) in enumerate(zip(types, names, strict=True)):
            if kind == "Guest":
                continue
            if isinstance(name, Unknown):
                gaps.append((row, name))
            elif FOREIGN in str(name).lower():
                gaps.append((row, STRANGE))
        return Crowd(gaps=self._gaps(gaps))

    def by_state(self) -> Crowd:
        """Those whom per-user MFA asks: enabled or enforced."""
        yes, gaps = [], []
        for row, state in enumerate(self._given.column("requirements.perUserMfaState")):
            if isinstance(state, Unknown):
                gaps.append((row, state))
            elif state != "disabled":
                yes.append(row)
        return Crowd(users_of(yes, self.size), self._gaps(gaps))

    def _gaps(self, found: Iterable[tuple[int, Unknown]]) -> tuple[tuple[Unknown, int], ...]:
        rows: dict[Unknown, list[int]] = defaultdict(list)
        for row, why in found:
            rows[why].append(row)
        return tuple((why, users_of(those, self.size)) for why, those in rows.items())


def _of_the_whole_directory(assignment: Mapping[str, Any]) -> bool | None:
    # Conditional Access passes over a role that is held for a part of the directory alone.
    scope = assignment.get("directoryScopeId")
    return scope == "/" if isinstance(scope, str) else None
