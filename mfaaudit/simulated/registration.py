"""The registration report: a row for each enabled account, and the counts that the tenant gives out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from mfaaudit.simulated.account import ABSENT, PASSWORDLESS, SSPR, Account
from mfaaudit.simulated.roles import PRIVILEGED

NEVER = datetime.min.replace(tzinfo=UTC)
"""For rows that are only counted: nobody sees when they were refreshed."""
SYSTEM = {"push": "push", "oath": "oath", "sms": "sms", "voiceMobile": "voiceMobile"}


def row(account: Account, refreshed: datetime) -> dict[str, Any]:
    """One row of userRegistrationDetails."""
    sspr = any(method in SSPR for method in account.methods)
    preferred = account.preferred
    return {
        "id": account.id,
        "userPrincipalName": account.user_principal_name,
        "userDisplayName": account.display_name or "",
        "isAdmin": account.is_admin,
        "isSsprRegistered": sspr,
        "isSsprEnabled": not account.is_admin,
        "isSsprCapable": sspr and not account.is_admin,
        "isMfaRegistered": account.registered,
        "isMfaCapable": account.registered and account.capable,
        "isPasswordlessCapable": any(method in PASSWORDLESS for method in account.methods),
        # Seven digits after the point, as the service writes them.
        "lastUpdatedDateTime": refreshed.strftime("%Y-%m-%dT%H:%M:%S.%f") + "3Z",
        "methodsRegistered": list(account.methods),
        "isSystemPreferredAuthenticationMethodEnabled": bool(account.system_preferred),
        "systemPreferredAuthenticationMethods": [SYSTEM[preferred]] if preferred in SYSTEM else [],
        "userPreferredMethodForSecondaryAuthentication": preferred if preferred in SYSTEM else "",
        "userType": "guest" if account.user_type == "Guest" else "member",
    }


def chosen(accounts: Iterable[Account], types: str, roles: str) -> list[Account]:
    """The accounts of the report that a count is asked for."""
    return [one for one in accounts if _of_type(one, types) and _of_roles(one, roles)]


def by_feature(accounts: Sequence[Account], types: str, roles: str) -> dict[str, Any]:
    """A userRegistrationFeatureSummary."""
    rows = [row(one, NEVER) for one in accounts]
    names = ("ssprRegistered", "ssprEnabled", "ssprCapable", "passwordlessCapable", "mfaCapable")
    return {
        "totalUserCount": len(accounts),
        "userTypes": types,
        "userRoles": roles,
        "userRegistrationFeatureCounts": [
            {"feature": name, "userCount": sum(one["is" + name[0].upper() + name[1:]] for one in rows)}
            for name in names
        ],
    }


def by_method(accounts: Sequence[Account], types: str, roles: str) -> dict[str, Any]:
    """A userRegistrationMethodSummary."""
    counts = Counter(method for one in accounts for method in one.methods)
    counts["password"] = len(accounts)
    return {
        "totalUserCount": len(accounts),
        "userTypes": types,
        "userRoles": roles,
        "userRegistrationMethodCounts": [
            {"authenticationMethod": method, "userCount": count} for method, count in sorted(counts.items())
        ],
    }


def older_count(accounts: Sequence[Account], *, misspelled: bool) -> dict[str, Any]:
    """A credentialUserRegistrationCount; the page of the call spells its properties otherwise than their own page."""
    rows = [row(one, NEVER) for one in accounts]
    status, count = (
        ("userRegistrationStatus", "userRegistationCount")
        if misspelled
        else ("registrationStatus", "registrationCount")
    )
    pairs = (
        ("registered", "isSsprRegistered"),
        ("enabled", "isSsprEnabled"),
        ("capable", "isSsprCapable"),
        ("mfaRegistered", "isMfaRegistered"),
    )
    return {
        "id": "fe06a1b2-0000-4000-8000-000000000001",
        "totalUserCount": len(accounts),
        "userRegistrationCounts": [{status: name, count: sum(one[key] for one in rows)} for name, key in pairs],
    }


def preferences(account: Account) -> dict[str, Any]:
    """A signInPreferences object, with the third property that live answers carry and no schema declares."""
    made: dict[str, Any] = {"isSystemPreferredAuthenticationMethodEnabled": account.system_preferred}
    if account.preferred is not ABSENT:
        made["userPreferredMethodForSecondaryAuthentication"] = account.preferred
    made["systemPreferredAuthenticationMethod"] = {
        "push": "PhoneAppNotification",
        "oath": "PhoneAppOTP",
        "sms": "Sms",
    }.get(account.preferred if isinstance(account.preferred, str) else "")
    return made


def _of_type(account: Account, types: str) -> bool:
    return types == "all" or (account.user_type == "Guest") == (types == "guest")


def _of_roles(account: Account, roles: str) -> bool:
    match roles:
        case "admin":
            return account.is_admin
        case "privilegedAdmin":
            return any(role in PRIVILEGED for role in (*account.roles, *account.group_roles))
        case "user":
            return not account.is_admin
    return True
