"""How long people are kept: `400d`, `57w`, `2y`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from mfaaudit.errors import UsageProblem

DAYS = {"d": 1, "w": 7, "y": 365}
_WRITTEN = re.compile(r"([0-9]{1,5})([dwy])")


@dataclass(frozen=True, slots=True)
class Limit:
    """An age, in whole days."""

    text: str
    days: int

    def is_over(self, finished_at: datetime, now: datetime) -> bool:
        """Whether an audit that ended then is older than this."""
        return now - finished_at > timedelta(days=self.days)


def read_limit(text: str) -> Limit:
    """The limit that was typed. Raises UsageProblem for what is none."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise UsageProblem(
            f"{text!r} is no age",
            hint="Give --older-than a number of days, weeks or years: 400d, 57w or 2y; a year is 365 days.",
        )
    return Limit(text=text.strip(), days=int(found[1]) * DAYS[found[2]])
