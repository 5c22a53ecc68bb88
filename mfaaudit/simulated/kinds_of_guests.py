"""Guests and external users of every kind, and one whose properties contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

from mfaaudit.simulated.account import Account
from mfaaudit.simulated.names import DOMAIN


def spread_kinds(accounts: Sequence[Account]) -> None:
    """Makes of the first guests: an internal one, a member of another tenant, and one that contradicts itself."""
    guests = [one for one in accounts if one.user_type == "Guest" and one.enabled and not one.is_admin]
    for account, make in zip(guests, (_internal, _member, _contradicting), strict=False):
        make(account)


def _internal(account: Account) -> None:
    account.user_principal_name = f"guest.{account.id[:8]}@{DOMAIN}"
    account.creation = account.invitation = None
    account.identities = (("userPrincipalName", DOMAIN),)


def _member(account: Account) -> None:
    account.user_type = "Member"


def _contradicting(account: Account) -> None:
    # Made internal once, it has kept its name.
    account.creation = account.invitation = None
