"""The numbers that the schema has for what this program says in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum

from mfaaudit.words import Severity, Verdict

VERSION = "1.8.0"
CATEGORY, CLASS = 2, 2003


class Activity(IntEnum):
    """What is said of a finding."""

    CREATE = 1
    UPDATE = 2
    CLOSE = 3


class Kind(IntEnum):
    """What an event is about, in the order in which they stand in the file."""

    RULE = 1
    """A rule about users, as a whole."""
    TENANT = 2
    USER = 3

    @property
    def word(self) -> str:
        """As it stands in finding_info.types."""
        return self.name.lower()


COMPLIANCE: Mapping[Verdict, tuple[int, str]] = {
    Verdict.PASS: (1, "Pass"),
    Verdict.FAIL: (3, "Fail"),
    Verdict.WAIVED: (3, "Fail"),
    Verdict.NOT_EVALUATED: (2, "Warning"),
    Verdict.ERROR: (2, "Warning"),
    Verdict.NOT_APPLICABLE: (99, "Not applicable"),
}
"""compliance.status_id and its caption; a warning is a check without a result, as information was missing."""

SEVERITIES: Mapping[Severity, tuple[int, str]] = {
    Severity.CRITICAL: (5, "Critical"),
    Severity.HIGH: (4, "High"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.LOW: (2, "Low"),
    Severity.INFO: (1, "Informational"),
}

NEW, SUPPRESSED, RESOLVED = (1, "New"), (3, "Suppressed"), (4, "Resolved")
"""The status_id of a finding and its caption."""


def other(word: str) -> tuple[int, str]:
    """A status that the schema has no number for."""
    return 99, word


def milliseconds(time: datetime) -> int:
    """A time as the schema counts it."""
    return int(time.timestamp() * 1000)
