"""What the administrators of an organisation do to its Conditional Access policies, quarter by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from mfaaudit.simulated.ageing import QUARTER
from mfaaudit.simulated.policy_json import users_of

ROUND = 4
"""After so many quarters everything is as it was at first, and begins again."""
BEFORE_THE_END = timedelta(days=40)
"""So long before a quarter ends its edit is made."""


def edit(policies: list[dict[str, Any]], quarter: int, made: datetime, leave_out: Sequence[str]) -> None:
    """Changes the policies to what they are after so many quarters.

    First somebody is left out of the first policy that is in force, then the first one that is switched off is
    switched on, or if there is none, the first one gets another name; and then one after the other is taken back.
    `made` is when the organisation was made, `leave_out` whom they leave out.
    """
    if not policies:
        return
    in_force = next((one for one in policies if one["state"] == "enabled"), policies[0])
    off = next((one for one in policies if one["state"] == "disabled"), None)
    if quarter % ROUND in (1, 2):
        users_of(in_force)["excludeUsers"] = [*users_of(in_force)["excludeUsers"], *leave_out]
    if quarter % ROUND in (2, 3) and off is not None:
        off["state"] = "enabled"
    elif quarter % ROUND in (2, 3):
        policies[0]["displayName"] += " (reviewed)"
    for number in range(1, quarter + 1):
        one = in_force if number % 2 else off or policies[0]
        one["modifiedDateTime"] = f"{made + number * QUARTER - BEFORE_THE_END:%Y-%m-%dT%H:%M:%S}.0000000Z"
