"""The fixed words of a report: verdicts, reasons for not judging, severities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of one rule for one user, or for the tenant."""

    PASS = "PASS"  # noqa: S105
    FAIL = "FAIL"
    WAIVED = "WAIVED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NOT_EVALUATED = "NOT_EVALUATED"
    ERROR = "ERROR"


class Reason(StrEnum):
    """Why a value is not known."""

    NO_PERMISSION = "NO_PERMISSION"
    NO_LICENSE = "NO_LICENSE"
    NOT_FOUND = "NOT_FOUND"
    THROTTLED = "THROTTLED"
    TIMEOUT = "TIMEOUT"
    SERVER_ERROR = "SERVER_ERROR"
    NO_ROW = "NO_ROW"
    STALE = "STALE"
    UNKNOWN_VALUE = "UNKNOWN_VALUE"
    NOT_SENT = "NOT_SENT"
    NOT_REQUESTED = "NOT_REQUESTED"
    CLOUD_UNSUPPORTED = "CLOUD_UNSUPPORTED"
    OUT_OF_SOURCE_WINDOW = "OUT_OF_SOURCE_WINDOW"

    @property
    def meaning(self) -> str:
        """One sentence for a person."""
        return MEANINGS[self]

    @property
    def cure(self) -> str:
        """What to do about it, in one sentence."""
        return CURES[self]


MEANINGS = {
    Reason.NO_PERMISSION: "Graph refused the read: the identity that ran the audit lacks a permission or a role.",
    Reason.NO_LICENSE: "Graph refused the read: it needs a Microsoft Entra ID P1 or P2 licence.",
    Reason.NOT_FOUND: "The account was listed but was gone when it was read.",
    Reason.THROTTLED: "Graph kept refusing the read because of too many requests.",
    Reason.TIMEOUT: "Graph did not answer in time.",
    Reason.SERVER_ERROR: "Graph answered with an error of its own.",
    Reason.NO_ROW: "The source has no row for the account; the registration report lags, and leaves out the disabled.",
    Reason.STALE: "The value is older than the rule allows.",
    Reason.UNKNOWN_VALUE: "Graph sent a value that this version cannot interpret.",
    Reason.NOT_SENT: "Graph answered without this property.",
    Reason.NOT_REQUESTED: "The source was not asked for in this audit.",
    Reason.CLOUD_UNSUPPORTED: "The source does not exist in this national cloud, or for this type of tenant.",
    Reason.OUT_OF_SOURCE_WINDOW: "The source holds nothing within the time that it reaches back.",
}

CURES = {
    Reason.NO_PERMISSION: "Grant the permission named for the source, then audit again.",
    Reason.NO_LICENSE: "Use rules that need no premium report, or license the tenant.",
    Reason.NOT_FOUND: "Nothing to do if the account was deleted; the next audit leaves it out.",
    Reason.THROTTLED: "Audit again at a quieter hour.",
    Reason.TIMEOUT: "Audit again; check the network if it recurs.",
    Reason.SERVER_ERROR: "Audit again; quote the request-id to Microsoft support if it recurs.",
    Reason.NO_ROW: "Wait a day for a new account; enable the account if it should be judged.",
    Reason.STALE: "Audit again when the source has been refreshed.",
    Reason.UNKNOWN_VALUE: "Look at the raw answer in the evidence; a newer version may know the value.",
    Reason.NOT_SENT: "Look at the raw answer in the evidence; this service or tenant may not have the property.",
    Reason.NOT_REQUESTED: "Ask for the source, then audit again.",
    Reason.CLOUD_UNSUPPORTED: "Use rules that do not need the source.",
    Reason.OUT_OF_SOURCE_WINDOW: "Audit more often and merge; for sign-ins, ask derived.hasSignedIn as well.",
}


class Severity(StrEnum):
    """How much a failure matters, most first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """4 for critical down to 0 for info."""
        return 4 - list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known, and why; it never becomes a pass, a fail or a default."""

    reason: Reason
