"""Keyed pseudonyms: the same key, tenant and object give the same one; without the key nobody can tell whose it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from mfaaudit.declared.register import folded
from mfaaudit.sharing.key import Key

PERSON = "u"
LEAST = 12
"""Hexadecimal digits of a pseudonym; more, for all of a sort, where two would be the same."""
STEP = 4


@dataclass(frozen=True, slots=True)
class Issued:
    """What a pseudonym stands for."""

    kind: str
    """`u` for an account of the tenant; `person`, `policy`, `group` and the like."""
    id: str
    """The object id of an account; else the text as it stands in the audit."""
    name: str
    """The user principal name of an account, where it is known."""


class Pseudonyms:
    """Gives pseudonyms, and knows which it gave."""

    def __init__(self, key: Key, tenant_id: str, accounts: Mapping[str, str]) -> None:
        """`accounts` holds the object ids of all accounts that can occur, each with its name or an empty text."""
        self._key = key
        self._tenant = tenant_id.lower()
        digests = {account.lower(): self._of_account(account) for account in accounts}
        self._length = length_of(digests.values())
        self._accounts = {account: self._short(digest) for account, digest in digests.items()}
        self._others: dict[tuple[str, str], str] = {}
        self.issued: dict[str, Issued] = {
            self._accounts[account.lower()]: Issued(PERSON, account, name) for account, name in accounts.items()
        }

    def account(self, object_id: str) -> str:
        """That of an account, by its object id."""
        found = self._accounts.get(object_id.lower())
        return self._short(self._of_account(object_id)) if found is None else found

    def other(self, kind: str, text: str) -> str:
        """That of anything else, by its sort and what it is called."""
        if (kind, text) not in self._others:
            made = f"{kind}-{self._key.digest(f'{kind}:{self._tenant}:{text}')[:LEAST]}"
            self._others[kind, text] = made
            self.issued[made] = Issued(kind, text, "")
        return self._others[kind, text]

    def _of_account(self, object_id: str) -> str:
        return self._key.digest(self._tenant + object_id.lower())

    def _short(self, digest: str) -> str:
        return f"{PERSON}-{digest[: self._length]}"


def length_of(digests: Collection[str]) -> int:
    """How many digits tell all of these apart; a longer pseudonym begins as the shorter one would."""
    length = LEAST
    longest = max(map(len, digests), default=LEAST)
    while length < longest and len({digest[:length] for digest in digests}) < len(set(digests)):
        length += STEP
    return length


def names_of(accounts: Iterable[tuple[str, str | None, str | None]]) -> Mapping[str, str]:
    """Every name that belongs to one account alone, folded -> its object id.

    The accounts come as object id, user principal name, display name. A name that two have names nobody.
    """
    found: dict[str, str] = {}
    shared: set[str] = set()
    for object_id, *names in accounts:
        for name in {_folded(one) for one in (object_id, *names) if one}:
            if found.setdefault(name, object_id).lower() != object_id.lower():
                shared.add(name)
    return {name: object_id for name, object_id in found.items() if name not in shared}


def _folded(name: str) -> str:
    # The same for nearly all names, in a tenth of the time.
    return " ".join(name.lower().split()) if name.isascii() else folded(name)
