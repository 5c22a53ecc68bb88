"""Each number that two places give, side by side, and what explains it where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.material import Material
from mfaaudit.reports.population_numbers import NOT_EXPLAINED
from mfaaudit.reports.unread import reasons_of
from mfaaudit.snapshot.registration import Comparison
from mfaaudit.words import Reason, Unknown

ROLES, IS_ADMIN = "derived_roles", "registration_isAdmin"


def comparisons_of(material: Material) -> tuple[Comparison, ...]:
    """The counts of the registration report and of the roles; a difference without a remark says that it has none."""
    found = (*material.snapshot.registration.comparisons, administrators(material))
    return tuple(
        replace(one, remark=f"{NOT_EXPLAINED}.") if one.difference and not one.remark else one for one in found
    )


def administrators(material: Material) -> Comparison:
    """How many are administrators by the registration report, and how many hold a directory role."""
    users = material.users
    said, held = pl.col(IS_ADMIN), pl.col(ROLES).list.len() > 0
    # Of who has no row the report says nothing, and the number is still its own.
    gaps: list[Reason] = [reason for reason in reasons_of(users, IS_ADMIN) if reason is not Reason.NO_ROW]
    if not gaps and users[IS_ADMIN].null_count() == users.height:
        gaps = [Reason.NO_ROW]
    unknown_roles = list(reasons_of(users, ROLES))
    by_report, by_role, without_row, differing = users.select(
        said.sum().alias("report"),
        held.sum().alias("role"),
        (held & said.is_null()).sum().alias("without"),
        (held != said).sum().alias("differing"),
    ).row(0)
    remarks = []
    if without_row:
        remarks.append(f"{without_row:,} who hold a role have no row in the report, as the disabled have none.")
    if differing:
        remarks.append(f"{NOT_EXPLAINED}: of {differing:,} users the two say different things.")
    return Comparison(
        what="Administrators by the report, and users who hold a role",
        ours=Unknown(unknown_roles[0]) if unknown_roles else by_role,
        ours_from="roleAssignments",
        theirs=Unknown(gaps[0]) if gaps else by_report,
        theirs_from="userRegistrationDetails",
        remark="" if unknown_roles or gaps else " ".join(remarks),
    )


def is_unexplained(one: Comparison) -> bool:
    """Whether the two differ, and nothing says why."""
    return bool(one.difference) and NOT_EXPLAINED in one.remark


def comparisons_table(comparisons: Sequence[Comparison]) -> Table:
    """All of them as a table."""

    def rows() -> Iterator[list[Cell]]:
        for one in comparisons:
            agrees = "not comparable" if one.difference is None else "agrees" if one.difference == 0 else "differs"
            yield [
                one.what,
                one.ours,
                one.ours_from,
                one.theirs,
                one.theirs_from,
                one.difference,
                agrees,
                one.remark or None,
            ]

    differing = sum(1 for one in comparisons if one.difference)
    return Table(
        name="Reconciliation",
        title="Numbers from two places",
        note=(
            f"Each number from two places. That differ: {differing} of {len(comparisons)}."
            if differing
            else "Each number from two places; none that could be compared differs."
        ),
        columns=(
            Column(key="what", title="Number", kind=ColumnKind.LONG_TEXT, width=40),
            Column(key="ours", title="Our count", kind=ColumnKind.NUMBER),
            Column(key="oursFrom", title="Counted from", width=26),
            Column(key="theirs", title="Their count", kind=ColumnKind.NUMBER),
            Column(key="theirsFrom", title="Read from", width=34),
            Column(key="difference", title="Difference", kind=ColumnKind.NUMBER),
            Column(key="agrees", title="Result", width=16),
            Column(key="remark", title="Remark", kind=ColumnKind.LONG_TEXT, width=48),
        ),
        rows=rows,
        row_count=len(comparisons),
    )
