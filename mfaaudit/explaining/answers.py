"""Where in the evidence the answers about one user stand: the file, the line, and what came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mfaaudit.bundle import EVIDENCE
from mfaaudit.evidence.batch import BATCH, outcomes
from mfaaudit.evidence.journal import file_name, read_journal
from mfaaudit.evidence.response import Response, objects_in
from mfaaudit.sources import BY_NAME
from mfaaudit.sources.source import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer that holds something about the user, or the refusal of it."""

    source: str
    file: str
    """Below the bundle."""
    line: int
    """Of the unpacked file, from 1."""
    read_at: datetime
    request_id: str
    """Empty if Graph sent none."""
    status: int
    """The HTTP status of the user's own part; 0 if no answer came."""


def answers_about(bundle: Path, user_id: str, sources: Sequence[str]) -> tuple[Answer, ...]:
    """All answers of these sources about one user, in the order in which they came.

    Raises BundleProblem if the evidence is damaged.
    """
    wanted = user_id.lower()
    folder = bundle / EVIDENCE
    found: list[Answer] = []
    if any(BY_NAME[name].shape is Shape.PER_USER for name in sources):
        for line, response in enumerate(read_journal(folder, BATCH), 1):
            found += (
                _answer(source, BATCH, line, response, status)
                for source, status in _in_batch(response, wanted)
                if source in sources
            )
    for name in sources:
        if BY_NAME[name].shape is Shape.PAGES:
            for line, response in enumerate(read_journal(folder, name), 1):
                if _on_page(response, wanted):
                    found.append(_answer(name, name, line, response, response.status))
    return tuple(found)


def standing(answers: Sequence[Answer], source: str, request_id: str | None, read_at: datetime | None) -> Answer | None:
    """The answer in which a value stands; where none was read, the last one that was to give it."""
    own = [one for one in answers if one.source == source]
    if read_at is None:
        return own[-1] if own else None
    return next((one for one in own if (one.request_id, one.read_at) == (request_id or "", read_at)), None)


def _in_batch(response: Response, user_id: str) -> Iterator[tuple[str, int]]:
    # Few batches of many are about the user: the others need not be taken apart.
    if user_id in response.request.lower():
        for item, outcome in outcomes(response):
            if item.user_id.lower() == user_id:
                yield item.source, outcome.status


def _on_page(response: Response, user_id: str) -> bool:
    if user_id.encode() not in response.body.lower():
        return False
    return any(isinstance(one.get("id"), str) and one["id"].lower() == user_id for one in objects_in(response))


def _answer(source: str, journal: str, line: int, response: Response, status: int) -> Answer:
    return Answer(
        source=source,
        file=f"{EVIDENCE}/{file_name(journal)}",
        line=line,
        read_at=response.read_at,
        request_id=response.request_id,
        status=status,
    )
