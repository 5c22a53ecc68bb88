"""A batch's answer in the storm: items without a body, missing, twice, or in company that nobody asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mfaaudit.simulated.account import STATES, Account
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.storm.accounts import ACCOMPANIED, DOUBLED, MISSING, NO_BODY, TEXT_BODY, TWISTED

Entry = dict[str, Any]

_OWN = re.compile(r"/?users/([^/]+)/authentication/([^/?]+)", re.IGNORECASE)


def twist(directory: Directory, items: Sequence[Mapping[str, Any]], entries: list[Entry]) -> list[Entry]:
    """The same entries, but for those of accounts with such a fault that are asked for the first time."""
    asked = {item["id"]: item for item in items}
    kept: list[Entry] = []
    strangers: list[Entry] = []
    for entry in entries:
        found = _twisted_account(directory, asked[entry["id"]]["url"])
        if found is None:
            kept.append(entry)
            continue
        if found.fault == MISSING:
            continue
        if found.fault == NO_BODY:
            del entry["body"]
        elif found.fault == TEXT_BODY:
            entry["body"] = "The service is busy."
        elif found.fault == DOUBLED:
            strangers.append(_lie(entry))
        elif found.fault == ACCOMPANIED:
            strangers.append(_lie(entry) | {"id": _another_id(directory, found, entry["id"], asked)})
        kept.append(entry)
    return kept + strangers


def _twisted_account(directory: Directory, url: str) -> Account | None:
    match = _OWN.fullmatch(url)
    account = directory.find(match[1]) if match is not None else None
    if match is None or account is None or account.fault not in TWISTED:
        return None
    return account if directory.asked[f"{account.id}/{match[2]}"] == 1 else None


def _lie(entry: Entry) -> Entry:
    # Well formed and wrong, so that it shows wherever it is believed.
    body = dict(entry["body"])
    if body.get("perUserMfaState") in STATES:
        body["perUserMfaState"] = STATES[STATES.index(body["perUserMfaState"]) - 1]
    elif isinstance(body.get("isSystemPreferredAuthenticationMethodEnabled"), bool):
        body["isSystemPreferredAuthenticationMethodEnabled"] = not body["isSystemPreferredAuthenticationMethodEnabled"]
    return entry | {"body": body}


def _another_id(directory: Directory, account: Account, item_id: str, asked: Mapping[str, Any]) -> str:
    # Where the client's ids name accounts, the answer is laid to somebody who was not asked for.
    for other in directory.accounts:
        made = item_id.replace(account.id, other.id)
        if made not in asked:
            return made
    return f"{item_id}.stranger"
