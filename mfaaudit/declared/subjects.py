"""Which of the listed users the subjects of a register cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from mfaaudit.declared.register import Subject
from mfaaudit.words import Reason, Unknown

Groups = Mapping[str, frozenset[str] | Unknown]
"""Object id of a group -> the object ids of the users in it, or why they are not known."""
NUMBER = pl.UInt32()


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """The users of each subject, by their place in the listing; an application has none."""

    numbers: Mapping[Subject, int]
    pairs: pl.DataFrame
    """subject, row: each pair once."""
    counts: Mapping[Subject, int]
    gaps: Mapping[Subject, Reason]
    """Groups whose members are not known, and why; one that is gone has no members."""

    def rows(self, subjects: Iterable[Subject]) -> pl.Series:
        """The rows of several subjects together, each once, in order."""
        wanted = pl.Series([self.numbers[one] for one in set(subjects)], dtype=NUMBER)
        return self.pairs.filter(pl.col("subject").is_in(wanted.implode()))["row"].unique().sort()


def cover(user_ids: pl.Series, subjects: Iterable[Subject], groups: Groups) -> Covered:
    """Looks every subject up among the users; ids are compared without regard to case."""
    by_id = {group.lower(): members for group, members in groups.items()}
    numbers: dict[Subject, int] = {}
    gaps: dict[Subject, Reason] = {}
    people: list[Subject] = []
    parts = []
    for subject in dict.fromkeys(subjects):
        numbers[subject] = number = len(numbers)
        if subject.is_application:
            continue
        if not subject.is_group:
            people.append(subject)
            continue
        members = by_id.get(subject.id, Unknown(Reason.NOT_REQUESTED))
        if not isinstance(members, Unknown):
            parts.append(_wanted([number], pl.Series(sorted(members), dtype=pl.String()).str.to_lowercase()))
        elif members.reason is not Reason.NOT_FOUND:
            gaps[subject] = members.reason
    parts.append(_wanted([numbers[one] for one in people], pl.Series([one.id for one in people], dtype=pl.String())))
    listed = pl.DataFrame({"id": user_ids.str.to_lowercase()}).with_row_index("row")
    pairs = pl.concat(parts).join(listed, on="id").select("subject", "row").unique().sort("subject", "row")
    found = dict(pairs.group_by("subject").len().iter_rows())
    counts = {subject: found.get(number, 0) for subject, number in numbers.items()}
    return Covered(numbers=numbers, pairs=pairs, counts=counts, gaps=gaps)


def _wanted(subjects: list[int], ids: pl.Series) -> pl.DataFrame:
    # One subject stands for all of its members.
    return pl.DataFrame({"id": ids}).with_columns(
        subject=pl.lit(subjects[0], NUMBER) if len(subjects) == 1 else pl.Series(subjects, dtype=NUMBER)
    )
