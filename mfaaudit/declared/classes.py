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
    why: str | None
    guess: bool | None = False
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
    frame = pl.DataFrame({name: users[name] for name in READ_FROM})
    frame = frame.with_columns(own["said_class"], own["said_why"], *_suggested(), said_emergency=emergency)
    return frame.with_columns(way=_first_that_holds()).select(_columns())


def _suggested() -> Iterator[pl.Expr]:
    """What the names suggest: each pattern is looked for once, however many ways ask for it."""
    yield principal(SYNC).alias("sync")
    yield suggests(OF_DEVICE).alias("device")
    yield suggests(OF_SERVICE).alias("service")
    yield suggests(OF_ROOM).alias("room")
    yield suggests(OF_SHARED).alias("shared")


def _ways() -> Iterator[_Way]:
    kind, enabled, roles = pl.col("user_userType"), pl.col("user_accountEnabled"), pl.col("derived_roles")
    room, shared = pl.col("room"), pl.col("shared")
    # What the file says of an account stands in columns of its own.
    yield _Way(holds=pl.col("said_class").is_not_null(), why=None)
    yield _Way(
        holds=pl.col("said_emergency"),
        is_a=AccountClass.BREAK_GLASS,
        why="In the register of exceptions as an emergency account.",
    )
    account_type = pl.col("user_odataType")
    yield _Way(
        holds=account_type == AGENT_USER,
        is_a=AccountClass.AGENT,
        why="Graph lists it as the user account of an AI agent.",
    )
    # A type that nobody knows is no person's.
    strange = account_type.is_null() & (pl.col("user_odataType_reason") == Reason.UNKNOWN_VALUE.value)
    yield _unknown(strange, "user_odataType")
    yield _Way(
        holds=pl.any_horizontal(*(roles.list.contains(role) for role in SYNCHRONIZATION_ROLES)),
        is_a=AccountClass.SYNCHRONIZATION,
        why="It holds a role of accounts that synchronize a directory.",
    )
    yield _Way(holds=kind == "Guest", is_a=AccountClass.GUEST, why="Its user type is Guest.")
    yield _unknown(kind.is_null(), "user_userType")
    yield _unknown(pl.col("user_userPrincipalName").is_null(), "user_userPrincipalName")
    yield _guess(pl.col("sync"), AccountClass.SYNCHRONIZATION, "a server that synchronises a directory")
    yield _guess(pl.col("device"), AccountClass.DEVICE, "a device of a room or a desk")
    yield _guess(pl.col("service"), AccountClass.SERVICE, "a service")
    # Nobody signs in to a mailbox of this sort, so its account is disabled.
    yield _unknown((room | shared) & enabled.is_null(), "user_accountEnabled")
    yield _guess(room & ~enabled, AccountClass.ROOM_MAILBOX, "a room, and it is disabled")
    yield _guess(shared & ~enabled, AccountClass.SHARED_MAILBOX, "a shared mailbox, and it is disabled")
    yield _guess(room | shared, AccountClass.PERSON, "a mailbox that is no person's, but it is enabled")
    nothing = "Nothing marks it as anything else"
    yield _Way(
        holds=roles.is_null() | pl.col("user_displayName").is_null(),
        is_a=AccountClass.PERSON,
        why=f"{nothing}; not all of it could be read.",
        guess=True,
    )
    yield _Way(holds=pl.lit(value=True), is_a=AccountClass.PERSON, why=f"{nothing}.")


def _guess(holds: pl.Expr, is_a: AccountClass, what: str) -> _Way:
    return _Way(holds=holds, is_a=is_a, why=f"Guess: its name is that of {what}.", guess=True)


def _unknown(holds: pl.Expr, column: str) -> _Way:
    return _Way(holds=holds, why=None, guess=None, unknown=column)


WAYS = tuple(_ways())
SAID = 0
"""The place of what the file says, among all ways."""
READ_FROM = (
    *(
        "user_odataType",
        "user_userType",
        "user_accountEnabled",
        "user_userPrincipalName",
        "user_displayName",
        "derived_roles",
    ),
    *(f"{way.unknown}_reason" for way in WAYS if way.unknown),
)


def _first_that_holds() -> pl.Expr:
    """The place of the first way that holds for each account; one that is not known to hold does not."""
    place: pl.Expr = pl.lit(len(WAYS) - 1, pl.UInt8())
    for number, way in reversed(list(enumerate(WAYS[:-1]))):
        place = pl.when(way.holds).then(pl.lit(number, pl.UInt8())).otherwise(place)
    return place


def _columns() -> Iterator[pl.Expr]:
    place = pl.col("way")
    reason: pl.Expr = pl.lit(None, REASONS)
    for number, way in enumerate(WAYS):
        if way.unknown:
            reason = pl.when(place == number).then(pl.col(f"{way.unknown}_reason").cast(REASONS)).otherwise(reason)
    classes = pl.Series([None if way.is_a is None else way.is_a.value for way in WAYS], dtype=pl.String())
    whys = pl.Series([way.why for way in WAYS], dtype=pl.String())
    guesses = pl.Series([way.guess for way in WAYS], dtype=pl.Boolean())
    is_said, said_why = place == SAID, pl.concat_str(pl.lit("Declared: "), pl.col("said_why"))
    for field, value in (
        (ACCOUNT_CLASS, pl.when(is_said).then("said_class").otherwise(pl.lit(classes).gather(place))),
        (ACCOUNT_CLASS_REASON, pl.when(is_said).then(said_why).otherwise(pl.lit(whys).gather(place))),
        (IS_GUESSED, pl.lit(guesses).gather(place)),
    ):
        yield value.alias(field.column)
        yield reason.alias(f"{field.column}_reason")
