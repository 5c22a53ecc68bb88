"""Every user's values and verdicts, column by column, as data for the page's script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import polars as pl

from mfaaudit.findings import RuleResult, expected, in_words
from mfaaudit.findings.results import WORST
from mfaaudit.reports.change_numbers import first_failed
from mfaaudit.reports.document import Cell, ColumnKind, Table
from mfaaudit.reports.field_columns import KINDS
from mfaaudit.reports.material import SHOWN, SHOWN_WORDS, count_findings
from mfaaudit.reports.page.columns import Gathered, different
from mfaaudit.reports.page.packed import Packing, packed
from mfaaudit.reports.page.shape import shapes
from mfaaudit.reports.page.words import words
from mfaaudit.reports.plain import plain
from mfaaudit.reports.profiles import Origin, Profiles, observed_words
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.field import Field, Scope
from mfaaudit.words import Severity, Verdict

MOST_USERS = 120_000
"""Of a larger tenant the page holds those with a finding, the worst first, up to as many; it says where the rest is."""
TEXT = ColumnKind.TEXT


def data(profiles: Profiles, findings: Table | None) -> Iterator[str]:
    """All that the page holds of the users, and how its list of findings is laid out."""
    return packed(lambda packing: _Filling(profiles, packing, held(profiles)).parts(findings))


def held(profiles: Profiles) -> pl.Series | None:
    """The rows of the users that the page holds; None for all."""
    if profiles.users.height <= MOST_USERS:
        return None
    places = pl.DataFrame({"worst": profiles.worst}).with_row_index("row")
    flagged = places.filter(pl.col("worst").cast(pl.String()).is_in(SHOWN_WORDS))
    return flagged.sort("worst", maintain_order=True)["row"].head(MOST_USERS).sort()


class _Filling:
    def __init__(self, profiles: Profiles, packing: Packing, rows: pl.Series | None) -> None:
        self._profiles, self._packing, self._rows = profiles, packing, rows
        self._users = profiles.users if rows is None else profiles.users[rows]
        self._observed = {name for one in profiles.results for name in one.rule.observed_fields}

    def parts(self, findings: Table | None) -> Iterator[dict[str, Any]]:
        """The description of all parts, again after each that was added."""
        profiles, users = self._profiles, self._users
        fields: list[dict[str, Any]] = []
        rules: list[dict[str, Any]] = []
        head: dict[str, Any] = {
            "count": users.height,
            "total": profiles.users.height,
            "findings": count_findings(profiles.material),
            "verdicts": [one.value for one in Verdict],
            "severities": [one.value for one in reversed(Severity)],
            "listed": [list(Verdict).index(one) for one in SHOWN],
            "worstFirst": [list(Verdict).index(one) for one in WORST],
            "fields": fields,
            "rules": rules,
            "times": {},
            "stoodIn": {},
            "sources": {},
        }
        head["ids"] = self._column(users["user_id"], TEXT)
        worst = profiles.worst if self._rows is None else profiles.worst[self._rows]
        head["worst"] = self._column(worst.cast(pl.String()), ColumnKind.VERDICT)
        for field, origin in profiles.fields:
            fields.append(self._field(field, origin, head))
            yield head
        numbers = {field.name: number for number, (field, _) in enumerate(profiles.fields)}
        for one in profiles.in_order:
            rules.append(self._rule(one, numbers))
            yield head
        head["columns"] = shapes(findings, numbers)
        yield head

    def _column(self, values: pl.Series, kind: ColumnKind) -> dict[str, Any]:
        codes, distinct = different(values.to_frame())
        return Gathered(kind).extend(distinct.to_series().to_list()).spread(codes).pack(self._packing)

    def _field(self, field: Field, origin: Origin, head: dict[str, Any]) -> dict[str, Any]:
        codes, distinct = different(self._users.select(field.column, f"{field.column}_reason"))
        made: dict[str, Any] = {"name": field.name, "title": field.title, "how": origin.how, "place": origin.place}
        shown = self._profiles.values(field, distinct)
        made |= Gathered(KINDS[field.kind]).extend(shown).spread(codes).pack(self._packing)
        if field.name in self._observed:
            reasons = distinct[f"{field.column}_reason"].cast(pl.String()).to_list()
            seen = observed_words(field, distinct[field.column].to_list(), reasons)
            made["observed"] = Gathered(TEXT).extend(seen).spread(codes).pack(self._packing)
        own = f"{origin.place}_readAt" in self._users.columns
        made["source"], made["times"] = origin.source.name, origin.place if own else origin.source.name
        if made["times"] not in head["times"]:
            times = pl.Series(self._profiles.read_times(origin, self._users), dtype=pl.Datetime("us", "UTC"))
            head["times"][made["times"]] = self._column(times, ColumnKind.TIME)
        self._sources(origin, head)
        return made

    def _sources(self, origin: Origin, head: dict[str, Any]) -> None:
        names = {origin.source.name}
        if f"{origin.place}_source" in self._users.columns and origin.place not in head["stoodIn"]:
            each = pl.Series(self._profiles.sources(origin, self._users), dtype=pl.String())
            head["stoodIn"][origin.place] = self._column(each, TEXT)
            names.update(each.unique())
        for name in sorted(names):
            source = BY_NAME[name]
            head["sources"][name] = {
                "title": source.title,
                "endpoint": f"{source.version}{source.path}",
                "beta": source.version == "beta",
            }

    def _rule(self, one: RuleResult, numbers: dict[str, int]) -> dict[str, Any]:
        rule, profiles = one.rule, self._profiles
        made: dict[str, Any] = {
            "id": rule.id,
            "title": plain(rule.title),
            "severity": rule.severity.value,
            "expected": words(expected(rule)),
            "condition": words(in_words(rule)),
            "rationale": words(rule.rationale),
            "remediation": words(rule.remediation),
            "blockedBy": list(one.blocked_by),
        }
        if rule.scope is Scope.TENANT:
            ((verdict, reason),) = one.frame.select("verdict", "reason").iter_rows()
            said = {"verdict": list(Verdict).index(Verdict(verdict)), "reason": reason or ""}
            seen = first_failed(profiles.material, rule.id).get(None)
            said["firstSeen"] = "" if seen is None else words(seen.at)
            return made | {"tenant": said | {"observed": words(one.observed)}}
        frame = one.frame if self._rows is None else one.frame[self._rows]
        made["observes"] = [numbers[name] for name in rule.observed_fields]
        made["verdicts"] = self._packing.numbers(frame["verdict"].to_physical().to_list())
        made["reasons"] = self._column(frame["reason"].cast(pl.String()), TEXT)
        if "severity" in frame.columns:
            made["ranks"] = self._packing.numbers([Severity(each).rank for each in frame["severity"].to_list()])
        if "exception" in frame.columns:
            codes, distinct = different(frame.select("exception"))
            covered = [each and self._covered(each, rule.id) for each in distinct["exception"].to_list()]
            made["exceptions"] = Gathered(TEXT).extend(covered).spread(codes).pack(self._packing)
        if profiles.material.earlier is not None:
            made["firstSeen"] = self._first_seen(rule.id)
        return made

    def _first_seen(self, rule: str) -> dict[str, Any]:
        known = first_failed(self._profiles.material, rule)
        times: list[Cell] = [None, *dict.fromkeys(one.at for one in known.values())]
        places = {time: place for place, time in enumerate(times)}
        codes = [0] * self._users.height
        for user, one in known.items():
            # On a very large tenant the page holds only some of the users.
            if user is not None and (row := self._rows_by_id.get(user)) is not None:
                codes[row] = places[one.at]
        return Gathered(ColumnKind.TIME).extend(times).spread(codes).pack(self._packing)

    @cached_property
    def _rows_by_id(self) -> dict[str, int]:
        return {user: row for row, user in enumerate(self._users["user_id"].str.to_lowercase().to_list())}

    def _covered(self, exception: str, rule: str) -> str:
        day = self._profiles.covered.get((exception, rule))
        return exception if day is None else f"{exception} until {day.isoformat()}"
