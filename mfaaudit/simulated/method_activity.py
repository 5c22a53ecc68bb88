"""How the tenant counts the use of authentication methods: registrations, resets and sign-ins, by method and by day."""

from __future__ import annotations

import uuid
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from mfaaudit.simulated.account import Account

PERIODS = {"d1": 1, "d7": 7, "d30": 30}
"""aggregationPeriod -> days (userRegistrationActivity page)."""
WINDOW = 30
"""Days that the summary of MFA sign-ins goes back; its page names no window, and takes no parameter."""
SENTINEL = "unknownFutureValue"
EVOLVED = frozenset({"externalAuthMethod"})
"""Members that a client is told only if it asks for them (userRegistrationActivitySummary resource page)."""

# The words of the examples on both pages, in their order, and of a hundred attempts how many fail.
REGISTERED = {
    "windowsHelloForBusiness": 2,
    "microsoftAuthenticatorPush": 12,
    "email": 5,
    "mobilePhone": 18,
    "officePhone": 25,
    "alternateMobilePhone": 18,
    "securityQuestion": 3,
    "softwareOneTimePasscode": 9,
    "hardwareOneTimePasscode": 15,
    "fido2SecurityKey": 14,
    "temporaryAccessPass": 1,
    "microsoftAuthenticatorPasswordless": 11,
    "macOsSecureEnclaveKey": 4,
    "passKeyDeviceBound": 8,
    "passKeyDeviceBoundAuthenticator": 10,
    "passKeyDeviceBoundWindowsHello": 3,
    "externalAuthMethod": 6,
}
RESET = {
    "email": 7,
    "mobilePhone": 9,
    "officePhone": 12,
    "alternateMobilePhone": 9,
    "securityQuestion": 30,
    "microsoftAuthenticatorPush": 6,
    "sms": 11,
    "oneTimePasscode": 8,
}
SIGNED_IN = (
    "password",
    "sms",
    "smsSignIn",
    "mobilePhone",
    "alternateMobilePhone",
    "officePhone",
    "microsoftAuthenticatorPush",
    "oneTimePasscode",
    "microsoftAuthenticatorPasswordless",
    "windowsHelloForBusiness",
    "fido2SecurityKey",
    "temporaryAccessPass",
    "macOsSecureEnclaveKey",
    "passKeyDeviceBound",
    "passKeySynced",
    "externalAuthMethod",
)


def registration_activity(
    accounts: Iterable[Account], period: str, *, seed: int, evolved: bool, odd: bool
) -> list[dict[str, Any]]:
    """Rows of userRegistrationActivitySummary; `evolved` says whether the client asked for the newer members."""
    days = PERIODS[period]
    holders = _holders(accounts)
    rows = [
        _activity(feature, method, holders[method] * days * monthly // 3000, rate, seed, period, evolved=evolved)
        for feature, methods, monthly in (("registration", REGISTERED, 6), ("reset", RESET, 3))
        for method, rate in methods.items()
    ]
    return [*rows, *_odd_activity(rows, seed, evolved=evolved)] if odd else rows


def sign_ins_by_method(
    accounts: Iterable[Account], period: str, *, seed: int, evolved: bool, odd: bool
) -> list[dict[str, Any]]:
    """Rows of userSignInUsageByAuthMethodActivity."""
    days = PERIODS[period]
    holders = _holders(accounts)
    rows: list[dict[str, Any]] = [
        {
            "@odata.type": "#microsoft.graph.userSignInUsageByAuthMethodActivity",
            "authenticationMethod": _told(method, evolved=evolved),
            "successActivityCount": holders[method] * days * 2 // 3 + _noise(f"{seed}{method}{period}", 4) * days,
        }
        for method in SIGNED_IN
    ]
    if not odd:
        return rows
    first = rows[0]
    return [
        *rows,
        # The same row again, a method that no page names, and one without a count.
        dict(first),
        first | {"authenticationMethod": "palmVein", "successActivityCount": 3},
        first | {"authenticationMethod": "hardwareOneTimePasscode", "successActivityCount": None},
    ]


def mfa_sign_ins(accounts: Iterable[Account], now: datetime, *, seed: int, odd: bool) -> list[dict[str, Any]]:
    """Rows of userMfaSignInSummary, one for each day that is over, the latest first."""
    holders = _holders(accounts)
    people, registered = holders["password"], holders["password"] - holders["nothing"]
    rows: list[dict[str, Any]] = []
    for back in range(1, WINDOW + 1):
        time = (now - timedelta(days=back)).replace(hour=16, minute=19, second=18, microsecond=0)
        share = 12 if time.weekday() >= 5 else 100
        many = registered * share // 100 + _noise(f"{seed}m{time:%Y-%m-%d}", 9)
        few = (people - registered + people // 5) * share // 100 + _noise(f"{seed}s{time:%Y-%m-%d}", 5)
        rows.append(
            {
                "@odata.type": "#microsoft.graph.userMfaSignInSummary",
                "id": _id(f"{seed}/mfa/{time:%Y-%m-%d}"),
                "createdDateTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "totalSignIns": many + few,
                "singleFactorSignIns": few,
                "multiFactorSignIns": many,
            }
        )
    if odd:
        # A day is missing, one comes twice, and of one the parts do not add up to the total, as on the page.
        rows[3]["totalSignIns"] += 7
        rows.append(dict(rows[1]))
        del rows[10]
    return rows


def _activity(
    feature: str, method: str, attempts: int, rate: int, seed: int, period: str, *, evolved: bool
) -> dict[str, Any]:
    attempts += _noise(f"{seed}{feature}{method}{period}", 1 + PERIODS[period])
    failed = attempts * rate // 100
    return {
        "@odata.type": "#microsoft.graph.userRegistrationActivitySummary",
        "id": _id(f"{seed}/{feature}/{method}/{period}"),
        "feature": feature,
        "successfulActivityCount": attempts - failed,
        "failureActivityCount": failed,
        "authMethod": _told(method, evolved=evolved),
    }


def _odd_activity(rows: list[dict[str, Any]], seed: int, *, evolved: bool) -> Iterator[dict[str, Any]]:
    first = rows[0]
    # The same row again; the same method with another count; a feature and a method that no page names; nulls.
    yield dict(first)
    second = rows[1]
    yield second | {"id": _id(f"{seed}/again"), "failureActivityCount": second["failureActivityCount"] + 5}
    feature = "recovery" if evolved else SENTINEL
    yield first | {"id": _id(f"{seed}/feature"), "feature": feature, "failureActivityCount": 1}
    yield first | {"id": _id(f"{seed}/method"), "authMethod": "palmVein", "successfulActivityCount": 2}
    yield first | {"id": _id(f"{seed}/null"), "authMethod": "appPassword", "failureActivityCount": None}
    yield first | {"id": _id(f"{seed}/nameless"), "authMethod": None}


def _holders(accounts: Iterable[Account]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for account in accounts:
        counts.update({"password", *account.methods})
        counts["nothing"] += not account.methods
    # The phone's text message is a method of its own here, and so is whatever makes passcodes.
    counts["sms"] = counts["mobilePhone"] // 2
    counts["oneTimePasscode"] = counts["softwareOneTimePasscode"]
    return counts


def _told(method: str, *, evolved: bool) -> str:
    return SENTINEL if method in EVOLVED and not evolved else method


def _noise(key: str, most: int) -> int:
    return zlib.crc32(key.encode()) % most


def _id(key: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, key))
