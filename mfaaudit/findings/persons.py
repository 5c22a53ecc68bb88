"""Rules are about accounts that a person can sign in to: the user account of an AI agent is out of scope of them all.

An agent's account has no password and no method, and Conditional Access asks it for nothing interactive (agentUser
resource page, read 2026-12-01). A type of account that this version does not know leaves a rule open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from mfaaudit.findings.condition import Condition, Test, both, fields_of
from mfaaudit.findings.operators import OPERATORS
from mfaaudit.findings.policy import Aggregate, Pack, Rule
from mfaaudit.sources.field import Scope
from mfaaudit.sources.users import USER
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason

TYPE, CLASS = FIELDS["user.odataType"], FIELDS["derived.accountClass"]
PERSON = Test(field=TYPE, operator=OPERATORS["eq"], operand=USER)


def are_all_persons(users: pl.DataFrame) -> bool:
    """Whether no user is of a type of its own, or of one that is not known."""
    if TYPE.column not in users.columns:
        return True
    strange = pl.col(f"{TYPE.column}_reason").cast(pl.String()) == Reason.UNKNOWN_VALUE.value
    others = (pl.col(TYPE.column) != USER).fill_null(value=False) | strange.fill_null(value=False)
    return users.filter(others).is_empty()


def about_persons(rule: Rule) -> Rule:
    """The same rule, out of whose scope everybody is who is no person; a rule that asks for the type says it itself."""
    if rule.aggregate is not None:
        return replace(rule, aggregate=_counting_persons(rule.aggregate))
    if rule.scope is Scope.TENANT or _asks_for_type(rule.looks_at) or _asks_for_type(rule.require):
        return rule
    return replace(rule, population=both(PERSON, rule.population))


def packs_about_persons(packs: Sequence[Pack]) -> tuple[Pack, ...]:
    """The same packs with every rule about persons alone, for whoever cannot look at the users first."""
    return tuple(replace(pack, rules=tuple(about_persons(rule) for rule in pack.rules)) for pack in packs)


def _counting_persons(aggregate: Aggregate) -> Aggregate:
    if _asks_for_type(aggregate.over) or _asks_for_type(aggregate.count):
        return aggregate
    return replace(aggregate, over=both(PERSON, aggregate.over))


def _asks_for_type(condition: Condition | None) -> bool:
    return not {TYPE.name, CLASS.name}.isdisjoint(field.name for field in fields_of(condition))
