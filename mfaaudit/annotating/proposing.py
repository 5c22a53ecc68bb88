"""From decisions to entries that wait for approval: equal decisions about one account make one entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mfaaudit.annotating.deciding import Chosen
from mfaaudit.declared.decisions import KINDS
from mfaaudit.declared.register import Register
from mfaaudit.declared.words import ExceptionKind

DIGITS, MORE_DIGITS = 12, 32
"""Of the hash in an id; more where somebody has given that id to an entry of his own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """An entry without approval."""

    id: str
    kind: ExceptionKind
    rules: tuple[str, ...]
    user_id: str
    """In lower case."""
    user: str
    reason: str
    control: str
    requested_by: str
    expires_on: date
    ticket: str
    decisions: int
    """How many rows of the workbook it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """What is to be added, and what the register holds already."""

    new: tuple[Proposed, ...]
    known: tuple[Proposed, ...]
    """In the register by now, from the same workbook or another."""
    overlaps: tuple[tuple[str, str], ...]
    """A new entry, and one that waits for approval and is about the same account and rule."""


def propose(chosen: Iterable[Chosen], register: Register | None) -> Proposals:
    """The entries that the decisions ask for, in the order of names, rules and days."""
    gathered: dict[tuple[object, ...], list[Chosen]] = {}
    for one in chosen:
        if one.decision in KINDS:
            said = (one.decision, one.owner, one.due, one.justification, one.control, one.ticket)
            gathered.setdefault((one.finding.user_id.lower(), *said), []).append(one)
    taken = {} if register is None else {entry.id.casefold(): entry.subject.id for entry in register.entries}
    made = sorted(
        (_entry(group, taken) for group in gathered.values()),
        key=lambda one: (one.user.casefold(), one.user_id, one.rules, one.expires_on, one.id),
    )
    new = tuple(one for one in made if one.id.casefold() not in taken)
    return Proposals(
        new=new,
        known=tuple(one for one in made if one.id.casefold() in taken),
        overlaps=tuple(_overlaps(new, register)),
    )


def _entry(group: list[Chosen], taken: dict[str, str]) -> Proposed:
    one = group[0]
    user_id = one.finding.user_id.lower()
    rules = tuple(sorted(each.finding.rule for each in group))
    said = (user_id, KINDS[one.decision], rules, one.due.isoformat(), one.owner, one.justification)
    text = json.dumps((*said, one.control, one.ticket))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    name = f"EX-P-{digest[:DIGITS]}"
    if taken.get(name.casefold(), user_id) != user_id:
        name = f"EX-P-{digest[:MORE_DIGITS]}"
    return Proposed(
        id=name,
        kind=KINDS[one.decision],
        rules=rules,
        user_id=user_id,
        user=one.finding.user,
        reason=one.justification,
        control=one.control,
        requested_by=one.owner,
        expires_on=one.due,
        ticket=one.ticket,
        decisions=len(group),
    )


def _overlaps(new: Iterable[Proposed], register: Register | None) -> Iterable[tuple[str, str]]:
    waiting: dict[tuple[str, str], list[str]] = {}
    for entry in register.entries if register is not None else ():
        if entry.is_proposed:
            for rule in entry.rules:
                waiting.setdefault((rule, entry.subject.id), []).append(entry.id)
    for one in new:
        for other in dict.fromkeys(each for rule in one.rules for each in waiting.get((rule, one.user_id), ())):
            yield one.id, other
