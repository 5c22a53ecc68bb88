"""Who manages whom: drawn from numbers of its own, so that the people are the same whether or not somebody asks."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mfaaudit.simulated.account import Account
from mfaaudit.simulated.faults import VANISHES
from mfaaudit.simulated.mood import Mood
from mfaaudit.simulated.names import NAMESPACE, PARTNERS

TEAM = 8
"""So many of a department report to one person, at most."""
FORGOTTEN = 40
"""Of one employee in so many nobody ever wrote down a manager."""
BOARD, CHIEF = "Management", "Managing Director"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody in the address book who has no account: an orgContact."""

    id: str
    display_name: str
    mail: str


Manager = Account | Contact


def make_managers(accounts: Sequence[Account], seed: int, mood: Mood) -> Mapping[str, Manager]:
    """Each user's manager, by the id of the user; guests, programs, mailboxes and emergency accounts have none."""
    chance = random.Random(f"managers {seed}")  # noqa: S311 - a seeded play, not a secret
    people = [one for one in accounts if one.department and not one.user_principal_name.lower().startswith("svc-")]
    chance.shuffle(people)
    # Whoever can lead comes first, and is above the others.
    people.sort(key=lambda one: not _leads(one))
    if not people or not _leads(people[0]):
        return {}
    departments: dict[str, list[Account]] = {}
    for one in people:
        departments.setdefault(one.department or "", []).append(one)
    board = departments.pop(BOARD, people[:1])
    chief = next((one for one in board if _leads(one) and one.job_title == CHIEF), people[0])
    board = [chief, *(one for one in board if one is not chief)]
    directors = [one for one in board[: TEAM + 1] if _leads(one)]
    found = dict(_below(chief, board))
    for name in sorted(departments):
        staff = [one for one in departments[name] if one is not chief]
        found |= _below(chance.choice(directors), staff)
    _trouble(found, people, seed, mood)
    forgotten = {one.id for one in people if chance.random() < 1 / FORGOTTEN}
    # Nobody is above the chief, who was put at the head of the board.
    return {user: manager for user, manager in found.items() if user != chief.id and user not in forgotten}


def later_managers(
    found: Mapping[str, Manager], founders: Sequence[Account], accounts: Sequence[Account]
) -> Mapping[str, Manager]:
    """Who manages whom after some quarters: who left manages nobody, and who came reports as a colleague does."""
    present, known = {one.id: one for one in accounts}, {one.id for one in founders}
    later: dict[str, Manager] = {}
    of_department: dict[str | None, Manager] = {}
    for one in accounts:
        manager = found.get(one.id)
        if isinstance(manager, Account):
            manager = present.get(manager.id)
        if manager is not None:
            later[one.id] = manager
            of_department.setdefault(one.department, manager)
    came = (one for one in accounts if one.id not in known and one.department in of_department)
    return later | {one.id: of_department[one.department] for one in came}


def _leads(one: Account) -> bool:
    # Of somebody who vanishes, the answer would hang on which of two reads came first.
    return one.enabled and one.fault != VANISHES


def _below(top: Account, people: Sequence[Account]) -> Iterator[tuple[str, Manager]]:
    """The first reports to the top, the next ones to the first, and so on, as many to each as make a team."""
    for place, one in enumerate(people):
        above = people[(place - 1) // TEAM] if place else top
        yield one.id, above if _leads(above) else top


def _trouble(found: dict[str, Manager], people: Sequence[Account], seed: int, mood: Mood) -> None:
    """Leads that no tenant is without: one from outside; and in the messy one a leaver, and one who was deleted."""
    teams: dict[str, list[str]] = {}
    for user, manager in found.items():
        teams.setdefault(manager.id, []).append(user)
    # Of those in which nobody leads others: what is above stays a hierarchy.
    larger = sorted((team for team in teams.values() if teams.keys().isdisjoint(team)), key=len, reverse=True)
    if len(larger) < 4:
        return
    found |= dict.fromkeys(larger[0], _contact(seed))
    if mood.messy:
        leaver = next((one for one in people if not one.enabled and one.id not in larger[1]), None)
        found |= dict.fromkeys(larger[1], leaver) if leaver is not None else {}
        for user in larger[2]:
            # Whoever is deleted is nobody's manager any more.
            del found[user]


def _contact(seed: int) -> Contact:
    return Contact(
        id=str(uuid.uuid5(NAMESPACE, f"contact {seed}")),
        display_name="Ines Haddad (Bright Freight)",
        mail=f"ines.haddad@{PARTNERS[0]}",
    )
