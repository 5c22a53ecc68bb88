"""Whom a policy names: the users it includes, and those it excludes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mfaaudit.facts.conditional_access.crowd import Crowd, either
from mfaaudit.facts.conditional_access.people import INSIDE, MEMBER, OUTSIDE, People
from mfaaudit.facts.conditional_access.values import is_id, others, words
from mfaaudit.sources.field import STRANGE

ALL, NONE, GUESTS = "All", "None", "GuestsOrExternalUsers"
"""Words in the place of ids; the last is the older way to name all guests and external users."""
ABSENT = frozenset({"none", "b2bDirectConnectUser", "otherExternalUser", "serviceProvider"})
"""Kinds of people who have no account in the tenant."""
KINDS = frozenset({INSIDE, OUTSIDE, MEMBER})
PARTS = ("Users", "Groups", "Roles", "GuestsOrExternalUsers")
KEYS = frozenset(f"{side}{part}" for side in ("include", "exclude") for part in PARTS)


def included(users: Mapping[str, Any], people: People) -> Crowd:
    """The users in scope, unless they are excluded."""
    return _side(users, "include", people)


def excluded(users: Mapping[str, Any], people: People) -> Crowd:
    """The users left out, whether or not they are in scope otherwise."""
    return _side(users, "exclude", people)


def _side(users: Mapping[str, Any], side: str, people: People) -> Crowd:
    ids, groups, roles = (words(users, f"{side}{part}") for part in PARTS[:3])
    if ids is None or groups is None or roles is None:
        return people.open(STRANGE)
    found = [people.named(ids), *map(people.of_group, groups), *(people.with_role(role) for role in roles)]
    known = {NONE, GUESTS, ALL} if side == "include" else {GUESTS}
    if ALL in ids and ALL in known:
        found.append(people.everybody)
    if GUESTS in ids:
        found.append(people.of_kinds(KINDS, any_home=True))
    newer = users.get(f"{side}GuestsOrExternalUsers")
    if newer is not None:
        kinds = kinds_in(newer)
        found.append(people.open(STRANGE) if kinds is None else people.of_kinds(kinds, any_home=any_home(newer)))
    # A word that is no id may name anybody, and so may a property that is not known.
    vague = [one for one in ids if one not in known and not is_id(one) and not people.knows(one)]
    vague += [role for role in roles if not is_id(role)]
    if vague or strange_keys(users, side):
        found.append(people.open(STRANGE))
    return either(found)


def strange_keys(users: Mapping[str, Any], side: str) -> list[str]:
    """The properties that are not known and may include, or exclude, anybody."""
    other = "exclude" if side == "include" else "include"
    return [key for key in others(users, KEYS) if not key.startswith(other)]


def kinds_in(condition: Any) -> frozenset[str] | None:
    """The kinds of accounts that the newer way names; None if it holds what is not known."""
    if not isinstance(condition, dict) or others(condition, ("guestOrExternalUserTypes", "externalTenants")):
        return None
    text = condition.get("guestOrExternalUserTypes")
    if not isinstance(text, str):
        return None
    kinds = frozenset(one.strip() for one in text.split(",")) - ABSENT
    return kinds if kinds <= KINDS else None


def any_home(condition: Mapping[str, Any]) -> bool:
    """Whether people of every tenant are meant."""
    homes = condition.get("externalTenants")
    return homes is None or (isinstance(homes, dict) and homes.get("membershipKind") == "all")


def asks_all(users: Mapping[str, Any]) -> bool | None:
    """Whether all users are included, whoever is excluded; None if that is not known."""
    ids = words(users, "includeUsers")
    if ids is not None and ALL in ids:
        return True
    return None if ids is None or strange_keys(users, "include") else False


def asks_roles(users: Mapping[str, Any], wanted: Iterable[str]) -> bool | None:
    """Whether the holders of all these roles are included and none of the roles is excluded."""
    meant = frozenset(wanted)
    roles, left_out = words(users, "includeRoles"), words(users, "excludeRoles")
    if left_out is not None and not meant.isdisjoint(role.lower() for role in left_out):
        return False
    named = True if roles is not None and meant <= {role.lower() for role in roles} else asks_all(users)
    if named is not False and (left_out is None or strange_keys(users, "exclude")):
        return None
    return None if named is False and roles is None else named


def asks_guests(users: Mapping[str, Any]) -> bool | None:
    """Whether all accounts of the type Guest are included, whatever their home, and no kind of them is excluded."""
    left_out = _guests_of(users, "exclude", every=False)
    if left_out:
        return False
    taken_in = True if asks_all(users) else _guests_of(users, "include", every=True)
    if taken_in is False and asks_all(users) is None:
        taken_in = None
    if taken_in is not False and (left_out is None or strange_keys(users, "exclude")):
        return None
    return taken_in


def _guests_of(users: Mapping[str, Any], side: str, *, every: bool) -> bool | None:
    ids = words(users, f"{side}Users")
    if ids is not None and GUESTS in ids:
        return True
    newer = users.get(f"{side}GuestsOrExternalUsers")
    kinds = frozenset[str]() if newer is None else kinds_in(newer)
    if ids is None or kinds is None:
        return None
    guests = kinds & {INSIDE, OUTSIDE}
    # Of one kind, or of one tenant, some are taken in, and some are left out.
    return guests == {INSIDE, OUTSIDE} and any_home(newer or {}) if every else bool(guests)
