"""How the tenant enforces MFA: as declared, or as far as what was read allows only one answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import polars as pl

from mfaaudit.declared.words import (
    ANY,
    AUTO,
    CHOICES,
    CONDITIONAL_ACCESS,
    MIXED,
    NOTHING,
    PER_USER,
    SECURITY_DEFAULTS,
    THIRD_PARTY,
)
from mfaaudit.errors import UsageProblem
from mfaaudit.words import Reason, Unknown

NAMED = 5
"""Policies that a sentence can still hold."""
LONGEST_NAME = 80

IN_WORDS = {
    PER_USER: "per-user MFA",
    SECURITY_DEFAULTS: "security defaults",
    CONDITIONAL_ACCESS: "Conditional Access",
    THIRD_PARTY: "a product of somebody else",
    MIXED: "Conditional Access for some and per-user MFA for others",
}

Seen = Mapping[str, bool | Unknown]
"""What each input says: whether security defaults are on, a policy asks all users, any policy asks, any state is on."""
DEFAULTS, FOR_ALL, POLICIES, STATES = (
    "tenant_securityDefaults_isEnabled",
    "derived_hasAllUsersMfaPolicy",
    "derived_mfaPolicies",
    "derived_isPerUserMfaInUse",
)
NAMES_FOR_ALL = "derived_allUsersMfaPolicies"
INPUTS = (DEFAULTS, FOR_ALL, POLICIES, STATES)
UNREAD = {
    DEFAULTS: "Whether security defaults are on is not known",
    FOR_ALL: "Whether a policy asks all users for MFA is not known",
    POLICIES: "Which Conditional Access policies ask for MFA is not known",
    STATES: "Whether per-user MFA is in use is not known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """The answer, and what it rests on."""

    asked: str
    """What was declared, or `auto`."""
    value: str | None
    """None if what was not read could change the answer."""
    reason: Reason | None
    """Why there is no answer."""
    inputs: tuple[str, ...]
    """A sentence for each thing that was looked at."""
    remarks: tuple[str, ...]
    """A sentence for each thing that contradicts what was declared."""
    statement: str
    """The answer in a sentence."""


def posture_of(asked: str, tenant: pl.DataFrame) -> Posture:
    """What was declared, with what contradicts it; or what follows. Raises UsageProblem for another word."""
    if asked not in CHOICES:
        raise UsageProblem(f"there is no posture {asked!r}", hint=f"Choose from {', '.join(CHOICES)}.")
    seen = {column: _seen(tenant, column) for column in INPUTS}
    inputs = tuple(_sentence(column, value, tenant) for column, value in seen.items())
    if asked != AUTO:
        remarks = tuple(f"Declared {asked}, but {text}." for text in _against(asked, seen))
        said = f"MFA is enforced by {IN_WORDS[asked]}, as declared"
        statement = f"{said}; what was read contradicts that." if remarks else f"{said}."
        return Posture(asked=asked, value=asked, reason=None, inputs=inputs, remarks=remarks, statement=statement)
    value, gap = infer(seen)
    return Posture(asked=asked, value=value, reason=gap, inputs=inputs, remarks=(), statement=_statement(value, gap))


def infer(seen: Seen) -> tuple[str | None, Reason | None]:
    """The only posture that fits, however what was not read turns out; else None, and why the first gap is there."""
    each = [(True, False) if isinstance(seen[one], Unknown) else (seen[one],) for one in INPUTS]
    answers = {_follows(*(bool(value) for value in values)) for values in product(*each)}
    if len(answers) == 1:
        return answers.pop(), None
    return None, next(gap.reason for one in INPUTS if isinstance(gap := seen[one], Unknown))


def applies(pack: str, posture: str | None) -> bool | None:
    """Whether the rules of a pack fit the tenant; None if the tenant's posture is not known.

    Where several ways are in use, or none, no pack can be left out. A pack for Conditional Access does not fit security
    defaults: it asks for policies, and a tenant with security defaults can enable none.
    """
    if pack == ANY:
        return True
    if posture is None:
        return None
    return posture in (MIXED, NOTHING) or pack == posture


def _follows(defaults: bool, for_all: bool, policies: bool, states: bool) -> str:
    if defaults:
        return SECURITY_DEFAULTS
    if for_all:
        # What is left of per-user MFA changes nothing for whoever is asked anyway.
        return CONDITIONAL_ACCESS
    if policies:
        return MIXED if states else CONDITIONAL_ACCESS
    return PER_USER if states else NOTHING


def _statement(value: str | None, gap: Reason | None) -> str:
    if value is None:
        why = "" if gap is None else f" ({gap.value})"
        return f"How MFA is enforced is not known{why}: grant what was refused, or declare it with --posture."
    if value == NOTHING:
        return "Nothing that was read enforces MFA; if somebody else's product does, declare --posture third-party."
    return f"MFA is enforced by {IN_WORDS[value]}, as far as what was read tells."


def _seen(tenant: pl.DataFrame, column: str) -> bool | Unknown:
    if column not in tenant.columns:
        return Unknown(Reason.NOT_REQUESTED)
    reason = tenant[f"{column}_reason"].item()
    if reason is not None:
        return Unknown(Reason(reason))
    value = tenant[column].item()
    return value if isinstance(value, bool) else len(value) > 0


def _against(asked: str, seen: Seen) -> Iterator[str]:
    """What contradicts a declared posture; what was not read contradicts nothing."""
    if asked == SECURITY_DEFAULTS:
        if seen[DEFAULTS] is False:
            yield "security defaults are off"
        if seen[POLICIES] is True:
            yield "Conditional Access policies ask for MFA"
    elif seen[DEFAULTS] is True:
        yield "security defaults are on"
    if asked == CONDITIONAL_ACCESS and seen[FOR_ALL] is False:
        yield "no policy asks all users for MFA"
    if asked in (PER_USER, THIRD_PARTY) and seen[FOR_ALL] is True:
        yield "a policy asks all users for MFA"
    if asked in (PER_USER, MIXED) and seen[STATES] is False:
        yield "per-user MFA is on for nobody"
    if asked == MIXED and seen[POLICIES] is False:
        yield "no Conditional Access policy asks anybody for MFA"


def _sentence(column: str, value: bool | Unknown, tenant: pl.DataFrame) -> str:
    if isinstance(value, Unknown):
        return f"{UNREAD[column]} ({value.reason.value})."
    match column:
        case "tenant_securityDefaults_isEnabled":
            return f"Security defaults are {'on' if value else 'off'}."
        case "derived_isPerUserMfaInUse":
            return "Per-user MFA is on for at least one user." if value else "Per-user MFA is on for nobody."
        case "derived_hasAllUsersMfaPolicy":
            names = _names(tenant[NAMES_FOR_ALL].item()) if value else "none"
            return f"Policies that ask all users for MFA on all resources: {names}."
        case _:
            return f"Policies that ask somebody for MFA: {_names(tenant[column].item()) if value else 'none'}."


def _names(policies: pl.Series) -> str:
    shown = [one if len(one) <= LONGEST_NAME else f"{one[: LONGEST_NAME - 1]}…" for one in policies[:NAMED]]
    more = len(policies) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
