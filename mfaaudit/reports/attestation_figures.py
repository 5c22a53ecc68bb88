"""The figures that somebody attests to: for each category of users how many must use MFA, and how many can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from mfaaudit.declared.words import AccountClass
from mfaaudit.findings.asking import ANSWER, EVERYWHERE, IS_ADMINISTRATOR, IS_ENABLED

CLASS = "derived_accountClass"
EMERGENCY, SERVICES = (
    (AccountClass.BREAK_GLASS.value,),
    (
        AccountClass.SERVICE.value,
        AccountClass.SYNCHRONIZATION.value,
        AccountClass.DEVICE.value,
    ),
)
SHARED = (AccountClass.SHARED_MAILBOX.value, AccountClass.ROOM_MAILBOX.value)
IS_ASKED = pl.when(pl.col(ANSWER).is_null()).then(None).otherwise(pl.col(ANSWER).is_in(EVERYWHERE))
IS_CAPABLE = pl.col("registration_isMfaCapable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Enabled accounts of one category."""

    category: str
    accounts: int
    asked: int
    """Of whom MFA is required on every resource."""
    asked_not_known: int
    capable: int
    """Who are able to use MFA, by the registration report."""
    capable_not_known: int

    @property
    def asked_share(self) -> Fraction | None:
        """The share of whom MFA is required; whoever is not known counts as not. None without accounts."""
        return Fraction(self.asked, self.accounts) if self.accounts else None

    @property
    def capable_share(self) -> Fraction | None:
        """The share of those who are able; whoever is not known counts as not. None without accounts."""
        return Fraction(self.capable, self.accounts) if self.accounts else None


def figures_of(users: pl.DataFrame) -> tuple[Figures, ...]:
    """The figures by category; administrators stand in their own row and in the one of their kind as well."""
    kind = pl.col(CLASS)
    guest = pl.col("user_userType") == "Guest"
    special = kind.is_in([*EMERGENCY, *SERVICES, *SHARED]).fill_null(value=False)
    person = ~special & ~guest.fill_null(value=False)
    rows = (
        ("Members", person),
        ("Guests", ~special & guest.fill_null(value=False)),
        ("Service and synchronization accounts", kind.is_in(SERVICES)),
        ("Shared and room mailboxes", kind.is_in(SHARED)),
        ("Emergency access accounts", kind.is_in(EMERGENCY)),
        ("All enabled accounts", pl.lit(value=True)),
        ("Of these, administrators", IS_ADMINISTRATOR.fill_null(value=False)),
    )
    return tuple(_figures(users.filter(IS_ENABLED & which), category) for category, which in rows)


def _figures(users: pl.DataFrame, category: str) -> Figures:
    counts = users.select(
        asked=IS_ASKED.sum(),
        asked_not_known=IS_ASKED.is_null().sum(),
        capable=IS_CAPABLE.sum(),
        capable_not_known=IS_CAPABLE.is_null().sum(),
    ).row(0, named=True)
    return Figures(category=category, accounts=users.height, **counts)


def not_placed(users: pl.DataFrame) -> Iterator[tuple[str, int]]:
    """What keeps accounts out of the categories: label, number of accounts."""
    yield "Not known whether enabled", users.select(IS_ENABLED.is_null().sum()).item()
    yield (
        "Enabled, and not known whether administrators",
        users.filter(IS_ENABLED).select(IS_ADMINISTRATOR.is_null().sum()).item(),
    )
