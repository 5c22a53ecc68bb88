"""The users as policies name them: by id, group, directory role or kind; each is read once, whoever names it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from mfaaudit.facts.conditional_access.crowd import NOBODY, Crowd, either, users_of
from mfaaudit.facts.conditional_access.guests import FOREIGN, INSIDE, OTHER, Entry, kinds_of, signs_in_elsewhere
from mfaaudit.facts.given import NOT_READ, Given
from mfaaudit.facts.roles import holders_by
from mfaaudit.sources.field import STRANGE, Value
from mfaaudit.words import Reason, Unknown


class People:
    """All users of the tenant, and what was read of them."""

    def __init__(self, given: Given, activated: Mapping[str, Iterable[str]] | None = None) -> None:
        """`activated` are roles, by template id in lower case, that these users hold beside those that are assigned."""
        self._given = given
        self._activated = activated or {}
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
        activated = self.named(self._activated.get(role.lower(), ()))
        return either([*self._holders[role.lower()], *self._holders[""], activated])

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
        """Guests and people of other tenants, as far as their kind is read.

        Which tenant is the home of an external user is not read: where that is part of the condition, they are open.
        """
        if not kinds:
            return NOBODY
        found = [Crowd(gaps=self._untyped)]
        for (user_type, elsewhere, why), users in self._kinds.items():
            possible = set(kinds_of(user_type, elsewhere))
            sure = bool(possible) and possible <= kinds and (any_home or possible == {INSIDE})
            # Of a member of whom it is not known, none of the kinds may be true; one that contradicts may be another.
            sure = sure and (elsewhere is not None or user_type == "Guest")
            if elsewhere is None:
                possible.add(OTHER)
            if sure:
                found.append(Crowd(users))
            elif possible & kinds:
                found.append(Crowd(users).doubted(why))
        return either(found)

    @cached_property
    def _kinds(self) -> dict[tuple[Value, bool | None, Unknown], int]:
        """The users by their type, by whether they sign in elsewhere, and why that is unknown where it is.

        Those without a known type are in none.
        """
        names = ("userType", "userPrincipalName", "creationType", "externalUserState", "identitySignInTypes")
        rows: dict[tuple[Entry, ...], list[int]] = defaultdict(list)
        for row, (user_type, name, *others) in enumerate(zip(*map(self._user, names), strict=True)):
            shape = name if isinstance(name, Unknown) else FOREIGN if FOREIGN in str(name).lower() else ""
            rows[user_type, shape, *others].append(row)
        found: dict[tuple[Value, bool | None, Unknown], list[int]] = defaultdict(list)
        for (user_type, name, *rest), places in rows.items():
            if not isinstance(user_type, Unknown):
                why = name if isinstance(name, Unknown) else STRANGE
                found[user_type, signs_in_elsewhere(name, *rest), why] += places
        return {key: users_of(places, self.size) for key, places in found.items()}

    def _user(self, name: str) -> Sequence[Entry]:
        return self._given.column(f"user.{name}")

    @cached_property
    def _untyped(self) -> tuple[tuple[Unknown, int], ...]:
        types = self._user("userType")
        return self._gaps((row, kind) for row, kind in enumerate(types) if isinstance(kind, Unknown))

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
