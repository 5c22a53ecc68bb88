"""What a report says of itself when it is a copy that may be passed on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCopy:
    """Which sort of copy it is."""

    mode: str
    """`full`, `internal` or `pseudonymous`."""
    words: str
    """The same in a sentence."""
    key_id: str
    """Which key made the pseudonyms: copies with the same key id can be compared; empty without pseudonyms."""

    def facts(self) -> dict[str, Any]:
        """The same for programs."""
        return {"mode": self.mode, "statement": self.words, "keyId": self.key_id or None}
