"""Whose per-user MFA state can be disabled because something stronger asks, and whose cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from mfaaudit.facts.conditional_access.enforcement import Enforcer
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Unknown


class Group(StrEnum):
    """What to do about a user whose state is enabled or enforced, or was not read."""

    SAFE = "safeToDisable"
    NOT_YET = "notYet"
    NOT_SAFE = "notSafe"
    NOT_REGISTERED = "notRegistered"
    NOT_KNOWN = "notKnown"
    DISABLED_ACCOUNT = "disabledAccount"

    @property
    def words(self) -> str:
        """What a report calls it."""
        return WORDS[self]

    @property
    def meaning(self) -> str:
        """What it means, and what to do."""
        return MEANINGS[self]


WORDS = {
    Group.SAFE: "safe to disable",
    Group.NOT_YET: "not yet",
    Group.NOT_SAFE: "not safe",
    Group.NOT_REGISTERED: "register first",
    Group.NOT_KNOWN: "not known",
    Group.DISABLED_ACCOUNT: "disabled account",
}
MEANINGS = {
    Group.SAFE: "Security defaults or a policy asks on every resource, and a method is registered: disable the state.",
    Group.NOT_YET: (
        "Security defaults or a policy asks this user on every resource, but it is not proven that one asks all users. "
        "Keep the state until it is."
    ),
    Group.NOT_SAFE: (
        "Nothing stronger asks on every resource. Keep the state: without it the password alone opens what is left. "
        "First include the user in what asks the others."
    ),
    Group.NOT_REGISTERED: (
        "Something stronger asks on every resource, but no method is registered: whoever signs in next with the "
        "password registers one. Have the user register first."
    ),
    Group.NOT_KNOWN: "A value is missing that decides. Keep the state until it is read.",
    Group.DISABLED_ACCOUNT: (
        "Nobody signs in, so that the state asks nobody. Disable it with the others, before the account is used again."
    ),
}

STRONGER = [Enforcer.SECURITY_DEFAULTS.value, Enforcer.ALL_RESOURCES.value]
"""What surely asks on every resource, with or without the state."""
STATE, ENABLED = "requirements_perUserMfaState", "user_accountEnabled"
ANSWER, REGISTERED = "derived_enforcedBy", "registration_isMfaRegistered"
STATES = FIELDS["requirements.perUserMfaState"].values
ON = ("enabled", "enforced")
DEFAULTS, FOR_ALL = "tenant_securityDefaults_isEnabled", "derived_allUsersMfaPolicies"


@dataclass(frozen=True, slots=True, kw_only=True)
class InState:
    """The users with one state, or those whose state is not known for the same reason."""

    state: str | Unknown
    users: int = 0
    enabled: int = 0
    """Whose account is enabled."""
    disabled: int = 0
    unclear: int = 0
    """Of whom it is not known whether their account is enabled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InGroup:
    """The users of one group; of those who are not known, those who lack the same value for the same reason."""

    group: Group
    missing: str | None
    """The column."""
    reason: Reason | None
    users: int


def by_state(users: pl.DataFrame) -> tuple[InState, ...]:
    """Every state, also one that nobody has; then what was not read, by reason. Adds up to everybody."""
    enabled = pl.col(ENABLED)
    counted = (
        users.group_by(pl.col(STATE).alias("state"), pl.col(f"{STATE}_reason").cast(pl.String()).alias("reason"))
        .agg(users=pl.len(), enabled=enabled.sum(), disabled=(~enabled).sum(), unclear=enabled.is_null().sum())
        .rows(named=True)
    )
    found = {(row.pop("state"), row.pop("reason")): row for row in counted}
    known = [InState(state=state, **found.get((state, None), {})) for state in STATES]
    unread = [InState(state=Unknown(one), **found[None, one.value]) for one in Reason if (None, one.value) in found]
    return (*known, *unread)


def by_group(listed: pl.DataFrame) -> tuple[InGroup, ...]:
    """A worklist in numbers, in the order of Group; the commonest gap first."""
    counted = listed.filter(pl.col("group").is_not_null()).group_by("group", "missing", "reason").len()
    rows = counted.sort("group", "len", "missing", "reason", descending=[False, True, False, False])
    return tuple(
        InGroup(group=Group(group), missing=missing, reason=None if reason is None else Reason(reason), users=users)
        for group, missing, reason, users in rows.iter_rows()
    )


def users_in(groups: Iterable[InGroup], group: Group) -> int:
    """How many users a group has, whatever is missing of them."""
    return sum(one.users for one in groups if one.group is group)


def is_ready(tenant: pl.DataFrame) -> bool | Unknown:
    """Whether something asks all users on all resources, so that the state may go: the first step of all."""
    reasons = []
    for column in (DEFAULTS, FOR_ALL):
        reason = tenant[f"{column}_reason"].item()
        if reason is not None:
            reasons.append(Reason(reason))
        else:
            value = tenant[column].item()
            if value if isinstance(value, bool) else len(value):
                return True
    # Of two reasons the same one is told every time.
    return Unknown(min(reasons, key=list(Reason).index)) if reasons else False


def worklist(users: pl.DataFrame, tenant: pl.DataFrame) -> pl.DataFrame:
    """group, missing, reason: one row a user in their order; no group for those whose state is disabled.

    `missing` is the column whose value decides and is not known, and `reason` why. Nobody is safe while it is not
    proven that something asks all users. Who must keep the state comes before who has to register, and both before
    safe: a user whom nothing else asks is in danger whatever is registered, and one without a method is not finished.
    """
    ready = is_ready(tenant) is True
    state, enabled, answer, registered = (pl.col(name) for name in (STATE, ENABLED, ANSWER, REGISTERED))
    steps: list[tuple[pl.Expr, Group | None, str]] = [
        (state.is_null(), Group.NOT_KNOWN, STATE),
        (~state.is_in(ON), None, ""),
        (enabled.is_null(), Group.NOT_KNOWN, ENABLED),
        (~enabled, Group.DISABLED_ACCOUNT, ""),
        (answer.is_null(), Group.NOT_KNOWN, ANSWER),
        (~answer.is_in(STRONGER), Group.NOT_SAFE, ""),
        (registered.is_null(), Group.NOT_KNOWN, REGISTERED),
        (~registered, Group.NOT_REGISTERED, ""),
        (pl.lit(value=True), Group.SAFE if ready else Group.NOT_YET, ""),
    ]
    group = missing = reason = pl.lit(None, pl.String())
    for holds, is_in, column in reversed(steps):
        group = pl.when(holds).then(pl.lit(is_in and is_in.value, pl.String())).otherwise(group)
        missing = pl.when(holds).then(pl.lit(column or None, pl.String())).otherwise(missing)
        why = pl.col(f"{column}_reason").cast(pl.String()) if column else pl.lit(None, pl.String())
        reason = pl.when(holds).then(why).otherwise(reason)
    return users.select(group=group.cast(pl.Enum([one.value for one in Group])), missing=missing, reason=reason)
