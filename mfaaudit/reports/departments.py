"""Users by department and worst verdict: groups and never persons, so that small departments are merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from mfaaudit.reports.document import Cell, Chart, ChartKind, Column, ColumnKind, Series, Table, Tone
from mfaaudit.reports.material import Material
from mfaaudit.reports.small_groups import FEWEST, too_small
from mfaaudit.words import Reason, Unknown, Verdict

CHARTED = 12
LONGEST_LABEL = 40
MANY = 25
"""Rows that the page still shows without a search above them."""
NAMELESS = "(no department)"
IN_ORDER = (
    Verdict.PASS,
    Verdict.FAIL,
    Verdict.WAIVED,
    Verdict.NOT_EVALUATED,
    Verdict.NOT_APPLICABLE,
    Verdict.ERROR,
)
"""The columns of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """The users of one department, or of several that are too small to be named."""

    name: str | Unknown
    """Unknown for the users whose department was not read."""
    worst: Counter[Verdict]
    """How many have each verdict as the worst under all rules about users."""
    merged: int = 0
    """How many departments are in it; 0 for one that stands for itself."""

    @property
    def users(self) -> int:
        """Everybody in it."""
        return self.worst.total()

    @property
    def failing(self) -> int:
        """Who fails at least one rule."""
        return self.worst[Verdict.FAIL]

    @property
    def label(self) -> str:
        """What a chart calls it."""
        if isinstance(self.name, Unknown):
            return f"not read ({self.name.reason})"
        return self.name if len(self.name) <= LONGEST_LABEL else f"{self.name[: LONGEST_LABEL - 1]}…"


def departments_of(material: Material) -> tuple[Department, ...]:
    """All users, the department with the most failing users first; merged ones and those not read stand last."""
    users = material.users
    counted = (
        users.select(
            name=pl.col("user_department"),
            reason=pl.col("user_department_reason").cast(pl.String()),
            worst=material.findings.worst_of_users(),
        )
        .group_by("name", "reason", "worst")
        .len()
    )
    found: dict[str | Unknown, Counter[Verdict]] = {}
    for name, reason, worst, count in counted.iter_rows():
        key = (name or NAMELESS) if reason is None else Unknown(Reason(reason))
        found.setdefault(key, Counter())[Verdict(worst)] += count
    named = {name: Department(name=name, worst=worst) for name, worst in found.items() if isinstance(name, str)}
    unread = [Department(name=name, worst=worst) for name, worst in found.items() if isinstance(name, Unknown)]
    small = too_small({name: one.users for name, one in named.items()})
    large = [one for name, one in named.items() if name not in small]
    return (
        *sorted(large, key=lambda one: (-one.failing, -one.users, one.label, str(one.name))),
        *_merged([named[name] for name in small]),
        *sorted(unread, key=lambda one: one.label),
    )


def _merged(small: Sequence[Department]) -> Iterator[Department]:
    if small:
        total = sum((one.worst for one in small), Counter[Verdict]())
        yield Department(name=f"(other departments: {len(small):,})", worst=total, merged=len(small))


def departments_chart(departments: Sequence[Department]) -> Chart:
    """The departments with the most failing users."""
    shown = departments[:CHARTED]
    more = len(departments) - len(shown)

    def values(*verdicts: Verdict) -> list[int]:
        return [sum(one.worst[verdict] for verdict in verdicts) for one in shown]

    return Chart(
        name="VerdictsByDepartment",
        title="Users by worst verdict, for the departments with the most failing users",
        kind=ChartKind.BARS,
        categories=[one.label for one in shown],
        series=(
            Series(name="Pass", values=values(Verdict.PASS), tone=Tone.GOOD),
            Series(name="Fail", values=values(Verdict.FAIL), tone=Tone.BAD),
            Series(name="Waived", values=values(Verdict.WAIVED)),
            Series(name="Not evaluated", values=values(Verdict.NOT_EVALUATED, Verdict.ERROR), tone=Tone.OPEN),
        ),
        summary="; ".join(f"{one.label}: {one.failing:,} of {one.users:,} fail" for one in shown)
        + (f"; {more:,} more in the table" if more > 0 else ""),
        value_title="Users",
    )


def departments_table(departments: Sequence[Department]) -> Table:
    """All of them, and the total, which is everybody."""
    total = sum((one.worst for one in departments), Counter[Verdict]())

    def row(name: Cell, worst: Counter[Verdict]) -> list[Cell]:
        users = worst.total()
        share = Fraction(worst[Verdict.FAIL], users) if users else None
        return [name, users, *(worst[verdict] for verdict in IN_ORDER), share]

    def rows() -> Iterator[list[Cell]]:
        for one in departments:
            yield row(one.name, one.worst)
        yield row("Total", total)

    number = ColumnKind.NUMBER
    return Table(
        name="ByDepartment",
        title="By department",
        note=(
            "Each user stands in one row, under the worst verdict of all rules about users. Departments are as the "
            f"property department of the user has them; those with fewer than {FEWEST} users are merged, so that no "
            "number is about one person."
        ),
        columns=(
            Column(key="department", title="Department", width=34),
            Column(key="users", title="Users", kind=number, width=10),
            Column(key="pass", title="Pass", kind=number, width=10),
            Column(key="fail", title="Fail", kind=number, width=10),
            Column(key="waived", title="Waived", kind=number, width=10),
            Column(key="notEvaluated", title="Not evaluated", kind=number, width=14),
            Column(key="notApplicable", title="Not applicable", kind=number, width=14),
            Column(key="error", title="Error", kind=number, width=10),
            Column(key="failing", title="Failing share", kind=ColumnKind.PERCENT, width=13),
        ),
        rows=rows,
        row_count=len(departments) + 1,
        browse=len(departments) > MANY,
    )
