"""Graph's quotas as it documents them: token buckets of resource units and of requests (throttling-limits page)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mfaaudit.simulated.answer import Answer, refusal
from mfaaudit.simulated.tokens import APPLICATION


@dataclass(slots=True)
class Tokens:
    """A bucket that fills at a steady rate."""

    size: float
    seconds: float
    """In which an empty bucket is full again."""
    level: float
    filled_at: float

    def take(self, amount: float, now: float) -> float:
        """0 if there is enough; else the seconds until there is, and nothing is taken."""
        self.level = min(self.size, self.level + (now - self.filled_at) * self.size / self.seconds)
        self.filled_at = now
        if self.level >= amount:
            self.level -= amount
            return 0.0
        return (amount - self.level) * self.seconds / self.size

    @property
    def used(self) -> float:
        """The share that is spent."""
        return 1 - self.level / self.size


def identity_quota(users: int) -> int:
    """Resource units in 10 s for one application in one tenant, by the number of its users."""
    return 3_500 if users < 50 else 5_000 if users <= 500 else 8_000


class Quotas:
    """All buckets of one application in one tenant."""

    def __init__(self, users: int, scale: float, clock: Callable[[], float], tenant: str) -> None:
        self._clock = clock
        self._scope = f"Tenant_Application/ReadWrite/{APPLICATION}/{tenant}"
        start = clock()

        def bucket(size: float, seconds: float) -> Tokens:
            return Tokens(size, seconds, size, start)

        self.identity = bucket(identity_quota(users) * scale, 10)
        # serviceActivity is not named in the list of the reports; it is counted with them here, the stricter reading.
        self.reports = bucket(5 if scale == 1 else max(1, int(5 * scale)), 10)
        self.conditional_access = bucket(1, 1)
        self.sign_in_activity = bucket(10 if scale == 1 else max(1, int(10 * scale)), 60)

    def spend(self, path: str, units: int, *, activity: bool = False) -> Answer | None:
        """The refusal if the bucket that the path, in lower case, belongs to is empty.

        `activity` tells whether sign-in activity is asked for, which has a bucket of its own before that of the users.
        """
        now = self._clock()
        if activity:
            refused = self._wait(self.sign_in_activity.take(1, now), "CPULimitExceeded")
            if refused is not None:
                return refused
        if path.startswith("/reports/"):
            return self._wait(self.reports.take(1, now), "CPULimitExceeded")
        if path.startswith("/identity/conditionalaccess"):
            # This service sends no Retry-After.
            return self._wait(self.conditional_access.take(1, now), "ResourceUnitLimitExceeded", silent=True)
        return self._wait(self.identity.take(units, now), "ResourceUnitLimitExceeded")

    def _wait(self, seconds: float, why: str, *, silent: bool = False) -> Answer | None:
        if seconds == 0:
            return None
        answer = too_many(None if silent else str(max(1, math.ceil(seconds))))
        answer.headers["x-ms-throttle-scope"] = self._scope
        answer.headers["x-ms-throttle-information"] = why
        return answer


def too_many(retry_after: str | None) -> Answer:
    """A 429 in the documented shape."""
    answer = refusal(429, "TooManyRequests", "Please retry again later.")
    if retry_after is not None:
        answer.headers["Retry-After"] = retry_after
    return answer


def units(path: str, query: Mapping[str, str]) -> int:
    """What a request costs in resource units: its base, less one for $select, one for a small $top; at least one.

    `path` is in lower case.
    """
    base = 1
    if path == "/users":
        base = 2
    elif path.startswith("/groups/") and "/members" in path:
        base = 3
    elif "/transitivemembers" in path:
        base = 5
    base -= "$select" in query
    base += "$expand" in query
    top = query.get("$top", "")
    base -= top.isdecimal() and int(top) < 20
    return max(1, base)
