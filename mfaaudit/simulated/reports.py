"""/reports: registration and MFA sign-in metrics."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from mfaaudit.simulated.account import Account
from mfaaudit.simulated.answer import Answer, Request, bad_request, not_found
from mfaaudit.simulated.directory import Directory
from mfaaudit.simulated.method_activity import PERIODS, mfa_sign_ins, registration_activity, sign_ins_by_method
from mfaaudit.simulated.paging import page
from mfaaudit.simulated.registration import by_feature, by_method, chosen, older_count, row
from mfaaudit.simulated.sign_ins import INTERVALS, REACH, metrics, with_gaps
from mfaaudit.simulated.storm.listing import page_size

_ARGUMENT = re.compile(r"(\w+)='?(@?[\w:.+-]*)'?")
_FILTER = re.compile(
    r"(is(?:Admin|(?:Mfa|Sspr)Registered|(?:Mfa|Sspr|Passwordless)Capable|SsprEnabled"
    r"|SystemPreferredAuthenticationMethodEnabled)) eq (true|false)"
)
TYPES = ("all", "member", "guest")
ROLES = ("all", "privilegedAdmin", "admin", "user")


def details(directory: Directory, request: Request) -> Answer:
    """GET /reports/authenticationMethods/userRegistrationDetails."""
    text = request.query.get("$filter")
    match = _FILTER.fullmatch(text.strip()) if text is not None else None
    if text is not None and match is None:
        return bad_request("Invalid filter clause.")

    def shown(one: Account) -> dict[str, Any]:
        return row(one, directory.refreshed) | directory.lists.rows.get(one.id, {})

    def keep(one: Account) -> bool:
        return match is None or shown(one)[match[1]] == (match[2] == "true")

    return page(
        request,
        directory.tokens,
        "reports/authenticationMethods/userRegistrationDetails",
        directory.reported,
        shown,
        size=1000,
        largest=1000,
        keep=keep,
        at_most=page_size(directory.accounts) if directory.mood.expiring else None,
    )


def details_of_one(directory: Directory, request: Request, name: str) -> Answer:
    """GET /reports/authenticationMethods/userRegistrationDetails/{userId} (userregistrationdetails-get page)."""
    found = next((one for one in directory.reported if one.id == name.lower()), None)
    if found is None:
        return not_found(f"Resource '{name}'")
    told = row(found, directory.refreshed) | directory.lists.rows.get(found.id, {})
    context = (
        f"{request.root}/{request.version}/$metadata#reports/authenticationMethods/userRegistrationDetails/$entity"
    )
    # The page shows the row within `value`, where an object of this protocol stands bare.
    return Answer(body={"@odata.context": context} | ({"value": told} if directory.mood.messy else told))


def summary(directory: Directory, request: Request, name: str, arguments: str) -> Answer:
    """GET usersRegisteredByFeature(...) and usersRegisteredByMethod(...), with or without arguments."""
    given = dict(_ARGUMENT.findall(arguments))
    types, roles = given.get("includedUserTypes", "all"), given.get("includedUserRoles", "all")
    if types not in TYPES or roles not in ROLES or set(given) - {"includedUserTypes", "includedUserRoles"}:
        return bad_request("The value of a parameter of the function is not valid.")
    count, kind = (
        (by_feature, "userRegistrationFeatureSummary")
        if name.lower() == "usersregisteredbyfeature"
        else (by_method, "userRegistrationMethodSummary")
    )
    body: dict[str, Any] = {
        "@odata.context": f"{request.root}/{request.version}/$metadata#microsoft.graph.{kind}",
        "@odata.type": f"#microsoft.graph.{kind}",
    }
    return Answer(body=body | count(chosen(directory.counted(), types, roles), types, roles))


def older(directory: Directory, request: Request) -> Answer:
    """GET /reports/getCredentialUserRegistrationCount."""
    context = f"{request.root}/beta/reports/$metadata#Collection(microsoft.graph.credentialUserRegistrationCount)"
    counts = older_count(directory.counted(), misspelled=directory.mood.messy)
    return Answer(body={"@odata.context": context, "value": [counts]})


def use_of_methods(directory: Directory, request: Request, name: str, arguments: str) -> Answer:
    """GET userRegistrationActivity(period='...') and userSignInsByAuthMethodSummary(period='...')."""
    given = dict(_ARGUMENT.findall(arguments))
    period = given.pop("period", "")
    if period not in PERIODS or given:
        return bad_request("The value of a parameter of the function is not valid.")
    count, kind = (
        (registration_activity, "userRegistrationActivitySummary")
        if name.lower() == "userregistrationactivity"
        else (sign_ins_by_method, "userSignInUsageByAuthMethodActivity")
    )
    rows = count(
        directory.counted(),
        period,
        seed=directory.seed,
        evolved="include-unknown-enum-members" in request.headers.get("prefer", "").lower(),
        odd=directory.mood.odd_activity,
    )
    context = f"{request.root}/beta/$metadata#Collection(microsoft.graph.{kind})"
    return Answer(body={"@odata.context": context, "value": rows})


def mfa_sign_in_summary(directory: Directory, request: Request) -> Answer:
    """GET /reports/authenticationMethods/userMfaSignInSummary, which takes no query and no period."""
    if request.query:
        return bad_request("Query options are not supported for this request.")
    rows = mfa_sign_ins(directory.counted(), directory.now, seed=directory.seed, odd=directory.mood.odd_activity)
    context = f"{request.root}/beta/$metadata#reports/authenticationMethods/userMfaSignInSummary"
    return Answer(body={"@odata.context": context, "value": rows})


def sign_in_metrics(
    directory: Directory, request: Request, which: str, arguments: str, clock: Callable[[], datetime]
) -> Answer:
    """GET /reports/serviceActivity/getMetricsForMfaSignIn{Success | Failure}(...)."""
    given = dict(_ARGUMENT.findall(arguments))
    minutes = given.get("aggregationIntervalInMinutes", "15")
    if minutes.startswith("@"):
        minutes = request.query.get(minutes, "")
    try:
        start = _time(given["inclusiveIntervalStartDateTime"])
        end = _time(given["exclusiveIntervalEndDateTime"])
    except (KeyError, ValueError):
        return bad_request("The interval needs a start and an end as date and time in UTC.")
    if not minutes.isdecimal() or int(minutes) not in INTERVALS:
        return bad_request("aggregationIntervalInMinutes must be 5, 10, 15 or 30.")
    # A little grace for the way that the request took.
    if start < clock() - REACH - timedelta(minutes=1) or end < start:
        return bad_request("The start of the interval must be within the last 30 days, and before its end.")
    rows = metrics(
        which,
        start,
        end,
        int(minutes),
        users=len(directory.founders),
        seed=directory.seed,
        old_form=directory.mood.messy and which == "Failure",
    )
    if directory.mood.gaps_in_metrics:
        rows = with_gaps(rows, end)
    context = f"{request.root}/beta/networkAccess/reports/$metadata#Collection(serviceActivityValueMetric)"
    return Answer(body={"@odata.context": context, "value": rows})


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
