"""The groups of the organisation: two for roles, others that policies name; one that is named is gone."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mfaaudit.simulated.account import Account
from mfaaudit.simulated.mood import Mood
from mfaaudit.simulated.names import NAMESPACE
from mfaaudit.simulated.roles import HELPDESK, ROLES

ROLE, ON_CALL = "Role: service desk", "Role: security on call"
EXCLUSIONS, PROGRAMS, PILOT = "CA exclusions", "CA exclusions: service accounts", "MFA pilot"
DELETED = "MFA rollout, first wave"
"""Named by a policy of the messy tenant, and deleted since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group and who is in it directly."""

    id: str
    name: str
    description: str | None = None
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    assignable: bool = False
    """Whether it may hold roles."""
    hidden: bool = False
    """Whether nobody may see who is in it without a permission of its own."""


def group_id(seed: int, name: str) -> str:
    """The id that a group has, had or would have."""
    return str(uuid.uuid5(NAMESPACE, f"group {seed}" if name == ROLE else f"group {seed} {name}"))


def make_groups(accounts: Sequence[Account], seed: int, mood: Mood) -> dict[str, Group]:
    """All groups by id."""
    glass = [one for one in accounts if one.user_principal_name.startswith("emergency")]
    programs = _first(12, (one for one in accounts if one.user_principal_name.startswith("svc-")))
    staff = (one for one in accounts if one.department == "Information Technology" and one not in programs)
    made = [
        Group(
            id=group_id(seed, ROLE),
            name=ROLE,
            description=f"Holds the role {ROLES[HELPDESK]}",
            users=_ids(one for one in accounts if one.group_roles),
            assignable=True,
        ),
        Group(id=group_id(seed, ON_CALL), name=ON_CALL, users=_ids(_first(3, _eligible(accounts, 4))), assignable=True),
        Group(
            id=group_id(seed, EXCLUSIONS),
            name=EXCLUSIONS,
            description="Left out of Conditional Access; reviewed every quarter",
            users=_ids(glass),
            groups=(group_id(seed, PROGRAMS),),
            hidden=mood.hidden_groups,
        ),
        # Somebody is in the group above and in this one too, and is listed once all the same.
        Group(id=group_id(seed, PROGRAMS), name=PROGRAMS, users=_ids([*programs, *glass[:1]])),
    ]
    if mood.messy:
        made.append(Group(id=group_id(seed, PILOT), name=PILOT, users=_ids(_first(12, staff))))
    return {one.id: one for one in made}


def eligible_people(accounts: Sequence[Account]) -> list[Account]:
    """Those who may take up a role by themselves; the next few may as members of a group."""
    return _first(4, _eligible(accounts, 0))


def reach(groups: dict[str, Group], start: Group) -> tuple[list[str], list[Group]]:
    """The users and the groups in a group at any depth, each once."""
    users: dict[str, None] = dict.fromkeys(start.users)
    found: dict[str, Group] = {}
    waiting = list(start.groups)
    while waiting:
        inner = groups[waiting.pop(0)]
        found[inner.id] = inner
        users |= dict.fromkeys(inner.users)
        waiting += inner.groups
    return list(users), list(found.values())


def _eligible(accounts: Sequence[Account], skip: int) -> Iterator[Account]:
    return itertools.islice((one for one in accounts if _could_be_eligible(one)), skip, None)


def _could_be_eligible(one: Account) -> bool:
    person = one.enabled and one.user_type == "Member" and one.department is not None
    return person and not one.is_admin and not one.user_principal_name.startswith("svc-")


def _first(count: int, accounts: Iterator[Account]) -> list[Account]:
    return list(itertools.islice(accounts, count))


def _ids(accounts: Iterator[Account] | Sequence[Account]) -> tuple[str, ...]:
    return tuple(one.id for one in accounts)
