"""The list of users in the storm: short pages, somebody who comes again on a later one, rows that name nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mfaaudit.simulated.account import Account

PAGES = 8
LARGEST, SMALLEST = 999, 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list."""

    account: Account
    named: bool = True
    """Whether the row has its id."""
    first: bool = True
    """Whether it is the account's own row, and not one too many."""


def page_size(accounts: Sequence[Account]) -> int:
    """So many rows a page at most, so that there are pages to go wrong between."""
    return min(LARGEST, max(SMALLEST, -(-len(accounts) // PAGES)))


def rows(accounts: Sequence[Account]) -> list[Row]:
    """A row for each account; one comes again more than a page later, twice in the list; one row has no id."""
    made = [Row(one) for one in accounts]
    size = page_size(accounts)
    # From the end, so that the places before stay what they are.
    for place in (5 * size, 2 * size):
        if place <= len(accounts):
            made.insert(place, Row(accounts[place - size - 1], first=False))
    if len(accounts) > size:
        made.insert(size + 1, Row(accounts[size], named=False, first=False))
    return made
