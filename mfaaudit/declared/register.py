"""The register of exceptions as it was read: who is excused from which rule, by whom, and until when."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from mfaaudit.declared.words import ExceptionKind


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about: one account, the members of one group, or one application that policies exclude."""

    id: str
    """The object id, in lower case; of an application its application id, or Graph's word for a suite of them."""
    is_group: bool
    is_application: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One exception."""

    id: str
    kind: ExceptionKind
    rules: tuple[str, ...]
    """Exact ids, each once."""
    subject: Subject
    reason: str
    compensating_control: str
    """Empty where a false positive has none."""
    risk: str
    """Empty if none was written."""
    requested_by: str
    approved_by: str | None
    approved_on: date | None
    """The first day on which it holds; None, as is who approved it, of a proposal that waits for somebody to decide."""
    expires_on: date
    """The last day on which it holds, or is meant to."""
    review_on: date | None
    ticket: str
    last_drill_on: date | None
    """Of an emergency account: when it was last tried."""
    line: int

    @property
    def is_proposed(self) -> bool:
        """Whether nobody has approved it."""
        return self.approved_on is None

    @property
    def is_self_approved(self) -> bool:
        """Whether one person asked and approved, however the name is spelled."""
        return self.approved_by is not None and folded(self.requested_by) == folded(self.approved_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One file of exceptions."""

    entries: tuple[Entry, ...]
    file: str
    text: str
    """The file as it was read, so that a bundle can keep it."""
    sha256: str


def folded(name: str) -> str:
    """A name without what makes no difference to a person: case, width of letters, spaces, what cannot be seen."""
    seen = (one for one in unicodedata.normalize("NFKC", name) if unicodedata.category(one) != "Cf")
    return " ".join("".join(seen).casefold().split())
