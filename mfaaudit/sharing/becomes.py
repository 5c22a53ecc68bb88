"""What can become of a value in a copy, and the sorts of copy."""

from __future__ import annotations

from enum import StrEnum

WITHHELD = "withheld"
"""Stands where a value is known and not shown: it is no gap, and never reads NOT READ."""


class Mode(StrEnum):
    """For whom a copy is."""

    FULL = "full"
    """Who runs the tenant: everything but the evidence."""
    INTERNAL = "internal"
    """Others of the same house: whom it is about, without what they need not know."""
    PSEUDONYMOUS = "pseudonymous"
    """Auditors, regulators, vendors: nobody is named."""


class Becomes(StrEnum):
    """What becomes of one value."""

    KEPT = "kept"
    WITHHELD = "withheld"
    EMPTIED = "left out"
    """Nothing stands there: for what no report shows."""
    INSIDE = "part by part"
    """It has parts, and each of them becomes something."""
    SUBJECT = "the person's pseudonym"
    """A name of the user whose row it is in."""
    PERSON = "pseudonym of a person"
    """Object ids of users."""
    NAMED = "pseudonym of the person named"
    """A name, an address or an object id, whichever somebody wrote."""
    TENANT = "pseudonym of the tenant"
    APPLICATION = "pseudonym of the application"
    POLICY = "pseudonyms of the policies"
    GROUP = "pseudonyms of the groups"
    EXCEPTION = "pseudonym of the exception"
    GROUPING = "kept, small groups merged"
    YES_NO = "yes or no"
    """Whether any directory role is held."""
    DAY = "to the day"
    MIDNIGHT = "to the beginning of the day"
    """For what has to stay a time."""
    MONTH = "to the month"
    CLASS_REASON = "kept, without what a person wrote"
    TEXT = "kept, without identifiers"
    """A text of a rule's author, in which the tenant's identifiers are replaced."""
    CONDITION = "kept, operands as their fields"
    OWN = "made anew"
    """Made again from what the other parts became."""


Plan = tuple[Becomes, Becomes]
"""In an internal copy, and in a pseudonymous one."""


def kept() -> Plan:
    """The same in every copy."""
    return Becomes.KEPT, Becomes.KEPT


def chosen(plan: Plan, mode: Mode) -> Becomes:
    """What becomes of it in one sort of copy."""
    if mode is Mode.FULL:
        return Becomes.KEPT
    return plan[0] if mode is Mode.INTERNAL else plan[1]
