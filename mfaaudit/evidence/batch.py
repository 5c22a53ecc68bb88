"""A `$batch` of per-user reads: how it is asked, and what each item came to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mfaaudit.errors import BundleProblem
from mfaaudit.evidence.response import Response
from mfaaudit.json_reading import read_json
from mfaaudit.sources.source import Source

BATCH = "$batch"
LIMIT = 20
"""Items a batch (json-batching page)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One read of one user; its id in the batch names both, so that no answer can be taken for another's."""

    source: str
    user_id: str

    @property
    def id(self) -> str:
        """The correlation id that Graph returns with the answer."""
        return f"{self.source}.{self.user_id}"

    @classmethod
    def parse(cls, text: str) -> Item:
        """The item that an id names. Raises ValueError if it names none."""
        source, dot, user_id = text.partition(".")
        if not (source and dot and user_id):
            raise ValueError(text)
        return cls(source, user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one item."""

    status: int
    """Its own HTTP status; the whole batch's if that failed; 0 if the answer lacks the item."""
    body: Any = None
    headers: Mapping[str, str]
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether Graph gave what it was asked for: an object, not only a status."""
        return 200 <= self.status < 300 and isinstance(self.body, dict)


def reads_of(users: Iterable[str], sources: Sequence[Source]) -> list[Item]:
    """Every user's own read from each source; those of one user stand together."""
    return [Item(source.name, user) for user in users for source in sources]


def request_body(items: Sequence[Item], sources: Mapping[str, Source]) -> str:
    """The JSON to post: relative URLs, since Graph refuses absolute ones; `sources` are those of the items, by name."""
    requests = [_request(item, sources[item.source]) for item in items]
    return json.dumps({"requests": requests}, separators=(",", ":"))


def _request(item: Item, source: Source) -> dict[str, Any]:
    made: dict[str, Any] = {"id": item.id, "method": "GET", "url": source.path.format(id=item.user_id)}
    # The headers of the batch itself do not reach the requests in it (json-batching page).
    return made | {"headers": dict(source.headers)} if source.headers else made


def outcomes(response: Response) -> Iterator[tuple[Item, Outcome]]:
    """Every item that was asked for, once, in the order of the request, with what became of it.

    Raises BundleProblem if the request names none.
    """
    asked = _asked(response)
    answer = response.json()
    given = answer.get("responses") if response.ok and isinstance(answer, dict) else None
    if not isinstance(given, list):
        # A batch that succeeded and holds no answers is garbled: its status says nothing of the items.
        status, problem = (0, "the batch's answer is garbled") if response.ok else (response.status, response.problem)
        lost = Outcome(status=status, body=answer, headers=response.headers, problem=problem)
        yield from ((item, lost) for item in asked)
        return
    # An id may come back in another case.
    found: dict[str, Mapping[str, Any]] = {}
    unlike = set()
    for entry in given:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            first = found.setdefault(entry["id"].lower(), entry)
            if (first.get("status"), first.get("body")) != (entry.get("status"), entry.get("body")):
                unlike.add(entry["id"].lower())
    for item in asked:
        if item.id.lower() in unlike:
            # Neither is to be trusted more than the other.
            yield item, Outcome(status=0, headers={}, problem="the batch's answer holds two answers that differ")
        else:
            yield item, _outcome(found.get(item.id.lower()))


def _asked(response: Response) -> list[Item]:
    try:
        return [Item.parse(item["id"]) for item in read_json(response.request)["requests"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleProblem(
            f"the evidence is damaged: a batch does not say whom it was about: {error!r}",
            hint="Restore the bundle from a copy, or audit again.",
        ) from error


def _outcome(entry: Mapping[str, Any] | None) -> Outcome:
    status = None if entry is None else entry.get("status")
    if entry is None or not isinstance(status, int):
        return Outcome(status=0, headers={}, problem="the batch's answer lacks the item")
    headers = entry.get("headers")
    kept = {str(name).lower(): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {}
    return Outcome(status=status, body=entry.get("body"), headers=kept)
