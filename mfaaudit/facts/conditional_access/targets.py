"""The classes of users of whom frameworks require a policy, each under a word of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mfaaudit.facts.conditional_access.covering import asks
from mfaaudit.facts.conditional_access.policy import Policy
from mfaaudit.facts.conditional_access.users import asks_all, asks_guests, asks_roles
from mfaaudit.known_ids import CIS_ADMINISTRATORS, SCUBA_PRIVILEGED


class Target(StrEnum):
    """What a policy has to do, and for whom."""

    ALL_MFA = "allUsersMfa"
    ALL_RESISTANT = "allUsersPhishingResistant"
    ADMINISTRATORS_MFA = "administratorsMfa"
    ADMINISTRATORS_RESISTANT = "administratorsPhishingResistant"
    PRIVILEGED_RESISTANT = "privilegedPhishingResistant"
    GUESTS_MFA = "guestsMfa"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a policy is seen to meet a target."""

    covers: Callable[[Mapping[str, Any]], bool | None]
    resistant: bool = False


def _administrators(users: Mapping[str, Any]) -> bool | None:
    return asks_roles(users, CIS_ADMINISTRATORS)


def _privileged(users: Mapping[str, Any]) -> bool | None:
    return asks_roles(users, SCUBA_PRIVILEGED)


WANTED: Mapping[Target, Wanted] = {
    Target.ALL_MFA: Wanted(asks_all),
    Target.ALL_RESISTANT: Wanted(asks_all, resistant=True),
    Target.ADMINISTRATORS_MFA: Wanted(_administrators),
    Target.ADMINISTRATORS_RESISTANT: Wanted(_administrators, resistant=True),
    Target.PRIVILEGED_RESISTANT: Wanted(_privileged, resistant=True),
    Target.GUESTS_MFA: Wanted(asks_guests),
}


def meets(policy: Policy, target: Target) -> bool:
    """Whether a policy surely meets a target, whatever users and applications it excludes by name."""
    wanted = WANTED[target]
    return asks(policy, wanted.covers, resistant=wanted.resistant, but_for_applications=True) is True
