"""What the lists tell of an account where its own endpoints tell otherwise: nothing yet, or an older value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mfaaudit.simulated.account import STATES, Account
from mfaaudit.simulated.mood import Mood
from mfaaudit.simulated.registration import SYSTEM

UNTOLD = 30
"""One disabled account in so many has no state in the messy tenant's list."""
BEHIND, FEWEST = 40, 3
"""In the drifting tenant one account in so many is behind in the list, another in the report; and at least so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The exceptions, by the id of the account; whoever is not here is told of alike everywhere."""

    states: Mapping[str, str | None]
    """perUserMfaState on the user; null where nothing was ever set, while its own endpoint says disabled."""
    rows: Mapping[str, dict[str, Any]]
    """Properties of the row in the registration report."""


def lists_of(accounts: Sequence[Account], mood: Mood) -> Lists:
    """What the lists of a tenant tell otherwise; ids decide, so that it is the same every time."""
    if mood.messy:
        untold = (one.id for one in accounts if one.state == "disabled" and _die(one, "untold") % UNTOLD == 0)
        return Lists(states=dict.fromkeys(untold), rows={})
    if not mood.drifting:
        return Lists(states={}, rows={})
    states = {one.id: _older_state(one) for one in _some(accounts, len(accounts), "state")}
    others = (one for one in accounts if one.enabled and one.in_report and one.preferred in SYSTEM)
    behind = _some([one for one in others if one.id not in states], len(accounts), "row")
    return Lists(states=states, rows={one.id: _older_row(one, place) for place, one in enumerate(behind)})


def _some(accounts: Iterable[Account], of: int, why: str) -> list[Account]:
    return sorted(accounts, key=lambda one: _die(one, why))[: max(FEWEST, of // BEHIND)]


def _older_state(account: Account) -> str:
    # Either of the other two: what was enforced once may be disabled by now.
    return STATES[(STATES.index(account.state) + 1 + _die(account, "which") % 2) % len(STATES)]


def _older_row(account: Account, place: int) -> dict[str, Any]:
    # By turns, so that whoever looks at one of the two only misses the other.
    if place % 2:
        return {"isSystemPreferredAuthenticationMethodEnabled": not account.system_preferred}
    others = [method for method in ("", *SYSTEM) if method != account.preferred]
    older = others[_die(account, "which") % len(others)]
    return {
        "userPreferredMethodForSecondaryAuthentication": older,
        "systemPreferredAuthenticationMethods": [SYSTEM[older]] if older else [],
    }


def _die(account: Account, why: str) -> int:
    # Not a checksum: those of two questions about one account would hang together.
    return int.from_bytes(hashlib.blake2b(f"{why} {account.id}".encode(), digest_size=4).digest())
