"""What lies between two audits, a step at a time: the old evidence under the new rules, and then what was declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import polars as pl

from mfaaudit.declared.subjects import Groups
from mfaaudit.findings.declarations import Declarations
from mfaaudit.words import Verdict

WORDS = pl.Categorical()
"""What few users have of their own: values in words, ids of exceptions."""


class Step(StrEnum):
    """What of the previous audit was replaced by the present one's, each step on top of those before."""

    RULES = "rules"
    """Its rules."""
    DATES = "dates"
    """And the day on which its register is looked at."""
    DECLARED = "declared"
    """And the register, the classes and the posture. Of a rule about users it is the verdict that it would have, were
    the tenant one that the rule can be asked of: `gate` says whether it is."""

    def column(self, rule_id: str) -> str:
        """Where the verdicts of users stand."""
        return f"{self.value} {rule_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One rule of the present audit, judged on the evidence of the previous one."""

    gate: bool | None
    """Whether the rule could be asked of the tenant as it was, under what is declared now; None if that is open."""
    seen: str
    """What was seen of the tenant; empty for a rule about users."""
    may_waive: bool
    """Whether an exception for a group whose members were not read might have excused somebody."""
    verdicts: Mapping[Step, Verdict]
    """Of a rule about the tenant; those of users stand in columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The previous audit on its way to the present one."""

    rules: Mapping[str, Replayed]
    """The rules of the present audit, by their id."""
    tenant: Mapping[str, str]
    """What they look at of the tenant, in words, as it was, by the name of the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One rule of the present audit, as far as steps towards it are told apart."""

    gate: bool | None
    """Whether the rule can be asked of the tenant, had the day been that of the previous audit."""
    seen: str
    may_waive: bool
    undated: Verdict | None
    """Of a rule about the tenant that asks how old something is: its verdict on the day of the previous audit."""
    of_users: tuple[str, ...]
    """The names of the fields about users that it looks at."""
    of_tenant: tuple[str, ...]
    dated: tuple[str, ...]
    """The names of the fields of whose age it asks."""
    is_number: bool
    """Whether it is about a number over many users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The present audit, held against the previous one."""

    rules: Mapping[str, Arrived]
    tenant: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What an audit was judged on, so that it can be judged again with other rules; no bundle keeps it."""

    users: pl.DataFrame
    tenant: pl.DataFrame
    groups: Groups
    declarations: Declarations
    now: datetime


def undated_column(rule_id: str) -> str:
    """Where the verdicts of users on the day of the previous audit stand, of a rule that asks how old something is."""
    return f"undated {rule_id}"


def waiver_column(rule_id: str) -> str:
    """Where the ids of the exceptions stand that excuse users from a rule."""
    return f"exception {rule_id}"
