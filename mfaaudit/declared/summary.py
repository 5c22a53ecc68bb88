"""What the register comes to, for rules about it and for rules about single users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from mfaaudit.columns import REASONS, columns_of
from mfaaudit.declared import fields
from mfaaudit.declared.register import Register
from mfaaudit.declared.standing import Standing
from mfaaudit.declared.subjects import NUMBER, Covered
from mfaaudit.declared.words import KINDS, ExceptionKind, State
from mfaaudit.sources.field import Field, Value
from mfaaudit.words import Reason, Unknown


def facts_of_register(
    register: Register | None, standings: Sequence[Standing], covered: Covered, users: pl.DataFrame
) -> Mapping[Field, Value | Unknown]:
    """The values about the tenant. Without a register nothing is declared: the lists are empty."""

    def those(*states: State) -> tuple[str, ...]:
        return tuple(one.entry.id for one in standings if one.states.intersection(states))

    invalid = tuple(one.entry.id for one in standings if _is_invalid(one))
    # An entry that has run out needs no drill any more.
    drills = tuple(
        one.entry.id for one in standings if State.DRILL_OVERDUE in one.states and State.EXPIRED not in one.states
    )
    gap = _gap(standings)
    return {
        fields.HAS_REGISTER: register is not None,
        fields.EXPIRED: those(State.EXPIRED),
        fields.EXPIRING: those(State.EXPIRING),
        fields.INVALID: invalid,
        fields.ORPHANED: those(State.ORPHANED) if gap is None else gap,
        fields.OVERDUE_DRILLS: drills,
        fields.BREAK_GLASS_ACCOUNTS: _break_glass_accounts(standings, covered, users),
    }


def kinds_of_users(standings: Sequence[Standing], covered: Covered, height: int) -> pl.DataFrame:
    """The columns of declared.exceptionKinds. Unknown for whoever may be in a group that was not read."""
    held = [(covered.numbers[one.entry.subject], 1 << KINDS.index(one.entry.kind)) for one in standings if one.in_force]
    open_ones = [one for one in standings if one.may_be_in_force]
    perhaps = {1 << KINDS.index(one.entry.kind) for one in open_ones}
    pairs = pl.DataFrame(held, schema={"subject": NUMBER, "kind": NUMBER}, orient="row").unique()
    codes = covered.pairs.join(pairs, on="subject").unique(["row", "kind"]).group_by("row").agg(pl.col("kind").sum())
    code = pl.repeat(0, height, dtype=NUMBER, eager=True).scatter(codes["row"], codes["kind"])
    entries: list[Value | Unknown] = []
    for number in range(1 << len(KINDS)):
        if all(number & one for one in perhaps):
            entries.append(tuple(kind for place, kind in enumerate(KINDS) if number & 1 << place))
        else:
            entries.append(_gap(open_ones) or Unknown(Reason.UNKNOWN_VALUE))
    made = {name: column.gather(code) for name, column in columns_of(fields.EXCEPTION_KINDS, entries).items()}
    return pl.DataFrame(made).with_columns(pl.col(f"{fields.EXCEPTION_KINDS.column}_reason").cast(REASONS))


def _is_invalid(one: Standing) -> bool:
    # A proposal claims to cover nothing; whether it can hold is asked once it is approved.
    if State.PROPOSED in one.states:
        return False
    # That of an emergency account may name the rule about exclusions, so that it says what the entry is for.
    misplaced = State.TENANT_RULE in one.states and one.entry.kind is not ExceptionKind.BREAK_GLASS
    return misplaced or bool(one.states & {State.SELF_APPROVED, State.TOO_LONG, State.NOT_WAIVABLE})


def _gap(standings: Iterable[Standing]) -> Unknown | None:
    return next((Unknown(one.gap) for one in standings if one.gap is not None), None)


def _break_glass_accounts(standings: Sequence[Standing], covered: Covered, users: pl.DataFrame) -> Value | Unknown:
    # An account whose drill is late is there all the same; the drill is a finding of its own.
    late = {State.DRILL_OVERDUE}
    counted = [one for one in standings if one.entry.kind is ExceptionKind.BREAK_GLASS]
    gap = _gap(one for one in counted if one.without_effect - late == {State.UNREAD})
    if gap is not None:
        return gap
    rows = covered.rows(one.entry.subject for one in counted if one.without_effect <= late)
    accounts = users.select("user_accountEnabled", "user_accountEnabled_reason")[rows]
    unread = first_reason(accounts["user_accountEnabled_reason"])
    return int(accounts["user_accountEnabled"].sum()) if unread is None else Unknown(unread)


def first_reason(reasons: pl.Series) -> Reason | None:
    """Of several reasons the one that stands first in Reason: what somebody could grant comes before the rest."""
    found = set(reasons.drop_nulls().unique().cast(pl.String()))
    return next((reason for reason in Reason if reason.value in found), None)
