"""The small parts that OSCAL is made of: ids, properties, text that is no markup, and parts that are left out."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from mfaaudit.findings import Control, Pack
from mfaaudit.reports.plain import plain

NAMESPACE = "urn:mfaaudit"
"""Of our own properties."""
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
LONG = 1_000
"""Of what is longer, as much is shown."""
_MARKUP = re.compile(r"([\\`*_\[\]<>#&~^{}\"])")
_NO_TOKEN = re.compile(r"[^A-Za-z0-9._-]+")
_ENHANCEMENT = re.compile(r"\((\d+)\)")


def id_of(*names: str) -> str:
    """A UUID that follows from names alone: the same names, the same id, in whichever version of the program."""
    return str(uuid.uuid5(_IDS, "\n".join(names)))


def prop(name: str, value: str | int | bool) -> dict[str, str] | None:
    """One of our own properties; None where there is nothing to say. Its value is text and never markup."""
    text = str(value).lower() if isinstance(value, bool) else _cut(plain(str(value))).strip()
    return {"name": name, "ns": NAMESPACE, "value": text} if text else None


def props(given: Mapping[str, str | int | bool]) -> list[dict[str, str]]:
    """Several, without those that say nothing."""
    return [made for name, value in given.items() if (made := prop(name, value)) is not None]


def text(words: str) -> str:
    """Words that somebody wrote, on one line and without a meaning as markup."""
    return _MARKUP.sub(r"\\\1", _cut(plain(words))).strip() or "-"


def filled(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The parts without those that are empty, which OSCAL has no place for."""
    return {name: value for name, value in parts.items() if value not in (None, [], {})}


def references(name: str, ids: Iterable[str]) -> list[dict[str, str]]:
    """Ids, each once, as OSCAL refers to them."""
    return [{name: one} for one in dict.fromkeys(ids)]


def token(word: str) -> str:
    """A word as OSCAL allows one where it wants no spaces: it begins with a letter."""
    made = _NO_TOKEN.sub("-", word)
    return made if made[:1].isalpha() else f"_{made}"


def control_id(pack: Pack, control: Control) -> str:
    """The id of a control: that of the catalogue, where its publisher has one in OSCAL, else one of our own."""
    if pack.framework is not None and _has_catalogue(pack.framework.name, control.id):
        return token(_ENHANCEMENT.sub(r".\1", control.id).lower())
    return token(f"{pack.id}_{control.id}")


def objective_id(pack: Pack, control: Control) -> str:
    """The same of its assessment objective, which NIST's catalogue names."""
    made = control_id(pack, control)
    return f"{made}_obj" if pack.framework is not None and pack.framework.name == NIST else made


NIST = "NIST SP 800-53"


def _has_catalogue(framework: str, control: str) -> bool:
    return framework == NIST or control.startswith("ISM-")


def _cut(words: str) -> str:
    return words if len(words) <= LONG else f"{words[: LONG - 1]}…"
