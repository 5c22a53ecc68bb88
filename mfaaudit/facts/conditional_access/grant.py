"""What a policy asks for before it lets a user in, and whether that is MFA."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mfaaudit.facts.conditional_access.values import others, words


class Asked(StrEnum):
    """What a user who meets the policy surely has to do."""

    MFA = "mfa"
    CUSTOM = "a control of another provider"
    REPLACEABLE = "one of these, or something else that is neither"
    NOTHING = "nothing of the kind"


Possible = frozenset[Asked]
MFA, CUSTOM, OTHER = (frozenset({one}) for one in (Asked.MFA, Asked.CUSTOM, Asked.NOTHING))
ANYTHING = MFA | CUSTOM | OTHER
"""What a control that is not known may be."""
BLOCK = "block"
NO_MFA = frozenset(
    {
        "compliantDevice",
        "domainJoinedDevice",
        "approvedApplication",
        "compliantApplication",
        "passwordChange",
        "riskRemediation",
    }
)
KEYS = ("operator", "builtInControls", "customAuthenticationFactors", "termsOfUse", "authenticationStrength")

PHISHING_RESISTANT = frozenset({"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"})
"""Combinations of the built-in strength of that name (authenticationStrengthPolicies)."""
SINGLE = frozenset(
    {
        "password",
        "federatedSingleFactor",
        "x509CertificateSingleFactor",
        "sms",
        "voice",
        "email",
        "softwareOath",
        "hardwareOath",
        "microsoftAuthenticatorPush",
        "qrCodePin",
    }
)
"""Methods that are one factor where they stand alone."""
METHODS = (
    PHISHING_RESISTANT
    | SINGLE
    | {"deviceBasedPush", "temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "federatedMultiFactor"}
)
"""All that are known (authenticationMethodModes); a combination is one of them, or two with a comma."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the controls of a grant."""

    asks: Possible
    resists: bool | None
    """Whether only a phishing-resistant method meets it."""


def asked(grant: Any) -> Possible:
    """What the grant controls may amount to; one element if that is sure."""
    parts = _parts(grant)
    if parts is None:
        return ANYTHING | {Asked.REPLACEABLE}
    match _operator(grant, parts):
        case "AND":
            return _joined(parts, _all_of)
        case "OR":
            return _joined(parts, _one_of)
    return _joined(parts, _all_of) | _joined(parts, _one_of)


def blocks(grant: Any) -> bool:
    """Whether the grant controls surely keep everybody out."""
    controls = words(grant, "builtInControls") if isinstance(grant, dict) else None
    return controls is not None and BLOCK in controls


def phishing_resistant(grant: Any) -> bool | None:
    """Whether the grant controls surely ask for MFA by a phishing-resistant method; None if that is not known."""
    parts, sure = _parts(grant), asked(grant)
    if Asked.MFA not in sure:
        return False
    if parts is None:
        return None
    truths = [part.resists for part in parts]
    one, every = True in truths, set(truths) == {True}
    operator = _operator(grant, parts)
    if sure == MFA and (one if operator == "AND" else every):
        return True
    never = set(truths) == {False} or (operator == "OR" and False in truths)
    return False if never else None


def _operator(grant: Any, parts: Sequence[Part]) -> str | None:
    found = "AND" if len(parts) < 2 else grant.get("operator")
    return found if isinstance(found, str) else None


def _parts(grant: Any) -> list[Part] | None:
    if grant is None:
        return []
    controls = words(grant, "builtInControls") if isinstance(grant, dict) else None
    if controls is None:
        return None
    if BLOCK in controls:
        # Whoever is blocked is not let in, with MFA or without.
        return []
    parts = [Part(MFA, False) if one == "mfa" else Part(OTHER, False) if one in NO_MFA else VAGUE for one in controls]
    for key, meaning in (("customAuthenticationFactors", CUSTOM), ("termsOfUse", OTHER)):
        listed = words(grant, key)
        parts += [VAGUE] if listed is None else [Part(meaning, False)] * bool(listed)
    if (strength := grant.get("authenticationStrength")) is not None:
        parts.append(_by_strength(strength))
    return parts + [VAGUE for _ in others(grant, KEYS)]


VAGUE = Part(ANYTHING, None)


def _joined(parts: Iterable[Part], join: Callable[[set[Asked]], Asked]) -> Possible:
    # Of two that are alike one is enough: what is open by both is as open by one.
    kinds = {part.asks for part in parts}
    return frozenset(join(set(case)) for case in itertools.product(*kinds))


def _all_of(kinds: set[Asked]) -> Asked:
    return Asked.MFA if Asked.MFA in kinds else Asked.CUSTOM if Asked.CUSTOM in kinds else Asked.NOTHING


def _one_of(kinds: set[Asked]) -> Asked:
    # What the user may choose instead takes the place of MFA.
    return kinds.pop() if len(kinds) == 1 else Asked.REPLACEABLE


def _by_strength(strength: Any) -> Part:
    """Whether an authentication strength is MFA: it says so, and allows nothing that is one factor alone."""
    combinations = words(strength, "allowedCombinations") if isinstance(strength, dict) else None
    if combinations is None:
        return Part(MFA | OTHER, None)
    satisfied = strength.get("requirementsSatisfied")
    if satisfied == "none" or any(one.strip() in SINGLE for one in combinations):
        return Part(OTHER, False)
    known = {one for one in combinations if METHODS.issuperset(method.strip() for method in one.split(","))}
    resists = None if not combinations or known < set(combinations) else True
    if not known <= PHISHING_RESISTANT:
        resists = False
    return Part(MFA if satisfied == "mfa" else MFA | OTHER, resists)
