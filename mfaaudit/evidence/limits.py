"""What the headers of an answer say of the service's limits: how long to wait, and how much of a quota is used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

NO_AUDIT_WAITS = 1e9
"""Seconds; a longer pause is written down as this one."""


UNITS, PRESSURE = "x-ms-resource-unit", "x-ms-throttle-limit-percentage"
BELIEVED = {UNITS: 10.0, PRESSURE: 10.0}
"""The largest number that is believed in a header; documented are 6 units for the dearest read, 1.8 for pressure."""


def number_in(headers: Mapping[str, str], name: str) -> float | None:
    """A header's number; None if it is absent, is no number, or none that the header could mean."""
    try:
        number = float(headers[name])
    except (KeyError, ValueError):
        return None
    return number if 0 < number <= BELIEVED.get(name, math.inf) and math.isfinite(number) else None


def asked_pause(headers: Mapping[str, str], read_at: datetime) -> float | None:
    """The pause that Graph asked for in seconds: a number, whole or not, or a date; None if it asked for none."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            date = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        seconds = ((date if date.tzinfo is not None else date.replace(tzinfo=UTC)) - read_at).total_seconds()
    return None if math.isnan(seconds) else min(max(0.0, seconds), NO_AUDIT_WAITS)
