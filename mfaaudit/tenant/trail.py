"""The pages of one collection that have been read, and whether the link to the next one may be followed."""

from __future__ import annotations

from typing import Any

from mfaaudit.evidence.response import Response, link_in
from mfaaudit.evidence.row_count import RowCount
from mfaaudit.tenant.address import same_service
from mfaaudit.tenant.bounds import EMPTY_PAGES, most_rows

BAD_ADDRESS = (400, 404, 410, 414)
"""Statuses by which a service says that a link leads nowhere."""
NO_ADDRESS = ("InvalidURL", "LocalProtocolError", "UnsupportedProtocol")
"""How the problem of a request begins that could not even be sent to its address."""


class Trail:
    """One walk through a collection, from its first page on."""

    def __init__(self, root: str, counted: int | None) -> None:
        """`root` is the service to stay with, `counted` how many users the directory has, if that is known."""
        self._root = root
        self.counted = counted
        self._seen: set[str] = set()
        self._rows = 0
        self._empty = 0
        self._count = RowCount()

    def add(self, page: Response) -> Any:
        """Notes a page that was read, and returns the link to the next one as it came; None if it is the last."""
        body = page.json() if page.ok else None
        rows = body.get("value") if isinstance(body, dict) else None
        size = len(rows) if isinstance(rows, list) else 0
        self._seen.add(page.url)
        self._rows += size
        self._empty = 0 if size else self._empty + 1
        if isinstance(body, dict):
            self._count.add(body)
        return link_in(body)

    @property
    def fits(self) -> bool:
        """Whether as many rows came as were counted with the first page, if they were."""
        return self._count.fits

    @property
    def too_long(self) -> bool:
        """Whether it has more rows than a list can have by the directory's own count."""
        return self._rows > most_rows(self.counted)

    def objection(self, link: object) -> str:
        """Why a link must not be followed; empty if it may be."""
        if not isinstance(link, str) or not same_service(self._root, link):
            return "the link to the next page leads to another host, or nowhere, and was not followed"
        if link in self._seen:
            return "the link to the next page leads back to a page already read, and was not followed"
        if self.too_long:
            known = "its count is not known" if self.counted is None else f"{self.counted:,} by its own count"
            return f"the list goes on after {self._rows:,} rows, far more than the directory has users ({known})"
        if self._empty > EMPTY_PAGES:
            return f"the list goes on after {self._empty:,} pages without a row"
        return ""


def leads_nowhere(page: Response) -> bool:
    """Whether an answer says that its address itself is bad, so that asking again cannot help."""
    return page.status in BAD_ADDRESS or page.problem.startswith(NO_ADDRESS)
