"""When somebody last signed in: worked out from the account's id whenever it is asked, and kept nowhere."""

from __future__ import annotations

import hashlib
import struct
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from mfaaudit.simulated.account import Account

SUCCESS_SINCE = datetime(2023, 12, 1, tzinfo=UTC)
"""From when on successful sign-ins are kept apart; nothing older was filled in (signInActivity page)."""
NOBODY, NEVER = "", "0001-01-01T00:00:00Z"
"""How an example of the user-list page writes a request and a time that are not there."""
RECENT = timedelta(days=14)


def sign_in_activity(account: Account, now: datetime, *, odd: bool) -> dict[str, str | None] | None:
    """A signInActivity object, or None of an account that never signed in.

    `odd` writes some of what is missing as that example does, instead of as null.
    """
    never, interactive, silent, success, earlier, form = _shares(account.id)
    if never < _share_of_never(account):
        return None
    program = account.user_principal_name.startswith(("svc-", "Sync_"))
    times = {
        "lastSignIn": None if program else _moment(account, now, interactive),
        "lastNonInteractiveSignIn": _moment(account, now, silent) if program or silent > 0.15 else None,
    }
    last, kind = max((time, kind) for kind, time in times.items() if time is not None)
    requests = {kind: _request(account.id, kind) for kind in times}
    times["lastSuccessfulSignIn"] = None
    # The last attempt may have failed: then an earlier one succeeded, or none since successes are kept.
    good = last if success < 0.85 else last - timedelta(days=1 + int(earlier * 60))
    if good >= max(SUCCESS_SINCE, account.created):
        times["lastSuccessfulSignIn"] = good
    requests["lastSuccessfulSignIn"] = requests[kind] if good == last else _request(account.id, "success")
    made: dict[str, str | None] = {}
    for name, time in times.items():
        nothing = _nothing(name) if odd and form < 0.3 else (None, None)
        written = (f"{time:%Y-%m-%dT%H:%M:%SZ}", requests[name]) if time is not None else nothing
        made[f"{name}DateTime"], made[f"{name}RequestId"] = written
    return made


def _nothing(name: str) -> tuple[str, str]:
    # That example has no time at all for a success, and the first of all days for the rest.
    return (NOBODY if name == "lastSuccessfulSignIn" else NEVER, NOBODY)


def _share_of_never(account: Account) -> float:
    if account.user_type == "Guest":
        return 0.3
    mailbox = account.department is None and not account.is_admin
    return 0.9 if mailbox else 0.02


def _moment(account: Account, now: datetime, share: float) -> datetime:
    age = now - account.created
    # Seven of eight came in the last days; emergency accounts and leavers whenever it was.
    recent = account.enabled and account.department is not None and share < 0.875
    return now - (min(age, RECENT) * (share / 0.875) if recent else age * share)


def _shares(user_id: str) -> tuple[Any, ...]:
    digest = hashlib.blake2b(user_id.encode(), digest_size=24).digest()
    return tuple(number / 2**32 for number in struct.unpack(">6I", digest))


def _request(user_id: str, kind: str) -> str:
    return str(uuid.UUID(bytes=hashlib.blake2b(f"{kind} {user_id}".encode(), digest_size=16).digest(), version=4))
