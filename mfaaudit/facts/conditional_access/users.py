"""Whom a policy names: the users it includes, and those it excludes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mfaaudit.facts.conditional_access.crowd import Crowd, either
from mfaaudit.facts.conditional_access.guests import INSIDE, MEMBER, OTHER, OUTSIDE
from mfaaudit.facts.conditional_access.people import People
from mfaaudit.facts.conditional_access.values import is_id, others, words
from mfaaudit.sources.field import STRANGE

ALL, NONE, GUESTS = "All", "None", "GuestsOrExternalUsers"
"""Words in the place of ids; the last is the older way to name all guests and external users."""
AGENTS = "AllAgentIdUsers"
"""The word for the user accounts of AI agents, none of which is a person's (Block all agent users, Agent ID pages)."""
KNOWN_WORDS: Mapping[str, frozenset[str]] = {
    "include": frozenset({ALL, NONE, GUESTS, AGENTS}),
    "exclude": frozenset({GUESTS, AGENTS}),
}
"""The words that a list of users may hold on each side; groups and roles have none (conditionalAccessUsers page)."""
ABSENT = frozenset({"none", "b2bDirectConnectUser", "serviceProvider"})
"""Kinds of people who have no account in the tenant."""
KINDS = frozenset({INSIDE, OUTSIDE, MEMBER, OTHER})
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
    if ALL in ids and side == "include":
        found.append(people.everybody)
    if GUESTS in ids:
        found.append(people.of_kinds(KINDS, any_home=True))
    newer = users.get(f"{side}GuestsOrExternalUsers")
    if newer is not None:
        kinds = kinds_in(newer)
        found.append(
            people.open(STRANGE) if kinds is None else people.of_kinds(kinds, any_home=any_home(newer) is True)
        )
    # A word that is no id may name anybody, and so may a property that is not known.
    vague = [word for word in strange_words(users, side) if not people.knows(word) and not people.has_read(word)]
    if vague or strange_keys(users, side):
        found.append(people.open(STRANGE))
    return either(found)


def strange_keys(users: Mapping[str, Any], side: str) -> list[str]:
    """The properties that are not known and may include, or exclude, anybody."""
    other = "exclude" if side == "include" else "include"
    return [key for key in others(users, KEYS) if not key.startswith(other)]


def strange_words(users: Mapping[str, Any], side: str) -> list[str]:
    """The words among users, groups and roles that are neither ids nor known; each may mean anybody."""
    named = [word for word in words(users, f"{side}Users") or [] if word not in KNOWN_WORDS[side]]
    named += [word for part in PARTS[1:3] for word in words(users, f"{side}{part}") or []]
    return [word for word in named if not is_id(word)]


def is_open(users: Mapping[str, Any], side: str) -> bool:
    """Whether a property or a word that is not known, or a list that is malformed, may mean anybody on this side."""
    malformed = any(words(users, f"{side}{part}") is None for part in PARTS[:3])
    return malformed or bool(strange_keys(users, side) or strange_words(users, side))


def kinds_in(condition: Any) -> frozenset[str] | None:
    """The kinds of accounts that the newer way names; None if it holds what is not known."""
    if not isinstance(condition, dict) or others(condition, ("guestOrExternalUserTypes", "externalTenants")):
        return None
    text = condition.get("guestOrExternalUserTypes")
    if not isinstance(text, str):
        return None
    kinds = frozenset(one.strip() for one in text.split(",")) - ABSENT
    return kinds if kinds <= KINDS else None


def any_home(condition: Mapping[str, Any]) -> bool | None:
    """Whether people of every tenant are meant; None if the condition says it in a word that is not known."""
    homes = condition.get("externalTenants")
    if homes is None:
        return True
    kind = homes.get("membershipKind") if isinstance(homes, dict) else None
    return {"all": True, "enumerated": False}.get(kind) if isinstance(kind, str) else None


def asks_all(users: Mapping[str, Any]) -> bool | None:
    """Whether all users are included, whoever is excluded; None if that is not known."""
    if ALL in (words(users, "includeUsers") or []):
        return True
    return None if is_open(users, "include") else False


def asks_somebody(users: Mapping[str, Any]) -> bool | None:
    """Whether any account of a person is named on the side of the included; None if that is not known."""
    ids = words(users, "includeUsers") or []
    named = [word for word in ids if word in (ALL, GUESTS) or is_id(word)]
    named += [word for part in PARTS[1:3] for word in words(users, f"include{part}") or [] if is_id(word)]
    if named or users.get("includeGuestsOrExternalUsers") is not None:
        return True
    return None if is_open(users, "include") else False


def asks_roles(users: Mapping[str, Any], wanted: Iterable[str]) -> bool | None:
    """Whether the holders of all these roles are included and none of the roles is excluded."""
    meant = frozenset(wanted)
    roles, left_out = words(users, "includeRoles"), words(users, "excludeRoles")
    if left_out is not None and not meant.isdisjoint(role.lower() for role in left_out):
        return False
    named = True if roles is not None and meant <= {role.lower() for role in roles} else asks_all(users)
    return None if named is not False and is_open(users, "exclude") else named


def asks_guests(users: Mapping[str, Any]) -> bool | None:
    """Whether all accounts of the type Guest are included, whatever their home, and no kind of them is excluded."""
    left_out = _guests_of(users, "exclude", every=False)
    if left_out:
        return False
    taken_in = True if asks_all(users) else _guests_of(users, "include", every=True)
    if taken_in is False and asks_all(users) is None:
        taken_in = None
    if taken_in is not False and (left_out is None or is_open(users, "exclude")):
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
    return any_home(newer or {}) if every and guests == {INSIDE, OUTSIDE} else bool(guests) and not every
