"""Identifiers of the tenant in what the author of a rule wrote: found wherever they stand, and replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from mfaaudit.sharing.becomes import WITHHELD

_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"'`|]+@[\w-]+(?:\.[\w-]+)+")


class Texts:
    """Rewrites the texts of rules.

    `ids` are pseudonyms by object id in lower case, `person` says what becomes of an address. Names of one word are
    left, as they may be words of the language as well, but for those in `words`.
    """

    def __init__(
        self,
        ids: Mapping[str, str],
        names: Collection[str],
        domains: Iterable[str],
        person: Callable[[str], str],
        words: Iterable[str] = (),
    ) -> None:
        self._ids = ids
        self._person = person
        self._names: dict[str, list[str]] = {}
        for name in names:
            found = _WORD.findall(name.lower())
            if len(found) > 1:
                self._names.setdefault(found[0], []).append(name)
        for word in words:
            self._names.setdefault(next(iter(_WORD.findall(word.lower())), ""), []).append(word)
        whole = "|".join(re.escape(one) for one in sorted(set(domains), key=lambda one: (-len(one), one)) if one)
        self._domains = re.compile(rf"(?<![\w-])(?:[\w-]+\.)*(?:{whole})(?![\w-])", re.IGNORECASE) if whole else None
        self._made: dict[str, str] = {}

    def rewrite(self, text: str) -> str:
        """The text without identifiers of the tenant."""
        if text not in self._made:
            self._made[text] = self._rewritten(text)
        return self._made[text]

    def _rewritten(self, text: str) -> str:
        text = _ID.sub(lambda found: self._ids.get(found[0].lower(), found[0]), text)
        text = _ADDRESS.sub(lambda found: self._person(found[0]), text)
        if self._domains is not None:
            text = self._domains.sub(f"({WITHHELD})", text)
        for name in self._found(text):
            text = re.sub(re.escape(name), f"({WITHHELD})", text, flags=re.IGNORECASE)
        return text

    def _found(self, text: str) -> list[str]:
        # Looked up by their first word: one pattern of all names would take gigabytes in a large tenant.
        lowered = text.lower()
        begun = (self._names.get(word, ()) for word in set(_WORD.findall(lowered)))
        return sorted(
            (name for some in begun for name in some if name.lower() in lowered), key=lambda one: (-len(one), one)
        )
