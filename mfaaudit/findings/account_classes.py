"""Users by what their accounts are for, and each rule's verdicts within each class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from mfaaudit.findings.results import Counts, Findings, RuleResult, counts_of
from mfaaudit.sources.field import Scope
from mfaaudit.vocabulary import FIELDS
from mfaaudit.words import Reason, Unknown, Verdict

CLASS, WHY, IS_GUESSED = "derived_accountClass", "derived_accountClassReason", "derived_isAccountClassGuessed"
CLASSES = FIELDS["derived.accountClass"].values
DECLARED = "Declared: "
"""How the reason begins where a file says what the account is; what follows is different for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassOfAccounts:
    """The accounts of one class, or those whose class is not known for the same reason."""

    name: str | Unknown
    accounts: int
    guessed: int
    enabled: int
    disabled: int
    unclear: int
    """Of which it is not known whether they are enabled."""

    @property
    def certain(self) -> int:
        """Those whose class is no guess; none where it is not known."""
        return 0 if isinstance(self.name, Unknown) else self.accounts - self.guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassVerdicts:
    """What one rule says of the accounts of one class."""

    of: ClassOfAccounts
    result: RuleResult
    counts: Counts


def classes_of(users: pl.DataFrame) -> tuple[ClassOfAccounts, ...]:
    """The classes that have accounts, in their fixed order; then the accounts without one, by reason."""
    enabled = pl.col("user_accountEnabled")
    counted = (
        users.with_columns(_key(users))
        .group_by("key")
        .agg(
            accounts=pl.len(),
            guessed=pl.col(IS_GUESSED).sum(),
            enabled=enabled.sum(),
            disabled=(~enabled).sum(),
            unclear=enabled.is_null().sum(),
        )
        .sort("key")
        .rows(named=True)
    )
    return tuple(ClassOfAccounts(name=_name(row.pop("key")), **row) for row in counted)


def reasons_of(users: pl.DataFrame) -> pl.DataFrame:
    """class, why, guessed, accounts: how accounts came to their class, the commonest way first."""
    why = pl.when(pl.col(WHY).str.starts_with(DECLARED)).then(pl.lit("Declared in the file of classes."))
    return (
        users.filter(pl.col(CLASS).is_not_null())
        .select(pl.col(CLASS).cast(pl.Enum(CLASSES)).alias("class"), why.otherwise(pl.col(WHY)).alias("why"), _guessed)
        .group_by("class", "why", "guessed")
        .agg(accounts=pl.len())
        .sort("class", "accounts", "why", descending=[False, True, False])
    )


def by_rule(users: pl.DataFrame, findings: Findings) -> Iterator[ClassVerdicts]:
    """Every class under every rule about users, class by class in the order of the rules."""
    key = users.select(_key(users))["key"]
    judged = [one for one in findings.results if one.rule.scope is Scope.USER]
    tables = [_counts(key, one) for one in judged]
    for of in classes_of(users):
        for one, table in zip(judged, tables, strict=True):
            yield ClassVerdicts(of=of, result=one, counts=table[_text(of.name)])


_guessed = pl.col(IS_GUESSED).alias("guessed")


def _counts(key: pl.Series, result: RuleResult) -> dict[str, Counts]:
    table = pl.DataFrame({"key": key, "verdict": result.frame["verdict"]}).group_by("key", "verdict").len()
    found: dict[str, dict[Verdict, int]] = {}
    for name, verdict, number in table.iter_rows():
        found.setdefault(name, {})[Verdict(verdict)] = number
    return {name: counts_of(numbers) for name, numbers in found.items()}


def _key(users: pl.DataFrame) -> pl.Expr:
    """The class, or the reason why there is none: no class is spelled as a reason is."""
    order = pl.Enum([*CLASSES, *(one.value for one in Reason)])
    reason = pl.col(f"{CLASS}_reason").cast(pl.String())
    return pl.coalesce(pl.col(CLASS), reason).cast(order).alias("key")


def _name(key: str) -> str | Unknown:
    return key if key in CLASSES else Unknown(Reason(key))


def _text(name: str | Unknown) -> str:
    return name.reason.value if isinstance(name, Unknown) else name
