"""Until when an action is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from mfaaudit.words import Severity

DAYS: Mapping[Severity, int] = MappingProxyType(
    {Severity.CRITICAL: 7, Severity.HIGH: 30, Severity.MEDIUM: 90, Severity.LOW: 180, Severity.INFO: 365}
)
"""Days from the start of the audit, by severity."""


def due(severity: Severity, now: datetime) -> date:
    """The last day for what is of a severity."""
    return now.astimezone(UTC).date() + timedelta(days=DAYS[severity])
