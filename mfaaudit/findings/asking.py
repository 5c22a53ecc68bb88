"""How many users are asked for MFA, and by what: counts of derived.enforcedBy that add up to everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

import polars as pl

from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.words import Reason


class Asking(StrEnum):
    """What an answer comes to."""

    EVERYWHERE = "onEveryResource"
    AT_TIMES = "atTimes"
    NEVER = "notAsked"
    NOT_KNOWN = "notKnown"


ASKING: Mapping[Enforcer, Asking] = {
    Enforcer.SECURITY_DEFAULTS: Asking.EVERYWHERE,
    Enforcer.ALL_RESOURCES: Asking.EVERYWHERE,
    Enforcer.PER_USER: Asking.EVERYWHERE,
    Enforcer.THIRD_PARTY: Asking.AT_TIMES,
    Enforcer.SOME_RESOURCES: Asking.AT_TIMES,
    Enforcer.UNDER_CONDITIONS: Asking.AT_TIMES,
    Enforcer.EXCLUDED: Asking.NEVER,
    Enforcer.REPORT_ONLY: Asking.NEVER,
    Enforcer.NONE: Asking.NEVER,
}
EVERYWHERE = [one.value for one, asking in ASKING.items() if asking is Asking.EVERYWHERE]

ANSWER, POLICIES = "derived_enforcedBy", "derived_enforcingPolicies"
IS_ENABLED = pl.col("user_accountEnabled")
IS_ADMINISTRATOR = (pl.col("derived_roles").list.len() > 0) | pl.col("registration_isAdmin")
"""Null where neither says yes and one is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """How many users, and how many of what sort."""

    users: int = 0
    """All of them: enabled, disabled, and those of whom that is not known."""
    enabled: int = 0
    """Members, guests, and those whose type is not known."""
    members: int = 0
    """Enabled, and no guests: accounts older than the property have no type, and are members."""
    guests: int = 0
    untyped: int = 0
    """Enabled, and it is not known whether guests."""
    administrators: int = 0
    """Enabled, and administrators: members and guests alike."""
    perhaps_administrators: int = 0
    """Enabled, and it is not known whether administrators."""
    disabled: int = 0
    unclear: int = 0
    """Of whom it is not known whether they are enabled."""

    def __add__(self, other: Users) -> Users:
        return Users(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Users)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The users with one answer, or without one for the same reason."""

    answer: Enforcer | None
    reason: Reason | None
    """Why the answer is not known."""
    counts: Users

    @property
    def asking(self) -> Asking:
        """What it comes to."""
        return Asking.NOT_KNOWN if self.answer is None else ASKING[self.answer]


def answered(users: pl.DataFrame) -> tuple[Answered, ...]:
    """Every answer, the strongest first, also one that nobody has; then those without, by reason."""
    guest = pl.col("user_userType") == "Guest"
    sorts = {
        "enabled": IS_ENABLED,
        "members": IS_ENABLED & ~guest,
        "guests": IS_ENABLED & guest,
        "untyped": IS_ENABLED & guest.is_null(),
        "administrators": IS_ENABLED & IS_ADMINISTRATOR,
        "perhaps_administrators": IS_ENABLED & IS_ADMINISTRATOR.is_null(),
        "disabled": ~IS_ENABLED,
        "unclear": IS_ENABLED.is_null(),
    }
    counted = (
        users.group_by(pl.col(ANSWER), pl.col(f"{ANSWER}_reason").cast(pl.String()).alias("reason"))
        .agg(users=pl.len(), **{name: sort.sum() for name, sort in sorts.items()})
        .rows(named=True)
    )
    found = {(row.pop(ANSWER), row.pop("reason")): Users(**row) for row in counted}
    known = [Answered(answer=one, reason=None, counts=found.get((one.value, None), Users())) for one in Enforcer]
    open_ones = [
        Answered(answer=None, reason=one, counts=found[None, one.value]) for one in Reason if (None, one.value) in found
    ]
    return (*known, *open_ones)


def total(rows: Iterable[Answered]) -> Users:
    """All of these users together."""
    return sum((one.counts for one in rows), Users())


def resting(users: pl.DataFrame) -> pl.DataFrame:
    """policy, answer, users, enabled: for how many a policy is what the answer rests on, policy by policy.

    A user whose answer rests on two policies is counted under each.
    """
    strength = pl.Enum([one.value for one in Enforcer])
    return (
        users.select(
            policy=pl.col(POLICIES), answer=pl.col(ANSWER).cast(strength), enabled=IS_ENABLED.fill_null(value=False)
        )
        # The same list belongs to many: each different one is taken apart once.
        .group_by("policy", "answer")
        .agg(users=pl.len(), enabled=pl.col("enabled").sum())
        .filter(pl.col("policy").list.len() > 0)
        .explode("policy")
        .group_by("policy", "answer")
        .agg(pl.col("users").sum(), pl.col("enabled").sum())
        .sort("policy", "answer")
    )


def administrators_not_asked(users: pl.DataFrame) -> pl.DataFrame:
    """Enabled administrators who are not, or not surely, asked on every resource; the weakest answer first."""
    weakest_first = pl.Enum([one.value for one in reversed(Enforcer)])
    asked = pl.col(ANSWER).is_in(EVERYWHERE).fill_null(value=False)
    return users.filter(IS_ENABLED & IS_ADMINISTRATOR & ~asked).sort(
        pl.col(ANSWER).cast(weakest_first), nulls_last=True, maintain_order=True
    )
