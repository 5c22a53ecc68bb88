"""Whom the policies behind a control leave out, and no exception in force accounts for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from mfaaudit.declared.standing import Standing
from mfaaudit.declared.subjects import Covered
from mfaaudit.declared.words import REGISTERING
from mfaaudit.facts.control_exclusions import CONTROLS, EXCLUDED
from mfaaudit.sources.field import Field, Value
from mfaaudit.words import Reason, Unknown


def unregistered_by_control(
    standings: Sequence[Standing], covered: Covered, users: pl.DataFrame, tenant: pl.DataFrame
) -> Mapping[Field, Value | Unknown]:
    """For each control the accounts that the best of its policies leaves out without an exception.

    The best is the one that leaves out the fewest: one policy that leaves out nobody suffices, whatever others do. The
    list is empty where no policy meets the control; that is for the field that names the policies.
    """
    found: dict[Field, Value | Unknown] = {}
    accounts = _unregistered_accounts(standings, covered, users)
    for control in CONTROLS:
        column = control.policies_field.column
        why = tenant[f"{column}_reason"][0]
        names = tenant[column][0]
        if why is not None:
            found[control.exclusions_field] = Unknown(Reason(why))
        elif isinstance(accounts, Unknown):
            found[control.exclusions_field] = accounts if len(names) else ()
        else:
            left_out = [_left_out_by(name, accounts) for name in names]
            found[control.exclusions_field] = min(left_out, key=len, default=())
    gap = next((Unknown(one.gap) for one in standings if one.may_be_in_force and one.gap is not None), None)
    if gap is None:
        return found
    # Whoever is in a group of the register that was not read may have an exception.
    return {field: gap if value and not isinstance(value, Unknown) else value for field, value in found.items()}


def _unregistered_accounts(
    standings: Sequence[Standing], covered: Covered, users: pl.DataFrame
) -> pl.DataFrame | Unknown:
    """name, policies: whoever is excluded from a policy and stands in no entry in force; or why that is not known."""
    reasons = set(users[f"{EXCLUDED.column}_reason"].drop_nulls().unique().cast(pl.String()))
    why = next((reason for reason in Reason if reason.value in reasons), None)
    if why is not None:
        return Unknown(why)
    kinds = (one for one in standings if one.entry.kind in REGISTERING)
    named = covered.rows(one.entry.subject for one in kinds if one.in_force)
    return (
        users.select(name=pl.coalesce("user_userPrincipalName", "user_id"), policies=pl.col(EXCLUDED.column))
        .with_row_index("row")
        .filter((pl.col("policies").list.len() > 0) & ~pl.col("row").is_in(named.implode()))
    )


def _left_out_by(policy: str, accounts: pl.DataFrame) -> tuple[str, ...]:
    return tuple(accounts.filter(pl.col("policies").list.contains(policy))["name"])
