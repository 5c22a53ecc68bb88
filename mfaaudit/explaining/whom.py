"""Whom a person means: an object id, or a user principal name."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Iterable, Sequence

import polars as pl

from mfaaudit.errors import UsageProblem

NEAREST = 5
LIKE = 0.6
"""How much of a name has to be alike, from 0 to 1."""
Person = tuple[str, str | None, str | None]
"""Object id, user principal name and display name."""
NAMES = ("user_id", "user_userPrincipalName", "user_displayName")


def row_of(users: pl.DataFrame, wanted: str) -> int:
    """The row of the user with this object id or user principal name, in any case of the letters.

    Raises UsageProblem, with whom else may be meant, if that is nobody or more than one.
    """
    text = wanted.strip().casefold()
    people: list[Person] = list(users.select(NAMES).iter_rows())
    for found in ([_folded(one[0]) == text for one in people], [_folded(one[1]) == text for one in people]):
        # Of an account whose name was not read nothing is known that an empty text could be.
        rows = [row for row, fits in enumerate(found) if fits and text]
        if len(rows) == 1:
            return rows[0]
        if rows:
            raise UsageProblem(
                f"{len(rows)} accounts have the user principal name {wanted!r}",
                hint=f"Give the object id of one of them: {_listed(people[row] for row in rows)}.",
            )
    near = _nearest(people, text)
    raise UsageProblem(
        f"nobody in this bundle has the object id or the user principal name {wanted!r}",
        hint=f"Did you mean {_listed(near)}?"
        if near
        else "Give an object id or a user principal name as the report's list of users has it.",
    )


def _nearest(people: Sequence[Person], text: str) -> list[Person]:
    """Whose id or name holds the text; else whose name is most like it."""
    if not text:
        return []
    holding = [one for one in people if any(text in _folded(part) for part in one)]
    if holding:
        return holding[:NEAREST]
    # A mistake is more often in the name than behind the @, where all are alike.
    whole = "@" in text
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(text)
    scored = []
    for place, (_, name, _) in enumerate(people):
        matcher.set_seq1(_folded(name) if whole else _folded(name).partition("@")[0])
        # The two quick ones are never too small, and spare most of the work.
        if all(ratio() >= LIKE for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)):
            scored.append((-matcher.ratio(), place))
    return [people[place] for _, place in heapq.nsmallest(NEAREST, scored)]


def _folded(name: str | None) -> str:
    return "" if name is None else name.casefold()


def _listed(people: Iterable[Person]) -> str:
    return ", ".join(f"{name} ({user_id})" if name else user_id for user_id, name, _ in people)
