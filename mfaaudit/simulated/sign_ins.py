"""MFA sign-ins by interval: office hours on working days, quiet nights, and now and then a bad morning."""

from __future__ import annotations

import math
import zlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

INTERVALS = (5, 10, 15, 30)
REACH = timedelta(days=30)


def metrics(
    which: str, start: datetime, end: datetime, minutes: int, *, users: int, seed: int, old_form: bool
) -> list[dict[str, Any]]:
    """Rows of serviceActivityValueMetric; the older page writes their times with a space and without a zone."""
    step = timedelta(minutes=minutes)
    number = -((start - end) // step)
    times = [start + nth * step for nth in range(number)]
    return [
        {"intervalStartDateTime": _written(time, old_form=old_form), "value": _value(which, time, minutes, users, seed)}
        for time in times
    ]


def _written(time: datetime, *, old_form: bool) -> str:
    # strftime would take most of the time of the whole answer.
    return time.isoformat(" ")[:16] if old_form else f"{time.isoformat()[:19]}Z"


@lru_cache(maxsize=100_000)
def _value(which: str, time: datetime, minutes: int, users: int, seed: int) -> int:
    """Sign-ins of one interval: the same number whenever it is asked for."""
    value = _expected(time, users, minutes) * (1.0 if which == "Success" else 0.06)
    if which == "Failure" and time.day % 13 == 4 and 7 <= time.hour < 10:
        value *= 6
    noise = zlib.crc32(f"{seed}{which}{time.isoformat()}".encode()) % 1000 / 1000
    return int(value * (0.7 + 0.6 * noise) + noise)


def with_gaps(rows: list[dict[str, Any]], end: datetime) -> list[dict[str, Any]]:
    """The rows without those of three days, with one interval twice, and with one that begins where the window ends."""
    days = sorted({row["intervalStartDateTime"][:10] for row in rows})[5:8]
    kept = [row for row in rows if row["intervalStartDateTime"][:10] not in days]
    after = {"intervalStartDateTime": end.strftime("%Y-%m-%dT%H:%M:%SZ"), "value": 1}
    return [*kept[:3], *kept[2:], after]


def _expected(time: datetime, users: int, minutes: int) -> float:
    hour = time.hour + time.minute / 60
    day = 0.12 if time.weekday() >= 5 else 1.0
    shape = 0.05 + math.exp(-((hour - 8.5) ** 2) / 3) + 0.4 * math.exp(-((hour - 13.5) ** 2) / 8)
    return users * 0.02 * day * shape * minutes / 30
