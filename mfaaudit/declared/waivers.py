"""Which entry of the register counts for each user under each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from mfaaudit.declared.standing import Standing
from mfaaudit.declared.subjects import NUMBER, Covered


@dataclass(frozen=True, slots=True, kw_only=True)
class Waivers:
    """Prepared once for all rules."""

    height: int
    ids: pl.Series
    """The entries of the register by their number, as an enum: one or two bytes a user."""
    by_rule: Mapping[str, pl.DataFrame]
    """row, entry: the number of the entry that counts."""
    overlapping: frozenset[str]
    """Ids of entries that share a user with another one under the same rule."""

    def of(self, rule: str) -> pl.Series | None:
        """For each user the id of the entry that counts, or null; None if there is none for anybody."""
        if rule not in self.by_rule:
            return None
        found = self.by_rule[rule]
        which = pl.repeat(None, self.height, dtype=NUMBER, eager=True).scatter(found["row"], found["entry"])
        return self.ids.gather(which).alias("exception")


def prepare(standings: Sequence[Standing], covered: Covered, height: int) -> Waivers:
    """Of several entries that cover a user under a rule, that one counts which runs out last; then by id."""
    ids = [one.entry.id for one in standings]
    subjects = [covered.numbers[one.entry.subject] for one in standings]
    by_rule: dict[str, pl.DataFrame] = {}
    crowded = pl.Series([], dtype=NUMBER)
    for (rule,), found in _effective(standings, subjects).group_by("rule"):
        pairs = covered.pairs.join(found, on="subject")
        best = pairs.group_by("row").agg(pl.col("entry").sort_by("rank").first(), pl.col("entries").sum())
        shared = pairs.join(best.filter(pl.col("entries") > 1), on="row", how="semi")
        crowded = crowded.append(shared.unique("subject")["others"].explode()).unique()
        by_rule[str(rule)] = best.select("row", "entry")
    return Waivers(
        height=height,
        ids=pl.Series(ids, dtype=pl.Enum(ids)),
        by_rule=by_rule,
        overlapping=frozenset(ids[number] for number in crowded),
    )


def _effective(standings: Sequence[Standing], subjects: Sequence[int]) -> pl.DataFrame:
    """For each rule and subject the entry that counts, its rank among all, and how many others there are and which."""
    flat = pl.DataFrame(
        {
            "rule": [rule for one in standings for rule in one.waives],
            "last": [day for one in standings for day in one.waives.values()],
            "entry": [number for number, one in enumerate(standings) for _ in one.waives],
            "id": [one.entry.id for one in standings for _ in one.waives],
            "subject": [subject for one, subject in zip(standings, subjects, strict=True) for _ in one.waives],
        },
        schema={"rule": pl.String, "last": NUMBER, "entry": NUMBER, "id": pl.String, "subject": NUMBER},
    )
    return (
        flat.sort(["last", "id"], descending=[True, False])
        .with_row_index("rank")
        .group_by("rule", "subject")
        .agg(pl.col("rank").first(), pl.col("entry").first(), entries=pl.len().cast(NUMBER), others=pl.col("entry"))
    )
