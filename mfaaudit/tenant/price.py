"""What Graph's quotas make of a number of requests: how long, and what each option adds, said before it runs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from mfaaudit.sources.options import (
    DEVICE_REGISTRATION,
    ELIGIBLE_ROLES,
    MANAGERS,
    OPTIONS,
    POLICY_GROUPS,
    ROLE_POLICIES,
    SIGN_IN_ACTIVITY,
)
from mfaaudit.sources.source import Bucket
from mfaaudit.tenant.cost import Known, Line, lines_of_option
from mfaaudit.tenant.pace import identity_quota


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What Graph gives one application in one tenant (throttling-limits page)."""

    size: int
    """Resource units of the identity service, requests of the others."""
    period: int
    """Seconds in which it may be used up."""
    at_once: bool
    """Whether it is used up at the beginning of each period, or evenly over it."""

    def seconds(self, amount: float) -> float:
        """How long that much takes."""
        if self.at_once:
            return float(self.period * max(0, math.ceil(amount / self.size) - 1))
        return amount * self.period / self.size


def quota_of(bucket: Bucket, users: int) -> Quota:
    """The documented quota in a tenant of that many users."""
    match bucket:
        case Bucket.IDENTITY:
            return Quota(size=round(10 * identity_quota(users)), period=10, at_once=False)
        case Bucket.REPORTS:
            return Quota(size=5, period=10, at_once=True)
        case Bucket.CONDITIONAL_ACCESS:
            return Quota(size=1, period=1, at_once=True)
        case Bucket.SIGN_IN_ACTIVITY:
            return Quota(size=10, period=60, at_once=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one option adds to an audit."""

    option: str
    requests: int | None
    """None where it could not be told."""
    units: int | None
    """Resource units of the identity service; None where another quota counts."""
    seconds: float | None
    """At the documented quota. The quotas are used side by side, so that an audit may take no longer for it."""
    at_least: bool


def prices_for(known: Known) -> Iterator[Price]:
    """What each option would add, in the order of the options."""
    for option in OPTIONS:
        lines = list(lines_of_option(option, known))
        units = [line.units for line in lines if line.units is not None]
        yield Price(
            option=option,
            requests=sum(line.requests or 0 for line in lines) if lines else None,
            units=sum(units) if units else None,
            seconds=max(_seconds(line, known.users) for line in lines) if lines else None,
            at_least=not lines or any(line.at_least for line in lines),
        )


def price_of(option: str, users: int | None = None, *, groups: int | None = None) -> str:
    """What an option adds, in a sentence to be said before it is read.

    `users` is how many the directory counts, and `groups` how many the policies name that are not read anyway, for a
    role that they hold or a rule that names them, where that is known yet.
    """
    flag = OPTIONS[option].flag
    if option == SIGN_IN_ACTIVITY.name and users is not None:
        (line,) = lines_of_option(option, Known(users=users))
        count, time = line.requests or 0, about(_seconds(line, users))
        return f"{flag} adds {_requests(count)}, {time} at Graph's 10 a minute."
    if option == MANAGERS.name and users is not None:
        (line,) = lines_of_option(option, Known(users=users))
        count = line.requests or 0
        # Each page has the link to the next: of the time it takes, the quota is the least part.
        return f"{flag} adds {_requests(count)}{', one after another' if count > 1 else ''}."
    if option == POLICY_GROUPS.name and groups is not None:
        more = " or more: two for each group that a Conditional Access policy names" if groups else ""
        return f"{flag} adds {_requests(2 * groups)}{more}."
    return f"{flag} adds {_UNCOUNTED[option]}."


_UNCOUNTED = {
    SIGN_IN_ACTIVITY.name: "a request for every 500 users, at Graph's 10 a minute",
    ELIGIBLE_ROLES.name: "a request or more, and two for each further group that is eligible",
    POLICY_GROUPS.name: "two requests or more for each group that a Conditional Access policy names",
    MANAGERS.name: "a request for every 100 users, one after another",
    ROLE_POLICIES.name: "a request or more for the policies of all directory roles",
    DEVICE_REGISTRATION.name: "one request",
}


def about(seconds: float) -> str:
    """A time for a person, in words."""
    minutes = math.ceil(seconds / 60)
    if minutes <= 1:
        return "about a minute" if seconds > 30 else "a few seconds"
    if minutes < 120:
        return f"about {minutes} minutes"
    hours, minutes = divmod(minutes, 60)
    return f"about {hours} hours" + (f" {minutes} minutes" if minutes else "")


def _requests(count: int) -> str:
    return f"{count:,} request{'' if count == 1 else 's'}"


def _seconds(line: Line, users: int) -> float:
    amount = line.requests if line.units is None else line.units
    return quota_of(line.bucket, users).seconds(amount or 0)
