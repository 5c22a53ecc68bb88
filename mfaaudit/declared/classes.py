"""What each account is: a person, a guest, a mailbox, a service; what is only guessed from a name says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from mfaaudit.columns import REASONS
from mfaaudit.declared.fields import ACCOUNT_CLASS, ACCOUNT_CLASS_REASON, IS_GUESSED
from mfaaudit.declared.names import OF_DEVICE, OF_ROOM, OF_SERVICE, OF_SHARED, SYNC, principal, suggests
from mfaaudit.declared.overrides import Overrides
from mfaaudit.declared.words import AccountClass
from mfaaudit.known_ids import SYNCHRONIZATION_ROLES
from mfaaudit.sources.users import AGENT_USER
from mfaaudit.words import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One way in which an account comes to its class; the first that holds counts."""

    holds: pl.Expr
    is_a: AccountClass | None = None
    """None if it cannot be said, or if the override says it."""
    why: pl.Expr
    guess: pl.Expr = pl.lit(value=False)  # noqa: RUF009  # an expression is a value
    unknown: str = ""
    """The column whose reason tells why nothing can be said."""


def classify(users: pl.DataFrame, break_glass: frozenset[str], overrides: Overrides | None) -> pl.DataFrame:
    """The columns of derived.accountClass, accountClassReason and isAccountClassGuessed, in the order of the users.

    `break_glass` holds object ids in lower case of the accounts that the register names for emergencies. A class is
    unknown where it is not known whether the account is a guest's, or what it is called.
    """
    ids = users["user_id"].str.to_lowercase()
    said = pl.DataFrame(
        [(one.user_id, one.account_class.value, one.reason) for one in (overrides.accounts if overrides else ())],
        schema={"id": pl.String, "said_class": pl.String, "said_why": pl.String},
        orient="row",
    )
    own = pl.DataFrame({"id": ids}).join(said, on="id", how="left", maintain_order="left")
    emergency = ids.is_in(pl.Series(sorted(break_glass), dtype=pl.String()).implode())
    frame = pl.concat([users, own.select("said_class", "said_why")], how="horizontal")
    return frame.with_columns(said_emergency=emergency).select(_columns(list(_ways())))


def _ways() -> Iterator[_Way]:
    kind, enabled, roles = pl.col("user_userType"), pl.col("user_accountEnabled"), pl.col("derived_roles")
    yield _Way(holds=pl.col("said_class").is_not_null(), why=pl.concat_str(pl.lit("Declared: "), pl.col("said_why")))
    yield _Way(
        holds=pl.col("said_emergency"),
        is_a=AccountClass.BREAK_GLASS,
        why=pl.lit("In the register of exceptions as an emergency account."),
    )
    account_type = pl.col("user_odataType")
    yield _Way(
        holds=account_type == AGENT_USER,
        is_a=AccountClass.AGENT,
        why=pl.lit("Graph lists it as the user account of an AI agent."),
    )
    # A type that nobody knows is no person's.
    strange = account_type.is_null() & (pl.col("user_odataType_reason") == Reason.UNKNOWN_VALUE.value)
    yield _unknown(strange, "user_odataType")
    yield _Way(
        holds=pl.any_horizontal(*(roles.list.contains(role) for role in SYNCHRONIZATION_ROLES)),
        is_a=AccountClass.SYNCHRONIZATION,
        why=pl.lit("It holds a role of accounts that synchronize a directory."),
    )
    yield _Way(holds=kind == "Guest", is_a=AccountClass.GUEST, why=pl.lit("Its user type is Guest."))
    yield _unknown(kind.is_null(), "user_userType")
    yield _unknown(pl.col("user_userPrincipalName").is_null(), "user_userPrincipalName")
    yield _guess(principal(SYNC), AccountClass.SYNCHRONIZATION, "a server that synchronises a directory")
    yield _guess(suggests(OF_DEVICE), AccountClass.DEVICE, "a device of a room or a desk")
    yield _guess(suggests(OF_SERVICE), AccountClass.SERVICE, "a service")
    mailbox = suggests(OF_ROOM) | suggests(OF_SHARED)
    # Nobody signs in to a mailbox of this sort, so its account is disabled.
    yield _unknown(mailbox & enabled.is_null(), "user_accountEnabled")
    yield _guess(suggests(OF_ROOM) & ~enabled, AccountClass.ROOM_MAILBOX, "a room, and it is disabled")
    yield _guess(suggests(OF_SHARED) & ~enabled, AccountClass.SHARED_MAILBOX, "a shared mailbox, and it is disabled")
    yield _guess(mailbox, AccountClass.PERSON, "a mailbox that is no person's, but it is enabled")
    unread = roles.is_null() | pl.col("user_displayName").is_null()
    nothing = "Nothing marks it as anything else"
    yield _Way(
        holds=pl.lit(value=True),
        is_a=AccountClass.PERSON,
        why=pl.when(unread).then(pl.lit(f"{nothing}; not all of it could be read.")).otherwise(pl.lit(f"{nothing}.")),
        guess=unread,
    )


def _guess(holds: pl.Expr, is_a: AccountClass, what: str) -> _Way:
    return _Way(holds=holds, is_a=is_a, why=pl.lit(f"Guess: its name is that of {what}."), guess=pl.lit(value=True))


def _unknown(holds: pl.Expr, column: str) -> _Way:
    return _Way(holds=holds, why=pl.lit(None, pl.String()), guess=pl.lit(None, pl.Boolean()), unknown=column)


def _columns(ways: list[_Way]) -> list[pl.Expr]:
    value: pl.Expr = pl.lit(None, pl.String())
    why: pl.Expr = pl.lit(None, pl.String())
    guess: pl.Expr = pl.lit(None, pl.Boolean())
    reason: pl.Expr = pl.lit(None, REASONS)
    for number, way in reversed(list(enumerate(ways))):
        found = pl.lit(None if way.is_a is None else way.is_a.value, pl.String()) if number else pl.col("said_class")
        value = pl.when(way.holds).then(found).otherwise(value)
        why = pl.when(way.holds).then(way.why).otherwise(why)
        guess = pl.when(way.holds).then(way.guess).otherwise(guess)
        gap = pl.col(f"{way.unknown}_reason").cast(REASONS) if way.unknown else pl.lit(None, REASONS)
        reason = pl.when(way.holds).then(gap).otherwise(reason)
    made = []
    for field, one in ((ACCOUNT_CLASS, value), (ACCOUNT_CLASS_REASON, why), (IS_GUESSED, guess)):
        made += [one.alias(field.column), reason.alias(f"{field.column}_reason")]
    return made
