"""Everything that is known of one user: each value with where and when it was read, and each rule's verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import polars as pl

from mfaaudit.declared.fields import FROM_FILES
from mfaaudit.findings import RuleResult, expected, observed, observed_of
from mfaaudit.reports.document import Cell
from mfaaudit.reports.field_columns import cells_of_field
from mfaaudit.reports.material import Material, cells
from mfaaudit.reports.register_numbers import until
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.field import Field, Scope
from mfaaudit.sources.source import Source
from mfaaudit.vocabulary import FIELDS, SOURCE_OF
from mfaaudit.words import Reason, Severity, Verdict

READ, WORKED_OUT, DECLARED = "read", "worked out", "declared"
"""How a value came about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value stands in what was read."""

    how: str
    """READ, WORKED_OUT or DECLARED."""
    source: Source
    """The source that was read, or whose gaps leave the value open."""
    place: str
    """The part of a name before the dot, which a source's columns share."""

    @property
    def endpoint(self) -> str:
        """What Graph was asked, with the version."""
        return f"{self.source.version}{self.source.path}"

    @property
    def is_beta(self) -> bool:
        """Whether Microsoft does not support the endpoint for production use."""
        return self.source.version == "beta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a user."""

    field: Field
    value: Cell
    """Unknown with its reason where it was not read."""
    origin: Origin
    read_at: datetime | None
    """None where nothing was read; for what is worked out, the last answer of the source that decides it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One rule on a user."""

    result: RuleResult
    verdict: Verdict
    reason: Reason | str
    severity: Severity
    observed: str
    expected: str
    exception: str
    """The id of the entry of the register that covers a failure; empty without one."""
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One user."""

    user_id: str
    name: Cell
    worst: Verdict
    values: tuple[Value, ...]
    rules: tuple[Judged, ...]


@dataclass(frozen=True)
class Profiles:
    """All users of one audit, column by column; `of` gives one of them."""

    material: Material

    @cached_property
    def fields(self) -> tuple[tuple[Field, Origin], ...]:
        """The values of a user in the order of the vocabulary; what was not asked for is not read, and says so."""
        return tuple(
            (field, origin_of(field))
            for field in FIELDS.values()
            if field.scope is Scope.USER and f"{field.column}_reason" in self.users.columns
        )

    @cached_property
    def results(self) -> tuple[RuleResult, ...]:
        """The rules about users, the worst severity first, as findings are listed."""
        return tuple(one for one in self.in_order if one.rule.scope is Scope.USER)

    @cached_property
    def in_order(self) -> tuple[RuleResult, ...]:
        """All rules in that order, those about the tenant as well."""
        return tuple(sorted(self.material.findings.results, key=lambda one: -one.rule.severity.rank))

    @property
    def users(self) -> pl.DataFrame:
        """The users in the order of the listing."""
        return self.material.users

    @cached_property
    def worst(self) -> pl.Series:
        """The verdict that speaks for each user."""
        return self.material.findings.worst_of_users()

    def values(self, field: Field, users: pl.DataFrame) -> list[Cell]:
        """What some users have of a field, as a report shows it."""
        return cells_of_field(self.material, users, field)

    def read_times(self, origin: Origin, users: pl.DataFrame) -> list[datetime | None]:
        """When the answer was read that each user's value stands in, or follows from."""
        column = f"{origin.place}_readAt"
        if column in users.columns:
            return users[column].to_list()
        return [self._last_read.get(origin.source.name)] * users.height

    @cached_property
    def _last_read(self) -> dict[str, datetime | None]:
        return {one.source: one.last for one in self.material.snapshot.coverage}

    def sources(self, origin: Origin, users: pl.DataFrame) -> list[str]:
        """The name of the source that each user's values came from, which another may have stood in for."""
        column = f"{origin.place}_source"
        if column not in users.columns:
            return [origin.source.name] * users.height
        return [one or origin.source.name for one in users[column].cast(pl.String()).to_list()]

    @cached_property
    def covered(self) -> dict[tuple[str, str], date]:
        """Id of an exception and of a rule -> the last day on which it covers that rule."""
        return dict(until(self.material))

    def of(self, row: int) -> Profile:
        """The user in one row of the frame of users."""
        user = self.users.slice(row, 1)
        (named,) = user.iter_rows(named=True)
        return Profile(
            user_id=named["user_id"],
            name=cells(user, "user.userPrincipalName")[0],
            worst=Verdict(self.worst[row]),
            values=tuple(self._values(user)),
            rules=tuple(self._rules(row, named)),
        )

    def _values(self, user: pl.DataFrame) -> Iterator[Value]:
        for field, origin in self.fields:
            (source,) = self.sources(origin, user)
            actual = origin if source == origin.source.name else replaced(origin, BY_NAME[source])
            (value,), (at,) = self.values(field, user), self.read_times(origin, user)
            yield Value(field=field, value=value, origin=actual, read_at=at)

    def _rules(self, row: int, named: dict[str, Any]) -> Iterator[Judged]:
        for one in self.results:
            found = one.frame.row(row, named=True)
            exception = found.get("exception") or ""
            yield Judged(
                result=one,
                verdict=Verdict(found["verdict"]),
                reason=found["reason"] or "",
                severity=Severity(found.get("severity", one.rule.severity)),
                observed=observed(one.rule, named),
                expected=expected(one.rule),
                exception=exception,
                until=self.covered.get((exception, one.rule.id)) if exception else None,
            )


def origin_of(field: Field) -> Origin:
    """Where a field's values come from, if nothing stands in for it."""
    how = DECLARED if field.name in FROM_FILES else WORKED_OUT if field.name.startswith("derived.") else READ
    return Origin(how=how, source=BY_NAME[SOURCE_OF[field.name]], place=field.name.split(".", 1)[0])


def replaced(origin: Origin, source: Source) -> Origin:
    """The origin of a value that another source stood in for."""
    return Origin(how=origin.how, source=source, place=origin.place)


def observed_words(field: Field, values: Sequence[Any], reasons: Sequence[str | None]) -> list[str]:
    """What a finding says was observed of one field, for some values of it."""
    rows = zip(values, reasons, strict=True)
    return [observed_of(field, {field.column: value, f"{field.column}_reason": reason}) for value, reason in rows]
