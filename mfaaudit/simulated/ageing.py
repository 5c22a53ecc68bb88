"""What happens to the people of an organisation in a quarter; each quarter goes on from the one before."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mfaaudit.simulated.account import STATES, Account
from mfaaudit.simulated.faults import FORBIDDEN, VANISHES
from mfaaudit.simulated.organisation import Builder
from mfaaudit.simulated.roles import READER

QUARTER = timedelta(days=91)


class Happening(StrEnum):
    """What can happen to an account, at most one of them in a quarter."""

    JOINED = "joined"
    LEFT = "left"
    BACK = "back"
    DISABLED = "disabled"
    ENABLED = "enabled"
    REGISTERED = "registered"
    LOST_METHODS = "lost its methods"
    STATE_CHANGED = "per-user state changed"
    BECAME_ADMIN = "became an administrator"
    NO_LONGER_ADMIN = "is no administrator any more"
    REFUSED = "its own reads are refused"
    READABLE = "its own reads are answered again"
    REPORTED = "reached the registration report"


@dataclass(frozen=True, slots=True)
class Event:
    """One of them."""

    quarter: int
    what: Happening
    user_id: str


class Ageing:
    """The people as they are now, and all that happened to them since the organisation was made."""

    def __init__(self, accounts: Sequence[Account], builder: Builder, seed: int) -> None:
        self.accounts = list(accounts)
        self.events: list[Event] = []
        self._builder = builder
        self._seed = seed
        self._quarter = 0
        self._away: list[Account] = []
        """Who left last, and can still come back."""
        self._refused: list[Account] = []
        self._touched: set[str] = set()

    def pass_quarter(self, end: datetime) -> None:
        """One more quarter, which ends then; the same seed and quarter give the same."""
        self._quarter += 1
        self._touched.clear()
        chance = random.Random(f"quarter {self._quarter} {self._seed}")  # noqa: S311 - a seeded play, not a secret
        self._builder.random, self._builder.now = chance, end
        self._catch_up()
        self._come_back()
        self._leave()
        self._each(Happening.DISABLED, 0.01, lambda one: one.enabled, _disable)
        self._each(Happening.ENABLED, 0.05, lambda one: not one.enabled, _enable)
        self._each(Happening.REGISTERED, 0.3, lambda one: one.enabled and not one.methods, self._register)
        self._each(Happening.LOST_METHODS, 0.01, lambda one: one.enabled and one.registered, _lose)
        self._each(Happening.STATE_CHANGED, 0.02, lambda one: one.enabled and one.state in STATES, _change_state)
        self._each(Happening.BECAME_ADMIN, 0.002, lambda one: one.enabled and not one.is_admin, _promote)
        self._each(Happening.NO_LONGER_ADMIN, 0.5, lambda one: one.roles == (READER,), _demote)
        self._refused = self._each(Happening.REFUSED, 0.001, lambda one: one.enabled, _refuse)
        self._join()

    def _catch_up(self) -> None:
        """What was only for a moment is over."""
        for one in self._refused:
            if one.fault == FORBIDDEN:
                one.fault = ""
                self._note(Happening.READABLE, one)
        for one in self.accounts:
            if one.enabled and not one.in_report:
                one.in_report = True
                self._note(Happening.REPORTED, one)
        # Who vanished while somebody looked stays away.
        self._remove([one for one in self.accounts if one.fault == VANISHES])

    def _come_back(self) -> None:
        back = self._some(0.5, self._away)
        self._away = []
        for one in back:
            self._insert(one)
            self._note(Happening.BACK, one)

    def _leave(self) -> None:
        self._away = self._some(0.02, self._ordinary())
        self._remove(self._away)

    def _join(self) -> None:
        count = len(self.accounts)
        for make, share in ((self._builder.person, 0.03), (self._builder.guest, 0.005)):
            for _ in range(max(1, round(count * share)) if count else 0):
                one, chance = make(), self._builder.random
                age = timedelta(days=chance.randint(1, QUARTER.days - 3), seconds=chance.randint(0, 86_000))
                one.created = self._builder.now - age
                self._builder.give_state(one)
                self._insert(one)
                self._note(Happening.JOINED, one)

    def _each(
        self, what: Happening, share: float, fits: Callable[[Account], bool], change: Callable[[Account], None]
    ) -> list[Account]:
        """Something happens to some of those whom it can happen to."""
        chosen = self._some(share, (one for one in self._ordinary() if fits(one)))
        for one in chosen:
            change(one)
            self._note(what, one)
        return chosen

    def _some(self, share: float, accounts: Iterable[Account]) -> list[Account]:
        """A share of the accounts, at least one if there is any."""
        pool = list(accounts)
        return self._builder.random.sample(pool, min(len(pool), max(1, round(share * len(pool)))))

    def _ordinary(self) -> Iterable[Account]:
        """Whom nothing has happened to in this quarter, and whose own reads are answered: employees alone."""
        return (one for one in self.accounts if _is_employee(one) and not one.fault and one.id not in self._touched)

    def _register(self, one: Account) -> None:
        self._builder.give_methods(one, none=0.0)

    def _insert(self, one: Account) -> None:
        # A directory lists by no order that a person would see.
        self.accounts.insert(self._builder.random.randint(0, len(self.accounts)), one)

    def _remove(self, leavers: Sequence[Account]) -> None:
        ids = {one.id for one in leavers}
        self.accounts = [one for one in self.accounts if one.id not in ids]
        for one in leavers:
            self._note(Happening.LEFT, one)

    def _note(self, what: Happening, one: Account) -> None:
        self._touched.add(one.id)
        self.events.append(Event(self._quarter, what, one.id))


def _is_employee(one: Account) -> bool:
    # Programs and mailboxes have no department, or a name that says so; emergency accounts neither.
    employed = one.user_type == "Member" and one.department is not None
    return employed and not one.user_principal_name.lower().startswith("svc-") and one.roles in ((), (READER,))


def _disable(one: Account) -> None:
    one.enabled = one.in_report = False


def _enable(one: Account) -> None:
    one.enabled = one.in_report = True


def _lose(one: Account) -> None:
    one.methods, one.preferred, one.capable = (), None, False


def _change_state(one: Account) -> None:
    one.state = "disabled" if one.state == "enforced" else "enforced"


def _promote(one: Account) -> None:
    one.roles = (READER,)


def _demote(one: Account) -> None:
    one.roles = ()


def _refuse(one: Account) -> None:
    one.fault = FORBIDDEN
