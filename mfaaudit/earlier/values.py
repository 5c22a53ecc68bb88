"""The values that rules look at, in words, and when they were read: so few bytes that two audits fit side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from mfaaudit.columns import known_column
from mfaaudit.declared.fields import POSTURE
from mfaaudit.earlier.steps import WORDS
from mfaaudit.findings import Pack, Rule
from mfaaudit.findings.condition import fields_of, tests_of
from mfaaudit.findings.describe import shown
from mfaaudit.findings.needs import groups_named
from mfaaudit.findings.operators import Takes
from mfaaudit.sources.field import Field, Scope
from mfaaudit.words import Reason

TIMES = pl.Datetime("us", "UTC")
TIME = "readAt "


def value_column(name: str) -> str:
    """Where the words of a field stand."""
    return f"value {name}"


def time_column(name: str) -> str:
    """Where it stands when a field was read for each account; only some sources are read account by account."""
    return f"{TIME}{name.split('.', 1)[0]}"


def fields_of_rule(rule: Rule, scope: Scope) -> tuple[Field, ...]:
    """The fields about users, or about the tenant, that can decide the verdict of a rule, each once."""
    conditions = (rule.preconditions, rule.looks_at, rule.require)
    found = {field.name: field for condition in conditions for field in fields_of(condition)}
    return tuple(field for field in found.values() if field.scope is scope)


def values_of_users(users: pl.DataFrame, packs: Sequence[Pack]) -> pl.DataFrame:
    """What rules look at of each user, and when it was read."""
    rules = [rule for pack in packs for rule in pack.rules]
    fields = {one.name: one for rule in rules for one in fields_of_rule(rule, Scope.USER)}
    named = groups_named(packs)
    columns = [_in_words(users, one, named).alias(value_column(name)) for name, one in fields.items()]
    for name in fields:
        source = f"{name.split('.', 1)[0]}_readAt"
        if source in users.columns and time_column(name) not in {one.name for one in columns}:
            columns.append(users[source].cast(TIMES).alias(time_column(name)))
    return pl.DataFrame(columns)


def values_of_tenant(tenant: pl.DataFrame, packs: Sequence[Pack]) -> Mapping[str, str]:
    """What rules look at of the tenant, by the name of the field; the posture, which opens and closes rules, too."""
    rules = [rule for pack in packs for rule in pack.rules]
    row = tenant.row(0, named=True)
    fields = {one.name: one for rule in rules for one in fields_of_rule(rule, Scope.TENANT)} | {POSTURE.name: POSTURE}
    return {name: shown(one, row) for name, one in fields.items()}


def dated_fields(rule: Rule) -> tuple[str, ...]:
    """The fields of whose age a rule asks: there the day can change a verdict though every value stays."""
    tests = (test for condition in rule.conditions for test in tests_of(condition))
    return tuple(dict.fromkeys(test.field.name for test in tests if test.operator.takes is Takes.DAYS))


def _in_words(users: pl.DataFrame, field: Field, named: Iterable[str]) -> pl.Series:
    beside = [known_column(field)] if field.partial else []
    columns = [field.column, f"{field.column}_reason", *beside]
    # Of most fields there are few different values: each is put into words once.
    groups = users.select(columns).with_row_index("index").group_by(columns, maintain_order=True).agg(pl.col("index"))
    places = groups.select("index").with_row_index("place").explode("index").sort("index")["place"]
    asked = frozenset(named)
    words = [_word(field, row, asked) for row in groups.drop("index").iter_rows(named=True)]
    return pl.Series(words, dtype=pl.String()).cast(WORDS).gather(places)


def _word(field: Field, row: Mapping[str, Any], asked: frozenset[str]) -> str:
    known = row.get(known_column(field)) if field.partial else None
    if row[f"{field.column}_reason"] is None and field.partial:
        if known is not None and not asked <= {one.lower() for one in known}:
            return shown(field, {f"{field.column}_reason": Reason.NOT_REQUESTED.value})
        # What was asked for besides is no difference.
        return shown(field, {field.column: [one for one in row[field.column] if one.lower() in asked]})
    return shown(field, row)
