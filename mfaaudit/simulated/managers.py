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
"""So many report to one person, at most, below the head of a department."""
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


@dataclass(slots=True)
class _Team:
    lead: Manager | None
    members: Sequence[Account]


def make_managers(accounts: Sequence[Account], seed: int, mood: Mood) -> Mapping[str, Manager]:
    """Each user's manager, by the id of the user; guests, programs, mailboxes and emergency accounts have none."""
    chance = random.Random(f"managers {seed}")  # noqa: S311 - a seeded play, not a secret
    people = [one for one in accounts if one.department and not one.user_principal_name.lower().startswith("svc-")]
    chance.shuffle(people)
    departments: dict[str, list[Account]] = {}
    for one in people:
        departments.setdefault(one.department or "", []).append(one)
    board = departments.pop(BOARD, [])
    chief = _chief(board) or _chief(people)
    if chief is None:
        return {}
    directors = [one for one in board if _leads(one)] or [chief]
    teams, upper = [], [_Team(chief, board)]
    for name in sorted(departments):
        head, *rest = _able_first(departments[name])
        # A department in which nobody can lead reports to the top.
        able = _leads(head)
        upper.append(_Team(chance.choice(directors) if able else chief, [head]))
        teams += _teams(head if able else chief, rest)
    _trouble(teams, people, seed, mood)
    found = {one.id: team.lead for team in (*upper, *teams) for one in team.members}
    forgotten = {one.id for one in people if chance.random() < 1 / FORGOTTEN}
    # Nobody is above the chief, whose team is the board.
    none = {chief.id} | forgotten
    return {user: manager for user, manager in found.items() if manager is not None and user not in none}


def _chief(people: Sequence[Account]) -> Account | None:
    able = [one for one in people if _leads(one)]
    return next((one for one in able if one.job_title == CHIEF), able[0] if able else None)


def _leads(one: Account) -> bool:
    # Of somebody who vanishes, the answer would hang on which of two reads came first.
    return one.enabled and one.fault != VANISHES


def _able_first(people: Sequence[Account]) -> Iterator[Account]:
    able = next((one for one in people if _leads(one)), people[0])
    yield able
    yield from (one for one in people if one is not able)


def _teams(head: Account, people: Sequence[Account]) -> list[_Team]:
    """The people of a department in teams, whose leads report to its head."""
    if len(people) <= TEAM:
        return [_Team(head, people)]
    made = []
    for start in range(0, len(people), TEAM + 1):
        lead, *members = _able_first(people[start : start + TEAM + 1])
        made += [_Team(head, [lead]), _Team(lead if _leads(lead) else head, members)]
    return made


def _trouble(teams: Sequence[_Team], people: Sequence[Account], seed: int, mood: Mood) -> None:
    """Leads that no tenant is without: one from outside; and in the messy one a leaver, and one who was deleted."""
    larger = sorted((team for team in teams if len(team.members) > 1), key=lambda team: -len(team.members))
    leavers = [one for one in people if not one.enabled]
    if len(larger) > 3:
        larger[0].lead = _contact(seed)
        if mood.messy:
            # Whoever is deleted is nobody's manager any more.
            larger[1].lead = None
            larger[2].lead = next((one for one in leavers if one not in larger[2].members), larger[2].lead)


def _contact(seed: int) -> Contact:
    return Contact(
        id=str(uuid.uuid5(NAMESPACE, f"contact {seed}")),
        display_name="Ines Haddad (Bright Freight)",
        mail=f"ines.haddad@{PARTNERS[0]}",
    )
