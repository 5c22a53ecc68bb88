"""Whether everybody was seen: the users that were listed against the directory's own count, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import ANY, Response
from mfaaudit.evidence.service import Service
from mfaaudit.snapshot.readings import Listing

UNCOUNTED = "the directory's own count could not be read before and after, so the list could not be checked"
NEVER_COUNTED = "a tenant of this type does not count its users, so the list could not be checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The users that every count is out of."""

    enumerated: int
    count_before: int | None
    count_after: int | None
    duplicates: int
    nameless: int
    gone: int
    """Users that were listed, and were not found when they were read."""
    complete: bool
    statement: str


def read_population(
    folder: Path, listing: Listing, *, listed_to_the_end: bool, gone: int, service: Service = ANY
) -> Population:
    """The counts, and what they prove."""
    counts = [response.number() for response in count_answers(folder)]
    before, after = counts[0] if counts else None, counts[-1] if len(counts) > 1 else None
    enumerated = len(listing.ids)
    doubts = list(_doubts(enumerated, before, after, listing, listed_to_the_end=listed_to_the_end))
    if UNCOUNTED in doubts and service.for_customers:
        doubts[doubts.index(UNCOUNTED)] = NEVER_COUNTED
    return Population(
        enumerated=enumerated,
        count_before=before,
        count_after=after,
        duplicates=len(listing.duplicates),
        nameless=listing.nameless,
        gone=gone,
        complete=not doubts,
        statement=_statement(enumerated, before, after, len(listing.duplicates), gone, doubts),
    )


def count_answers(folder: Path) -> list[Response]:
    """The last answer to each count that was asked for: the one before the listing, then the one after."""
    answers: list[Response] = []
    for response in read_journal(folder, "userCount"):
        if response.attempt > 1 and answers:
            answers[-1] = response
        else:
            answers.append(response)
    # An audit that was broken off at its end has counted once more.
    return [*answers[:1], *answers[1:][-1:]]


def _doubts(
    enumerated: int, before: int | None, after: int | None, listing: Listing, *, listed_to_the_end: bool
) -> Sequence[str]:
    doubts = []
    if not listed_to_the_end:
        doubts.append("the list of users was not read to its end")
    if enumerated == 0:
        doubts.append("no user was found")
    if listing.nameless:
        rows = "row of the list names" if listing.nameless == 1 else "rows of the list name"
        doubts.append(f"{listing.nameless:,} {rows} nobody")
    if before is None or after is None:
        doubts.append(UNCOUNTED)
    elif not min(before, after) <= enumerated <= max(before, after):
        # Accounts come and go while an audit runs: the truth lies between the two counts.
        doubts.append("the list does not agree with the directory's own count")
    return doubts


def _statement(
    enumerated: int, before: int | None, after: int | None, duplicates: int, gone: int, doubts: Sequence[str]
) -> str:
    parts = [f"{enumerated:,} users were listed"]
    if before is not None and after is not None:
        parts[0] += f"; the directory counted {before:,} before and {after:,} after"
    if duplicates:
        parts.append(f"{duplicates:,} came twice and {'was' if duplicates == 1 else 'were'} counted once")
    if gone:
        parts.append(
            f"{gone:,} {'was' if gone == 1 else 'were'} gone when {'it was' if gone == 1 else 'they were'} read"
        )
    text = ". ".join(parts) + "."
    if doubts:
        return f"INCOMPLETE: {'; '.join(doubts)}. {text}"
    return f"Complete: {text}"
