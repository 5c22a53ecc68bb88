"""What earlier sessions of an audit have read, so that the next one asks for nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from mfaaudit.evidence.batch import BATCH, Item, outcomes
from mfaaudit.evidence.journal import read_journal
from mfaaudit.evidence.response import Response, is_garbled, next_link
from mfaaudit.sources import OWN_READS, SOURCES
from mfaaudit.sources.source import Source

GONE = (404, 410)
"""Statuses that are an answer about a user, and will not be another the next time."""


class Past:
    """The journal of an audit that was broken off. What was read well is known; what was refused is asked again."""

    def __init__(self, folder: Path | None = None) -> None:
        """Without a folder there is no past. Raises BundleProblem if the journal is damaged."""
        self._folder = folder
        self._per_user = {source.name: 1 << place for place, source in enumerate(OWN_READS)}
        self._done: dict[str, int] = {}
        self._links: dict[tuple[str, str], object] = {}
        """Source and address of a walk's first page -> the link to its next page; None if it came to its end."""
        self._asked: Counter[tuple[str, str]] = Counter()
        self.requests = 0
        self.throttled = 0
        self.last_read: datetime | None = None
        """When the last answer came."""
        if folder is not None:
            self._look_at_batches(folder)
            for source in SOURCES:
                self._look_at(folder, source)

    def has(self, item: Item) -> bool:
        """Whether a user's own read has been answered: with a value, or that the user is gone."""
        return bool(self._done.get(item.user_id.lower(), 0) & self._per_user[item.source])

    def left(self, items: Sequence[Item]) -> list[Item]:
        """Those that have not."""
        return [item for item in items if not self.has(item)] if self._done else list(items)

    def asked(self, source: Source, url: str) -> int:
        """How often that address was asked for, with whatever result."""
        return self._asked[source.name, url]

    def began(self, source: Source, url: str) -> bool:
        """Whether anything of the walk that begins at that address was read well."""
        return (source.name, url) in self._links

    def goes_on(self, source: Source, url: str) -> object:
        """The link that was not followed yet, as it came; None if the walk came to its end. KeyError if none began."""
        return self._links[source.name, url]

    def pages(self, source: Source, url: str) -> Iterator[Response]:
        """Everything of that walk that was read well; where it was begun again, its pages come again."""
        if self._folder is not None and self.began(source, url):
            answers = read_journal(self._folder, source.name)
            yield from (response for first, response in _walked(source, answers) if first == url)

    def _look_at_batches(self, folder: Path) -> None:
        for response in read_journal(folder, BATCH):
            self._count(response)
            for item, outcome in outcomes(response):
                self.throttled += outcome.status == 429
                if item.source in self._per_user and (outcome.ok or outcome.status in GONE):
                    user = item.user_id.lower()
                    self._done[user] = self._done.get(user, 0) | self._per_user[item.source]

    def _look_at(self, folder: Path, source: Source) -> None:
        for first, response in _walked(source, self._counted(folder, source)):
            self._links[source.name, first] = next_link(response)

    def _counted(self, folder: Path, source: Source) -> Iterator[Response]:
        for response in read_journal(folder, source.name):
            self._count(response)
            self._asked[source.name, response.url] += 1
            self.throttled += response.status == 429
            yield response

    def _count(self, response: Response) -> None:
        self.requests += response.attempt > 0
        self.last_read = response.read_at if self.last_read is None else max(self.last_read, response.read_at)


def _walked(source: Source, answers: Iterable[Response]) -> Iterator[tuple[str, Response]]:
    """Everything that was read well, with the address at which its walk began."""
    firsts: dict[object, str] = {}
    for response in answers:
        if response.ok and not is_garbled(source, response):
            # A link need not look like the page that it came from.
            first = firsts.get(response.url, response.url)
            link = next_link(response)
            if isinstance(link, str):
                firsts[link] = first
            yield first, response
