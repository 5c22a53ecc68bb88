"""A sample for an auditor to check by hand: drawn by the run's id, so that anybody can draw the same one again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from mfaaudit.findings.asking import IS_ADMINISTRATOR
from mfaaudit.reports.material import Material
from mfaaudit.snapshot.sample import draw
from mfaaudit.sources.field import Scope
from mfaaudit.words import Verdict

SIZE = 25
OWN_PICKS = 5
"""Users that the auditor picks in the portal, to look for in the report."""


class Stratum(StrEnum):
    """What a user was drawn as, in the order in which the sample is drawn."""

    ADMINISTRATOR = "administrator"
    FAIL = "failing"
    WAIVED = "waived"
    OPEN = "not evaluated"
    PASS = "passing"  # noqa: S105
    ANY = "anybody"

    @property
    def meaning(self) -> str:
        """Who can be drawn as one."""
        return MEANINGS[self]

    @property
    def in_users(self) -> str:
        """How to find them in the list of users."""
        return IN_USERS[self]


MEANINGS = {
    Stratum.ADMINISTRATOR: "Holds a directory role, or is an administrator by the registration report.",
    Stratum.FAIL: "Fails at least one rule.",
    Stratum.WAIVED: "Fails nothing and is not open, and an exception covers at least one failure.",
    Stratum.OPEN: "Fails nothing, and at least one rule was not evaluated.",
    Stratum.PASS: "Passes at least one rule; none failed, was waived or is open.",
    Stratum.ANY: "Anybody who was not drawn yet: fills the places that the others leave.",
}
IN_USERS = {
    Stratum.ADMINISTRATOR: "Directory roles holds at least one role, or Administrator is TRUE.",
    Stratum.FAIL: "Worst verdict is FAIL.",
    Stratum.WAIVED: "Worst verdict is WAIVED.",
    Stratum.OPEN: "Worst verdict is NOT_EVALUATED or ERROR.",
    Stratum.PASS: "Worst verdict is PASS.",
    Stratum.ANY: "Every row.",
}
SHARE = SIZE // (len(Stratum) - 1)
"""Places of each stratum but the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One user of the sample."""

    row: int
    """The user's place in the listing."""
    stratum: Stratum
    failed: tuple[str, ...]
    """The rules that the user fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One stratum, and what was drawn from it."""

    stratum: Stratum
    users: int
    """Who is in it."""
    left: int
    """Those of them who had not been drawn as something else."""
    rows: tuple[int, ...]
    """Who was drawn, in the order of the listing."""


def shares_of(material: Material) -> tuple[Share, ...]:
    """What is drawn from each stratum, in the order in which they are drawn."""
    ids = material.users["user_id"].to_list()
    places = {user.lower(): place for place, user in enumerate(ids)}
    taken: set[int] = set()
    made = []
    for stratum, mask in _strata(material):
        size = SIZE - len(taken) if stratum is Stratum.ANY else SHARE
        inside = mask.arg_true().to_list()
        left = [ids[place] for place in inside if place not in taken]
        drawn = draw(material.snapshot.run.id, left, size) if size else []
        rows = tuple(sorted(places[user.lower()] for user in drawn))
        taken.update(rows)
        made.append(Share(stratum=stratum, users=len(inside), left=len(left), rows=rows))
    return tuple(made)


def sample_of(material: Material) -> tuple[Drawn, ...]:
    """The sample, stratum by stratum, in each in the order of the listing."""
    drawn = [(row, share.stratum) for share in shares_of(material) for row in share.rows]
    failed = _failed(material, [row for row, _ in drawn])
    return tuple(Drawn(row=row, stratum=stratum, failed=failed[row]) for row, stratum in drawn)


def _strata(material: Material) -> Iterator[tuple[Stratum, pl.Series]]:
    users, worst = material.users, material.findings.worst_of_users()
    yield Stratum.ADMINISTRATOR, users.select(IS_ADMINISTRATOR.fill_null(value=False).alias("mask"))["mask"]
    yield Stratum.FAIL, worst == Verdict.FAIL.value
    yield Stratum.WAIVED, worst == Verdict.WAIVED.value
    yield Stratum.OPEN, worst.is_in([Verdict.NOT_EVALUATED.value, Verdict.ERROR.value])
    yield Stratum.PASS, worst == Verdict.PASS.value
    yield Stratum.ANY, pl.repeat(value=True, n=users.height, dtype=pl.Boolean(), eager=True)


def _failed(material: Material, rows: list[int]) -> dict[int, tuple[str, ...]]:
    places = pl.Series(rows, dtype=pl.UInt32())
    found: dict[int, list[str]] = {row: [] for row in rows}
    for one in material.findings.results:
        if one.rule.scope is Scope.USER and one.counts.fail:
            verdicts = one.frame["verdict"].gather(places).to_list()
            for row, verdict in zip(rows, verdicts, strict=True):
                if verdict == Verdict.FAIL.value:
                    found[row].append(one.rule.id)
    return {row: tuple(names) for row, names in found.items()}
