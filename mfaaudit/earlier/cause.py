"""Why the verdict of an account under a rule is not what it was: the causes, and how several are kept together."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Cause(StrEnum):
    """What made the difference between two audits; of several causes the first in this order is the main one."""

    RULE = "rule"
    LISTED = "listed"
    WAIVER_CHANGED = "waiverChanged"
    WAIVER_DATE = "waiverDate"
    DECLARED = "declared"
    TENANT = "tenant"
    SCOPE = "scope"
    USER = "user"
    DATA = "data"
    TIME = "time"

    @property
    def words(self) -> str:
        """The cause in a word or two."""
        return CAUSE_WORDS[self][0]

    @property
    def meaning(self) -> str:
        """What it says, in one sentence."""
        return CAUSE_WORDS[self][1]

    @property
    def bit(self) -> int:
        """Its place in a number that holds several causes."""
        return 1 << list(Cause).index(self)


CAUSE_WORDS = {
    Cause.RULE: (
        "rule change",
        "The rule changed, is new or is gone: the earlier evidence says something else under it.",
    ),
    Cause.LISTED: ("listing", "The account is listed in one of the two audits only."),
    Cause.WAIVER_CHANGED: ("exception edited", "The register of exceptions was edited: it says something else of it."),
    Cause.WAIVER_DATE: ("exception date", "The register is as it was, but a date of an exception came."),
    Cause.DECLARED: (
        "declaration",
        "What is declared changed: the class of an account, the posture, or the register where a rule looks at it.",
    ),
    Cause.TENANT: ("tenant", "What was read of the tenant changed: its settings, or the posture that follows from it."),
    Cause.SCOPE: (
        "scope",
        "The account changed: the rule is about it in one of the audits only.",
    ),
    Cause.USER: ("account", "What was read of the account changed, or what follows for it from all that was read."),
    Cause.DATA: ("data", "Something that decides was not read, or not for certain, in one of the audits."),
    Cause.TIME: ("time", "Nothing that was read changed, but a date came: something is older than the rule's days."),
}


def causes_in(bits: int) -> tuple[Cause, ...]:
    """The causes that a number holds, the main one first."""
    return tuple(one for one in Cause if bits & one.bit)


def together(causes: Iterable[Cause]) -> int:
    """Several causes as one number."""
    return sum({one.bit for one in causes})
