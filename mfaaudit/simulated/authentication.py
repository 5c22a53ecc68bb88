"""The two per-user endpoints, which exist in beta only (authentication-get page)."""

from __future__ import annotations

import zlib
from typing import Any

from mfaaudit.simulated.account import Account
from mfaaudit.simulated.answer import Answer, Request, access_denied, not_found, refusal
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.faults import BROKEN, BUSY, FORBIDDEN, ONE_SIDED, SHAKY
from mfaaudit.simulated.quota import too_many
from mfaaudit.simulated.registration import preferences
from mfaaudit.simulated.storm.accounts import trouble
from mfaaudit.simulated.tokens import auditor_id


def read(directory: Directory, request: Request, name: str, part: str) -> Answer:
    """GET /users/{id}/authentication/{requirements | signInPreferences}."""
    account = directory.find(name)
    if account is not None:
        directory.look_at(account)
        account = directory.find(name)
    if account is None:
        return not_found(f"User '{name}'")
    trouble = _trouble(directory, account, part)
    if trouble is not None:
        return trouble
    body: dict[str, Any] = {
        "@odata.context": f"{request.root}/beta/$metadata#users('{account.id}')/authentication/{part}"
    }
    if part == "requirements":
        return Answer(body=body | {"perUserMfaState": account.state})
    return Answer(body=body | preferences(account))


def read_own(directory: Directory, request: Request) -> Answer:
    """GET /me/authentication/requirements: the person whom the token speaks for is none of the listed accounts."""
    own = f"{request.root}/beta/$metadata#users('{auditor_id(directory.tenant)}')/authentication/requirements"
    return Answer(body={"@odata.context": own, "perUserMfaState": "enforced"})


def _trouble(directory: Directory, account: Account, part: str) -> Answer | None:
    if not account.fault and not directory.mood.faults and not directory.mood.refused:
        return None
    key = f"{account.id}/{part}"
    directory.asked[key] += 1
    asked = directory.asked[key]
    if directory.mood.stormy:
        return trouble(account, asked, directory.now)
    if account.fault == FORBIDDEN:
        return access_denied()
    if account.fault == ONE_SIDED and part == "requirements":
        return not_found(f"User '{account.id}'")
    if account.fault == BROKEN:
        return refusal(500, "", "")
    if account.fault == SHAKY and asked <= 2:
        return refusal(500 if asked == 1 else 503, "UnknownError", "")
    if account.fault == BUSY and asked == 1:
        return too_many("1")
    if zlib.crc32(f"{key}/{asked}".encode()) < directory.mood.refused * 2**32:
        return too_many("1")
    if directory.mood.faults and asked == 1:
        return _bad_day(directory, account)
    return None


def _bad_day(directory: Directory, account: Account) -> Answer | None:
    # The id is as good as a die, and falls the same way every time.
    die = int(account.id[-6:], 16) / 0x1000000
    if die >= directory.mood.faults:
        return None
    if die < directory.mood.faults / 3:
        return refusal(503, "serviceNotAvailable", "The service is temporarily unavailable.", Retry_After="1")
    return too_many("0.5" if die < directory.mood.faults / 2 else "1")
