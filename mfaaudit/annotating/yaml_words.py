"""An entry that is proposed, as somebody would write it into the register."""

from __future__ import annotations

import json
import re

from mfaaudit.annotating.proposing import Proposed
from mfaaudit.reports.plain import plain

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 @./_()+;,'-]*")
"""Text that needs no quotes, whatever reads it."""
WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
"""Text that some readers take for something else."""
LONGEST_NAME = 80


def block(entry: Proposed, indent: str) -> list[str]:
    """The lines of an entry in a list of `- ` lines."""
    name = plain(" ".join(entry.user.split()))[:LONGEST_NAME]
    rules = ", ".join(_scalar(rule) for rule in entry.rules)
    said = {
        "id": entry.id,
        "kind": entry.kind.value,
        "rules": f"[{rules}]",
        # For who reviews it; the object id is what counts.
        "subject": f"{{userId: {entry.user_id}}} # {name}",
        "reason": _scalar(entry.reason),
        "compensating_control": _scalar(entry.control) if entry.control else "",
        "requested_by": _scalar(entry.requested_by),
        "expires_on": entry.expires_on.isoformat(),
        "ticket": _scalar(entry.ticket),
    }
    lines = [f"{key}: {value}" for key, value in said.items() if value]
    return [f"{indent}- {lines[0]}", *(f"{indent}  {line}" for line in lines[1:])]


def flow(entry: Proposed) -> str:
    """The same in one line, for a register whose list stands in brackets."""
    said = {
        "id": entry.id,
        "kind": entry.kind.value,
        "rules": list(entry.rules),
        "subject": {"userId": entry.user_id},
        "reason": entry.reason,
        "compensating_control": entry.control,
        "requested_by": entry.requested_by,
        "expires_on": entry.expires_on.isoformat(),
        "ticket": entry.ticket,
    }
    return json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)


def _scalar(text: str) -> str:
    if PLAIN.fullmatch(text) and text.casefold() not in WORDS and text == text.strip():
        return text
    # What JSON puts in quotes, YAML reads alike.
    return json.dumps(text, ensure_ascii=False)
