"""The table that sets every number about the population beside the users enumerated, and says why they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from mfaaudit.reports.cures import meaning_of
from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.material import Material
from mfaaudit.snapshot.coverage import Coverage
from mfaaudit.sources import registration_details, user_count
from mfaaudit.words import Reason, Unknown

USERS, COUNT, REPORT = "/users", "/users/$count", "userRegistrationDetails"
NOT_EXPLAINED = "NOT EXPLAINED"
"""How the explanation begins of a difference that nothing explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number, and what it has to do with the users enumerated."""

    what: str
    source: str
    value: int | Unknown
    explanation: str
    filter: str = "none"
    """What was left out of the number, or how it was asked for."""
    comparable: bool = True
    """Whether it would be the number of users if nothing were special about any."""


def numbers_of(material: Material) -> tuple[Number, ...]:
    """Every number about the population."""
    return (*_of_the_list(material), *_of_the_directory(material), *_of_the_sources(material))


def population_numbers(material: Material) -> Table:
    """The reconciliation of the population."""
    numbers = numbers_of(material)
    enumerated = material.snapshot.population.enumerated

    def rows() -> Iterator[list[Cell]]:
        for one in numbers:
            if not one.comparable:
                yield [one.what, one.source, one.filter, one.value, None, None, one.explanation]
            elif isinstance(one.value, Unknown):
                yield [one.what, one.source, one.filter, one.value, None, "not comparable", one.explanation]
            else:
                difference = one.value - enumerated
                result = "differs" if difference else "agrees"
                yield [one.what, one.source, one.filter, one.value, difference, result, one.explanation]

    return Table(
        name="PopulationNumbers",
        title="Reconciliation of the population",
        note="Difference is the number less the users enumerated; it is empty where the two need not be alike.",
        columns=(
            Column(key="what", title="Number", width=38),
            Column(key="source", title="From", width=24),
            Column(key="filter", title="Filter", kind=ColumnKind.LONG_TEXT, width=30),
            Column(key="value", title="Value", kind=ColumnKind.NUMBER),
            Column(key="difference", title="Difference", kind=ColumnKind.NUMBER),
            Column(key="result", title="Result", width=16),
            Column(key="explanation", title="Explanation", kind=ColumnKind.LONG_TEXT, width=80),
        ),
        rows=rows,
        row_count=len(numbers),
    )


def counts(material: Material) -> tuple[int | Unknown, int | Unknown]:
    """The directory's own count before and after, or why there is none."""
    population = material.snapshot.population
    # A count that was asked for in vain is a failure, in the order of asking; any other was not asked for.
    gaps = iter([one.reason for one in material.snapshot.failures if one.source == "userCount"])
    before, after = (
        Unknown(next(gaps, Reason.NOT_REQUESTED)) if count is None else count
        for count in (population.count_before, population.count_after)
    )
    return before, after


def report_gap(material: Material) -> Unknown | None:
    """Why the registration report is not known to its end; None if it is."""
    # A user without a row is no gap in the report; a page that was not read is.
    reasons: list[Reason] = [reason for reason in _coverage(material, REPORT).reasons if reason is not Reason.NO_ROW]
    reasons += [one.reason for one in material.snapshot.failures if one.source == REPORT]
    return Unknown(reasons[0]) if reasons else None


def _of_the_list(material: Material) -> Iterator[Number]:
    population = material.snapshot.population
    rows = population.enumerated + population.duplicates + population.nameless
    yield Number(
        what="Rows of the list",
        source=USERS,
        value=rows,
        explanation=(
            "Every row is another user."
            if rows == population.enumerated
            else "More than users, by the rows listed twice and the rows without an id."
        ),
    )
    yield Number(
        what="Rows listed twice",
        source=USERS,
        filter="rows whose id came before",
        value=population.duplicates,
        comparable=False,
        explanation="Counted once; named below." if population.duplicates else "",
    )
    yield Number(
        what="Rows without an id",
        source=USERS,
        filter="rows without an id",
        value=population.nameless,
        comparable=False,
        explanation="Somebody whom nobody can judge: there is no conclusion about everybody."
        if population.nameless
        else "",
    )
    yield Number(
        what="Users enumerated",
        source=USERS,
        filter="each object id once",
        value=population.enumerated,
        explanation="What every share is out of.",
    )


def _of_the_directory(material: Material) -> Iterator[Number]:
    before, after = counts(material)
    enumerated = material.snapshot.population.enumerated
    for what, own, other in (("Counted before", before, after), ("Counted after", after, before)):
        yield Number(
            what=what,
            source=COUNT,
            value=own,
            explanation=_against(enumerated, own, other),
            filter="none; counted by the directory itself",
        )
    gone = material.snapshot.population.gone
    yield Number(
        what="Gone when they were read",
        source="per-user reads",
        filter="answered with 404",
        value=gone,
        comparable=False,
        explanation="Listed, then deleted. They are kept, with the reason NOT_FOUND." if gone else "",
    )


def _against(enumerated: int, own: int | Unknown, other: int | Unknown) -> str:
    if isinstance(own, Unknown):
        return f"The list could not be checked. {meaning_of(own.reason, user_count.SOURCE)}"
    if own == enumerated:
        return "Agrees with the list."
    if isinstance(other, Unknown):
        return f"{NOT_EXPLAINED}: it does not agree with the list, and the other count is not there to say why."
    if min(own, other) <= enumerated <= max(own, other):
        return "The list lies between the two counts: accounts came or went meanwhile."
    return (
        f"{NOT_EXPLAINED}: it does not agree with the list, which lies outside the two counts. Somebody may be missing."
    )


def _of_the_sources(material: Material) -> Iterator[Number]:
    enabled = material.users["user_accountEnabled"]
    disabled, unknown = int((~enabled).sum()), enabled.null_count()
    yield Number(
        what="Enabled accounts",
        source=USERS,
        filter="accountEnabled is true",
        value=int(enabled.sum()),
        explanation=f"Disabled: {disabled:,}; not known: {unknown:,}.",
    )
    report, gap = _coverage(material, REPORT), report_gap(material)
    yield Number(
        what="Users with a row in the report",
        source=REPORT,
        filter="rows of users who were listed",
        value=gap or report.read,
        explanation=_without_row(material, report)
        if gap is None
        else f"Not read to its end. {meaning_of(gap.reason, registration_details.SOURCE)}",
    )
    orphans = len(material.snapshot.orphans)
    yield Number(
        what="Rows of the report of nobody listed",
        source=REPORT,
        filter="all other rows",
        value=orphans if gap is None or orphans else gap,
        comparable=False,
        explanation=" ".join(
            ["Named below."] * bool(orphans) + ["There may be more: it was not read to its end."] * bool(gap)
        ),
    )
    for what, source in (
        ("Per-user states read", "requirements"),
        ("Sign-in preferences read", "signInPreferences"),
    ):
        own = _coverage(material, source)
        reasons = ", ".join(f"{reason.value} {count:,}" for reason, count in own.reasons.items())
        yield Number(
            what=what,
            source=source,
            filter="one read for each user",
            value=own.read,
            explanation=f"Not read: {reasons}." if reasons else "Read for everybody.",
        )


def _without_row(material: Material, report: Coverage) -> str:
    if not report.unread:
        return "Everybody has one."
    users = material.users
    disabled = users.filter(pl.col("registration_readAt").is_null() & ~pl.col("user_accountEnabled")).height
    others = report.unread - disabled
    return f"Without: {disabled:,} disabled, {others:,} others. It leaves out the disabled, and lags by hours."


def _coverage(material: Material, source: str) -> Coverage:
    return next(one for one in material.snapshot.coverage if one.source == source)
