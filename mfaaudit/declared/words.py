"""The fixed words of what is declared: kinds of exceptions and their states, classes of accounts, postures."""

from __future__ import annotations

from enum import StrEnum


class ExceptionKind(StrEnum):
    """What an exception is for."""

    WAIVER = "waiver"
    BREAK_GLASS = "break_glass"
    SERVICE_ACCOUNT = "service_account"
    COMPENSATING_CONTROL = "compensating_control"
    FALSE_POSITIVE = "false_positive"


KINDS = tuple(one.value for one in ExceptionKind)
REGISTERING = frozenset(ExceptionKind) - {ExceptionKind.FALSE_POSITIVE}
"""Kinds that account for an exclusion from a policy; a false positive is about a verdict only."""


class State(StrEnum):
    """What is the matter with an entry of the register; an entry can be in several."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    PROPOSED = "proposed"
    NOT_YET = "notYet"
    SELF_APPROVED = "selfApproved"
    TOO_LONG = "tooLong"
    DRILL_OVERDUE = "drillOverdue"
    ORPHANED = "orphaned"
    UNREAD = "unread"
    UNKNOWN_RULE = "unknownRule"
    TENANT_RULE = "tenantRule"
    NOT_WAIVABLE = "notWaivable"
    OVERLAPPING = "overlapping"
    UNUSED = "unused"

    @property
    def meaning(self) -> str:
        """One sentence for a person."""
        return MEANINGS[self]


MEANINGS = {
    State.ACTIVE: "It is in force.",
    State.EXPIRING: "It is in force, and runs out within 30 days for at least one of its rules.",
    State.EXPIRED: "It has run out, by its own date or because the longest term is over for all of its rules.",
    State.PROPOSED: "Nobody has approved it yet: it is a proposal, and has no effect.",
    State.NOT_YET: "Its approval lies in the future: it has no effect yet.",
    State.SELF_APPROVED: "The one who asked for it approved it: it has no effect.",
    State.TOO_LONG: "It is meant to last longer than the severity of one of its rules allows: there it ends sooner.",
    State.DRILL_OVERDUE: "The emergency account was not tried within 100 days: the entry has no effect.",
    State.ORPHANED: "Its account is not in the tenant, its group is gone or holds no user of it, or no policy excludes "
    "its application.",
    State.UNREAD: "The members of its group, or the policies that may exclude its application, were not read: it has "
    "no effect.",
    State.UNKNOWN_RULE: "It names a rule that was not judged.",
    State.TENANT_RULE: "It names a rule about the tenant, which cannot be waived for an account.",
    State.NOT_WAIVABLE: "It names a rule that may not be waived.",
    State.OVERLAPPING: "Another entry in force covers one of its accounts for the same rule.",
    State.UNUSED: "It is in force, and waived nothing: what it excuses no longer fails.",
}


class AccountClass(StrEnum):
    """What an account is for."""

    PERSON = "person"
    GUEST = "guest"
    SHARED_MAILBOX = "sharedMailbox"
    ROOM_MAILBOX = "roomMailbox"
    SERVICE = "service"
    SYNCHRONIZATION = "synchronization"
    BREAK_GLASS = "breakGlass"
    DEVICE = "device"
    AGENT = "agent"


CLASSES = tuple(one.value for one in AccountClass)

PER_USER = "per-user"
SECURITY_DEFAULTS = "security-defaults"
CONDITIONAL_ACCESS = "conditional-access"
THIRD_PARTY = "third-party"
MIXED = "mixed"
NOTHING = "none"
AUTO = "auto"
ANY = "any"
"""The posture of a pack that fits every tenant."""
POSTURES = (PER_USER, SECURITY_DEFAULTS, CONDITIONAL_ACCESS, THIRD_PARTY, MIXED, NOTHING)
"""How a tenant can come to enforce MFA; `none` where nothing does."""
CHOICES = (PER_USER, SECURITY_DEFAULTS, CONDITIONAL_ACCESS, THIRD_PARTY, MIXED, AUTO)
"""What may be declared; `auto` leaves it to what was read."""
