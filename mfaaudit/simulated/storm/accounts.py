"""The accounts whose own reads fail in the storm, each in one way: for good, or the first time it is asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime

from mfaaudit.simulated.account import STATES, Account
from mfaaudit.simulated.answer import Answer, access_denied, refusal
from mfaaudit.simulated.faults import FORBIDDEN, VANISHES
from mfaaudit.simulated.quota import too_many

Fault = Callable[[datetime], Answer]

NO_BODY, TEXT_BODY = "no body", "text for a body"
MISSING, ACCOMPANIED, DOUBLED = "missing", "accompanied", "doubled"
TWISTED = (NO_BODY, TEXT_BODY, MISSING, ACCOMPANIED, DOUBLED)
"""Faults of the item's place in the batch's answer, not of the item: batches.py does these."""
SHARE = 500
"""One account in so many for each fault, and at least one."""


def _broken(status: int, code: str = "UnknownError", wait: str | None = None) -> Fault:
    def answer(_: datetime) -> Answer:
        made = refusal(status, code, "")
        if wait is not None:
            made.headers["Retry-After"] = wait
        return made

    return answer


def _busy_until(now: datetime) -> Answer:
    # The moment at which the tenant was opened, and a second: the same bytes every time.
    return too_many(format_datetime(now + timedelta(seconds=1), usegmt=True))


FOR_GOOD: dict[str, Fault] = {
    FORBIDDEN: lambda _: access_denied(),
    "broken for good": _broken(500, "", "0"),
}
PASSING: dict[str, Fault] = {
    "429 without a pause": lambda _: too_many(None),
    "429 with seconds": lambda _: too_many("1"),
    "429 with a fraction": lambda _: too_many("0.5"),
    "429 with a date": _busy_until,
    "424": _broken(424, "FailedDependency"),
    "500": _broken(500, ""),
    "502": _broken(502, "BadGateway"),
    "503": _broken(503, "serviceNotAvailable", "0"),
    "504": _broken(504, "GatewayTimeout", "0"),
}
KINDS = (VANISHES, *FOR_GOOD, *PASSING, *TWISTED)
"""Every fault that an account may have in the storm."""


def spread(accounts: list[Account], seed: int) -> None:
    """Gives each fault its accounts, as far as there are enough; nobody has two."""
    for one in accounts:
        one.fault = ""
    # What is odd in itself is to be read as it is.
    ordinary = [one for one in accounts if one.state in STATES and one.in_report == one.enabled]
    each = max(1, len(accounts) // SHARE)
    order = random.Random(f"storm {seed}").sample(ordinary, len(ordinary))  # noqa: S311 - a seeded play, not a secret
    for number, one in enumerate(order[: each * len(KINDS)]):
        one.fault = KINDS[number % len(KINDS)]


def trouble(account: Account, asked: int, now: datetime) -> Answer | None:
    """What is answered instead of the value when one part of an account is asked for the `asked`th time."""
    lasting = FOR_GOOD.get(account.fault)
    if lasting is not None:
        return lasting(now)
    passing = PASSING.get(account.fault)
    return passing(now) if passing is not None and asked == 1 else None
