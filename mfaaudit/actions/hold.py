"""What a person has to decide: accounts that a cure could harm, and what no script should touch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from mfaaudit.actions.action import Action
from mfaaudit.actions.assign import surely
from mfaaudit.declared.fields import ACCOUNT_CLASS, IS_GUESSED
from mfaaudit.findings.atoms import Atoms
from mfaaudit.findings.describe import condition_in_words
from mfaaudit.sources.field import Scope
from mfaaudit.yaml_nodes import GUID

ID_PATTERN = f"^{GUID.pattern}$"
CLASS, GUESSED = ACCOUNT_CLASS.column, IS_GUESSED.column


def held(
    items: pl.DataFrame, actions: Sequence[Action], users: pl.DataFrame, atoms: Mapping[Scope, Atoms]
) -> pl.DataFrame:
    """The same items; those that a person has to decide on are `by hand`, and say why."""
    parts = [_held(part, actions[number], users, atoms) for number, part in _by_action(items)]
    return _no_quarrel(pl.concat([items.clear(), *parts]), actions)


def _by_action(items: pl.DataFrame) -> Iterator[tuple[int, pl.DataFrame]]:
    for part in items.partition_by("action", maintain_order=True):
        yield part["action"][0], part


def _held(items: pl.DataFrame, action: Action, users: pl.DataFrame, atoms: Mapping[Scope, Atoms]) -> pl.DataFrame:
    if not action.left_to_people and action.safe_if is None and action.change is None:
        return items
    safe = pl.lit(value=True) if action.safe_if is None else surely(action.safe_if, atoms[Scope.USER])
    of = users.select("user_id", CLASS, GUESSED, *_seen(action)).with_columns(safe=safe).with_row_index("subject")
    rows = items.join(of.with_columns(pl.col("subject").cast(pl.UInt32())), on="subject", how="left")
    words = [(one, why) for one, why in _reasons(action)]
    why = pl.coalesce(*(pl.when(holds).then(text) for holds, text in words))
    reason = pl.concat_str(why, pl.col("why"), separator="; ", ignore_nulls=True)
    by_hand = why.is_not_null() & pl.col("subject").is_not_null()
    return rows.with_columns(
        state=pl.when(by_hand).then(pl.lit("by hand", items["state"].dtype)).otherwise("state"),
        why=pl.when(by_hand).then(reason).otherwise("why"),
    ).select(items.columns)


def _seen(action: Action) -> tuple[str, ...]:
    return () if action.change is None else (action.change.field.column,)


def _reasons(action: Action) -> Iterator[tuple[pl.Expr, pl.Expr]]:
    named = [one.value for one in action.left_to_people]
    guess = pl.when(pl.col(GUESSED)).then(pl.lit(" (a guess)")).otherwise(pl.lit(""))
    words = pl.concat_str(pl.lit("the account's class is "), pl.col(CLASS), guess)
    yield pl.col(CLASS).is_in(named), words
    if action.safe_if is not None:
        # What waits in any case is not asked yet: it may be safe when the time has come.
        unsure = pl.lit(f"it is not sure that {condition_in_words(action.safe_if)}")
        yield ~pl.col("safe") & (pl.col("state") == "ready"), unsure
    if action.change is None:
        return
    # A script must be able to say what it changed, and to take it back.
    seen = pl.col(action.change.field.column)
    name = action.change.field.name
    yield pl.col(CLASS).is_null(), pl.lit("the account's class is not known")
    yield ~pl.col("user_id").str.contains(ID_PATTERN), pl.lit("its object id is none")
    yield seen.is_null(), pl.lit(f"{name} was not read")
    yield seen.cast(pl.String()) == action.change.value, pl.lit(f"{name} is {action.change.value} already")


def _no_quarrel(items: pl.DataFrame, actions: Sequence[Action]) -> pl.DataFrame:
    """No two scripts set the same value of a user to different things: then a person decides which."""
    rows = [
        (number, one.change.place.field, one.change.value)
        for number, one in enumerate(actions)
        if one.change is not None
    ]
    changes = pl.DataFrame(rows, schema={"action": pl.UInt16(), "field": pl.String(), "to": pl.String()}, orient="row")
    torn = (
        items.filter(pl.col("state") != "by hand")
        .join(changes, on="action", how="inner")
        .group_by("subject", "field")
        .agg(pl.col("to").n_unique())
        .filter(pl.col("to") > 1)
        .join(changes.select("field", "action"), on="field", how="inner")
        .select("subject", "action", torn=pl.lit(value=True))
    )
    rows_of = items.join(torn, on=["subject", "action"], how="left", maintain_order="left")
    is_torn = pl.col("torn").fill_null(value=False) & (pl.col("state") != "by hand")
    why = pl.concat_str(
        pl.lit("another action sets the same value otherwise"), pl.col("why"), separator="; ", ignore_nulls=True
    )
    return rows_of.with_columns(
        state=pl.when(is_torn).then(pl.lit("by hand", items["state"].dtype)).otherwise("state"),
        why=pl.when(is_torn).then(why).otherwise("why"),
    ).select(items.columns)
